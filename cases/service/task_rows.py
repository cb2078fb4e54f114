"""How one stored piece of work is finished, for every act that finishes one.

Knows neither limits nor the case machine, so that both can use it; waking the case is theirs.
"""

from datetime import datetime

from sqlmodel import Session

from cases.tables.task import TaskRow
from core import audit
from core.actors import Actor

DONE = "done"


def finish(session: Session, actor: Actor, row: TaskRow, outcome: str, *, now: datetime) -> None:
    """Take a piece of work off the lists, saying who did what about it."""
    row.done_at, row.done_by, row.outcome = now, actor.person_id, outcome
    session.add(row)
    session.flush()
    note(session, actor, row, "task.finished", now=now)


def note(session: Session, actor: Actor, row: TaskRow, action: str, *, now: datetime) -> None:
    """Put on record that work was asked for or finished."""
    audit.record(
        session, actor, action, thing="task", thing_id=row.id, case_id=row.case_id, now=now,
        codes={"task": row.code, "outcome": row.outcome or None},
    )  # fmt: skip
