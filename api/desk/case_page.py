"""A child's case as one page: what is next and by when, what runs, what waits, and what happened, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from api.desk.children import TWO_LETTERS, ChildLine, child_line
from api.desk.visit import Visit
from api.desk.words import DeskWords
from api.desk.work import Line, limit_line, task_title
from cases.rules.access import Level
from cases.service import clock_views, detention, files, history, procedure, tasks
from cases.service.clock_views import ClockView
from cases.service.detention import DetentionView
from cases.service.files import CaseFile
from cases.service.history import StepTaken
from cases.service.tasks import TaskView
from core.actors import PROCEDURE_ID

RUNS: Final = frozenset({"running", "overdue", "paused"})
_PLAIN_FACTS: Final = ("birth_date", "age_years", "documentation")
_LISTS: Final = ("nationalities", "languages")


@dataclass(frozen=True)
class Entry:
    """One thing that happened, for the timeline."""

    at: datetime
    when: str
    what: str
    by: str
    detail: str = ""


@dataclass(frozen=True)
class Next:
    """What the case waits for (in words, and its name), who holds it, and by when; ``due`` is empty without a limit."""

    act: str
    waiting: str
    holder: str
    limit: str
    due: str
    day: str
    is_late: bool


@dataclass(frozen=True)
class CasePage:
    """Everything the page of a case shows."""

    child: ChildLine
    state: str
    since: str
    owner: str
    facts: tuple[tuple[str, str], ...]
    more_for_others: bool
    is_open: bool
    next: Next
    limits: tuple[Line, ...]
    open_work: tuple[Line, ...]
    timeline: tuple[Entry, ...]


def case_page(visit: Visit, case_id: str) -> CasePage:
    """Return the page of a case as far as this person may see it.

    Raises:
        NotThere: no such case, or not yours.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    file = files.open_file(session, actor, case_id, now=now)
    clocks = clock_views.clocks_of(session, actor, case_id, now=now)
    work = tasks.tasks_of(session, actor, case_id, now=now)
    running = [one for one in clocks if one.status in RUNS]
    rows = {case_id: file.row}
    return CasePage(
        child=child_line(visit, file.row),
        state=visit.words.of("state", file.row.state),
        since=visit.words.at(file.row.state_since, visit.zone),
        owner=visit.name(file.row.owner_person),
        facts=_facts(visit, file),
        more_for_others=file.level < Level.FULL,
        is_open=file.level >= Level.FULL,
        next=_next(visit, file, running),
        limits=tuple(limit_line(visit, one, rows) for one in sorted(running, key=_due)),
        open_work=tuple(_work(visit, one) for one in work if one.done_at is None),
        timeline=_timeline(visit, file, work),
    )


def _due(clock: ClockView) -> datetime:
    return clock.due.utc


def _next(visit: Visit, file: CaseFile, running: Sequence[ClockView]) -> Next:
    waiting = procedure.read_waiting(visit.session, visit.actor, file.row.id, now=visit.now)
    first = min(running, key=_due, default=None)
    words = visit.words
    return Next(
        act=words.of("waiting", waiting.name),
        waiting=waiting.name,
        holder=_holder(visit, file, waiting.holder),
        limit=words.of("limit", first.code) if first is not None else "",
        due=words.due(first.due.utc, visit.now) if first is not None else "",
        day=words.at(first.due.utc, visit.zone) if first is not None else "",
        is_late=first is not None and first.status == "overdue",
    )


def _holder(visit: Visit, file: CaseFile, role: str) -> str:
    people = {"caseworker": file.row.owner_person, "supervisor": file.row.supervisor_person}
    person = people.get(role)
    if person == visit.actor.person_id:
        return visit.words("holder.you")
    title = visit.words.of("role", role) if role else ""
    return f"{visit.name(person)}, {title}" if person else title


