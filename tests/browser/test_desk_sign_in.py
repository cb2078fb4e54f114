"""Signing in and out in a real browser, and a session that ends while somebody writes."""

from typing import Any

import pyotp
import pytest
from fastapi import FastAPI

from core.accounts import invitations
from core.accounts.grants import give_role
from core.actors import Role
from core.db import Database
from tests.browser.desks import NARROW, WIDE, Clock, a_desk, staff
from tests.builders.accounts import OPERATOR, PASSWORD, an_invited_account, in_office
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
MOST_BYTES = 60_000
WORKER = [in_office(Role.CASEWORKER)]


@pytest.fixture
def clock(app: FastAPI) -> Clock:
    """The clock of the installation."""
    return Clock(app)


def test_somebody_signs_in_with_the_keyboard_alone_and_without_script_and_leaves_nothing_behind(
    chromium: Any, address: str, database: Database, clock: Clock
) -> None:
    who = staff(database, "t.zimba", WORKER)
    desk = a_desk(chromium, address, width=NARROW, scripts=False)

    desk.go("/desk/cases")
    for _ in range(3):  # past the link to the main part and the name of the product
        desk.page.keyboard.press("Tab")
    desk.page.keyboard.type(who.login)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type(PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.heading("Enter your code")
    desk.page.get_by_label("Code").fill(who.code(clock.at))
    desk.page.keyboard.press("Enter")
    desk.heading("Cases")  # the page that was asked for
    cookie = next(one for one in desk.page.context.cookies() if one["name"] == "bid")
    desk.press("Sign out")
    desk.heading("You have signed out")
    left = {one["name"] for one in desk.page.context.cookies()}
    desk.page.go_back()

    assert desk.page.get_by_role("heading", name="Sign in").is_visible()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert "bid" not in left
    assert desk.troubles() == desk.strangers() == []


def test_what_was_being_written_when_the_session_ended_is_there_again_after_signing_in(
    chromium: Any, address: str, database: Database, clock: Clock
) -> None:
    who = staff(database, "t.zimba", WORKER)
    other = staff(database, "m.banda", WORKER)
    desk = a_desk(chromium, address)
    desk.go("/desk/cases")
    desk.sign_in(who, clock)

    def write_and_come_back_as(somebody: Any) -> str:
        desk.go("/desk/cases")
        desk.page.get_by_label("Find a child").fill("Mwansa & <Phiri>")
        clock.pass_time(minutes=20)
        desk.press("Find")
        desk.page.get_by_text("It is not lost").wait_for()
        desk.sign_in(somebody, clock)
        desk.page.locator(".desk-band__who").wait_for()
        return str(desk.page.locator("body").inner_html())

    write_and_come_back_as(who)
    again = desk.page.get_by_label("Find a child").input_value()
    for_another = write_and_come_back_as(other)

    assert again == "Mwansa & <Phiri>"
    assert "Mwansa" not in for_another
    assert desk.page.get_by_role("heading", name="My work today").is_visible()
    assert desk.troubles() == []


def test_a_first_visit_is_light_and_its_pages_have_no_fault_for_a_screen_reader(
    chromium: Any, address: str, database: Database, clock: Clock
) -> None:
    who = staff(database, "t.zimba", WORKER)
    desk = a_desk(chromium, address, bypass_csp=True)
    line = desk.page.context.new_cdp_session(desk.page)
    sizes: list[float] = []
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    faults: dict[tuple[str, int], list[str]] = {}

    def look(name: str) -> None:
        for width in (WIDE, NARROW):
            desk.page.set_viewport_size({"width": width, "height": 800})
            faults[name, width] = desk.faults()

    desk.go("/desk")
    desk.page.wait_for_load_state("networkidle")
    first = sum(sizes)
    look("asked to sign in")
    desk.page.get_by_label("Name you sign in with").fill(who.login)
    desk.page.get_by_label("Password").fill("not this")
    desk.press("Continue")
    desk.page.get_by_role("alert").wait_for()
    focused = desk.page.locator(":focus").get_attribute("class")
    look("not let in")
    desk.sign_in(who, clock)
    desk.heading("My work today")
    with_work = sum(sizes)

    assert 0 < first < with_work < MOST_BYTES
    assert focused == "govuk-error-summary"
    assert len(faults) == 4
    assert {page: wrong for page, wrong in faults.items() if wrong} == {}
    assert desk.troubles() == desk.strangers() == []


def test_somebody_invited_sets_the_account_up_and_signs_in_with_what_they_chose(
    chromium: Any, address: str, database: Database, clock: Clock
) -> None:
    with database.unit_of_work() as session:
        who = an_invited_account(session, NOON)
        for grant in WORKER:
            give_role(session, OPERATOR, who.account_id, grant, now=NOON)
        made = invitations.invite(session, OPERATOR, who.account_id, now=NOON)
    desk = a_desk(chromium, address, width=NARROW, bypass_csp=True)
    page = desk.page

    desk.go("/desk/sign-in")
    page.get_by_role("link", name="I have a one-time text").click()
    page.get_by_label("One-time text").fill(made.token)
    page.get_by_label("Name you sign in with").fill("somebody.else")
    desk.press("Continue")
    page.get_by_role("alert").wait_for()
    page.get_by_label("One-time text").fill(made.token)
    page.get_by_label("Name you sign in with").fill(who.login)
    desk.press("Continue")
    faults = desk.faults()
    picture = page.get_by_role("img").evaluate("image => image.naturalWidth")
    secret = page.locator(".desk-key").inner_text().replace(" ", "")
    app = pyotp.TOTP(secret)
    page.get_by_label("Code").fill(app.at(clock.at))
    for label in ("Password", "The same password again"):
        page.get_by_label(label, exact=True).fill("short")
    desk.press("Finish")
    refused = page.get_by_role("alert").inner_text()
    page.get_by_label("Code").fill(app.at(clock.at))
    for label in ("Password", "The same password again"):
        page.get_by_label(label, exact=True).fill("seven lamps above the harbour")
    desk.press("Finish")
    desk.heading("Your account is ready")
    codes = page.locator(".desk-key li").count()
    page.get_by_role("link", name="Sign in").click()
    clock.pass_time(minutes=1)
    page.get_by_label("Name you sign in with").fill(who.login)
    page.get_by_label("Password").fill("seven lamps above the harbour")
    desk.press("Continue")
    page.get_by_label("Code").fill(app.at(clock.at))
    desk.press("Sign in")
    desk.heading("My work today")

    assert faults == []
    assert picture > 0
    assert "12" in refused
    assert codes > 5
    assert desk.troubles() == desk.strangers() == []
