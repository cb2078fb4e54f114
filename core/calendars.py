"""Busy hours out of somebody's own calendar (iCalendar, RFC 5545). Nothing but hours is taken: no titles, no places.

What comes in was written elsewhere: it is held to a size, and repetitions to so much work that reading ends soon.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.errors import DomainError

Span = tuple[datetime, datetime]
MOST_BYTES: Final = 2 * 1024**2
MOST_EVENTS: Final = 5_000
MOST_DAYS: Final = 400_000  # days over which repetitions are followed, all events together
MOST_SPANS: Final = 2_000
DAY: Final = timedelta(days=1)
FOLLOWED: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
WITHIN_A_DAY: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
MOST_PARTS: Final = 400  # values in one rule
AN_AGE: Final = timedelta(days=146_097)  # 400 years: dates fall on the same weekdays again
LAST_YEAR: Final = 9_990
LAST_DAY: Final = date.max.toordinal()
UNREADABLE: Final = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(eq=False)
class CalendarRefused(DomainError):
    """A calendar that cannot be taken; ``code`` says why."""

    code: str


def busy_hours(data: bytes, *, start: datetime, end: datetime, zone: ZoneInfo) -> list[Span]:
    """Return when the owner of a calendar is busy between two moments: in order, joined where they touch.

    Args:
        data: the file as it came.
        start: earlier hours are left out.
        end: later hours are left out.
        zone: the zone of hours that name none.

    Raises:
        CalendarRefused: too large, not a calendar, or repeated more often than daily.
    """
    try:
        found = [
            (max(begins, start), min(ends, end))
            for begins, ends in _spans(_calendar(data), end, zone)
            if begins < end and ends > start and begins < ends
        ]
    except UNREADABLE as error:  # whatever part of it was not written as calendars are
        raise CalendarRefused("not_a_calendar") from error
    joined: list[Span] = []
    for begins, ends in sorted(found):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    if len(joined) > MOST_SPANS:
        raise CalendarRefused("calendar_too_large")
    return joined


def _calendar(data: bytes) -> Any:
    from icalendar import Calendar  # noqa: PLC0415  slow to load, and most commands never ask

    if len(data) > MOST_BYTES:
        raise CalendarRefused("calendar_too_large")
    found = Calendar.from_ical(data)
    if getattr(found, "name", "") != "VCALENDAR":
        raise CalendarRefused("not_a_calendar")
    return found


def _spans(calendar: Any, end: datetime, zone: ZoneInfo) -> Iterator[Span]:
    events = [one for one in calendar.walk("VEVENT") if _counts(one)]
    if len(events) > MOST_EVENTS:
        raise CalendarRefused("calendar_too_large")
    moved = {
        (str(one.get("UID")), _moment(one.decoded("RECURRENCE-ID"), zone))
        for one in calendar.walk("VEVENT")
        if "RECURRENCE-ID" in one
    }
    days = 0
    for one in events:
        begins, length = _hours(one, zone)
        if "RRULE" not in one or "RECURRENCE-ID" in one:
            yield begins, begins + length
            continue
        days += max(1, (end - begins).days)
        if days > MOST_DAYS:
            raise CalendarRefused("calendar_too_large")
        times, beyond = _repeated(one, begins, end, zone)
        days += beyond
        for again in times:
            if (str(one.get("UID")), again) not in moved:
                yield again, again + length
    for one in calendar.walk("VFREEBUSY"):
        yield from _given_busy(one, zone)


def _counts(event: Any) -> bool:
    """Whether an event keeps its owner away."""
    status, shown = str(event.get("STATUS", "")).upper(), str(event.get("TRANSP", "")).upper()
    return "DTSTART" in event and status != "CANCELLED" and shown != "TRANSPARENT"


def _hours(event: Any, zone: ZoneInfo) -> tuple[datetime, timedelta]:
    start = event.decoded("DTSTART")
    begins = _moment(start, zone)
    if "DTEND" in event:
        return begins, _moment(event.decoded("DTEND"), zone) - begins
    if "DURATION" in event:
        return begins, event.decoded("DURATION")
    return begins, timedelta() if isinstance(start, datetime) else DAY


def _repeated(
    event: Any, begins: datetime, end: datetime, zone: ZoneInfo
) -> tuple[list[datetime], int]:
    """Return every repetition that begins before an end, by the wall clock of the calendar.

    And over how many days behind that end the rule had to be followed to know that there is no other.
    """
    rule = event["RRULE"]
    _require_ending(rule)
    own = getattr(event.decoded("DTSTART"), "tzinfo", None) or zone
    last = end.astimezone(own).replace(tzinfo=None)
    until = (rule.get("UNTIL") or [None])[0]
    if until is not None:
        last = min(last, _moment(until, zone).astimezone(own).replace(tzinfo=None))
    times, beyond = _followed(rule, begins.astimezone(own).replace(tzinfo=None), last)
    left_out = set(_listed(event, "EXDATE", zone))
    found = [when.replace(tzinfo=own).astimezone(UTC) for when in times]
    kept = [when for when in found if when not in left_out]
    return [*kept, *_listed(event, "RDATE", zone)], beyond


def _require_ending(rule: Any) -> None:
    """Refuse a rule that repeats within a day, never gets on, or is longer than people write one.

    Raises:
        CalendarRefused: naming it too frequent.
    """
    is_one = not isinstance(rule, list)
    how_often = str((rule.get("FREQ") or [""])[0]).upper() if is_one else ""
    if (
        how_often not in FOLLOWED
        or any(part in rule for part in WITHIN_A_DAY)
        or int((rule.get("INTERVAL") or [1])[0]) < 1
        or sum(len(values) for values in rule.values()) > MOST_PARTS
    ):
        raise CalendarRefused("calendar_too_frequent")


def _followed(rule: Any, first: datetime, last: datetime) -> tuple[list[datetime], int]:
    """Follow a rule from its first day to a last, and say how many days behind that it had to be followed.

    A rule that never comes true, as one for each 30 February, is followed to the end of all dates. So every rule is
    followed as many whole ages later as there are: weekdays are the same there, and the end is near.
    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415  slow to load, and most commands never ask

    if last < first:
        return [], 0
    parts = {key: value for key, value in rule.items() if key != "UNTIL"}
    text = type(rule)(parts).to_ical().decode()
    later = AN_AGE * ((LAST_YEAR - last.year) // 400)
    found: list[datetime] = []
    for then in rrulestr(text, dtstart=first + later):
        if then - later > last:
            return found, (then - later - last).days
        found.append(then - later)
    count = rule.get("COUNT")
    is_counted = bool(count) and len(found) == count[0]
    return found, 0 if is_counted else LAST_DAY - (last + later).toordinal()


def _listed(event: Any, name: str, zone: ZoneInfo) -> Iterator[datetime]:
    given = event.get(name)
    for one in given if isinstance(given, list) else [given] if given is not None else []:
        for value in getattr(one, "dts", ()):
            if isinstance(value.dt, date):
                yield _moment(value.dt, zone)


def _given_busy(part: Any, zone: ZoneInfo) -> Iterator[Span]:
    """Yield the hours of a free/busy list; what it calls free is left out."""
    given = part.get("FREEBUSY")
    for one in given if isinstance(given, list) else [given] if given is not None else []:
        if str(getattr(one, "params", {}).get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        begins, ends = one.start, one.end
        yield _moment(begins, zone), _moment(ends, zone)


def _moment(value: Any, zone: ZoneInfo) -> datetime:
    """Return an instant; a day is its beginning, an hour without a zone is of ``zone``."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(0), zone).astimezone(UTC)
    raise CalendarRefused("not_a_calendar")
