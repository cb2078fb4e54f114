"""The page of a panel member, and what waits around sittings: signing, answering, declaring, being away."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select

from core.db import Database, Session
from panels.store import attendance, planning
from panels.store import conflict as conflicts
from panels.store import sitting as sittings
from panels.tables.member import UndertakingRow
from tests.api.panel_desks import Panel, day, field_of, words_in
from tests.builders.sittings import STARTS, Court, convened
from tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SEAT = "/desk/seat"


def _unsigned(session: Session) -> Court:
    """A convened sitting; the school's undertaking is no longer on file."""
    court = convened(session)
    for row in session.exec(
        select(UndertakingRow).where(UndertakingRow.member_id == court.members["school"])
    ):
        session.delete(row)
    session.flush()
    return court


@pytest.fixture
def panel(app: FastAPI, database: Database) -> Panel:
    return Panel(app, database, _unsigned)


@pytest.mark.rule("R16")
def test_a_member_signs_the_text_that_was_read_and_its_hash_is_kept(panel: Panel) -> None:
    desk, member = panel["school"], panel.court.members["school"]
    page = desk.get(SEAT)
    text = field_of(page, "text")

    unread = desk.send(SEAT, act="sign", member=member, text=text)
    other = desk.send(SEAT, act="sign", member=member, text="0" * 64, agreed="yes")
    desk.done(SEAT, act="sign", member=member, text=text, agreed="yes")
    after = desk.read(SEAT)

    assert "Until you sign, no papers open to you" in words_in(page)
    assert (unread.status_code, other.status_code) == (409, 409)
    assert "Tick that you have read it" in words_in(unread)
    assert "Signed. It holds until" in after
    with panel.database.unit_of_work() as session:
        [row] = session.exec(select(UndertakingRow).where(UndertakingRow.member_id == member)).all()
        assert row.document_sha256 == text
        assert row.recorded_by == panel.court.people["school"].person_id


@pytest.mark.rule("R16")
def test_papers_are_offered_to_those_who_have_them_and_to_nobody_else(panel: Panel) -> None:
    bundle = f"/desk/papers/bundle/{panel.court.sitting_id}"

    signed, unsigned = panel["police"].get(SEAT), panel["school"].get(SEAT)
    refused = panel["school"].get(bundle)

    assert bundle in signed.text
    assert bundle not in unsigned.text
    assert refused.status_code == 404


def test_the_bundle_opens_from_the_page_and_the_opening_is_on_record(panel: Panel) -> None:
    court = panel.court

    whole = panel["police"].get(f"/desk/papers/bundle/{court.sitting_id}")
    bare = panel["police"].get(f"/desk/papers/bundle/{court.sitting_id}?names=no")
    agenda = panel["police"].get(f"/desk/papers/agenda/{court.sitting_id}")

    assert {one.headers["content-type"] for one in (whole, bare, agenda)} == {"application/pdf"}
    assert whole.content[:5] == b"%PDF-"
    assert whole.content != bare.content
    with panel.database.unit_of_work() as session:
        kinds = [one.kind for one in sittings.events(session, court.sitting_id)]
    assert kinds.count("papers_opened") == 2


@pytest.mark.rule("R14")
def test_a_conflict_declared_before_the_sitting_closes_the_file_at_once(panel: Panel) -> None:
    desk, court = panel["police"], panel.court
    assert court.team is not None

    unsaid = desk.send(SEAT, act="conflict", item=court.item_id, words="My <niece>")
    desk.done(SEAT, act="conflict", item=court.item_id, ground="relative", words="My <niece>")
    after = desk.get(SEAT)

    assert unsaid.status_code == 409
    assert "My &lt;niece&gt;" in unsaid.text
    assert court.team.row.child_code not in after.text
    assert desk.get(f"/desk/papers/bundle/{court.sitting_id}").status_code == 404
    with panel.database.unit_of_work() as session:
        [row] = conflicts.of_item(session, court.item_id)
        assert (row.ground, row.raised_as) == ("relative", "self")


def test_whoever_has_no_conflict_says_so_beforehand(panel: Panel) -> None:
    desk = panel["deputy"]

    desk.done(SEAT, act="no_conflict", item=panel.court.item_id)

    assert "You said whether you have a conflict with this case." in desk.read(SEAT)


