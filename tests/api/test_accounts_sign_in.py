"""Signing in over HTTP: cookies, form tokens, one answer for every failure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from core.accounts import people
from core.accounts.system import OPERATOR_ID
from core.actors import Grant, Role
from core.db import Database
from tests.builders.accounts import OPERATOR, PASSWORD, Known, in_office, someone

NEW_PASSWORD = "seven goats on a slope"


@dataclass
class Desk:
    """A browser somebody sits at."""

    client: TestClient
    who: Known
    csrf: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request as our own pages do."""
        given = {"X-CSRF-Token": self.csrf, "Sec-Fetch-Site": "same-origin", **headers}
        return self.client.request(method, path, json=body, headers=given)


def known(database: Database, now: datetime, login: str, *held: Grant) -> Known:
    with database.unit_of_work() as session:
        return someone(session, now, login, *held)


def first(client: TestClient, login: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in", json={"login": login, "password": password})


def seated(client: TestClient, who: Known, now: datetime) -> Desk:
    ticket = first(client, who.login).json()["ticket"]
    answer = client.post("/sign-in/code", json={"ticket": ticket, "code": who.code(now)})
    assert answer.status_code == 200, answer.text
    return Desk(client, who, answer.json()["csrf_token"])


@pytest.fixture
def desk(client: TestClient, database: Database, now: datetime) -> Desk:
    """A caseworker who signed in just now."""
    return seated(client, known(database, now, "t.zimba", in_office(Role.CASEWORKER)), now)


def test_somebody_signs_in_and_is_who_they_are(desk: Desk) -> None:
    me = desk.client.get("/me").json()

    assert me["person_id"] == desk.who.person_id
    assert me["name"] == "Thandiwe Zimba"
    assert me["grants"] == [{"role": "caseworker", "scope": "office", "ref": "ZM-07-LIV"}]
    assert me["csrf_token"] == desk.csrf


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    client: TestClient, database: Database, now: datetime, app: FastAPI
) -> None:
    who = known(database, now, "t.zimba")
    app.state.settings = app.state.settings.model_copy(update={"secure_cookies": True})
    ticket = first(client, who.login).json()["ticket"]

    answer = client.post("/sign-in/code", json={"ticket": ticket, "code": who.code(now)})

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-bid=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "Max-Age" not in cookie
    assert answer.headers["cache-control"] == "no-store"


