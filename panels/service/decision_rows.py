"""Decisions as the services of this feature handle them: found for somebody, opened, and judged.

Other modules here ask this one; people come through ``determinations``, ``communication``,
``appeals``, ``reviews`` and ``implementation``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from cases.rules.access import Level, Reach
from cases.service import access
from core.actors import Actor, Role
from core.errors import NotThere
from core.papers.issuing import retire
from core.vault import Place, unseal
from panels.rules.appeal import Window
from panels.rules.decision_record import draft_of
from panels.rules.determination import Draft
from panels.rules.implementation import Standing
from panels.rules.review import Ground
from panels.service.child import Child, child_for
from panels.store import appeal as appeals
from panels.store import communication as talks
from panels.store import determination as store
from panels.store import review as reviews
from panels.tables.communication import CommunicationRow
from panels.tables.determination import DeterminationRow

KIND: Final = "determination"
RECORDED: Final = "recorded"
SEALED: Final = "sealed"
REPLACED: Final = "replaced"
TAKEN_BACK: Final = "taken_back"
SET_ASIDE: Final = "set_aside"
PRINTED: Final = ("decision_letter", "child_page")
"""Where a version stands: waiting for signatures, in force or once in force, followed by another,
taken back before it was sealed, set aside by an appeal or a review."""


@dataclass(frozen=True)
class Decided:
    """A decision with its child's case, locked for an act."""

    row: DeterminationRow
    child: Child


def seen(session: Session, actor: Actor, determination_id: str, *, now: datetime) -> Reach:
    """Answer how far the actor sees into the case of a decision.

    Raises:
        NotThere: no such decision, or not yours: the two are never told apart.
    """
    row = store.find(session, determination_id)
    found = access.reach_of(session, actor, row.case_id, now=now) if row else Reach()
    if found.level < Level.FULL:
        raise NotThere(KIND)
    return found


def taken(
    session: Session,
    actor: Actor,
    determination_id: str,
    *,
    roles: Collection[Role],
    now: datetime,
) -> Decided:
    """Lock the case of a decision for an act of one of these roles.

    Raises:
        NotThere: no such decision, or not yours.
        RoleMayNot: the act belongs to another role.
    """
    row = store.find(session, determination_id)
    if row is None:
        raise NotThere(KIND)
    try:
        child = child_for(session, actor, row.case_id, roles=roles, now=now)
    except NotThere as error:
        raise NotThere(KIND) from error
    session.refresh(row)
    return Decided(row, child)


def current_of(
    session: Session, actor: Actor, case_id: str, *, roles: Collection[Role], now: datetime
) -> Decided:
    """Lock a case and return its decision in force.

    Raises:
        NotThere: no such case, not yours, or nothing was decided.
        RoleMayNot: the act belongs to another role.
    """
    child = child_for(session, actor, case_id, roles=roles, now=now)
    row = store.current(session, case_id)
    if row is None:
        raise NotThere(KIND)
    return Decided(row, child)


def record_sealed_in(session: Session, row: DeterminationRow) -> dict[str, Any]:
    """Open the record of a decision to a service that has already decided it may."""
    place = Place("determination", "restricted", row.id)
    return dict(unseal(session, owner=row.case_id, place=place, sealed=row.restricted))


def draft_in(session: Session, row: DeterminationRow) -> Draft:
    """Return what a decision says."""
    return draft_of(record_sealed_in(session, row)["decision"])


def talk_about(session: Session, row: DeterminationRow) -> CommunicationRow | None:
    """Return the talk in which this decision, or an earlier version of it, was explained.

    A correction mends words only; the child was told what was decided.
    """
    versions = [one for one in store.of_case(session, row.case_id) if one.root_id == row.root_id]
    found = [talks.of_determination(session, one.id) for one in versions]
    told = [one for one in found if one is not None]
    return max(told, key=lambda one: one.told_at) if told else None


def window_of(talk: CommunicationRow | None) -> Window:
    """Return the appeal window a talk opened."""
    if talk is None:
        return Window(None, None)
    return Window(talk.told_at, talk.window_ends_at, waived_by_guardian=talk.waived_at is not None)


def standing_of(session: Session, row: DeterminationRow) -> Standing:
    """Return where a decision stands when somebody wants to act on it."""
    talk = talk_about(session, row)
    return Standing(
        is_sealed=row.sealed_at is not None,
        replaced=row.sealed_at is not None and row.current_case is None,
        told_at=talk.told_at if talk else None,
        valid_until=row.valid_until,
        window=window_of(talk),
        has_open_appeal=appeals.open_of(session, row.case_id) is not None,
        under_review=any(one.ground != Ground.SAMPLE for one in reviews.open_of(session, row.id)),
    )


def end(session: Session, row: DeterminationRow, state: str, *, now: datetime) -> None:
    """Let a version stand no longer; it stays readable, and papers printed of it are superseded."""
    retire(session, kinds=PRINTED, series=row.id, now=now)
    row.state = state
    row.pending_case = row.current_case = None
    session.add(row)
    session.flush()


def case_seen(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Reach:
    """Answer how far the actor sees into a case whose decisions are asked for.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    found = access.reach_of(session, actor, case_id, now=now)
    if found.level < Level.FULL:
        raise NotThere("case")
    return found
