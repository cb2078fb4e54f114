"""Meetings as calendar programs read them (iCalendar, RFC 5545; invitations as RFC 5546 has them).

A meeting says when and which panel, and nothing about a child, a place or a name: calendars are read on shared screens
and kept by others. A later word about the same meeting carries the same id and a higher number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

PRODUCT: Final = "-//BID Panels//Sittings//EN"
MEDIA: Final = "text/calendar"


class Standing(StrEnum):
    """How far a meeting is settled."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Meeting:
    """One meeting, as a calendar shows it.

    Args:
        id: opaque; the same as long as it is the same meeting.
        number: of the word about it; a higher one counts.
        title: of the panel and what it is; no names.
        note: what to do.
        starts_at: aware.
        ends_at: aware.
        zone: whose clock people there read.
        standing: whether it is settled, or off.
        said_at: when this was the state of things.
    """

    id: str
    number: int
    title: str
    note: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    standing: Standing
    said_at: datetime


def invitation(meeting: Meeting, *, organizer: str, attendee: str) -> bytes:
    """Return one invitation, update or cancellation for one address.

    Args:
        meeting: what it is about.
        organizer: mail address it comes from.
        attendee: mail address it goes to.
    """
    off = meeting.standing is Standing.CANCELLED
    calendar = _calendar("CANCEL" if off else "REQUEST")
    event = _event(meeting, organizer)
    event.add("organizer", f"mailto:{organizer}")
    event.add(
        "attendee", f"mailto:{attendee}",
        {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"},
    )  # fmt: skip
    calendar.add_component(event)
    return _written(calendar)


def subscription(title: str, meetings: Sequence[Meeting], *, host: str) -> bytes:
    """Return a calendar that programs fetch again and again.

    Args:
        title: what the program calls it.
        meetings: all of them; those called off stay, marked as such.
        host: part of the ids, the same as in invitations.
    """
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", timedelta(hours=12), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for meeting in meetings:
        calendar.add_component(_event(meeting, f"@{host}"))
    return _written(calendar)


def host_of(organizer: str) -> str:
    """Return the part of a mail address by which ids of meetings differ from those of other installations."""
    return organizer.rpartition("@")[2] or "bid.invalid"


def _calendar(method: str) -> Any:
    from icalendar import Calendar  # noqa: PLC0415  slow to load, and most processes never ask

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(meeting: Meeting, organizer: str) -> Any:
    from icalendar import Event  # noqa: PLC0415  as above

    zone, event = ZoneInfo(meeting.zone), Event()
    event.add("uid", f"{meeting.id}@{host_of(organizer)}")
    event.add("dtstamp", meeting.said_at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("sequence", meeting.number)
    event.add("summary", meeting.title)
    event.add("description", meeting.note)
    event.add("status", meeting.standing.value)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if meeting.standing is Standing.CANCELLED else "OPAQUE")
    return event


def _written(calendar: Any) -> bytes:
    """Return the text with every time zone it names."""
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text
