"""Pages between countries in a real browser: signing for a child at the border on a phone, and every page for everybody."""

from typing import Any

import pytest
from fastapi import FastAPI

from core.actors import Role
from core.db import Database
from tests.api.abroad import came, they_say
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, named, seat, staff
from tests.builders import partners
from tests.builders.accounts import country_wide
from tests.builders.exchange import NAMIBIA, ZAMBIA
from tests.builders.requests import START, a_request_sent
from tests.builders.transfers import Office, trust
from transfers.rules.codes import MessageType
from transfers.service import disagreements, grants, guests
from transfers.service import partners as partner_service
from transfers.service.guests import Identity

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
NAMES = {"writer": "Thandiwe Zimba", "head": "Joseph Phiri"}


class Border:
    """The secretariat of Zambia; Namibia hands a child over today."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.clock, self.database = Clock(app), database
        self.clock.set(START)
        with database.unit_of_work() as session:
            self.office = Office(session, "ZM", ZAMBIA)
            trust(self.office, NAMIBIA)
            for login, name in NAMES.items():
                named(session, getattr(self.office, login).person_id, name)
        self.known = {
            login: staff(
                database, f"{login}.z",
                [country_wide(Role.SECRETARIAT_HEAD if login == "head" else Role.SECRETARIAT)],
                getattr(self.office, login).person_id,
            )
            for login in NAMES
        }  # fmt: skip
        self.known["trust"] = staff(database, "trust.z", [country_wide(Role.TRUST_OFFICER)])
        self.inbound = came(self, "request")

    def on_the_way(self) -> None:
        """The child they asked us to receive is at the border."""
        with self.database.unit_of_work() as session:
            self.office.session = session
            self.office.say(self.inbound, MessageType.ACK, now=START)
            self.office.say(self.inbound, MessageType.ACCEPT, now=START)
        for type_ in (MessageType.PACKAGE, MessageType.TRAVEL_PLAN, MessageType.HANDOVER_NOTICE):
            they_say(self, self.inbound, type_)

    def desk(self, chromium: Any, address: str, login: str = "writer", **look: Any) -> Desk:
        """One of them at a browser, signed in."""
        return seat(a_desk(chromium, address, **look), self.database, self.known[login], self.clock)


@pytest.fixture
def border(app: FastAPI, database: Database) -> Border:
    """The secretariat of Zambia."""
    return Border(app, database)


def _seen(desk: Desk) -> str:
    return " ".join(desk.page.locator("main").inner_text().split())


def test_a_child_is_signed_for_at_the_border_on_a_phone_without_script(
    chromium: Any, address: str, border: Border
) -> None:
    border.on_the_way()
    phone = border.desk(chromium, address, width=NARROW, scripts=False)
    head = border.desk(chromium, address, "head", width=NARROW, scripts=False)

    phone.go("/desk/inbox")
    phone.page.get_by_role("link", name="From Namibia to Zambia").first.click()
    phone.page.get_by_role("link", name="Sign for the child").click()
    is_wide = phone.is_too_wide()
    phone.press("Write it down for signing")
    refused = _seen(phone)
    phone.page.get_by_label("Well", exact=True).check()
    phone.press("Write it down for signing")
    own = _seen(phone)
    head.go(f"/desk/transfers/{border.inbound}")
    head.page.get_by_role("link", name="Receipt of the child").click()
    said = _seen(head)
    head.press("Sign it")
    after = _seen(head)

    assert "How the child is: Fill this in." in refused
    assert "A colleague of the secretariat has to" in own
    assert "Thandiwe Zimba" in said
    assert "Received and signed for" in after
    assert not is_wide
    assert not phone.is_too_wide()
    assert phone.troubles() == phone.strangers() == head.troubles() == []


def test_a_refused_form_takes_the_keyboard_to_what_has_to_be_changed(
    chromium: Any, address: str, border: Border
) -> None:
    desk = border.desk(chromium, address)

    desk.go(f"/desk/transfers/{border.inbound}/say/seen")
    desk.page.get_by_label("Your office", exact=True).focus()
    desk.page.keyboard.type("Secretariat")
    desk.page.keyboard.press("Enter")
    desk.page.locator(".govuk-error-summary").wait_for()
    focused = desk.page.evaluate("document.activeElement.className")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    at = desk.page.evaluate("document.activeElement.id")

    assert "govuk-error-summary" in focused
    assert at == "complete"
    assert desk.page.get_by_label("Your office", exact=True).input_value() == "Secretariat"
    assert desk.troubles() == []


def _looked_at(desk: Desk, paths: list[str]) -> dict[tuple[str, int], object]:
    seen: dict[tuple[str, int], object] = {}
    for path in paths:
        desk.go(path)
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            seen[path, width] = (desk.faults(), desk.is_too_wide())
    assert desk.troubles() == []
    return {page: wrong for page, wrong in seen.items() if wrong != ([], False)}


def test_pages_of_messages_have_no_fault_for_a_screen_reader_and_fit_both_widths(
    chromium: Any, address: str, border: Border
) -> None:
    border.on_the_way()
    desk = border.desk(chromium, address, bypass_csp=True)
    transfer = f"/desk/transfers/{border.inbound}"
    desk.go(transfer)
    message = desk.page.get_by_role("link", name="Acceptance").get_attribute("href")

    wrong = _looked_at(
        desk,
        [transfer, message, f"{transfer}/say/receipt", f"{transfer}/child", "/desk/inbox",
         "/desk/inbox/paper/NA/request"],
    )  # fmt: skip

    assert wrong == {}


def test_pages_of_grants_partners_and_recipients_have_no_fault_and_fit_both_widths(
    chromium: Any, address: str, border: Border
) -> None:
    with border.database.unit_of_work() as session:
        office = border.office
        office.session = session
        _, outbound, _ = a_request_sent(office)
        disagreements.begin(session, office.writer, outbound, "We see it otherwise.", now=START)
        who = Identity("Selma Amukoshi", "Ministry", "Worker", "+264 61 000 000", "Directory")
        until = START.date().replace(year=START.year + 1)
        guest = guests.propose(session, office.writer, "NA", who, ends_on=until, now=START)
        issued = int(START.timestamp()) - 86_400
        file = partners.as_file(partners.a_statement("CD.dgm-kinshasa", issued_at=issued))
        truster = border.known["trust"].actor(country_wide(Role.TRUST_OFFICER))
        partner = partner_service.propose(session, truster, file, now=START)
        assert grants.list_grants(session, office.head, outbound, now=START) == ()
    desk = border.desk(chromium, address, "head", bypass_csp=True)
    transfer = f"/desk/transfers/{outbound}"

    wrong = _looked_at(
        desk,
        [f"{transfer}/grants", f"{transfer}/disagreement", f"{transfer}/summary",
         "/desk/recipients", f"/desk/recipients/{guest}", "/desk/partners", "/desk/corridors/ZM-NA"],
    )  # fmt: skip
    trusting = border.desk(chromium, address, "trust", bypass_csp=True)
    wrong |= _looked_at(trusting, [f"/desk/partners/{partner}"])

    assert wrong == {}
