"""A caseworker's day in a real browser: what waits and is late, finding a child, the case as a timeline."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from fastapi import FastAPI

from cases.rules.detention import DetentionPlace
from cases.rules.machine import CaseState
from cases.service import clocks, detention, tasks
from cases.service.detention import DetentionRequest
from cases.service.search import index_names
from core.actors import Role, procedure_actor
from core.db import Database
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, seat, staff
from tests.builders.accounts import in_office
from tests.builders.cases import a_registered_case
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
NASTY: Final = "<img src=x onerror=document.title='ran'>"


class Day:
    """One caseworker, a girl in detention, a boy whose assessment is late, and an action of his plan."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.clock, self.database = Clock(app), database
        self.who = staff(database, "t.zimba", [in_office(Role.CASEWORKER)])
        worker = self.who.actor(in_office(Role.CASEWORKER))
        with database.unit_of_work() as session:
            held = a_registered_case(session, owner=worker)
            since = NOON - timedelta(hours=31)
            request = DetentionRequest(since=since, place_type=DetentionPlace.POLICE_CELL)
            detention.record_detention(session, worker, held.id, request, now=NOON)
            late = a_registered_case(
                session, owner=worker, state=CaseState.BIA_IN_PROGRESS, sex="male",
                restricted={"names": {"given": f"Mwansa {NASTY}", "family": "Phiri"}},
            )  # fmt: skip
            index_names(session, late.id, ["Mwansa", "Phiri"], now=NOON)
            begun = NOON - timedelta(days=60)
            clocks.open_clock(session, late.id, "D5", started_at=begun, now=NOON)
            tasks.open_task(
                session, late.id, "plan_action", key="plan_action:1", actor=procedure_actor("ZM"),
                now=NOON, person_id=self.who.person_id, due_at=NOON + timedelta(days=5),
            )  # fmt: skip
            self.held, self.late, self.late_code = held.id, late.id, late.child_code

    def desk(self, chromium: Any, address: str, **look: Any) -> Desk:
        """The caseworker at a browser, signed in."""
        return seat(a_desk(chromium, address, **look), self.database, self.who, self.clock)


@pytest.fixture
def day(app: FastAPI, database: Database) -> Day:
    """A day's work."""
    return Day(app, database)


def test_a_day_at_a_narrow_screen_without_script_shows_what_is_late_and_finds_a_child_by_ear(
    chromium: Any, address: str, day: Day
) -> None:
    desk = day.desk(chromium, address, width=NARROW, scripts=False)

    desk.go("/desk")
    work = desk.page.locator("main").inner_text()
    widths = {"work": desk.is_too_wide()}
    desk.page.get_by_role("button", name=re.compile("Carry out an action")).click()
    done = desk.page.locator("main").inner_text()
    desk.page.get_by_role("link", name="Cases").click()
    widths["cases"] = desk.is_too_wide()
    desk.page.get_by_label("Find a child").fill("Mwanza Firi")
    desk.press("Find")
    found = desk.page.locator("main").inner_text()
    desk.page.get_by_role("link", name=day.late_code).click()
    case = desk.page.locator("main").inner_text()
    widths["case"] = desk.is_too_wide()

    assert "1 child is in detention" in work
    assert "In detention for 31 hours" in work
    assert "Full assessment 30 days late" in " ".join(work.split())
    assert "With: you" in work
    assert "Carry out an action" in work
    assert "Carry out an action" not in done
    assert "1 child found" in found
    assert "Begin the assessment" in case
    assert "Done: Carry out an action of the plan" in case
    assert NASTY in case
    assert "ran" not in desk.page.title()
    assert widths == dict.fromkeys(widths, False)
    assert desk.troubles() == desk.strangers() == []


def test_pages_of_the_day_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, day: Day
) -> None:
    desk = day.desk(chromium, address, bypass_csp=True)
    seen: dict[tuple[str, int], tuple[list[str], bool]] = {}

    for path in ("/desk", "/desk/cases", f"/desk/cases/{day.held}", "/desk/cases/nowhere"):
        desk.go(path)
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            seen[path, width] = (desk.faults(), desk.is_too_wide())

    assert seen == dict.fromkeys(seen, ([], False))
    assert desk.troubles() == desk.strangers() == []


def test_lists_and_the_search_can_be_used_with_the_keyboard_alone(
    chromium: Any, address: str, day: Day
) -> None:
    desk = day.desk(chromium, address)
    keyboard = desk.page.keyboard

    desk.go("/desk/cases")
    keyboard.press("Tab")
    skip = desk.page.locator(":focus").inner_text()
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.type("Phiri")
    keyboard.press("Enter")
    desk.heading("Children found")

    assert skip == "Skip to the main part"
    assert desk.page.get_by_role("link", name=day.late_code).is_visible()


def test_a_search_that_is_refused_comes_back_with_what_was_typed_and_the_refusal_has_focus(
    chromium: Any, address: str, day: Day
) -> None:
    day.who = staff(day.database, "m.banda", [in_office(Role.GUARDIAN)])
    desk = day.desk(chromium, address)

    desk.go("/desk/cases")
    desk.page.get_by_label("Find a child").fill("Phiri")
    desk.press("Find")
    desk.page.get_by_role("alert").wait_for()

    assert desk.page.get_by_label("Find a child").input_value() == "Phiri"
    assert desk.page.locator(":focus").get_attribute("class") == "govuk-error-summary"
    assert desk.page.title().startswith("Not done: ")
    assert desk.troubles() == []
