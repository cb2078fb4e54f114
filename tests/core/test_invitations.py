"""What calendar programs are told of a meeting, read back as they read it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from core import mail, mail_words
from core.invitations import Meeting, Standing, invitation, subscription
from core.settings import Settings

STARTS = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
MEETING = Meeting(
    id="5f0c2a52-8a53-4a5e-9c35-0b7a5d1f2e11", number=3, title="Livingstone panel: sitting",
    note="Sign in to read the papers.", starts_at=STARTS, ends_at=STARTS + timedelta(hours=2),
    zone="Africa/Lusaka", standing=Standing.CONFIRMED, said_at=datetime(2026, 3, 2, tzinfo=UTC),
)  # fmt: skip
WHO = {"organizer": "panels@example.org", "attendee": "member@example.org"}


def event_of(text: bytes) -> Any:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_an_invitation_an_update_and_a_cancellation_are_words_about_one_meeting() -> None:
    invited = invitation(MEETING, **WHO)
    later = invitation(replace(MEETING, number=4, ends_at=STARTS + timedelta(hours=3)), **WHO)
    off = invitation(replace(MEETING, number=5, standing=Standing.CANCELLED), **WHO)

    events = [event_of(text) for text in (invited, later, off)]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [int(event["sequence"]) for event in events] == [3, 4, 5]
    methods = [str(Calendar.from_ical(text)["method"]) for text in (invited, later, off)]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_hours_are_those_of_the_panels_wall_clock_with_its_zone_described() -> None:
    text = invitation(MEETING, **WHO)
    calendar, event = Calendar.from_ical(text), event_of(text)

    assert event["dtstart"].dt == STARTS.astimezone(ZoneInfo("Africa/Lusaka"))
    assert event["dtstart"].params["TZID"] == "Africa/Lusaka"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Africa/Lusaka"]
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\n" not in text.replace(b"\r\n", b"")


def test_a_summer_time_zone_keeps_its_hour_on_both_sides_of_the_change() -> None:
    before = replace(
        MEETING, zone="America/Chicago", starts_at=datetime(2026, 3, 6, 15, tzinfo=UTC)
    )
    after = replace(
        MEETING, zone="America/Chicago", starts_at=datetime(2026, 3, 13, 14, tzinfo=UTC)
    )

    hours = [event_of(invitation(one, **WHO))["dtstart"].dt.hour for one in (before, after)]

    assert hours == [9, 9]


def test_a_subscription_has_the_same_ids_as_the_invitations() -> None:
    off = replace(MEETING, id="other", standing=Standing.CANCELLED)
    text = subscription("Panel sittings", [MEETING, off], host="example.org")
    calendar = Calendar.from_ical(text)
    events = calendar.walk("VEVENT")

    assert str(calendar["method"]) == "PUBLISH"
    assert str(events[0]["uid"]) == str(event_of(invitation(MEETING, **WHO))["uid"])
    assert [str(one["status"]) for one in events] == ["CONFIRMED", "CANCELLED"]
    assert not any("attendee" in one or "location" in one for one in events)


def test_a_title_cannot_add_lines_of_its_own() -> None:
    text = invitation(replace(MEETING, title="A\r\nATTACH:http://elsewhere.example\r\n,;\\"), **WHO)

    assert "attach" not in event_of(text)


def test_an_invitation_goes_with_the_mail_as_programs_expect_it() -> None:
    sent = mail._mail(Settings(mail_from="panels@example.org"), "member@example.org", "k", MEETING)

    (part,) = [one for one in sent.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert str(event_of(part.get_payload(decode=True))["attendee"]) == "mailto:member@example.org"
    assert sent["Subject"] == "There is a notice for you"


def test_a_mail_is_written_in_the_first_language_of_its_country() -> None:
    settings = Settings(country="CD", mail_from="comites@example.org")

    sent = mail._mail(settings, "member@example.org", "k", None)

    assert sent["Subject"] == "Un avis vous attend"
    assert "intérêt supérieur" in sent.get_content()


def test_mails_say_the_same_in_every_language() -> None:
    tables = mail_words.spoken()

    assert {"en", "es", "fr", "pt"} <= set(tables)
    assert {code for code, table in tables.items() if set(table) != set(tables["en"])} == set()
    assert all("{panel}" in table["sitting"] for table in tables.values())
    assert {str(one) for one in Standing} <= set(tables["en"])
