"""Opening, meeting, pausing and closing the time limits of a case, and what the sweep raises.

How long a limit is comes from the pack the case follows, in the working calendar of the acting
country. Nothing here decides: a limit that passes posts a notice, once for each level. What people
see of clocks is ``clock_views``.

``open_clock`` of a limit that exists returns the one there is. ``meet_clock`` without an occurrence
meets every open one of that code, and finishes the tasks that stand for it.

Source: DOM-3.2, DOM-R34, DOM-R59.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from cases.rules.clocks import (
    NEVER_PAUSED,
    Clock,
    ClockCode,
    PauseReason,
    levels_of,
    levels_reached,
    may_pause,
    next_level_at,
)
from cases.service import clock_notices, steps
from cases.service.case_packs import pack_for
from cases.service.clock_rows import (
    Start,
    clock_of,
    due_of,
    finish_tasks,
    note,
    pause,
    schedule,
    stop,
    stop_pause,
)
from cases.store import clocks as store
from cases.tables.clock import DeadlineRow
from core import audit
from core.actors import Actor, procedure_actor
from core.worktime import local_day


@dataclass(frozen=True)
class DueLevel:
    """A level of a limit that is reached and was not raised yet."""

    deadline_id: str
    case_id: str
    code: str
    level: int


def open_clock(
    session: Session,
    case_id: str,
    code: str,
    *,
    started_at: datetime,
    occurrence: int = 0,
    priority: str | None = None,
    place: str = "",
    before: datetime | None = None,
    due_at: datetime | None = None,
    now: datetime | None = None,
) -> str:
    """Start a limit of a case and return its id; a limit that exists already is left as it is.

    Args:
        session: the unit of work.
        case_id: the child's case.
        code: D1 to D25.
        started_at: the event that starts the clock.
        occurrence: 0 for the first time, then 1, 2 for limits that come back.
        priority: how urgent, when not as urgent as the case (an emergency action).
        place: place code of the acting office, when not the case's own.
        before: for limits that run up to an event (papers before a sitting): that event.
        due_at: the limit itself where a rule or a person fixed it; a new priority leaves it.
        now: when this is written down, if later than ``started_at``.

    Raises:
        NotThere: no such case.
    """
    row = steps.lock(session, case_id)
    start = Start(
        code, occurrence, priority or row.priority, place or row.office, started_at, before
    )
    due = due_at or due_of(row, start)
    values = {
        "case_id": case_id,
        "code": ClockCode(code).value,
        "occurrence": occurrence,
        "started_at": started_at,
        "due_at": due,
        "country": row.country,
        "place": start.place,
        "pack_version": row.pack_version,
        "priority": start.priority,
        "event_at": before,
        "is_fixed": due_at is not None or priority is not None,
        "paused_seconds": 0,
        "pause_reason": "",
        "pause_ref": "",
        "level": 0,
        "next_level_at": next_level_at(Clock(started_at, due), levels_of(ClockCode(code))),
    }
    if store.keep_once(session, values):
        kept = _found(session, case_id, code, occurrence)
        actor = procedure_actor(row.country)
        note(session, kept, "opened", at=now or started_at, actor=actor)
        return kept.id
    return _found(session, case_id, code, occurrence).id


def next_occurrence(session: Session, case_id: str, code: str) -> int:
    """Return the number the next clock of this code would have."""
    return store.last_occurrence(session, case_id, code) + 1


def due_of_clock(session: Session, deadline_id: str) -> datetime | None:
    """Return when a limit runs out, None when there is no such limit."""
    row = store.find_by_id(session, deadline_id)
    return row.due_at if row is not None else None


def meet_clock(
    session: Session,
    case_id: str,
    code: str,
    *,
    now: datetime,
    occurrence: int | None = None,
    actor: Actor | None = None,
    begun_by: datetime | None = None,
) -> int:
    """Note that what a limit asked for was done; return how many open clocks that ended.

    Args:
        session: the unit of work.
        case_id: the child's case.
        code: the limit.
        now: when it was done.
        occurrence: which one; every open one when left out.
        actor: who did it; the procedure when left out.
        begun_by: leave out what began to run only after this moment.
    """
    rows = [
        row
        for row in store.lock_open(session, case_id, ClockCode(code).value, occurrence)
        if begun_by is None or row.started_at <= begun_by
    ]
    for row in rows:
        who = actor or procedure_actor(row.country)
        row.met_at = now
        stop(row, now)
        note(session, row, "met", at=now, actor=who)
        finish_tasks(session, row, now=now, actor=who)
    session.flush()
    return len(rows)


def pause_clock(
    session: Session,
    actor: Actor,
    case_id: str,
    code: str,
    *,
    reason: PauseReason,
    review_on: date,
    now: datetime,
    ref: str = "",
    occurrence: int | None = None,
) -> int:
    """Let a clock stand still for a stated reason and a limited time; return how many now do.

    Args:
        session: the unit of work.
        actor: who, checked by the caller.
        case_id: the child's case.
        code: the limit.
        reason: on hold, or a recorded question with the other side.
        review_on: when somebody looks again.
        now: when.
        ref: id of the question.
        occurrence: which one; every open one when left out.

    Raises:
        Incomplete: no question named, a reason the country does not have, or a review date that
            does not lie ahead or lies further ahead than a pause may last.

    Source: DOM-3.2.
    """
    case = steps.lock(session, case_id)
    pack = pack_for(case, on=now.date())
    rows = store.lock_open(session, case_id, ClockCode(code).value, occurrence)
    for row in rows:
        today = local_day(now, pack.calendar(row.place))
        may_pause(
            ClockCode(code),
            reason,
            question_ref=ref,
            review_on=review_on,
            today=today,
            longest=timedelta(days=pack.pause.max_days),
            reasons=pack.pause.reasons,
        ).require()
        pause(session, actor, row, reason=reason, review_on=review_on, ref=ref, now=now)
    session.flush()
    return len(rows)


def resume_clock(
    session: Session,
    actor: Actor,
    case_id: str,
    code: str,
    *,
    now: datetime,
    occurrence: int | None = None,
) -> int:
    """Let a clock run again, its limit moved by the time it stood; return how many do."""
    return _resume(
        session, actor, store.lock_open(session, case_id, ClockCode(code).value, occurrence), now
    )


def pause_all(
    session: Session, actor: Actor, case_id: str, *, review_on: date, now: datetime
) -> int:
    """Let every running clock of a case stand still because the case is on hold.

    None does in a country where a hold is no reason for it.
    """
    case = steps.lock(session, case_id)
    reasons = map(str, pack_for(case, on=now.date()).pause.reasons)
    if PauseReason.ON_HOLD not in reasons:
        return 0
    rows = [
        row
        for row in store.lock_open(session, case_id)
        if row.paused_at is None and ClockCode(row.code) not in NEVER_PAUSED
    ]
    for row in rows:
        pause(session, actor, row, reason=PauseReason.ON_HOLD, review_on=review_on, now=now)
    session.flush()
    return len(rows)


def resume_all(session: Session, actor: Actor, case_id: str, *, now: datetime) -> int:
    """Let every clock run again that stood still because the case was on hold."""
    rows = [
        row for row in store.lock_open(session, case_id) if row.pause_reason == PauseReason.ON_HOLD
    ]
    return _resume(session, actor, rows, now)


def close_all(session: Session, case_id: str, *, now: datetime, actor: Actor | None = None) -> int:
    """End every open clock of a case that ends; return how many there were."""
    rows = store.lock_open(session, case_id)
    for row in rows:
        row.closed_at = now
        stop(row, now)
        note(session, row, "closed", at=now, actor=actor or procedure_actor(row.country))
    session.flush()
    return len(rows)


def close_clock(
    session: Session,
    case_id: str,
    code: str,
    *,
    now: datetime,
    occurrence: int | None = None,
    actor: Actor | None = None,
) -> int:
    """End a clock whose purpose fell away (an item withdrawn, a window waived); return how many."""
    rows = store.lock_open(session, case_id, ClockCode(code).value, occurrence)
    for row in rows:
        row.closed_at = now
        stop(row, now)
        note(session, row, "closed", at=now, actor=actor or procedure_actor(row.country))
    session.flush()
    return len(rows)


def due_levels(session: Session, *, now: datetime, limit: int) -> list[DueLevel]:
    """Return what the sweep has to raise, longest waiting first, from at most ``limit`` clocks."""
    return [
        DueLevel(row.id, row.case_id, row.code, level)
        for row in store.due(session, now=now, limit=limit)
        for level in levels_reached(clock_of(row), now, levels_of(ClockCode(row.code)))
    ]


def raise_level(session: Session, deadline_id: str, level: int, *, now: datetime) -> bool:
    """Tell those concerned that a limit has reached a level; once for each limit and level.

    Returns False when it was met, closed, paused or raised meanwhile. Decides nothing.

    Source: DOM-3.2, DOM-R34, DOM-R41.
    """
    case_id = store.case_of(session, deadline_id)
    if case_id is None:
        return False
    case = steps.lock(session, case_id)  # before the limit, as every act does
    row = store.lock(session, deadline_id)
    if row is None or row.met_at is not None or row.closed_at is not None:
        return False
    code = ClockCode(row.code)
    if level not in levels_reached(clock_of(row), now, levels_of(code)):
        return False
    if not store.keep_notice(session, row.id, level, now=now):
        return False
    clock_notices.post(session, row, case, level, pack=pack_for(case, on=now.date()), now=now)
    row.level = level
    schedule(row)
    session.add(row)
    session.flush()
    audit.record(
        session,
        procedure_actor(row.country),
        "clock.raised",
        thing="deadline",
        thing_id=row.id,
        case_id=row.case_id,
        now=now,
        codes={"clock": row.code, "occurrence": row.occurrence, "level": level},
    )
    return True


def _resume(session: Session, actor: Actor, rows: Iterable[DeadlineRow], now: datetime) -> int:
    standing: Sequence[DeadlineRow] = [row for row in rows if row.paused_at is not None]
    for row in standing:
        before = row.due_at
        stop_pause(row, now)
        schedule(row)
        note(session, row, "resumed", at=now, actor=actor, before=before)
    session.flush()
    return len(standing)


def _found(session: Session, case_id: str, code: str, occurrence: int) -> DeadlineRow:
    row = store.find(session, case_id, code, occurrence)
    if row is None:
        raise LookupError
    return row
