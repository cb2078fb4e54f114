"""Moving a case: the only writer of a case's state, and the lock every act takes first."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session

from cases.errors import NoSuchStep, RoleMayNot
from cases.rules.children import PRIORITY_RANK, Priority
from cases.rules.machine import ENDED, CaseState, Transition, edge
from cases.service import duties
from cases.service.clock_recompute import recompute
from cases.store import case_files as store
from cases.tables.case_file import CaseRow
from cases.tables.history import CaseHistoryRow
from core import audit, gathering, wakeups
from core.actors import Actor
from core.db import check_version
from core.errors import NotThere

Fact = str | int | bool | None
Facts = Mapping[str, Fact] | Iterable[tuple[str, Fact]]


def lock(session: Session, case_id: str, *, expected_version: int | None = None) -> CaseRow:
    """Take the case row until the unit of work ends; every act on a case begins here.

    Says nothing about who may: ask ``cases.service.access`` first.

    Raises:
        NotThere: no such case.
        StaleWrite: the caller read an older version.
    """
    row = store.lock_case(session, case_id)
    if row is None:
        raise NotThere("case")
    check_version(row, "case", expected_version)
    return row


def move(
    session: Session,
    case_id: str,
    to: str,
    *,
    transition: str,
    actor: Actor,
    now: datetime,
    facts: Facts = (),
) -> CaseRow:
    """Take one step of the procedure: state, history, audit and a wake-up, together or not at all.

    Args:
        session: the unit of work.
        case_id: the child's case; locked here.
        to: the state the caller means to reach; a resumed case goes back where it was held from.
        transition: code of the step (``cases.rules.machine.Step``).
        actor: who; the role is checked against the step, the scope is the caller's to check.
        now: when.
        facts: coded facts for history and audit; never words about the child.

    Raises:
        NoSuchStep: the step does not exist from the state the case is in.
        RoleMayNot: the procedure gives the step to another role.

    Source: DOM-3.1, DOM-3.3.
    """
    row = lock(session, case_id)
    step = edge(transition, row.state)
    goal = _goal(step, row)
    if step is None or goal != to:
        raise NoSuchStep(kind="case", state=row.state, act=str(transition))
    if not actor.has(*step.who):
        raise RoleMayNot
    _write(session, row, goal, step.code, actor=actor, now=now, facts=facts)
    return row


def begin(session: Session, row: CaseRow, *, actor: Actor, now: datetime) -> None:
    """Note the alert with which a case begins (T1)."""
    gathering.append(
        session,
        CaseHistoryRow,
        case_id=row.id,
        n=1,
        at=now,
        transition="T1",
        to_state=row.state,
        person_id=actor.person_id,
        is_human=actor.is_human,
        facts={},
    )
    session.flush()
    wake(session, row.id, now=now)


def wake(session: Session, case_id: str, *, now: datetime) -> None:
    """Say that the case may be able to move, so that the procedure looks at it."""
    wakeups.wake(session, case_id, now=now)


def prioritise(
    session: Session, row: CaseRow, priority: Priority | str, *, actor: Actor, now: datetime
) -> None:
    """Set how urgent a locked case is; its open limits follow. Say why in the act that calls this."""
    before = row.priority
    row.priority = str(Priority(priority))
    row.priority_rank = PRIORITY_RANK[row.priority]
    touch(session, row, actor=actor, now=now)
    audit.record(
        session, actor, "case.prioritised", thing="case", thing_id=row.id, case_id=row.id, now=now,
        codes={"from": before, "to": row.priority},
    )  # fmt: skip
    if row.priority != before:
        recompute(session, row, actor=actor, reason="priority", now=now)
    wake(session, row.id, now=now)


def touch(session: Session, row: CaseRow, *, actor: Actor, now: datetime) -> None:
    """Note who changed the file last; raises its version."""
    row.changed_by = actor.person_id
    row.changed_at = now
    session.add(row)
    session.flush()


def _goal(step: Transition | None, row: CaseRow) -> str | None:
    if step is None:
        return None
    return str(step.to) if step.to is not None else row.held_from


def _write(
    session: Session,
    row: CaseRow,
    goal: str,
    code: str,
    *,
    actor: Actor,
    now: datetime,
    facts: Facts,
) -> None:
    kept = dict(facts)
    before = row.state
    if goal == CaseState.BID_DECIDED:
        duties.determined(session, actor, row.id, taken_up_at=row.state_since, now=now)
    row.held_from = before if goal == CaseState.ON_HOLD else None
    row.state = goal
    row.state_since = now
    row.is_open = goal not in ENDED
    row.closed_at = None if row.is_open else now
    touch(session, row, actor=actor, now=now)
    gathering.append(
        session,
        CaseHistoryRow,
        case_id=row.id,
        n=store.next_history_number(session, row.id),
        at=now,
        transition=str(code),
        from_state=before,
        to_state=goal,
        person_id=actor.person_id,
        is_human=actor.is_human,
        facts=kept,
    )
    session.flush()
    audit.record(
        session,
        actor,
        "case.moved",
        thing="case",
        thing_id=row.id,
        case_id=row.id,
        now=now,
        codes={"transition": str(code), "from": before, "to": goal, **kept},
    )
    wake(session, row.id, now=now)