def _work(visit: Visit, task: TaskView) -> Line:
    mine = task.person_id == visit.actor.person_id
    holder = visit.name(task.person_id) or visit.words.of("role", task.role)
    return Line(
        what=task_title(visit, task),
        child=None,
        due=visit.words.due(task.due_at, visit.now) if task.due_at is not None else "",
        is_late=task.due_at is not None and task.due_at < visit.now,
        holder=visit.words("holder.you") if mine else holder,
        task_id=task.id,
        version=task.version,
    )


def _timeline(visit: Visit, file: CaseFile, work: Iterable[TaskView]) -> tuple[Entry, ...]:
    """Whoever sees only the coded row gets no history; the service would say so too."""
    found = [_done(visit, one, one.done_at) for one in work if one.done_at is not None]
    if file.level >= Level.SUMMARY:
        case_id, session, actor, now = file.row.id, visit.session, visit.actor, visit.now
        steps = history.history_of(session, actor, case_id, now=now).steps
        visit.names([one.person_id for one in steps])
        found += [_step(visit, one) for one in steps]
        for held in detention.detentions_of(session, actor, case_id, now=now):
            found += _detention(visit, held)
    return tuple(sorted(found, key=lambda entry: entry.at, reverse=True))


def _step(visit: Visit, step: StepTaken) -> Entry:
    words = visit.words
    what = words.of("step", step.transition) if step.from_state else words("step.begun")
    return _entry(
        visit, step.at, what, _by(visit, step.person_id), words.of("state", step.to_state)
    )


def _done(visit: Visit, task: TaskView, at: datetime) -> Entry:
    what = visit.words("timeline.task", what=task_title(visit, task))
    return _entry(visit, at, what, _by(visit, task.done_by or PROCEDURE_ID))


def _detention(visit: Visit, held: DetentionView) -> list[Entry]:
    words = visit.words
    place = words.of("detention_place", held.place_type)
    found = [_entry(visit, held.since, words("timeline.detained", place=place), "")]
    if held.released_at is not None:
        lasted = words.span(held.released_at - held.since)
        to = words.of("released_to", held.released_to)
        said = words("timeline.released", span=lasted)
        found.append(_entry(visit, held.released_at, said, "", to))
    return found


def _entry(visit: Visit, at: datetime, what: str, by: str, detail: str = "") -> Entry:
    return Entry(at, visit.words.at(at, visit.zone), what, by, detail)


def _by(visit: Visit, person_id: str) -> str:
    return visit.words("by.procedure") if person_id == PROCEDURE_ID else visit.name(person_id)


def _facts(visit: Visit, file: CaseFile) -> tuple[tuple[str, str], ...]:
    """Return what is known about the child, as far as it was opened: label and words."""
    facts, words = file.facts, visit.words
    found = [("fact.name", _name(facts.get("names")))]
    found += [(f"fact.{name}", _plain(visit, name, facts.get(name))) for name in _PLAIN_FACTS]
    found += [(f"fact.{name}", _several(visit, name, facts.get(name))) for name in _LISTS]
    if facts.get("interpreter_needed"):
        found.append(("fact.interpreter", words("fact.interpreter_needed")))
    return tuple((words(key), text) for key, text in found if text)


def _name(names: Any) -> str:
    if not isinstance(names, dict):
        return ""
    parts = (str(names.get(part) or "") for part in ("given", "other", "family"))
    return " ".join(part for part in parts if part)


def _plain(visit: Visit, name: str, value: Any) -> str:
    if value in (None, "", "unknown"):
        return ""
    if name == "birth_date":
        return visit.words.day(date.fromisoformat(str(value)))
    return visit.words.of(name, str(value)) if isinstance(value, str) else str(value)


def _several(visit: Visit, name: str, values: Any) -> str:
    words = visit.words
    if not isinstance(values, (list, tuple)):
        return ""
    if name == "languages":
        return ", ".join(words.said("languages", str(one)) for one in values)
    return ", ".join(_nationality(words, str(one)) for one in values)


def _nationality(words: DeskWords, code: str) -> str:
    is_country = len(code) == TWO_LETTERS
    return words.country(code) if is_country else words.of("nationality", code)