def test_an_answer_keeps_nobody_in_the_room_and_an_absence_ends_with_it(panel: Panel) -> None:
    desk, court = panel["police"], panel.court
    person = court.people["police"].person_id
    hours = {"start": STARTS, "end": STARTS + timedelta(hours=1)}

    desk.done(SEAT, act="does_not", sitting=court.sitting_id)
    with panel.database.unit_of_work() as session:
        away = len(planning.busy(session, "person", [person], **hours))
    desk.done(SEAT, act="comes", sitting=court.sitting_id)

    with panel.database.unit_of_work() as session:
        assert (away, len(planning.busy(session, "person", [person], **hours))) == (1, 0)
        assert attendance.of_sitting(session, court.sitting_id) == []


def test_nobody_answers_for_a_sitting_that_has_begun_or_for_others(
    panel: Panel,
) -> None:
    court = panel.court

    clerk = panel["secretary"].send(SEAT, page="/desk", act="comes", sitting=court.sitting_id)
    panel.at(STARTS + timedelta(minutes=1))
    late = panel["police"].send(SEAT, page="/desk", act="comes", sitting=court.sitting_id)

    assert (clerk.status_code, late.status_code) == (409, 409)
    assert "Only members who are called" in words_in(clerk)


def test_hours_away_are_entered_by_the_clock_of_the_office_and_taken_back(panel: Panel) -> None:
    desk, member = panel["police"], panel.court.members["police"]
    first, last = (NOON + timedelta(days=2)).date(), (NOON + timedelta(days=3)).date()

    wrong = desk.send(
        SEAT, act="away", member=member, kind="leave", away_at="08:00", back_at="25:00",
        **day("away", first), **day("back", last),
    )  # fmt: skip
    desk.done(
        SEAT, act="away", member=member, kind="leave", away_at="08:00", back_at="17:00",
        **day("away", first), **day("back", last),
    )  # fmt: skip
    page = desk.get(SEAT)
    desk.done(SEAT, act="back", busy=field_of(page, "busy"))

    assert wrong.status_code == 409
    assert "for example 09:30" in words_in(wrong)
    assert "(leave)" in words_in(page)
    assert "8:00" in words_in(page)
    assert "Nothing is entered." in desk.read(SEAT)


def test_a_private_address_of_ones_sittings_is_shown_once(panel: Panel) -> None:
    desk = panel["police"]

    made = desk.send(SEAT, act="make_address")
    found = re.search(r"/calendars/[\w-]+\.ics", words_in(made))
    assert found
    calendar = desk.get(found[0])
    later = desk.read(SEAT)
    desk.done(SEAT, act="end_address")

    assert calendar.text.startswith("BEGIN:VCALENDAR")
    assert found[0] not in later
    assert desk.get(found[0]).status_code == 404


def test_only_a_calendar_behind_a_safe_address_is_read(panel: Panel) -> None:
    desk, member = panel["police"], panel.court.members["police"]

    open_line = desk.send(SEAT, act="own_calendar", member=member, address="http://a.example/x.ics")
    others = desk.send(
        SEAT, act="own_calendar", member=panel.court.members["chair"],
        address="https://calendar.example.org/x.ics",
    )  # fmt: skip
    desk.done(SEAT, act="own_calendar", member=member, address="https://calendar.example.org/x.ics")

    assert open_line.status_code == others.status_code == 409
    assert "http://a.example/x.ics" in open_line.text
    with panel.database.unit_of_work() as session:
        kept = planning.busy_calendar(session, panel.court.people["police"].person_id)
        assert kept is not None
        assert b"calendar.example.org" not in kept.restricted


def test_my_work_leads_a_member_to_what_waits(panel: Panel) -> None:
    school = panel["school"].get("/desk")
    panel["police"].done(SEAT, act="comes", sitting=panel.court.sitting_id)

    police = panel["police"].read("/desk")

    assert "Sign your undertaking of confidentiality: Panel" in words_in(school)
    assert "Say whether you come to the sitting of Monday, 23 March 2026" in words_in(school)
    assert f'href="{SEAT}"' in school.text
    assert "Around sittings" not in police


def test_a_person_without_a_seat_finds_an_empty_page(panel: Panel) -> None:
    said = panel["secretary"].read(SEAT)

    assert "You hold no seat on a panel today." in said
    assert "You are not called to a sitting." in said
