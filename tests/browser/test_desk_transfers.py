"""The secretariat's board and one transfer with its gate, in a real browser."""

from typing import Any

import pytest
from fastapi import FastAPI

from core.actors import Role
from core.db import Database
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, named, seat, staff
from tests.builders.accounts import country_wide
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.requests import START, a_request_sent
from tests.builders.transfers import Office, an_enquiry, trust

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


class Secretariat:
    """An officer of the secretariat; a request about one child and an enquiry about another were sent."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.clock, self.database = Clock(app), database
        self.clock.set(START)
        self.who = staff(database, "t.zimba", [country_wide(Role.SECRETARIAT)])
        with database.unit_of_work() as session:
            office = Office(session, "ZM", ZAMBIA)
            trust(office, NAMIBIA)
            _, self.enquiry, _ = an_enquiry(office)
            _, self.request, _ = a_request_sent(office)
            named(session, office.writer.person_id, "Bwalya Mulenga")

    def desk(self, chromium: Any, address: str, **look: Any) -> Desk:
        """The officer at a browser, signed in."""
        return seat(a_desk(chromium, address, **look), self.database, self.who, self.clock)


@pytest.fixture
def office(app: FastAPI, database: Database) -> Secretariat:
    """The secretariat of Zambia."""
    return Secretariat(app, database)


def _seen(desk: Desk) -> str:
    return " ".join(desk.page.locator("main").inner_text().split())


@pytest.mark.rule("R33")
def test_the_gate_says_line_by_line_why_a_child_may_not_travel_and_takes_what_was_found_out(
    chromium: Any, address: str, office: Secretariat
) -> None:
    desk = office.desk(chromium, address, width=NARROW, scripts=False)

    desk.go(f"/desk/transfers/{office.request}")
    before = _seen(desk)
    desk.page.get_by_text("Record what you found out").click()
    desk.page.get_by_label("What you looked at").select_option("fit_to_travel")
    desk.page.get_by_label("Answer", exact=True).select_option("yes")
    desk.page.get_by_label("In your words").fill("Dr Mwale saw her.")
    desk.press("Record it under my name")
    refused = _seen(desk)
    kept = desk.page.get_by_label("In your words").input_value()
    for part, value in (("day", "1"), ("month", "3"), ("year", "2026")):
        desk.page.locator(f"#found-{part}").fill(value)
    desk.press("Record it under my name")
    after = _seen(desk)

    assert "of the fourteen lines do not hold" in before
    assert "Not yet 10. The child is fit to travel" in before
    assert "No clinician has said that the child can travel." in before
    assert "Write the day as numbers" in refused
    assert kept == "Dr Mwale saw her."
    assert "No clinician has said that the child can travel." not in after
    assert "A clinician says the child is fit to travel: yes Thandiwe Zimba, 1 March 2026" in after
    assert not desk.is_too_wide()
    assert desk.troubles() == desk.strangers() == []


def test_the_board_shows_what_is_overdue_and_who_has_to_act(
    chromium: Any, address: str, office: Secretariat
) -> None:
    desk = office.desk(chromium, address, scripts=False)

    desk.go("/desk/transfers")
    early = _seen(desk)
    office.clock.pass_time(days=200)
    seat(desk, office.database, office.who, office.clock)
    desk.go("/desk/transfers")
    late = _seen(desk)
    desk.page.get_by_label("Direction").select_option("inbound")
    desk.press("Show these")
    inbound = _seen(desk)

    assert "From Zambia to Namibia Overdue Enquiry: reunite with the family" in early
    assert "Answer due by 1 May 2026 With: Namibia" in early
    assert "From Zambia to Namibia With the other country Request" in early
    assert late.count("From Zambia to Namibia Overdue") == 2
    assert "No open transfer among those you may see." in inbound


def test_board_and_transfer_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, office: Secretariat
) -> None:
    desk = office.desk(chromium, address, bypass_csp=True)
    seen: dict[tuple[str, int], tuple[list[str], bool]] = {}

    for path in ("", f"/{office.request}", f"/{office.enquiry}"):
        desk.go(f"/desk/transfers{path}")
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            seen[path, width] = (desk.faults(), desk.is_too_wide())

    assert {page: wrong for page, wrong in seen.items() if wrong != ([], False)} == {}
    assert desk.troubles() == []
