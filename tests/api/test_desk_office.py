"""Pages that keep an office running and guard its data: who gets in, what they do, and that no child stands there."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from api.desk import traces
from cases.service import broken_glass, grants
from core.actors import Role
from core.audit import AuditRow
from core.db import Database
from core.ids import new_id
from tests.api.desks import Desks, desks
from tests.api.test_desk_pages import BARE_CODE, RAW_TIME, TOKEN, UUID, _Seen
from tests.builders.accounts import country_wide, in_office
from tests.builders.cases import OFFICE, a_caseworker, a_registered_case, a_supervisor

__all__ = ["desks"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ADMIN: Final = ("/desk/accounts", "/desk/panels", "/desk/rules", "/desk/installation")
GUARD: Final = ("/desk/traces", "/desk/opened-by-force", "/desk/keeping")
REASON: Final = "A neighbour heard screams and nobody opens."
NOBODY: Final = "00000000-0000-4000-8000-00000000dead"


class Seat:
    """Somebody at a browser without script."""

    def __init__(self, desks: Desks, login: str, role: Role, office: str | None = None) -> None:
        self.desk = desks.of(login, role, office)
        self.client: TestClient = self.desk.client
        self.client.follow_redirects = False

    def read(self, path: str, status: int = 200) -> str:
        """The words of a page."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return " ".join(" ".join(_Seen(answer.text).words).split())

    def send(self, path: str, **values: str) -> Response:
        """Send a form of this session."""
        found = TOKEN.search(self.client.get("/desk/rules").text)
        assert found
        return self.client.post(path, data={"form_token": found[1], **values})


@pytest.fixture
def admin(desks: Desks) -> Seat:
    """An administrator."""
    return Seat(desks, "a.admin", Role.ADMINISTRATOR)


@pytest.fixture
def guard(desks: Desks) -> Seat:
    """A data protection officer."""
    return Seat(desks, "d.officer", Role.DATA_PROTECTION)


def test_an_administrator_keeps_accounts_and_meets_no_child(
    admin: Seat, database: Database
) -> None:
    with database.unit_of_work() as session:
        a_registered_case(session, owner=a_caseworker(OFFICE), office=OFFICE, district=OFFICE)

    pages = {path: admin.read(path) for path in ADMIN}

    assert "Cases" not in pages["/desk/installation"].split("Panels")[0]
    assert not re.search(r"\b[A-Z]{2}-?\d{4,}", pages["/desk/installation"])
    assert admin.read("/desk/traces", 403).count("Somebody else has to do this") >= 1
    assert admin.client.get("/desk/opened-by-force").status_code == 403


def test_no_code_id_or_raw_time_stands_on_these_pages(
    admin: Seat, guard: Seat, database: Database
) -> None:
    with database.unit_of_work() as session:
        a_registered_case(session, owner=a_caseworker(OFFICE), office=OFFICE, district=OFFICE)
    pages = {path: admin.read(path) for path in ADMIN} | {path: guard.read(path) for path in GUARD}
    pages["found"] = " ".join(_Seen(guard.send("/desk/traces", act="look").text).words)
    pages["account"] = admin.read(f"/desk/accounts/{guard.desk.who.account_id}")

    found = {
        path: [
            one.group() for pattern in (UUID, RAW_TIME, BARE_CODE) for one in pattern.finditer(text)
        ]
        for path, text in pages.items()
    }

    assert {path: codes for path, codes in found.items() if codes} == {}


@pytest.mark.parametrize("path", [*ADMIN[:1], "/desk/panels/new", "/desk/installation", *GUARD])
def test_whoever_keeps_no_office_is_not_let_in(desks: Desks, path: str) -> None:
    worker = Seat(desks, "t.zimba", Role.CASEWORKER, OFFICE)

    answer = worker.client.get(path)

    if path == "/desk/panels/new":  # the form is no secret; what it asks for is refused
        answer = worker.send(path, name="x", code="x", terms="x", kind="district", district=OFFICE)
    assert answer.status_code in {403, 404, 409}
    assert "Sign out" in answer.text


