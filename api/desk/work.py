"""My work today: children in detention, what waits for me, what is late and who holds it.

Everything is asked of the same services as the API; nothing here decides what is late or mine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from api.desk.children import ChildLine, child_line, held_for
from api.desk.visit import Visit
from cases.service import clock_views, files, tasks
from cases.service.clock_views import ClockView
from cases.service.files import CodedRow, wanted
from cases.service.possible import Act
from cases.service.tasks import TaskView
from panels.service.next_acts import NextAct

SHOWN: Final = 20
NO_END: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One piece of work.

    Args:
        what: what is to be done, or which time limit.
        child: whose case; None when the person may do the work without seeing the case.
        due: by when, in words; empty without an end.
        is_late: whether that has passed.
        holder: who holds it, in words.
        href: the page where the work is done.
        task_id: for work that the person can say is done.
        version: of the task as it was read.
    """

    what: str
    child: ChildLine | None
    due: str
    is_late: bool
    holder: str
    href: str = ""
    task_id: str = ""
    version: int = 0


@dataclass(frozen=True)
class Lines:
    """Part of a list; ``cursor`` leads to the rest."""

    lines: tuple[Line, ...]
    cursor: str | None


def detained(visit: Visit) -> tuple[ChildLine, ...]:
    """Return the children in detention this person may know of, the longest held first."""
    page = files.list_files(
        visit.session, visit.actor, wanted(detained=True), now=visit.now, limit=SHOWN
    )
    rows = sorted(page.rows, key=lambda row: held_for(visit, row), reverse=True)
    return tuple(child_line(visit, row) for row in rows)


def mine(visit: Visit, cursor: str | None = None) -> Lines:
    """Return what waits for this person and their roles."""
    page = tasks.my_tasks(visit.session, visit.actor, now=visit.now, limit=SHOWN, cursor=cursor)
    rows = _rows(visit, [task.case_id for task in page.tasks])
    soonest = sorted(page.tasks, key=lambda task: (task.due_at or NO_END, task.opened_at))
    return Lines(tuple(_task(visit, task, rows) for task in soonest), page.cursor)


def late(visit: Visit, cursor: str | None = None) -> Lines:
    """Return what is late in the cases this person sees, and who holds it."""
    page = clock_views.late(visit.session, visit.actor, now=visit.now, limit=SHOWN, cursor=cursor)
    rows = _rows(visit, [clock.case_id for clock in page.clocks])
    visit.names([clock.holder_person for clock in page.clocks])
    return Lines(tuple(limit_line(visit, clock, rows) for clock in page.clocks), page.cursor)


def limit_line(visit: Visit, clock: ClockView, rows: dict[str, CodedRow]) -> Line:
    """Return the line of a time limit."""
    row = rows.get(clock.case_id)
    return Line(
        what=visit.words.of("limit", clock.code),
        child=child_line(visit, row) if row is not None else None,
        due=visit.words.due(clock.due.utc, visit.now),
        is_late=clock.status == "overdue",
        holder=_holder(visit, clock),
    )


def task_title(visit: Visit, task: TaskView) -> str:
    """Return what is to be done; a country's own task has its title in the country's pack."""
    release = visit.pack.detention.release_task
    if task.code == release.code:
        return release.title
    return visit.words.of("task", task.code)


def _task(visit: Visit, task: TaskView, rows: dict[str, CodedRow]) -> Line:
    row = rows.get(task.case_id)
    late = task.due_at is not None and task.due_at < visit.now
    own = task.person_id == visit.actor.person_id
    return Line(
        what=task_title(visit, task),
        child=child_line(visit, row) if row is not None else None,
        due=visit.words.due(task.due_at, visit.now) if task.due_at is not None else "",
        is_late=late,
        holder=visit.words("holder.you") if own else visit.words.of("role", task.role),
        href=_where(task) if row is not None else "",
        task_id=task.id,
        version=task.version,
    )


def _where(task: TaskView) -> str:
    """Return the page where a task is done; the list of acts of its case where it has none of its own."""
    act = _OWN_PAGES.get(task.code)
    case = f"/desk/cases/{task.case_id}"
    return f"{case}/acts/{act}/{task.ref}" if act and task.ref else f"{case}#acts"


_OWN_PAGES: Final[Mapping[str, str]] = {
    "plan_action": Act.ACTION_DONE,
    "answer_closing_request": Act.ANSWER_CLOSING,
    "answer_panel_question": NextAct.ANSWER,
}


def _holder(visit: Visit, clock: ClockView) -> str:
    role = visit.words.of("role", clock.holder_role)
    if clock.holder_role != "caseworker" or not clock.holder_person:
        return role
    if clock.holder_person == visit.actor.person_id:
        return visit.words("holder.you")
    return f"{visit.name(clock.holder_person)}, {role}"


def _rows(visit: Visit, case_ids: list[str]) -> dict[str, CodedRow]:
    return files.rows_of(visit.session, visit.actor, case_ids, now=visit.now)
