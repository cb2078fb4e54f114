"""How one stored limit changes: the small steps that every act on clocks is made of.

Source: DOM-3.2, DOM-R59.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from cases.rules.clocks import (
    MAX_PAUSE,
    Clock,
    ClockCode,
    PauseReason,
    levels_of,
    next_level_at,
    resumed,
)
from cases.service import task_rows
from cases.service.case_packs import pack_for
from cases.store import tasks as task_store
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineChangeRow, DeadlineRow
from core import audit, gathering
from core.actors import Actor
from core.packs.codes import Direction, LimitCode
from core.packs.lookup import pack_of, versions
from core.packs.models import Pack
from core.worktime import due_at, latest_before


def clock_of(row: DeadlineRow) -> Clock:
    """Return the rule's value of a stored limit."""
    return Clock(
        started_at=row.started_at,
        due_at=row.due_at,
        paused_for=timedelta(seconds=row.paused_seconds),
        paused_at=row.paused_at,
        level=row.level,
        longest_pause=timedelta(days=_pack(row).pause.max_days),
    )


def unusual_pauses(country: str) -> dict[int, timedelta]:
    """Return the longest pause in each version of a country's pack that has not the usual one."""
    lengths = {no: timedelta(days=pack_of(country, no).pause.max_days) for no in versions(country)}
    return {no: length for no, length in lengths.items() if length != MAX_PAUSE}


def _pack(row: DeadlineRow) -> Pack:
    """The pack this limit was worked out from."""
    return pack_of(row.country, row.pack_version or None, on=row.started_at.date())


@dataclass(frozen=True)
class Start:
    """What a limit is worked out from."""

    code: str
    occurrence: int
    priority: str
    place: str
    started_at: datetime
    before: datetime | None


def due_of(case: CaseRow, start: Start) -> datetime:
    """Return when a limit runs out, by the pack the case follows."""
    pack = pack_for(case, on=start.started_at.date())
    rule = pack.limits[LimitCode(start.code)]
    length = rule.for_priority(start.priority, start.occurrence)
    calendar = pack.calendar(start.place)
    if rule.direction is Direction.BEFORE and start.before is not None:
        return max(latest_before(start.before, length, calendar), start.started_at)
    return due_at(start.started_at, length, calendar)


def stop_pause(row: DeadlineRow, now: datetime) -> None:
    """End a pause and move the limit by the time it stood."""
    running = resumed(clock_of(row), now)
    row.due_at = running.due_at
    row.paused_seconds = int(running.paused_for.total_seconds())
    row.paused_at, row.pause_review_on = None, None
    row.pause_reason = row.pause_ref = ""


def stop(row: DeadlineRow, now: datetime) -> None:
    """Silence a limit that is met or closed."""
    stop_pause(row, now)
    row.next_level_at = None


def schedule(row: DeadlineRow) -> None:
    """Work out when the sweep must look again."""
    row.next_level_at = next_level_at(clock_of(row), levels_of(ClockCode(row.code)))


def finish_tasks(session: Session, row: DeadlineRow, *, now: datetime, actor: Actor) -> None:
    """Finish the tasks that stand for a limit that was met."""
    for task in task_store.open_by_ref(session, row.case_id, row.id):
        task_rows.finish(session, actor, task, task_rows.DONE, now=now)


def note(
    session: Session,
    row: DeadlineRow,
    kind: str,
    *,
    at: datetime,
    actor: Actor,
    reason: str = "",
    before: datetime | None = None,
) -> None:
    """Keep the row, what moved it, and an audit entry."""
    session.add(row)
    gathering.append(
        session,
        DeadlineChangeRow,
        deadline_id=row.id,
        at=at,
        kind=kind,
        reason=reason,
        due_before=before,
        due_after=row.due_at,
    )
    codes: dict[str, str | int | bool | None] = {
        "clock": row.code,
        "occurrence": row.occurrence,
        "due": row.due_at.isoformat(),
    }
    audit.record(
        session,
        actor,
        f"clock.{kind}",
        thing="deadline",
        thing_id=row.id,
        case_id=row.case_id,
        now=at,
        codes={**codes, "reason": reason or None},
    )


def pause(
    session: Session,
    actor: Actor,
    row: DeadlineRow,
    *,
    reason: PauseReason,
    review_on: date,
    now: datetime,
    ref: str = "",
) -> None:
    """Let a limit stand still, unless it does already."""
    if row.paused_at is not None:
        return
    row.paused_at, row.pause_reason = now, reason.value
    row.pause_ref, row.pause_review_on = ref, review_on
    schedule(row)
    note(session, row, "paused", at=now, actor=actor, reason=reason.value)