def test_somebody_is_invited_given_a_role_and_closed_out_again(admin: Seat) -> None:
    made = admin.send("/desk/accounts/new", name="Agnes Phiri", login="agnes.phiri")
    listed = admin.client.get("/desk/accounts").text
    found = re.search(r'/desk/accounts/([0-9a-f-]{36})">Agnes Phiri', listed)
    assert found
    page = f"/desk/accounts/{found[1]}"

    given = admin.send(page, act="give", role="caseworker", reach=f"office:{OFFICE}")
    held = admin.read(page)
    version = re.search(r'name="version" value="(\d+)"', admin.client.get(page).text)
    assert version
    closed = admin.send(page, act="suspend", version=version[1])

    assert made.status_code == 200
    assert "Hand this over" in made.text
    assert "agnes.phiri" in made.text
    assert given.status_code == closed.status_code == 303
    assert "caseworker, Livingstone" in held
    assert "Agnes Phiri closed" in admin.read(page)


def test_a_role_ends_and_a_lost_phone_is_helped_with(admin: Seat, desks: Desks) -> None:
    worker = Seat(desks, "t.zimba", Role.CASEWORKER, OFFICE)
    page = f"/desk/accounts/{worker.desk.who.account_id}"
    grant = re.search(r'name="grant" value="([0-9a-f-]{36})"', admin.client.get(page).text)
    assert grant

    ended = admin.send(page, act="end", grant=grant[1])
    helped = admin.send(page, act="reset")

    assert ended.status_code == 303
    assert "No role" in admin.read(page)
    assert "One-time text" in helped.text


def test_a_form_refused_keeps_what_was_typed_with_the_refusal_on_top(admin: Seat) -> None:
    answer = admin.send("/desk/accounts/new", name="Agnes Phiri", login="a b")

    assert answer.status_code == 409
    assert "A sign-in name has 3 to 64 letters" in answer.text
    assert 'value="Agnes Phiri"' in answer.text


def test_nobody_gives_themselves_a_role_on_a_page_either(admin: Seat) -> None:
    own = f"/desk/accounts/{admin.desk.who.account_id}"

    answer = admin.send(own, act="give", role="caseworker", reach="own:")

    assert answer.status_code == 409
    assert "Nobody gives themselves a role" in answer.text
    assert "Close the account" not in answer.text


def test_a_panel_is_set_up_with_its_seats_and_a_members_term(admin: Seat, desks: Desks) -> None:
    Seat(desks, "m.banda", Role.MEMBER, OFFICE)
    made = admin.send(
        "/desk/panels/new", name="Panel of Livingstone", code="LIV", kind="district",
        district=OFFICE, terms="Decides about children of the district.",
    )  # fmt: skip
    page = made.headers["location"]

    def kept(**values: str) -> Response:
        version = re.search(r'name="version" value="(\d+)"', admin.client.get(page).text)
        assert version
        return admin.send(page, version=version[1], **values)

    seat = kept(act="seat", role="chair", agency="District hospital", sector="health")
    seats = re.search(r'<option value="([0-9a-f-]{36})"', admin.client.get(page).text)
    assert seats
    term = {"from-day": "1", "from-month": "3", "from-year": "2026"}
    refused = kept(act="member", seat=seats[1], login="nobody.known", rank="0", **term)
    added = kept(act="member", seat=seats[1], login="m.banda", rank="0", **term)

    assert made.status_code == seat.status_code == added.status_code == 303
    assert 'value="nobody.known"' in refused.text
    words = admin.read(page)
    assert "chair: health, District hospital" in words
    assert "Term since 1 March 2026" in words
    assert "No valid undertaking of confidentiality." in words


def test_rules_in_force_say_what_they_ask_and_which_ways_are_open(admin: Seat) -> None:
    words = admin.read("/desk/rules")

    assert "is in force since" in words
    assert "whoever is under 18" in words
    assert "First response" in words
    assert "From Zambia to Namibia" in words


