"""The panel's secretary and members around a sitting, in a real browser: preparing, answering, signing, planning."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select

from core.db import Database, Session
from panels.rules.conflicts import Ground
from panels.service import conflicts, minutes, plans, sittings
from panels.service.plan_wishes import set_wishes
from panels.service.plans import Asking
from panels.tables.determination import DeterminationRow
from tests.browser.desks import NARROW, WIDE, Desk
from tests.browser.rooms import Room, words_of
from tests.builders.decided import DECIDED, recorded
from tests.builders.planning import made, the_wishes
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import STARTS, Court, a_court, a_listed_item, a_sitting, convened
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


def _draft(session: Session) -> Court:
    """A planned sitting, and a child who waits."""
    court = a_sitting(session, a_court(session))
    court.team = a_ready_report(session)
    return court


def _held(session: Session) -> Court:
    """A sitting that has ended with a decision nobody has signed, and another one that is called."""
    found = recorded(session)
    convened(session, court=replace(found.court), starts_at=STARTS + timedelta(days=14))
    court, end = found.court, DECIDED + timedelta(minutes=10)
    sittings.end_sitting(session, court.people["chair"], court.sitting_id, now=end)
    minutes.draft_minutes(session, court.secretary, court.sitting_id, now=end)
    return court


def _planning(session: Session) -> Court:
    """A panel that says when it can sit; one child is listed, another waits, and a member has a conflict."""
    court = a_listed_item(session, a_sitting(session, a_court(session)))
    a_ready_report(session)
    conflicts.declare_conflict(
        session, court.people["police"], court.item_id, ground=Ground.RELATIVE, words="", now=NOON
    )
    set_wishes(session, court.secretary, court.panel_id, the_wishes(), place="Boma", now=NOON)
    plans.ask_plan(session, court.secretary, court.panel_id, Asking(), now=NOON)
    made(session)
    return court


def _at(room: Room, chromium: Any, address: str, name: str, path: str, **look: Any) -> Desk:
    desk = room.desk(chromium, address, name, **look)
    desk.go(path)
    return desk


def test_a_sitting_is_prepared_and_answered_without_script_on_a_telephone(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _draft)
    room.clock.set(NOON)
    desk = _at(room, chromium, address, "secretary", "/desk/sittings", width=NARROW, scripts=False)

    desk.page.get_by_role("link", name="Monday, 23 March 2026").click()
    empty = words_of(desk)
    desk.press("Put on the agenda")
    listed = words_of(desk)
    desk.press("Call the sitting and send the papers")
    called = words_of(desk)
    member = _at(room, chromium, address, "police", "/desk", width=NARROW, scripts=False)
    member.page.get_by_role("link", name="Say whether you come").click()
    member.press("I come")
    member.page.get_by_text("Do you have a conflict of interest").click()
    member.press("I have no conflict")
    answered = words_of(member)
    desk.go(f"/desk/sittings/{room.court.sitting_id}/agenda")
    seen = words_of(desk)

    assert "The agenda is empty. List a case first." in empty
    assert "Nothing is missing." in listed
    assert "The sitting is called and the papers are sent." in called
    assert "You said that you come." in answered
    assert "You said whether you have a conflict" in answered
    assert "Friday Tembo member, police comes" in seen
    assert not desk.is_too_wide()
    assert desk.troubles() == member.troubles() == desk.strangers() == []


def test_a_form_that_is_refused_takes_the_eye_and_the_keyboard_goes_on_from_there(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _draft)
    room.clock.set(NOON)
    desk = _at(room, chromium, address, "secretary", "/desk/sittings/new")
    page = desk.page

    page.get_by_label("Place").fill("Boma & hall")
    page.get_by_label("Begins at").fill("nine")
    for part, value in zip(("Day", "Month", "Year"), ("30", "3", "2026"), strict=True):
        page.get_by_label(part, exact=True).first.fill(value)
    page.get_by_label("Begins at").press("Enter")
    page.get_by_role("alert").wait_for()
    focused = page.evaluate("document.activeElement.className")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at_field = page.evaluate("document.activeElement.id")
    page.keyboard.press("Control+A")
    page.keyboard.type("9:00 am")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Agenda: Ordinary sitting").wait_for()

    assert "govuk-error-summary" in focused
    assert at_field == "at"
    assert "Monday, 30 March 2026, 9:00 am, Boma & hall" in words_of(desk)
    assert desk.troubles() == []


def test_a_decision_is_read_and_signed_and_then_the_minutes(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _held)
    room.clock.set(DECIDED + timedelta(hours=1))
    record = f"/desk/sittings/{room.court.sitting_id}/record"

    for name in ("chair", "deputy", "welfare"):
        desk = _at(room, chromium, address, name, "/desk", width=NARROW, scripts=name == "chair")
        desk.page.get_by_role("link", name="Sign a decision you took part in").click()
        desk.press("Sign this decision")
        assert desk.troubles() == []
    chair = _at(room, chromium, address, "chair", record)
    chair.press("Sign the minutes")
    half = words_of(chair)
    clerk = _at(room, chromium, address, "secretary", record, scripts=False)
    clerk.press("Sign the minutes")

    assert "Still to sign: the secretary of the panel" in half
    assert "Signed and sealed" in words_of(clerk)
    assert clerk.troubles() == []


def test_pages_around_a_sitting_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _held)
    room.clock.set(DECIDED + timedelta(hours=1))
    with database.unit_of_work() as session:
        decision = session.exec(select(DeterminationRow.id)).one()
    record = f"/desk/sittings/{room.court.sitting_id}/record"
    chair = room.desk(chromium, address, "chair", bypass_csp=True)

    seen = _looked_at(chair, record, f"/desk/decisions/{decision}", "/desk/seat", "/desk")

    assert {page: wrong for page, wrong in seen.items() if wrong != ([], False)} == {}


def test_pages_of_plans_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    room = Room(app, database, _planning)
    room.clock.set(NOON + timedelta(minutes=5))
    desk = room.desk(chromium, address, "secretary", bypass_csp=True)
    home = f"/desk/plans/panels/{room.court.panel_id}"
    desk.go(home)
    desk.page.locator(".desk-list a").first.click()
    plan = desk.page.url.removeprefix(address)
    desk.page.get_by_role("link", name="Why this date?").first.click()
    why = desk.page.url.removeprefix(address)

    seen = _looked_at(
        desk, home, plan, why, f"{home}/year", "/desk/sittings/new",
        f"/desk/sittings/{room.court.sitting_id}/agenda",
    )  # fmt: skip

    assert {page: wrong for page, wrong in seen.items() if wrong != ([], False)} == {}
    assert desk.troubles() == []


def _looked_at(desk: Desk, *paths: str) -> dict[tuple[str, int], tuple[list[str], bool]]:
    """Every page at both widths, with everything that can be folded out folded out."""
    seen = {}
    for path in paths:
        desk.go(path)
        desk.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            seen[path, width] = (desk.faults(), desk.is_too_wide())
    return seen
