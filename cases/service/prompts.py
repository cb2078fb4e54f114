"""Work that assessments, visits and placements ask of people, and the change of a case's priority.

A prompt is a task with a key: asking twice asks once. None of them decides anything.
"""

from datetime import datetime

from sqlmodel import Session

from cases.rules.children import PRIORITY_RANK
from cases.service import steps
from cases.service.clock_recompute import recompute
from cases.service.tasks import finish_task, open_task
from cases.tables.case_file import CaseRow
from core import audit
from core.actors import Actor, Role, procedure_actor


def immediate_concern(
    session: Session, row: CaseRow, ref: str, concern: str, *, now: datetime
) -> None:
    """Tell the supervisor that something found in a BIA cannot wait for its approval."""
    _ask(session, row, f"immediate_concern_{concern}", ref, role=Role.SUPERVISOR, now=now)


def returned_to_author(
    session: Session, row: CaseRow, ref: str, person_id: str, times: int, *, now: datetime
) -> None:
    """Tell an author that something came back with points."""
    _ask(session, row, "returned_to_author", f"{ref}:{times}", person_id=person_id, now=now)


def urgent_visit(session: Session, row: CaseRow, ref: str, *, now: datetime) -> None:
    """Tell the supervisor that a visitor asks for urgent intervention. Source: DOM-4.9."""
    _ask(session, row, "urgent_intervention", ref, role=Role.SUPERVISOR, now=now)


def emergency(session: Session, row: CaseRow, ref: str, *, now: datetime) -> None:
    """Ask for an emergency action because of new harm. Source: DOM-4.9, DOM-R4."""
    _ask(session, row, "emergency_action_new_harm", ref, role=Role.SUPERVISOR, now=now)


def reopening(session: Session, row: CaseRow, ref: str, code: str, *, now: datetime) -> None:
    """Ask the supervisor whether the case is to be reopened; nothing reopens by itself.

    Source: DOM-3.3/T19.
    """
    _ask(session, row, f"reopen_{code}", ref, role=Role.SUPERVISOR, now=now)


def plan_action(
    session: Session,
    row: CaseRow,
    action_id: str,
    owner: str,
    due: datetime | None,
    *,
    now: datetime,
) -> None:
    """Give an action of the plan to its owner."""
    open_task(
        session,
        row.id,
        "plan_action",
        key=f"plan_action:{action_id}",
        actor=procedure_actor(row.country),
        now=now,
        person_id=owner,
        due_at=due,
        ref=action_id,
    )


def plan_action_settled(
    session: Session, actor: Actor, case_id: str, action_id: str, *, now: datetime
) -> None:
    """Take an action off its owner's list."""
    finish_task(session, case_id, f"plan_action:{action_id}", actor=actor, now=now)


def set_priority(
    session: Session, actor: Actor, row: CaseRow, priority: str, *, now: datetime
) -> None:
    """Give a case the priority an approved BIA found; running limits follow.

    Source: DOM-4.3/priority_result.
    """
    if row.priority == priority:
        return
    before = row.priority
    row.priority = priority
    row.priority_rank = PRIORITY_RANK[priority]
    steps.touch(session, row, actor=actor, now=now)
    audit.record(
        session, actor, "case.priority_changed", thing="case", thing_id=row.id, case_id=row.id,
        now=now, codes={"from": before, "to": priority},
    )  # fmt: skip
    recompute(session, row, actor=actor, reason="priority", now=now)


def _ask(
    session: Session,
    row: CaseRow,
    code: str,
    ref: str,
    *,
    now: datetime,
    role: Role | str = "",
    person_id: str | None = None,
) -> None:
    open_task(
        session,
        row.id,
        code,
        key=f"{code}:{ref}",
        actor=procedure_actor(row.country),
        now=now,
        role=role,
        person_id=person_id,
        ref=ref[:64],
    )
