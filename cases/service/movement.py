"""Suspending a child's movement abroad, and letting it go on.

``transfers`` reads ``open_holds``; an appeal (panels), an asylum wish or fear (cases) and a child who
does not want to go write here. ``hold`` and ``release`` are what other services call; people come
through ``suspend`` and ``lift``, which ask who they are.

Source: DOM-R8, DOM-R26, DOM-R42, DOM-R47.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.movement import MAY_PLACE, MAY_RELEASE, HoldOnMovement, OpenHold
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.store import movement as store
from core import audit
from core.actors import Actor
from core.errors import NotThere


@dataclass(frozen=True)
class StandingHold:
    """One reason that stands, with who placed it and when."""

    reason: str
    ref: str
    placed_by: str
    placed_at: datetime


def hold(
    session: Session,
    case_id: str,
    reason: HoldOnMovement | str,
    *,
    actor: Actor,
    now: datetime,
    ref: str = "",
) -> bool:
    """Suspend movement abroad for one reason; False when the same one stands already.

    Args:
        session: the unit of work.
        case_id: the child's case.
        reason: appeal, asylum, fear_of_return, child_unwilling, danger or disagreement.
        actor: who; checked by the caller.
        now: when.
        ref: what caused it, for example the id of an appeal; it is released by the same ref.

    Raises:
        NotThere: no such case.

    Source: DOM-R42.
    """
    steps.lock(session, case_id)
    code = HoldOnMovement(reason).value
    if not store.keep_once(session, case_id, code, ref, person_id=actor.person_id, now=now):
        return False
    _note(session, actor, case_id, "movement.suspended", code, ref, now)
    return True


def release(
    session: Session,
    case_id: str,
    reason: HoldOnMovement | str,
    *,
    actor: Actor,
    now: datetime,
    ref: str | None = "",
) -> int:
    """Lift one reason; every other one still stands. Returns how many were lifted.

    ``ref`` None lifts the reason whatever caused it.
    """
    steps.lock(session, case_id)
    code = HoldOnMovement(reason).value
    rows = store.lock_open(session, case_id, code, ref)
    for row in rows:
        row.released_at, row.released_by, row.open_key = now, actor.person_id, None
        session.add(row)
        _note(session, actor, case_id, "movement.released", code, row.ref, now)
    session.flush()
    return len(rows)


def open_holds(session: Session, case_id: str) -> tuple[OpenHold, ...]:
    """Return every reason that stands, for services; oldest first."""
    return tuple(
        OpenHold(HoldOnMovement(row.reason), row.ref) for row in store.open_of(session, case_id)
    )


def suspend(
    session: Session,
    actor: Actor,
    case_id: str,
    reason: HoldOnMovement,
    *,
    now: datetime,
    ref: str = "",
) -> tuple[StandingHold, ...]:
    """Stop a child's journey abroad. Whoever hears the reason first may do it.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: the role has nothing to do with journeys.
    """
    case_for(session, actor, case_id, roles=MAY_PLACE, now=now, level=Level.SUMMARY)
    hold(session, case_id, reason, actor=actor, now=now, ref=ref)
    return _standing(session, case_id)


def lift(
    session: Session,
    actor: Actor,
    case_id: str,
    reason: HoldOnMovement,
    *,
    now: datetime,
    ref: str = "",
) -> tuple[StandingHold, ...]:
    """Let one reason fall: supervisor, coordinator, chair or head of the secretariat.

    Raises:
        NotThere: no such case, not yours, or no such reason stands.
        RoleMayNot: somebody else has to answer for it.
    """
    case_for(session, actor, case_id, roles=MAY_RELEASE, now=now, level=Level.SUMMARY)
    if not release(session, case_id, reason, actor=actor, now=now, ref=ref):
        raise NotThere("movement_hold")
    return _standing(session, case_id)


def holds_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[StandingHold, ...]:
    """Return every reason that stands, and note that it was read.

    Raises:
        NotThere: no such case, or not yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.SUMMARY:
        raise NotThere("case")
    audit.record(
        session, actor, "movement.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return _standing(session, case_id)


def _standing(session: Session, case_id: str) -> tuple[StandingHold, ...]:
    return tuple(
        StandingHold(row.reason, row.ref, row.placed_by, row.placed_at)
        for row in store.open_of(session, case_id)
    )


def _note(  # noqa: PLR0917  private, all of it is needed
    session: Session,
    actor: Actor,
    case_id: str,
    action: str,
    reason: str,
    ref: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor,
        action,
        thing="movement_hold",
        thing_id=case_id,
        case_id=case_id,
        now=now,
        codes={"reason": reason, "ref": ref or None},
    )
    steps.wake(session, case_id, now=now)
