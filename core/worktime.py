"""Time limits: when something is due, in the working calendar of the country that acts.

Pure: standard library only. Every moment that goes in or comes out is an aware UTC time; the local
calendar decides only what a day is. What each limit *is* lives in the country packs, and what
happens when one passes lives with the clocks: nothing here decides anything.

How each unit counts (our choice, DOM-3.2 gives only the numbers):

- ``hours`` are elapsed hours, whatever the clocks on the wall do;
- ``days``, ``weeks``, ``months`` and ``years`` keep the local hour; a month that is too short ends
  on its last day (31 January plus one month is 28 or 29 February);
- ``working_days`` end at the close (23:59:59) of the local day, the day of the start does not
  count, and zero working days means "the same day".

Source: DOM-3.2, DOM-R59.
"""

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

CLOSE_OF_DAY: Final = time(23, 59, 59)
SHORTEST_SPAN: Final = timedelta(hours=1)  # what "at once" is measured against once it has passed
MOST_DAYS_OFF: Final = 366  # a calendar with a longer run of days off is a mistake, not a country


class Unit(StrEnum):
    """What a limit counts in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Limit:
    """A length of time as a rule states it, for example 20 working days.

    Args:
        amount: how many; zero means at once (hours) or the same day (working days).
        unit: hours, days, working_days, weeks, months or years.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a length that runs backwards."""
        if self.amount < 0:
            raise ValueError("a limit cannot be negative")
        object.__setattr__(self, "unit", Unit(self.unit))


@dataclass(frozen=True)
class WorkingCalendar:
    """The days on which the offices of one country work.

    Args:
        timezone: IANA name of the zone whose days count, for example ``Africa/Lusaka``.
        weekdays: ISO weekdays on which offices work, Monday is 1.
        holidays: whether a day is a holiday of this country, weekend or not.
    """

    timezone: str
    weekdays: frozenset[int]
    holidays: Callable[[date], bool]

    def __post_init__(self) -> None:
        """Refuse a week nobody works in and a zone that does not exist."""
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise ValueError("a working week needs ISO weekdays between 1 and 7")
        ZoneInfo(self.timezone)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose days count."""
        return ZoneInfo(self.timezone)


def local_day(moment: datetime, calendar: WorkingCalendar) -> date:
    """Return the date on the wall in this country at a moment."""
    return _aware(moment).astimezone(calendar.zone).date()


def close_of_day(day: date, calendar: WorkingCalendar) -> datetime:
    """Return the last second of a local day, in UTC."""
    return datetime.combine(day, CLOSE_OF_DAY, tzinfo=calendar.zone).astimezone(UTC)


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    """Whether the offices of this country work on a day. Source: DOM-R59."""
    return day.isoweekday() in calendar.weekdays and not calendar.holidays(day)


def add_working_days(day: date, count: int, calendar: WorkingCalendar) -> date:
    """Return the day ``count`` working days after a day, or before it when negative.

    The starting day never counts, and zero gives the starting day itself, working or not.

    Raises:
        ValueError: when the calendar has no working day for more than a year.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    for _ in range(abs(count)):
        day = _next_working_day(day, step, calendar)
    return day


def due_at(start: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """Return when a limit that starts now runs out, in UTC.

    Only limits in working days look at weekends and holidays, and only at those of ``calendar``.

    Source: DOM-3.2, DOM-R59.
    """
    if limit.unit is Unit.HOURS:
        return _aware(start).astimezone(UTC) + timedelta(hours=limit.amount)
    if limit.unit is Unit.WORKING_DAYS:
        day = add_working_days(local_day(start, calendar), limit.amount, calendar)
        return close_of_day(day, calendar)
    return _shifted(start, limit.unit, limit.amount, calendar)


def latest_before(event: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """Return the latest moment that still leaves a limit before an event, in UTC.

    Papers that must be with members three working days before a sitting on a Thursday are out in
    time until the close of Monday.

    Source: DOM-3.2/D8.
    """
    if limit.unit is Unit.HOURS:
        return _aware(event).astimezone(UTC) - timedelta(hours=limit.amount)
    if limit.unit is Unit.WORKING_DAYS:
        day = add_working_days(local_day(event, calendar), -limit.amount, calendar)
        return min(close_of_day(day, calendar), _aware(event).astimezone(UTC))
    return _shifted(event, limit.unit, -limit.amount, calendar)


def elapsed_share(start: datetime, due: datetime, now: datetime) -> float:
    """Return how much of a limit has passed: 0.0 at the start, 1.0 when due, above when overdue.

    A limit of no length ("at once") is due from its start and then measured against one hour, so
    that it too climbs the ladder of reminders.

    Source: DOM-3.2 (75, 100, 150 and 200 %).
    """
    if due <= start:
        return 1.0 + (now - due) / SHORTEST_SPAN if now >= due else 0.0
    return max(0.0, (now - start) / (due - start))


def moment_of_share(start: datetime, due: datetime, percent: int) -> datetime:
    """Return when a limit reaches a share of its time; the inverse of ``elapsed_share``."""
    if due <= start:
        return due + max(0, percent - 100) * SHORTEST_SPAN / 100
    return start + (due - start) * percent / 100


def _shifted(start: datetime, unit: Unit, amount: int, calendar: WorkingCalendar) -> datetime:
    local = _aware(start).astimezone(calendar.zone)
    if amount == 0:
        return local.astimezone(UTC)
    day = _add_calendar(local.date(), unit, amount)
    # fold=0 on purpose: of an hour that happens twice the first counts, the earlier for the child.
    wall = datetime.combine(day, local.time(), tzinfo=calendar.zone)
    return wall.astimezone(UTC)


def _add_calendar(day: date, unit: Unit, amount: int) -> date:
    if unit is Unit.DAYS:
        return day + timedelta(days=amount)
    if unit is Unit.WEEKS:
        return day + timedelta(weeks=amount)
    return add_months(day, amount * (12 if unit is Unit.YEARS else 1))


def add_months(day: date, amount: int) -> date:
    """Return the same day some months later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _next_working_day(day: date, step: timedelta, calendar: WorkingCalendar) -> date:
    for _ in range(MOST_DAYS_OFF):
        day += step
        if is_working_day(day, calendar):
            return day
    raise ValueError("the calendar has no working day for more than a year")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment
