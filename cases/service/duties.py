"""When what an urgent act left to do is done: a short assessment, and a determination if need be.

Only what was on file when people assessed or decided counts: an act recorded after that is looked
at anew.

Source: DOM-3.3/T3, DOM-5.9, DOM-R4.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.emergency import Duty
from cases.service import task_rows
from cases.store import emergency as acts
from cases.store import tasks as store
from cases.tables.task import TaskRow
from core.actors import Actor

NO_TRIGGER: Final = "no_trigger"


def assessed(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    handed_in_at: datetime,
    needs_determination: bool,
    now: datetime,
) -> None:
    """Finish the assessments that were due; without a trigger no determination is due either.

    After the crossing of a border the determination stays due: the State moved the child.

    Args:
        session: the unit of work.
        actor: who approved the assessment.
        case_id: the child's case.
        handed_in_at: when its author handed it in.
        needs_determination: whether any trigger stands after it.
        now: when it was approved.
    """
    for row in _open(session, case_id, Duty.SHORT_ASSESSMENT, handed_in_at):
        task_rows.finish(session, actor, row, task_rows.DONE, now=now)
    if needs_determination:
        return
    crossings = {act.id for act in acts.of_case(session, case_id) if act.is_crossing}
    for row in _open(session, case_id, Duty.DETERMINATION, handed_in_at):
        if row.ref not in crossings:
            task_rows.finish(session, actor, row, NO_TRIGGER, now=now)


def determined(
    session: Session, actor: Actor, case_id: str, *, taken_up_at: datetime, now: datetime
) -> None:
    """Finish the determinations that were due when the panel took the case up; it is decided now."""
    for row in _open(session, case_id, Duty.DETERMINATION, taken_up_at):
        task_rows.finish(session, actor, row, task_rows.DONE, now=now)


def _open(session: Session, case_id: str, duty: Duty, known_by: datetime) -> list[TaskRow]:
    rows = store.open_codes(session, case_id, [duty.value])
    return [row for row in rows if row.opened_at <= known_by]
