"""The calendar of sittings: the coming ones as a list, and a month as a table of weeks."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names

from api.desk.visit import Visit
from panels.rules.sittings import SittingState
from panels.service import panels, sitting_views

MOST: Final = 200
DECEMBER: Final = 12
AHEAD: Final = timedelta(days=120)
BEFORE: Final = timedelta(days=14)


@dataclass(frozen=True)
class SittingLine:
    """A sitting in a list or on a day."""

    id: str
    when: str
    clock: str
    title: str
    panel: str
    state: str
    day: date
    at: datetime
    is_draft: bool


@dataclass(frozen=True)
class Day:
    """A day of a month, with its sittings; ``is_outside`` belongs to the month before or after."""

    number: int
    name: str
    is_outside: bool
    is_today: bool
    sittings: tuple[SittingLine, ...]


@dataclass(frozen=True)
class Month:
    """A month of sittings; ``before`` and ``after`` are the months beside it, as in an address."""

    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Day, ...], ...]
    before: str
    after: str
    count: int


def coming(visit: Visit) -> tuple[SittingLine, ...]:
    """Return the sittings of the last fortnight and of the months ahead, in order of time."""
    found = _between(visit, visit.now - BEFORE, visit.now + AHEAD)
    return tuple(sorted(found, key=lambda one: one.at))


def month(visit: Visit, asked: str) -> Month:
    """Return a month with its sittings; ``asked`` is ``2026-03``, anything else is this month."""
    first = _first_day(asked, visit.now.astimezone(ZoneInfo(visit.zone)).date())
    days = calendar.Calendar().monthdatescalendar(first.year, first.month)
    zone = ZoneInfo(visit.zone)
    begins = datetime.combine(days[0][0], time(), tzinfo=zone)
    ends = datetime.combine(days[-1][-1] + timedelta(days=1), time(), tzinfo=zone)
    found = sorted(_between(visit, begins, ends), key=lambda one: one.at)
    locale = visit.words.locale
    names = get_day_names("abbreviated", "stand-alone", locale=locale)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return Month(
        title=str(format_date(first, "LLLL y", locale=locale)).capitalize(),
        weekdays=tuple(str(names[at]) for at in range(7)),
        weeks=tuple(tuple(_day(visit, one, first, found) for one in week) for week in days),
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        after=(last + timedelta(days=1)).strftime("%Y-%m"),
        count=len(found),
    )


def _day(visit: Visit, on: date, first: date, found: Sequence[SittingLine]) -> Day:
    today = visit.now.astimezone(ZoneInfo(visit.zone)).date()
    return Day(
        number=on.day,
        name=str(format_date(on, "full", locale=visit.words.locale)),
        is_outside=on.month != first.month,
        is_today=on == today,
        sittings=tuple(one for one in found if one.day == on),
    )


def _first_day(asked: str, today: date) -> date:
    year, dash, number = asked.partition("-")
    is_short = len(asked) <= len("2026-03") and asked.isascii()
    is_number = is_short and dash and year.isdecimal() and number.isdecimal()
    is_month = is_number and 1 <= int(number) <= DECEMBER
    if is_month and date.min.year < int(year) < date.max.year:
        return date(int(year), int(number), 1)
    return today.replace(day=1)


def _between(visit: Visit, since: datetime, until: datetime) -> list[SittingLine]:
    """Return the sittings of every panel this person has to do with; a joint one once."""
    found: dict[str, SittingLine] = {}
    for panel in panels.list_panels(visit.session, visit.actor, now=visit.now, limit=MOST):
        rows = sitting_views.list_sittings(
            visit.session,
            visit.actor,
            panel.id,
            now=visit.now,
            since=since,
            until=until,
            limit=MOST,
        )
        for row in rows:
            found.setdefault(
                row.id,
                SittingLine(
                    id=row.id,
                    when=visit.words.weekday(row.starts_at, row.timezone),
                    clock=visit.words.clock(row.starts_at, row.timezone),
                    title=visit.words.of("sitting_type", row.type),
                    panel=panel.name,
                    state=visit.words.of("sitting", row.state),
                    day=row.starts_at.astimezone(ZoneInfo(row.timezone)).date(),
                    at=row.starts_at,
                    is_draft=row.state == SittingState.DRAFT,
                ),
            )
    return list(found.values())
