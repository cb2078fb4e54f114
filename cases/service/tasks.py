"""Work that waits for a person or a role, asked for once by its key.

``open_task`` with a key that exists gives back the task there is, also when it is done already.

Source: DOM-3.3, DOM-R4.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Level
from cases.service import steps, task_rows
from cases.service.access import reach_of
from cases.service.cursors import read_cursor, write_cursor
from cases.store import tasks as store
from cases.store.access import is_barred
from cases.store.tasks import TaskAfter
from cases.tables.task import TaskRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import NotAllowed, NotThere, WrongState


@dataclass(frozen=True)
class TaskView:
    """One piece of work. ``ref`` names what it stands for, for example a limit."""

    id: str
    case_id: str
    code: str
    role: str
    person_id: str | None
    ref: str
    due_at: datetime | None
    opened_at: datetime
    done_at: datetime | None
    done_by: str | None
    outcome: str
    version: int


@dataclass(frozen=True)
class TaskPage:
    """One page of open tasks; ``cursor`` leads to the next, None at the end."""

    tasks: tuple[TaskView, ...]
    cursor: str | None


def open_task(
    session: Session,
    case_id: str,
    code: str,
    *,
    key: str,
    actor: Actor,
    now: datetime,
    role: Role | str = "",
    person_id: str | None = None,
    due_at: datetime | None = None,
    ref: str = "",
) -> str:
    """Ask for a piece of work and return its id; asking twice with one key asks once.

    Args:
        session: the unit of work.
        case_id: the child's case.
        code: what is to be done.
        key: unique within the case.
        actor: who asks; the procedure has an actor of its own.
        now: when.
        role: role that is to do it, when no person is named.
        person_id: the person who is to do it.
        due_at: by when.
        ref: what it stands for; a limit that is met finishes the tasks that stand for it.
    """
    values = {
        "case_id": case_id,
        "key": key,
        "code": code,
        "role": str(role),
        "person_id": person_id,
        "ref": ref,
        "due_at": due_at,
        "opened_at": now,
        "outcome": "",
    }
    if store.keep_once(session, values):
        row = _found(session, case_id, key)
        task_rows.note(session, actor, row, "task.opened", now=now)
        steps.wake(session, case_id, now=now)
        return row.id
    return _found(session, case_id, key).id


def finish_task(
    session: Session, case_id: str, key: str, *, actor: Actor, now: datetime, outcome: str = "done"
) -> bool:
    """Finish the task with this key; False when there is none or it is finished already."""
    found = store.by_key(session, case_id, key)
    row = store.lock(session, found.id) if found is not None else None
    if row is None or row.done_at is not None:
        return False
    _finish(session, actor, row, outcome, now)
    return True


def finish_my_task(
    session: Session,
    actor: Actor,
    task_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> TaskView:
    """Say that a piece of work is done: the person it is for, the role, or a supervisor.

    Raises:
        NotThere: no such task, or in a case that is not yours.
        NotAllowed: it is somebody else's to do.
        WrongState: it is finished already.
        StaleWrite: somebody changed it after it was read.
    """
    row = store.lock(session, task_id)
    if row is None or not _sees(session, actor, row, now):
        raise NotThere("task")
    check_version(row, "task", expected_version)
    if not _is_theirs(actor, row):
        raise NotAllowed("task_of_another")
    if row.done_at is not None:
        raise WrongState(kind="task", state="done", act="finish")
    _finish(session, actor, row, "done", now)
    return _view(row)


def withdraw_open(session: Session, actor: Actor, case_id: str, *, now: datetime) -> int:
    """Withdraw what is left to do in a case that ends; return how many."""
    rows = store.open_of(session, case_id)
    for row in rows:
        _finish(session, actor, row, "withdrawn", now)
    return len(rows)


def tasks_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[TaskView, ...]:
    """Return the tasks of a case, oldest first, and note that they were read.

    Raises:
        NotThere: no such case, or not yours.
    """
    if not reach_of(session, actor, case_id, now=now).sees:
        raise NotThere("case")
    audit.record(
        session, actor, "task.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return tuple(_view(row) for row in store.all_of(session, case_id))


def my_tasks(
    session: Session, actor: Actor, *, now: datetime, limit: int = 50, cursor: str | None = None
) -> TaskPage:
    """Return open work for this person and the roles they hold, oldest first.

    Raises:
        BadInput: the cursor is not one of ours.
    """
    after = TaskAfter(*read_cursor(cursor)) if cursor else None
    rows = store.page(session, actor, now=now, after=after, limit=limit + 1)
    shown = rows[:limit]
    audit.record(
        session,
        actor,
        "task.listed",
        thing="task_list",
        thing_id="page",
        now=now,
        codes={"count": len(shown)},
    )
    return TaskPage(
        tuple(_view(row) for row in shown),
        write_cursor(shown[-1].opened_at, shown[-1].id) if len(rows) > limit else None,
    )


def _sees(session: Session, actor: Actor, row: TaskRow, now: datetime) -> bool:
    if row.person_id == actor.person_id:
        return not is_barred(session, row.case_id, actor.person_id)
    return reach_of(session, actor, row.case_id, now=now).level >= Level.CODED


def _is_theirs(actor: Actor, row: TaskRow) -> bool:
    if row.person_id is not None and row.person_id == actor.person_id:
        return True
    roles = {str(grant.role) for grant in actor.grants}
    if Role.SUPERVISOR in roles:
        return True
    return row.person_id is None and row.role in roles


def _finish(session: Session, actor: Actor, row: TaskRow, outcome: str, now: datetime) -> None:
    task_rows.finish(session, actor, row, outcome, now=now)
    steps.wake(session, row.case_id, now=now)


def _found(session: Session, case_id: str, key: str) -> TaskRow:
    row = store.by_key(session, case_id, key)
    if row is None:
        raise LookupError
    return row


def _view(row: TaskRow) -> TaskView:
    return TaskView(
        id=row.id,
        case_id=row.case_id,
        code=row.code,
        role=row.role,
        person_id=row.person_id,
        ref=row.ref,
        due_at=row.due_at,
        opened_at=row.opened_at,
        done_at=row.done_at,
        done_by=row.done_by,
        outcome=row.outcome,
        version=row.version,
    )