def test_every_failure_reads_the_same(
    client: TestClient, database: Database, now: datetime
) -> None:
    who = known(database, now, "known")
    out = known(database, now, "suspended")
    with database.unit_of_work() as session:
        people.suspend(session, OPERATOR, out.account_id, now=now)

    answers: list[Any] = [
        first(client, "nobody"),
        first(client, who.login, "wrong every time"),
        first(client, out.login),
        client.post("/sign-in/code", json={"ticket": "made up", "code": "000000"}),
    ]

    assert {answer.status_code for answer in answers} == {401}
    bodies = [{k: v for k, v in a.json().items() if k != "instance"} for a in answers]
    assert all(body == bodies[0] for body in bodies)
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_failures_are_counted_over_requests_and_the_wait_is_told(
    client: TestClient, database: Database, now: datetime
) -> None:
    who = known(database, now, "t.zimba")

    answers = [first(client, who.login, "wrong every time") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [401] * 4 + [429]
    assert answers[-1].headers["retry-after"] == "2"
    assert "2 seconds" in answers[-1].json()["detail"]


def test_a_code_seen_over_the_shoulder_is_worthless(
    client: TestClient, database: Database, now: datetime
) -> None:
    who = known(database, now, "t.zimba")
    seated(client, who, now)
    ticket = first(client, who.login).json()["ticket"]

    again = client.post("/sign-in/code", json={"ticket": ticket, "code": who.code(now)})

    assert again.status_code == 401


def test_another_site_cannot_sign_somebody_in(
    client: TestClient, database: Database, now: datetime
) -> None:
    who = known(database, now, "t.zimba")
    body = {"login": who.login, "password": PASSWORD}

    answer = client.post("/sign-in", json=body, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_asked_for_by_another_page_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    refused = desk.send("POST", "/sign-out/everywhere", **headers)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/page-not-ours")
    assert desk.client.get("/me").status_code == 200


def test_a_change_is_never_made_by_get(desk: Desk) -> None:
    assert desk.send("GET", "/sign-out").status_code == 405


def test_signing_in_again_ends_the_session_the_browser_came_with(
    desk: Desk, now: datetime, later: Callable[[timedelta], datetime]
) -> None:
    old = desk.client.cookies["bid"]
    moment = later(timedelta(minutes=1))

    seated(desk.client, desk.who, moment)

    assert desk.client.cookies["bid"] != old
    assert desk.client.get("/me", cookies=None).status_code == 200
    desk.client.cookies.clear()
    assert desk.client.get("/me", headers={"Cookie": f"bid={old}"}).status_code == 401


def test_a_cookie_on_another_device_is_refused(desk: Desk) -> None:
    assert desk.client.get("/me", headers={"User-Agent": "another browser"}).status_code == 401
    assert desk.client.get("/me").status_code == 200


def test_an_idle_session_is_over(desk: Desk, later: Callable[[timedelta], datetime]) -> None:
    later(timedelta(minutes=15))

    assert desk.client.get("/me").status_code == 401


def test_signing_out_ends_the_session_at_the_server(desk: Desk) -> None:
    cookie = desk.client.cookies["bid"]

    assert desk.send("POST", "/sign-out").status_code == 204

    assert "bid" not in desk.client.cookies
    assert desk.client.get("/me", headers={"Cookie": f"bid={cookie}"}).status_code == 401


def test_signing_out_everywhere_ends_the_other_browser(
    desk: Desk, app: FastAPI, later: Callable[[timedelta], datetime]
) -> None:
    moment = later(timedelta(minutes=1))
    with TestClient(app) as other:
        there = seated(other, desk.who, moment)
        assert len(desk.client.get("/me/sessions").json()) == 2

        assert there.send("POST", "/sign-out/everywhere").status_code == 204

        assert desk.client.get("/me").status_code == 401


def test_a_lost_phone_is_signed_out_from_the_list(
    desk: Desk, app: FastAPI, later: Callable[[timedelta], datetime]
) -> None:
    moment = later(timedelta(minutes=1))
    with TestClient(app) as other:
        seated(other, desk.who, moment)
        shown = desk.client.get("/me/sessions").json()
        lost = next(item["id"] for item in shown if not item["is_this_one"])

        assert desk.send("DELETE", f"/me/sessions/{lost}").status_code == 204

        assert other.get("/me").status_code == 401
        assert desk.send("DELETE", f"/me/sessions/{lost}").status_code == 404


def test_a_password_change_gives_the_browser_a_new_session(desk: Desk) -> None:
    old = desk.client.cookies["bid"]
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}

    answer = desk.send("POST", "/me/password", body)

    assert answer.status_code == 200
    assert desk.client.cookies["bid"] != old
    assert desk.client.get("/me").json()["csrf_token"] == answer.json()["csrf_token"]


def test_a_wrong_present_password_is_told_and_counted(desk: Desk) -> None:
    body = {"current_password": "not this one", "new_password": NEW_PASSWORD}

    answers = [desk.send("POST", "/me/password", body).status_code for _ in range(5)]

    assert answers == [403, 403, 403, 403, 429]


def test_a_poor_new_password_is_refused_with_words(desk: Desk) -> None:
    body = {"current_password": PASSWORD, "new_password": "Zambia2026"}

    answer = desk.send("POST", "/me/password", body)

    assert answer.status_code == 409
    codes = {item["code"]: item["detail"] for item in answer.json()["missing"]}
    assert set(codes) == {"password_too_short", "password_too_common"}
    assert "12 characters" in codes["password_too_short"]


def test_a_new_phone_is_set_up_over_http(desk: Desk, now: datetime) -> None:
    begun = desk.send("POST", "/me/second-factor", {"password": PASSWORD}).json()
    assert begun["otpauth_uri"].startswith("otpauth://totp/")
    wrong = desk.send("POST", "/me/second-factor/confirmation", {"code": "000000"})
    assert wrong.status_code == 409

    code = pyotp.TOTP(begun["secret"]).at(now)
    done = desk.send("POST", "/me/second-factor/confirmation", {"code": code})

    assert len(done.json()["recovery_codes"]) == 10
    assert desk.client.get("/me").status_code == 200


def test_the_console_is_nobody_who_could_sign_in(client: TestClient) -> None:
    assert client.get("/me", headers={"Authorization": f"Bearer {OPERATOR_ID}"}).status_code == 401
