"""Pages for people with accounts: who gets in, what a form needs, and words for every code."""

import re
from html.parser import HTMLParser
from typing import Final

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import col, select

from api.app import routers
from api.desk import assets
from api.desk.case_forms import FORMS
from api.desk.forms import day_in
from core.actors import Role
from core.audit import AuditRow
from core.db import Database
from tests.api.desks import Desks, desks
from tests.builders.accounts import in_office
from tests.builders.cases import OFFICE, OTHER_OFFICE, a_caseworker, a_registered_case
from tests.conftest import NOON

__all__ = ["desks"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TOKEN: Final = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-")
RAW_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
BARE_CODE: Final = re.compile(r"\b[a-z]+_[a-z_]+\b|\bD\d{1,2}\b|\bT\d{1,2}\b|\bZM-\d")
OPEN: Final = {
    "/desk/sign-in",
    "/desk/sign-in/code",
    "/desk/signed-out",
    "/desk/sign-out",
    "/desk/language",
    "/desk/set-up",
    "/desk/set-up/account",
}
CASE_FORMS: Final = tuple(str(one) for one in FORMS)
NOBODY: Final = "00000000-0000-4000-8000-00000000dead"


class Desk:
    """A caseworker at a browser that runs no script."""

    def __init__(self, desks: Desks, login: str = "t.zimba", office: str = OFFICE) -> None:
        self.seat = desks.of(login, Role.CASEWORKER, office)
        self.client: TestClient = self.seat.client
        self.client.follow_redirects = False

    def token(self) -> str:
        """The token of the forms of this session."""
        found = TOKEN.search(self.client.get("/desk").text)
        assert found
        return found[1]

    def send(self, path: str, values: dict[str, str], **headers: str) -> Response:
        """Send a form, with the token unless the values hold another."""
        return self.client.post(path, data={"form_token": self.token(), **values}, headers=headers)


@pytest.fixture
def desk(desks: Desks) -> Desk:
    """A caseworker of the office in which a child's case is."""
    return Desk(desks)


def _a_case(database: Database, office: str = OFFICE, desk: Desk | None = None) -> str:
    with database.unit_of_work() as session:
        owner = desk.seat.who.actor(in_office(Role.CASEWORKER)) if desk else a_caseworker(office)
        return a_registered_case(session, owner=owner, office=office, district=office).id


def _pages(app: FastAPI) -> list[tuple[str, str]]:
    del app
    return [
        (method, route.path)
        for router in routers()
        for route in router.routes
        if isinstance(route, APIRoute) and route.path.startswith("/desk")
        for method in sorted(route.methods)
    ]


class _Seen(HTMLParser):
    """The words of a page as people read them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_every_page_but_the_door_asks_a_stranger_to_sign_in(
    app: FastAPI, client: TestClient
) -> None:
    pages = [(method, path) for method, path in _pages(app) if path not in OPEN]
    answers = {}

    for method, path in pages:
        at = re.sub(r"\{[^}]*\}", NOBODY, path)
        answer = client.request(method, at, headers={"sec-fetch-site": "same-origin"})
        answers[method, path] = (answer.status_code, method == "HEAD" or "Sign in" in answer.text)

    assert len(pages) > 5
    assert answers == dict.fromkeys(answers, (401, True))


@pytest.mark.rule("R50")
def test_nothing_is_printed_for_a_look_at_the_head_of_a_file(database: Database) -> None:
    """A print counts as read, here and abroad; browsers and mail filters look ahead without anybody reading."""
    del database
    routes = [route for router in routers() for route in router.routes]
    prints = [
        one for one in routes if re.search(r"/papers/|/figures/.*/paper$", getattr(one, "path", ""))
    ]

    assert len(prints) > 15
    assert [route.path for route in prints if "HEAD" in route.methods] == []


def test_a_case_of_others_answers_exactly_like_one_that_does_not_exist(
    desk: Desk, database: Database
) -> None:
    foreign = _a_case(database, OTHER_OFFICE)

    theirs = desk.client.get(f"/desk/cases/{foreign}")
    nobodys = desk.client.get(f"/desk/cases/{NOBODY}")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text.replace(foreign, "") == nobodys.text.replace(NOBODY, "")


@pytest.mark.threat("TT63")
def test_a_form_counts_only_from_a_page_of_this_session(desk: Desk, desks: Desks) -> None:
    other = Desk(desks, "m.banda").token()

    answers = {
        "none": desk.send("/desk/cases", {"form_token": "", "find": "Amani"}),
        "of another": desk.send("/desk/cases", {"form_token": other, "find": "Amani"}),
        "another site": desk.send(
            "/desk/cases", {"find": "Amani"}, **{"sec-fetch-site": "cross-site"}
        ),
        "ours": desk.send("/desk/cases", {"find": "Amani"}, **{"sec-fetch-site": "same-origin"}),
    }

    said = {name: "Children found" in answer.text for name, answer in answers.items()}
    assert said == {"none": False, "of another": False, "another site": False, "ours": True}


@pytest.mark.threat("TT63")
def test_words_sent_by_another_site_are_not_put_into_our_forms(client: TestClient) -> None:
    typed = {"find": "planted"}

    ours = client.post("/desk/cases", data=typed, headers={"sec-fetch-site": "same-origin"})
    theirs = client.post("/desk/cases", data=typed, headers={"sec-fetch-site": "cross-site"})

    assert "planted" in ours.text
    assert "planted" not in theirs.text


def test_signing_in_is_not_done_for_a_page_of_another_site(client: TestClient) -> None:
    token = TOKEN.search(client.get("/desk/sign-in").text)
    assert token
    form = {"form_token": token[1], "login": "t.zimba", "password": "x"}

    planted = client.post("/desk/sign-in", data=form, headers={"sec-fetch-site": "cross-site"})
    tokenless = client.post("/desk/sign-in", data={**form, "form_token": "0" * 64})

    assert planted.status_code == tokenless.status_code == 403


def test_no_code_id_or_raw_time_is_read_on_a_page(desk: Desk, database: Database) -> None:
    case_id = _a_case(database, desk=desk)
    pages = {
        path: " ".join(_Seen(desk.client.get(path).text).words)
        for path in (
            "/desk",
            "/desk/cases",
            f"/desk/cases/{case_id}",
            "/desk/late",
            "/desk/waiting",
            "/desk/register",
            "/desk/alert",
            f"/desk/cases/{case_id}/facts",
            *(f"/desk/cases/{case_id}/acts/{one}" for one in CASE_FORMS),
        )
    }

    found = {
        path: [
            one.group() for pattern in (UUID, RAW_TIME, BARE_CODE) for one in pattern.finditer(text)
        ]
        for path, text in pages.items()
    }

    assert "Alert received" in pages[f"/desk/cases/{case_id}"]
    assert {path: codes for path, codes in found.items() if codes} == {}


def test_a_name_is_looked_for_without_ever_standing_in_an_address(desk: Desk) -> None:
    answer = desk.send("/desk/cases", {"find": "Amani"})

    assert answer.status_code == 200
    assert "Amani" not in str(answer.url)


def test_no_page_is_kept_by_a_browser_and_none_may_load_from_elsewhere(desk: Desk) -> None:
    headers = desk.client.get("/desk").headers

    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


def test_style_and_scripts_change_their_address_with_their_content_and_travel_packed(
    client: TestClient,
) -> None:
    address = assets.sheet_address(None)

    answer = client.get(address, headers={"accept-encoding": "gzip"})

    assert assets.sheet_address("#14405f") != address
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert "#1d4e50" in answer.text
    assert client.get("/assets/x/../../core/settings.py").status_code == 404


def test_a_page_opened_before_a_later_sign_in_loses_nothing(desk: Desk) -> None:
    answer = desk.send("/desk/cases", {"form_token": "0" * 64, "find": "Mwansa Phiri"})

    assert "open since before you last signed in" in answer.text
    assert 'value="Mwansa Phiri"' in answer.text


def test_a_refused_page_is_on_record(desk: Desk, database: Database) -> None:
    desk.client.get(f"/desk/cases/{NOBODY}")

    with database.unit_of_work() as session:
        query = select(AuditRow).where(col(AuditRow.action) == "request.refused")
        refused = session.exec(query).all()
    assert [row.at for row in refused] == [NOON]


@pytest.mark.parametrize(
    "path",
    [f"/desk/sittings/month?of=2026-{'9' * 5_000}", f"/desk/sittings/month?of={'9' * 5_000}-1"],
    ids=["month", "year"],
)
def test_a_month_that_is_none_is_this_month(desk: Desk, path: str) -> None:
    assert desk.client.get(path).status_code == 200


@pytest.mark.parametrize("year", ["9" * 5_000, "\N{ARABIC-INDIC DIGIT TWO}026", "-1", "0"])
def test_a_day_that_is_none_is_a_gap_in_the_form(database: Database, year: str) -> None:
    del database
    assert day_in({"on-year": year, "on-month": "3", "on-day": "1"}, "on") is None