def test_an_installation_without_a_backup_says_so(admin: Seat) -> None:
    words = admin.read("/desk/installation")

    assert "none was made from here yet Look at this" in words
    assert "Cases are moved on by separate workers" in words


def test_keys_are_shown_once_the_installation_has_a_name(admin: Seat) -> None:
    words = admin.read("/desk/keys", 409)

    assert "no keys towards others yet" in words


@pytest.mark.rule("R50")
def test_who_has_seen_a_childs_file_is_found_by_its_code_and_the_look_is_on_record(
    guard: Seat, desks: Desks, database: Database
) -> None:
    worker = Seat(desks, "t.zimba", Role.CASEWORKER, OFFICE)
    with database.unit_of_work() as session:
        who = worker.desk.who.actor(in_office(Role.CASEWORKER))
        case = a_registered_case(session, owner=who, office=OFFICE, district=OFFICE)
        other = a_registered_case(session, owner=who, office=OFFICE, district=OFFICE)
        codes, case_id = (case.child_code, other.child_code), case.id
    worker.client.get(f"/desk/cases/{case_id}")

    found = guard.send("/desk/traces", act="look", child_code=codes[0].lower())
    nobody = guard.send("/desk/traces", act="look", child_code="XX-0000")

    assert codes[0] in found.text
    assert codes[1] not in found.text
    assert "Choose one of the list" in nobody.text
    with database.unit_of_work() as session:
        rows = session.exec(select(AuditRow).where(AuditRow.action == "audit.searched")).all()
    assert case_id in {row.case_id for row in rows}


def test_what_a_person_did_in_a_period_leaves_as_a_table_without_formulas(
    guard: Seat, admin: Seat
) -> None:
    admin.client.get("/desk/accounts")
    days = {"since-day": "1", "since-month": "1", "since-year": "2026"}

    mine = guard.send("/desk/traces", act="export", login="a.admin", kind="seen", **days)
    past = guard.send(
        "/desk/traces", act="look", login="a.admin",
        **{"until-day": "1", "until-month": "1", "until-year": "2020"},
    )  # fmt: skip

    assert mine.headers["content-type"].startswith("text/csv")
    assert "Account: listed" in mine.text
    assert "Nothing was found" in past.text
    assert traces._plain("=HYPERLINK()") == "'=HYPERLINK()"


def test_an_emergency_opening_is_reviewed_once_read_and_not_by_who_opened_it(
    guard: Seat, database: Database, now: datetime
) -> None:
    with database.unit_of_work() as session:
        case = a_registered_case(
            session, owner=a_caseworker(OFFICE), office=OFFICE, district=OFFICE
        )
        boss = replace(a_supervisor(OFFICE), person_id=new_id())
        grants.break_glass(session, boss, case.child_code, reason=REASON, now=now)
        officer = guard.desk.who.actor(country_wide(Role.DATA_PROTECTION))
        opening = broken_glass.list_broken_glass(session, officer, now=now)[0].id

    before = guard.read("/desk/opened-by-force")
    page = f"/desk/opened-by-force/{opening}"
    read = guard.read(page)
    done = guard.send(page, finding="not_justified")
    after = guard.read("/desk/opened-by-force")

    assert "not looked at yet" in before
    assert REASON in read
    assert done.status_code == 303
    assert "not justified" in after
    assert guard.client.get(f"/desk/opened-by-force/{NOBODY}").status_code == 404


def test_two_people_erase_a_file_and_the_page_says_what_comes_next(guard: Seat) -> None:
    unknown = guard.send("/desk/keeping", act="ask", child_code="XX-0000", ground="lawful_request")
    empty = guard.send("/desk/keeping", act="ask", child_code="XX-0000")

    assert "There is nothing at this address that you can open" in unknown.text
    assert "Choose one from the list." in empty.text
