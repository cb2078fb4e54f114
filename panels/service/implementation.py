"""Beginning to carry a decision out inside the country.

What leads abroad begins through ``transfers``, which asks the movement gate; here it is refused.
Safety moves inside the country are emergency actions and never come here.

Source: DOM-3.3 (T16), DOM-R9, DOM-R42, DOM-R58.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.machine import Step, edge
from cases.service import movement, plans
from cases.service.plans import NewAction
from core import audit
from core.actors import Actor, Role, procedure_actor
from core.errors import Answer, Gap
from panels.rules.determination import Draft
from panels.rules.implementation import Standing, may_be_implemented
from panels.service import decision_rows
from panels.service.child import child_of
from panels.service.decision_rows import Decided, case_seen, current_of, draft_in, standing_of
from panels.store import determination as store

STARTERS: Final = frozenset({Role.COORDINATOR})


@dataclass(frozen=True)
class Standpoint:
    """Where a child's decision stands, for the service that moves children abroad.

    Args:
        is_final: signed, told, window over, no appeal and no review open.
        reversed_later: an appeal or a review set it aside, or another replaced it.
        content_hash: SHA-256 over the content of the decision, hexadecimal.
        holds: codes of open holds on movement.
    """

    determination_id: str
    content_hash: str
    outcome: str
    destination: str
    is_abroad: bool
    valid_until: date
    is_final: bool
    reversed_later: bool
    care_type: str
    holds: tuple[str, ...]


def begin_implementation(session: Session, actor: Actor, case_id: str, *, now: datetime) -> str:
    """Begin to carry out the decision in force, and give its actions to their owners.

    Raises:
        NotThere: no such case, not yours, or nothing was decided.
        RoleMayNot: only a coordinator begins.
        NoSuchStep: the case is elsewhere.
        Incomplete: the child was not told, the window is open, an appeal or review is open, the
            decision ran out, or it leads abroad.

    Source: DOM-3.3 (T16).
    """
    found = current_of(session, actor, case_id, roles=STARTERS, now=now)
    ready_to_begin(session, found, now=now).require()
    start(session, actor, found, now=now)
    return found.row.id


def ready_to_begin(session: Session, found: Decided, *, now: datetime) -> Answer:
    """Say whether carrying out may begin inside the country, or everything it waits for."""
    standing = standing_of(session, found.row)
    answer = may_be_implemented(standing, now=now, today=found.child.today)
    if not found.row.is_abroad:
        return answer
    gap = Gap("transfer_needed", {"country": found.row.destination})
    return Answer(answer.act, (*answer.gaps, gap))


def may_begin(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Answer:
    """Show what carrying out still waits for, to anybody who sees the case.

    Raises:
        NotThere: no such case, or not yours.
    """
    case_seen(session, actor, case_id, now=now)
    audit.record(
        session,
        actor,
        "implementation.asked",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
    )
    row = store.current(session, case_id)
    if row is None:
        return Answer("begin_implementation", (Gap("decision_missing"),))
    found = Decided(row, child_of(session, case_id, now=now))
    return ready_to_begin(session, found, now=now)


def start(session: Session, actor: Actor, found: Decided, *, now: datetime) -> None:
    """Issue the decision's actions and move the case; for services that have asked the rules."""
    issue(session, actor, found, draft_in(session, found.row), now=now)
    plans.begin_implementation(session, found.child.case_id, actor=actor, now=now)
    audit.record(
        session,
        actor,
        "determination.begun",
        thing=decision_rows.KIND,
        thing_id=found.row.id,
        case_id=found.child.case_id,
        now=now,
    )


def begin_abroad(session: Session, case_id: str, *, now: datetime) -> None:
    """Note that a decision which leads abroad is being carried out: the child has left. For ``transfers``.

    ``transfers`` has judged every condition; a case that is being carried out already stays as it is.
    """
    row = store.current(session, case_id)
    child = child_of(session, case_id, now=now)
    if row is not None and edge(Step.IMPLEMENT, child.state) is not None:
        start(session, procedure_actor(child.country), Decided(row, child), now=now)


def issue(session: Session, actor: Actor, found: Decided, draft: Draft, *, now: datetime) -> None:
    """Make the decision's actions the plan of the case; twice is once."""
    plans.issue_actions(
        session,
        found.child.case_id,
        [NewAction(one.kind, one.what, one.who, one.by_when) for one in draft.actions],
        decision_id=found.row.id,
        actor=actor,
        now=now,
    )


def standpoint(session: Session, case_id: str, *, now: datetime) -> Standpoint | None:
    """Return where the decision in force stands; None when there is none. For ``transfers``."""
    row = store.current(session, case_id)
    if row is None:
        return None
    child = child_of(session, case_id, now=now)
    standing = standing_of(session, row)
    return Standpoint(
        determination_id=row.id,
        content_hash=row.content_hash,
        outcome=row.outcome,
        destination=row.destination,
        is_abroad=row.is_abroad,
        valid_until=row.valid_until,
        is_final=_is_final(standing, now=now, today=child.today),
        reversed_later=standing.replaced,
        care_type=row.care_type,
        holds=tuple(hold.reason.value for hold in movement.open_holds(session, case_id)),
    )


def _is_final(standing: Standing, *, now: datetime, today: date) -> bool:
    gaps = may_be_implemented(standing, now=now, today=today).gaps
    return all(gap.code == "decision_expired" for gap in gaps)
