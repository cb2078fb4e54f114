"""Busy hours out of calendars written elsewhere: hours and nothing else, and nothing that makes reading endless."""

import contextlib
from datetime import UTC, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars import CalendarRefused, Span, busy_hours
from tests.conftest import NOON

ZONE = ZoneInfo("Africa/Lusaka")
END = NOON + timedelta(days=60)


def a_calendar(*events: str) -> bytes:
    inside = "".join(
        f"BEGIN:VEVENT\r\nUID:u{n}\r\n{one}\r\nEND:VEVENT\r\n" for n, one in enumerate(events)
    )
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{inside}END:VCALENDAR\r\n".encode()
    )


def read(*events: str) -> list[Span]:
    return busy_hours(a_calendar(*events), start=NOON, end=END, zone=ZONE)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "hours"),
    [
        ("DTSTART:20260303T080000Z\r\nDTEND:20260303T100000Z", [("2026-03-03T08:00", "2026-03-03T10:00")]),
        ("DTSTART:20260303T080000\r\nDURATION:PT90M", [("2026-03-03T06:00", "2026-03-03T07:30")]),
        ("DTSTART;VALUE=DATE:20260304\r\nDTEND;VALUE=DATE:20260306", [("2026-03-03T22:00", "2026-03-05T22:00")]),
        ("DTSTART;VALUE=DATE:20260304", [("2026-03-03T22:00", "2026-03-04T22:00")]),
        ("DTSTART:20260303T080000Z\r\nDTEND:20260303T100000Z\r\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20260303T080000Z\r\nDTEND:20260303T100000Z\r\nSTATUS:CANCELLED", []),
        ("DTSTART:20250303T080000Z\r\nDTEND:20250303T100000Z", []),
    ],
    ids=["utc", "floating", "days", "one-day", "free", "cancelled", "past"],
)  # fmt: skip
def test_hours_are_read_by_the_clock_they_were_written_for(
    event: str, hours: list[tuple[str, str]]
) -> None:
    assert read(event) == [(utc(begin), utc(end)) for begin, end in hours]


def test_repetitions_keep_the_hour_on_the_wall_and_leave_out_what_is_excepted() -> None:
    found = read(
        "DTSTART;TZID=Europe/Berlin:20260302T150000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;UNTIL=20260406T150000Z\r\n"
        "EXDATE;TZID=Europe/Berlin:20260309T150000"
    )

    assert [begin.isoformat() for begin, _ in found] == [
        "2026-03-02T14:00:00+00:00", "2026-03-16T14:00:00+00:00", "2026-03-23T14:00:00+00:00",
        "2026-03-30T13:00:00+00:00", "2026-04-06T13:00:00+00:00",
    ]  # fmt: skip


def test_one_repetition_that_was_moved_counts_where_it_is_now() -> None:
    master = "DTSTART:20260303T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3"
    data = a_calendar(
        master, "RECURRENCE-ID:20260304T080000Z\r\nDTSTART:20260304T180000Z\r\nDURATION:PT1H"
    )
    data = data.replace(b"UID:u1", b"UID:u0")

    found = busy_hours(data, start=NOON, end=END, zone=ZONE)

    assert [begin.hour for begin, _ in found] == [8, 18, 8]


def test_a_list_of_free_and_busy_hours_is_a_calendar_too() -> None:
    data = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VFREEBUSY\r\nUID:f\r\nFREEBUSY;FBTYPE=BUSY:20260303T080000Z/PT2H\r\n"
        b"FREEBUSY;FBTYPE=FREE:20260304T080000Z/PT2H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    )

    found = busy_hours(data, start=NOON, end=END, zone=ZONE)

    assert found == [(utc("2026-03-03T08:00"), utc("2026-03-03T10:00"))]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("DTSTART:20260303T080000Z\r\nRRULE:FREQ=SECONDLY", "calendar_too_frequent"),
        ("DTSTART:20260303T080000Z\r\nRRULE:FREQ=DAILY;BYMINUTE=0,1,2,3", "calendar_too_frequent"),
        ("DTSTART:20260303T080000Z\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=DAILY", "calendar_too_frequent"),
        ("DTSTART:00010101T080000Z\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "calendar_too_large"),
        ("DTSTART:tomorrow", "not_a_calendar"),
    ],
    ids=["secondly", "minutes", "two-rules", "never", "no-date"],
)  # fmt: skip
def test_what_would_make_reading_endless_is_refused(event: str, code: str) -> None:
    with pytest.raises(CalendarRefused) as refused:
        read(event)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "data",
    [b"", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"\xff\xfe", b"x" * 3_000_000],
    ids=["empty", "card", "bytes", "large"],
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(CalendarRefused):
        busy_hours(data, start=NOON, end=END, zone=ZONE)


@given(st.binary(max_size=400), st.text(max_size=200))
def test_junk_raises_nothing_but_a_refusal(raw: bytes, text: str) -> None:
    for data in (raw, a_calendar(text)):
        try:
            found = busy_hours(data, start=NOON, end=END, zone=ZONE)
        except CalendarRefused:
            continue
        assert all(NOON <= begin < end <= END for begin, end in found)


def test_busy_hours_that_touch_are_one() -> None:
    found = read(
        "DTSTART:20260303T080000Z\r\nDTEND:20260303T100000Z",
        "DTSTART:20260303T090000Z\r\nDTEND:20260303T120000Z",
    )

    assert found == [(utc("2026-03-03T08:00"), utc("2026-03-03T12:00"))]


@pytest.mark.parametrize(
    "event",
    [
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\nDURATION:PT1H",
        "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=" + ",".join(["1"] * 5_000),
    ],
    ids=["never-on", "never-true", "as-long-as-a-book"],
)
def test_a_rule_that_never_gets_on_does_not_keep_anybody_waiting(event: str) -> None:
    begun = process_time()
    with contextlib.suppress(CalendarRefused):
        assert read(f"DTSTART:20260303T080000Z\r\n{event}") == []
    assert process_time() - begun < 8  # to the end of all dates it is minutes


def test_many_rules_that_never_come_true_are_too_much() -> None:
    never = "DTSTART:20260303T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30"
    with pytest.raises(CalendarRefused) as refused:
        read(*[never] * 20)

    assert refused.value.code == "calendar_too_large"


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:20260303T080000Z\r\nDURATION:PT1H\r\nDURATION:PT2H",
        "DTSTART:20260303T080000Z\r\nRRULE:FREQ=DAILY;COUNT=99999999999999999999",
        "DTSTART:20260303T080000Z\r\nRECURRENCE-ID:yesterday",
        "DTSTART:99991231T235900Z\r\nDURATION:P900000000D",
    ],
    ids=["two-lengths", "count-of-stars", "moved-from-nowhere", "behind-all-dates"],
)
def test_whatever_is_written_wrongly_is_one_refusal(event: str) -> None:
    with pytest.raises(CalendarRefused):
        read(event)
