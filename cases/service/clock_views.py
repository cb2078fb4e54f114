"""What people see of time limits: those of one case, and what is late and who holds it.

Every moment is shown twice, in UTC and on the clock of the acting office.

Source: DOM-3.2, DOM-R59.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from cases.rules.clocks import WINDOWS, ClockCode, holder, percent
from cases.service.access import reach_of
from cases.service.case_packs import pack_for
from cases.service.clock_rows import clock_of, unusual_pauses
from cases.service.cursors import read_cursor, write_cursor
from cases.store import case_files
from cases.store import clocks as store
from cases.store.clocks import LateAfter
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineRow
from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.packs.models import Pack


@dataclass(frozen=True)
class Moment:
    """One moment, in UTC and on the wall of the acting office."""

    utc: datetime
    local: str
    timezone: str


@dataclass(frozen=True)
class ClockView:
    """One limit as people see it.

    ``status`` is running, paused, overdue, over (a period that has ended), met, met_late or closed.
    """

    id: str
    case_id: str
    code: str
    occurrence: int
    status: str
    percent: int
    level: int
    started: Moment
    due: Moment
    met: Moment | None
    closed: Moment | None
    paused: Moment | None
    pause_reason: str
    pause_review_on: date | None
    priority: str
    pack_version: int
    holder_role: str
    holder_person: str | None
    version: int


@dataclass(frozen=True)
class LatePage:
    """One page of what is late; ``cursor`` leads to the next, None at the end."""

    clocks: tuple[ClockView, ...]
    cursor: str | None


def clocks_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[ClockView, ...]:
    """Return every limit of a case, in the order in which they started, and note that it was read.

    Raises:
        NotThere: no such case, or not yours.
    """
    case = case_files.find_case(session, case_id)
    if case is None or not reach_of(session, actor, case_id, now=now).sees:
        raise NotThere("case")
    pack = pack_for(case, on=now.date())
    audit.record(
        session, actor, "clock.read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return tuple(_view(row, case, pack, now) for row in store.all_of(session, case_id))


def late(
    session: Session, actor: Actor, *, now: datetime, limit: int = 50, cursor: str | None = None
) -> LatePage:
    """Return what is late in the cases this actor sees and who holds it, longest overdue first.

    Raises:
        BadInput: the cursor is not one of ours.
    """
    after = LateAfter(*read_cursor(cursor)) if cursor else None
    rows = store.late_page(
        session, actor, now=now, after=after, limit=limit + 1, pauses=unusual_pauses(actor.country)
    )
    shown = rows[:limit]
    audit.record(
        session,
        actor,
        "clock.late_listed",
        thing="deadline_list",
        thing_id="page",
        now=now,
        codes={"count": len(shown)},
    )
    views = tuple(_view(row, case, pack_for(case, on=now.date()), now) for row, case in shown)
    return LatePage(
        views, write_cursor(shown[-1][0].due_at, shown[-1][0].id) if len(rows) > limit else None
    )


def moment(value: datetime, pack: Pack, place: str) -> Moment:
    """Return a moment in UTC and in the zone of an office."""
    calendar = pack.calendar(place)
    return Moment(value, value.astimezone(calendar.zone).isoformat(), calendar.timezone)


def _view(row: DeadlineRow, case: CaseRow, pack: Pack, now: datetime) -> ClockView:
    def shown(value: datetime | None) -> Moment | None:
        return moment(value, pack, row.place) if value is not None else None

    end = row.met_at or row.closed_at or now
    return ClockView(
        id=row.id,
        case_id=row.case_id,
        code=row.code,
        occurrence=row.occurrence,
        status=_status(row, now),
        percent=percent(clock_of(row), end),
        level=row.level,
        started=moment(row.started_at, pack, row.place),
        due=moment(row.due_at, pack, row.place),
        met=shown(row.met_at),
        closed=shown(row.closed_at),
        paused=shown(row.paused_at),
        pause_reason=row.pause_reason,
        pause_review_on=row.pause_review_on,
        priority=row.priority,
        pack_version=row.pack_version,
        holder_role=holder(ClockCode(row.code)).value,
        holder_person=case.owner_person,
        version=row.version,
    )


def _status(row: DeadlineRow, now: datetime) -> str:
    if row.met_at is not None:
        return "met" if row.met_at <= row.due_at else "met_late"
    if row.closed_at is not None:
        return "closed"
    is_late = percent(clock_of(row), now) >= 100 and now > row.due_at  # noqa: PLR2004  per cent
    if is_late:
        return "over" if row.code in WINDOWS else "overdue"
    return "paused" if row.paused_at is not None else "running"
