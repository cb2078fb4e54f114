"""An administrator and a data protection officer at their pages, in a real browser."""

from typing import Any

import pytest
from fastapi import FastAPI

from cases.service import grants
from core.accounts import people
from core.actors import Role
from core.db import Database
from tests.browser.desks import NARROW, WIDE, Clock, Desk, a_desk, seat, staff
from tests.builders.accounts import country_wide
from tests.builders.cases import OFFICE, a_caseworker, a_registered_case, a_supervisor
from tests.builders.exchange import ZAMBIA
from tests.builders.transfers import Office
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
ADMIN = ("/desk/accounts", "/desk/accounts/new", "/desk/panels", "/desk/panels/new", "/desk/rules", "/desk/keys", "/desk/installation")  # fmt: skip
GUARD = ("/desk/traces", "/desk/opened-by-force", "/desk/keeping")


class Keepers:
    """An administrator and a data protection officer; a file was opened in an emergency."""

    def __init__(self, app: FastAPI, database: Database) -> None:
        self.clock, self.database = Clock(app), database
        self.admin = staff(database, "a.tembo", [country_wide(Role.ADMINISTRATOR)])
        self.guard = staff(database, "d.lungu", [country_wide(Role.DATA_PROTECTION)])
        with database.unit_of_work() as session:
            Office(session, "ZM", ZAMBIA)
            case = a_registered_case(session, owner=a_caseworker(OFFICE))
            boss = a_supervisor(OFFICE)
            grants.break_glass(
                session, boss, case.child_code, reason="The mother is on her way.", now=NOON
            )
            self.code = case.child_code

    def at(self, chromium: Any, address: str, who: Any, **look: Any) -> Desk:
        """One of them at a browser, signed in."""
        return seat(a_desk(chromium, address, **look), self.database, who, self.clock)


@pytest.fixture
def keepers(app: FastAPI, database: Database) -> Keepers:
    """The people who keep the office running and its data safe."""
    return Keepers(app, database)


def _seen(desk: Desk) -> str:
    return " ".join(desk.page.locator("main").inner_text().split())


def test_an_account_is_opened_on_a_phone_without_script_and_a_role_given(
    chromium: Any, address: str, keepers: Keepers
) -> None:
    desk = keepers.at(chromium, address, keepers.admin, width=NARROW, scripts=False)

    desk.go("/desk")
    desk.page.get_by_role("link", name="Accounts").click()
    desk.page.get_by_role("link", name="Open an account").click()
    desk.page.get_by_label("Name, as colleagues will read it").fill("Agnes Phiri")
    desk.page.get_by_label("Name to sign in with").fill("agnes.phiri")
    desk.press("Open the account")
    handed = _seen(desk)
    desk.page.get_by_role("link", name="Accounts").first.click()
    desk.page.get_by_role("link", name="Agnes Phiri").click()
    desk.page.get_by_text("Give a role").first.click()
    desk.page.get_by_label("Role", exact=True).select_option("caseworker")
    desk.page.get_by_label("How far it reaches").select_option(f"office:{OFFICE}")
    desk.press("Give a role")
    given = _seen(desk)

    assert "Hand this over" in handed
    assert "caseworker, Livingstone" in given
    assert not desk.is_too_wide()
    assert desk.troubles() == desk.strangers() == []


def test_an_officer_reads_why_a_file_was_opened_and_records_what_was_found_by_keyboard(
    chromium: Any, address: str, keepers: Keepers
) -> None:
    desk = keepers.at(chromium, address, keepers.guard)

    desk.go("/desk/opened-by-force")
    desk.page.get_by_role("link", name=keepers.code).focus()
    desk.page.keyboard.press("Enter")
    desk.heading(f"Emergency opening of {keepers.code}")
    reason = _seen(desk)
    desk.page.get_by_label("What you found").focus()
    desk.page.keyboard.type("justified")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    desk.heading("Files opened in an emergency")
    after = _seen(desk)

    assert "The mother is on her way." in reason
    assert f"{keepers.code} justified" in after
    assert desk.troubles() == desk.strangers() == []


def test_nobody_stumbles_over_these_pages_at_either_width(
    chromium: Any, address: str, keepers: Keepers
) -> None:
    with keepers.database.unit_of_work() as session:
        account = people.account_id_of(session, "d.lungu", now=NOON)
    found: dict[str, Any] = {}

    some = ("/desk/accounts/new", "/desk/rules", "/desk/traces", "/desk/keeping")
    for width in (WIDE, NARROW):
        admin = keepers.at(chromium, address, keepers.admin, width=width, bypass_csp=True)
        guard = keepers.at(chromium, address, keepers.guard, width=width, bypass_csp=True)
        for desk, paths in ((admin, (*ADMIN, f"/desk/accounts/{account}")), (guard, GUARD)):
            for path in (one for one in paths if width == NARROW or one in some):
                desk.go(path)
                found[f"{path} {width}"] = (desk.faults(), desk.is_too_wide())
        guard.go("/desk/traces")
        guard.press("Look it up")
        guard.heading("Found, newest first")
        found[f"found {width}"] = (guard.faults(), guard.is_too_wide())

    assert found == dict.fromkeys(found, ([], False))
