"""The door of recipients without an installation: links, sign-in, and what strangers learn."""

import re
import statistics
import time
from html.parser import HTMLParser

import pyotp
import pytest
from fastapi import FastAPI
from httpx2 import Response

from api import guest_pages
from core.db import Database
from tests.api.guest_pages import GUESS, Reader, routes_of, token_in
from tests.builders.accounts import PASSWORD as OFFICERS_PASSWORD
from tests.builders.accounts import someone
from tests.builders.guests import NAME
from tests.conftest import NOON
from transfers.service import guest_items
from transfers.store import guests as store

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PASSWORD = "seven lamps above the harbour"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Answers leave at once, but in the test that measures when they leave."""
    if "similar_time" not in request.node.name:
        monkeypatch.setattr(guest_pages, "FLOOR_SECONDS", 0.001)


@pytest.fixture
def reader(app: FastAPI, database: Database) -> Reader:
    """Somebody abroad with an item, at a browser."""
    return Reader(app, database)


def _at(path: str, values: dict[str, str]) -> str:
    return path.replace(":path", "").format(**values)


def _wrong(reader: Reader, path: str, code: str = "00000000") -> Response:
    page = reader.client.get(path)
    return reader.send(path, {"form_token": token_in(page), "code": code})


@pytest.mark.threat("TT60")
def test_looking_at_a_link_a_hundred_times_leaves_it_unused(reader: Reader) -> None:
    path, code = reader.link()
    scanner = reader.browser("a mail scanner")

    looked = [
        scanner.request(("GET", "HEAD")[at % 2], path, headers={"purpose": "prefetch"})
        for at in range(100)
    ]
    with reader.database.unit_of_work() as session:
        link = store.newest_link(session, reader.item)
        assert link is not None
        untouched = (link.wrong_codes, link.opened_at, link.ended_at, link.version)
    opened = _wrong(reader, path, code)

    assert {one.status_code for one in looked} == {200}
    assert untouched == (0, None, None, 1)
    assert opened.headers["location"] == reader.at


@pytest.mark.threat("TT60", "TT61")
def test_guessed_used_expired_revoked_locked_and_wrong_links_get_the_same_page(
    reader: Reader,
) -> None:
    used, code = reader.link()
    assert _wrong(reader, used, code).status_code == 303
    reader.client.cookies.clear()
    answers: dict[str, tuple[int, str]] = {}

    def note(what: str, path: str, code: str = "00000000") -> None:
        page = reader.client.get(path)
        reader.send(
            path, {"form_token": token_in(page), "code": code}
        )  # the door gives a token that stays
        answer = reader.send(path, {"form_token": token_in(page), "code": code})
        seen = (
            re.sub(r'value="[0-9a-f]{64}"', "", page.text),
            re.sub(r'value="[0-9a-f]{64}"', "", answer.text),
        )
        answers[what] = (answer.status_code, seen[0] + seen[1])

    note("guessed", GUESS)
    note("used", used, code)
    revoked, code = reader.link()
    replaced_by, _ = reader.link()
    note("replaced", revoked, code)
    note("wrong", replaced_by)
    expired, code = reader.link()
    reader.pass_time(hours=73)
    note("expired", expired, code)
    reader.pass_time(hours=100)
    note("no link at all", "/r/a/b")
    with reader.database.unit_of_work() as session:
        guest_items.take_back(session, reader.abroad.third, reader.item, now=NOON)
    note("taken back", expired, code)

    assert len(answers) == 7
    assert len(set(answers.values())) == 1, {k: v[0] for k, v in answers.items()}
    assert next(iter(answers.values()))[0] == 403


@pytest.mark.threat("TT61")
def test_answers_to_guesses_and_to_real_links_leave_after_a_similar_time(reader: Reader) -> None:
    path, _ = reader.link()
    spent: dict[str, list[float]] = {path: [], GUESS: []}

    for _ in range(3):
        for one, times in spent.items():
            token = token_in(reader.client.get(one))
            started = time.perf_counter()
            reader.send(one, {"form_token": token, "code": "00000000"})
            times.append(time.perf_counter() - started)

    real, guessed = (statistics.median(times) for times in spent.values())
    assert abs(real - guessed) < 0.05
    assert min(real, guessed) >= 0.09


@pytest.mark.threat("TT62")
def test_a_visit_is_refused_elsewhere_after_signing_out_and_after_the_item_was_taken_back(
    reader: Reader,
) -> None:
    token = reader.come()
    other = reader.browser("another device")
    other.cookies = reader.client.cookies
    assert reader.client.get(reader.at).status_code == 200
    assert other.get(reader.at).status_code == 401

    stolen = dict(reader.client.cookies)
    left = reader.send("/guest/sign-out", {"form_token": token})
    reader.client.cookies.clear()
    reader.client.cookies.update(stolen)
    again = reader.client.get(reader.at)
    assert (left.status_code, again.status_code) == (200, 401)

    reader.client.cookies.clear()
    reader.come()
    with reader.database.unit_of_work() as session:
        guest_items.take_back(session, reader.abroad.third, reader.item, now=NOON)
    assert reader.client.get(reader.at).status_code == 401
    reader.client.cookies.clear()


@pytest.mark.threat("TT62")
def test_a_link_opens_a_visit_on_one_device_for_an_hour_at_most(reader: Reader) -> None:
    reader.come()

    reader.pass_time(minutes=14)
    first = reader.client.get(reader.at).status_code
    reader.pass_time(minutes=30)
    idle = reader.client.get(reader.at).status_code

    assert (first, idle) == (200, 401)


GOES = (
    {"sec-fetch-site": "same-origin"},
    {"origin": "http://testserver"},
    {"origin": "null"},
)
GOES_NOT = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"origin": "https://elsewhere.example"},
)


@pytest.mark.threat("TT63")
def test_a_change_comes_from_our_own_page_with_the_token_of_its_visit(reader: Reader) -> None:
    real, path = reader.come(), f"{reader.at}/acknowledgements"

    refused = [reader.send(path, {"form_token": real}, **headers) for headers in GOES_NOT]
    refused += [reader.send(path, {"form_token": "0" * 64}, **headers) for headers in GOES]
    with reader.database.unit_of_work() as session:
        item = store.item(session, reader.item)
        untouched = item is not None and item.acknowledged_at is None
    done = [reader.send(path, {"form_token": real}, **headers) for headers in GOES]

    assert {one.status_code for one in refused} == {401}
    assert untouched
    assert {one.status_code for one in done} == {303}


@pytest.mark.threat("TT63")
def test_every_page_that_changes_something_refuses_without_its_token_and_by_get(
    reader: Reader,
) -> None:
    reader.come()
    posts = [path for method, path in routes_of(reader.app) if method == "POST"]
    gets = {path for method, path in routes_of(reader.app) if method == "GET"}
    values = {"secret": "x" * 43, "item_id": reader.item, "number": "1", "code": "ask", "rest": "x"}

    refused = {
        path: reader.client.post(_at(path, values), data={"code": "1"}).status_code
        for path in posts
    }
    by_get = {
        path: reader.client.get(_at(path, values)).status_code for path in posts if path not in gets
    }

    assert len(posts) >= 10
    assert set(refused.values()) <= {401, 403}, refused
    assert set(by_get.values()) == {404}


@pytest.mark.threat("TT62")
def test_no_page_of_an_item_is_shown_to_somebody_who_is_not_here(reader: Reader) -> None:
    inside = [
        (m, p)
        for m, p in routes_of(reader.app)
        if p.startswith("/guest/items") or p.endswith("sign-out")
    ]
    values = {"item_id": reader.item, "number": "1", "code": "ask", "rest": "x"}

    answers = [reader.client.request(method, _at(path, values)) for method, path in inside]

    assert len(answers) >= 8
    assert {one.status_code for one in answers} == {401}
    assert len({re.sub(r'value="[0-9a-f]{64}"', "", one.text) for one in answers}) == 1


def _set_up(reader: Reader) -> tuple[str, str]:
    """Set an account up as a recipient does; returns login and secret of the app."""
    given = reader.account()
    token = token_in(reader.client.get("/guest/set-up"))
    both = {"form_token": token, "token": given["token"], "login": given["login"]}
    page = reader.send("/guest/set-up", both)
    secret = re.findall(r'<span class="key">([A-Z2-7 ]{39})</span>', page.text)[0].replace(" ", "")
    done = reader.send(
        "/guest/set-up/password",
        both | {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).at(NOON)},
    )  # fmt: skip
    assert done.status_code == 200
    assert done.text.count('class="key"') == 10
    return given["login"], secret


@pytest.mark.threat("TT65")
def test_the_one_time_text_alone_opens_no_account(reader: Reader) -> None:
    given = reader.account()
    door = token_in(reader.client.get("/guest/set-up"))
    text = {"form_token": door, "token": given["token"]}
    secret = pyotp.random_base32()
    choice = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).at(NOON)}

    for name in ({}, {"login": ""}, {"login": "somebody.else"}):
        for step, more in (("", {}), ("/password", choice)):
            page = reader.send(f"/guest/set-up{step}", text | name | more)
            assert (page.status_code, given["login"] in page.text) == (403, False)
    for path, more in (("open", {}), ("accept", {"password": PASSWORD, "code": choice["code"]})):
        answer = reader.client.post(f"/invitations/{path}", json={"token": given["token"]} | more)
        assert (answer.status_code, given["login"] in answer.text) == (404, False)
    page = reader.send("/guest/set-up", text | {"login": given["login"].upper()})
    assert page.status_code == 200


def _signed_in(reader: Reader, login: str, code: str, password: str = PASSWORD) -> Response:
    token = token_in(reader.client.get("/guest"))
    first = reader.send("/guest", {"form_token": token, "login": login, "password": password})
    ticket = re.search(r'name="ticket" value="([^"]+)"', first.text)
    if ticket is None:
        return first
    return reader.send("/guest/code", {"form_token": token, "ticket": ticket[1], "code": code})


@pytest.mark.threat("TT65")
def test_an_account_needs_both_steps_a_code_works_once_and_every_refusal_is_one_page(
    reader: Reader,
) -> None:
    login, secret = _set_up(reader)
    reader.pass_time(minutes=5)
    code = pyotp.TOTP(secret).at(NOON.replace(minute=5))

    wrong = [
        _signed_in(reader, login, code, "another password"),
        _signed_in(reader, "g-nobody", code),
    ]
    came = _signed_in(reader, login, code)
    listed = reader.client.get(came.headers["location"])
    replayed = _signed_in(reader, login, code)

    assert came.status_code == 303
    assert reader.item in listed.text
    pages = {re.sub(r'value="[0-9a-f]{64}"', "", one.text) for one in [*wrong, replayed]}
    assert {one.status_code for one in [*wrong, replayed]} == {403}
    assert len(pages) == 1


@pytest.mark.threat("TT65")
def test_spraying_passwords_over_recipients_is_slowed_by_account_and_by_address(
    reader: Reader,
) -> None:
    login, _ = _set_up(reader)

    one_account = [_signed_in(reader, login, "1").status_code for _ in range(6)]
    many = [_signed_in(reader, f"g-nobody-{at}", "1").status_code for at in range(24)]

    assert (one_account[0], one_account[-1]) == (403, 429)
    assert many[0] == 403
    assert many[-1] == 429


@pytest.mark.threat("TT65")
def test_recipients_and_officers_do_not_come_in_by_each_other_s_door(reader: Reader) -> None:
    login, secret = _set_up(reader)
    with reader.database.unit_of_work() as session:
        officer = someone(session, NOON)
    reader.pass_time(minutes=5)

    by_ours = reader.client.post("/sign-in", json={"login": login, "password": PASSWORD})
    token = token_in(reader.client.get("/guest"))
    by_theirs = reader.send(
        "/guest", {"form_token": token, "login": officer.login, "password": OFFICERS_PASSWORD}
    )
    came = _signed_in(reader, login, pyotp.TOTP(secret).at(NOON.replace(minute=5)))
    as_officer = reader.client.get(
        "/me", headers={"cookie": f"bid={reader.client.cookies['bid-guest']}"}
    )

    assert by_ours.status_code == 401
    assert by_theirs.status_code == 403
    assert came.status_code == 303
    assert as_officer.status_code == 401


@pytest.mark.threat("TT62")
def test_ending_a_recipient_or_setting_the_account_up_anew_ends_the_visit(reader: Reader) -> None:
    login, secret = _set_up(reader)
    reader.pass_time(minutes=5)
    assert (
        _signed_in(reader, login, pyotp.TOTP(secret).at(NOON.replace(minute=5))).status_code == 303
    )
    assert reader.client.get("/guest/items").status_code == 200

    reader.account()

    assert reader.client.get("/guest/items").status_code == 401


class _Title(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title, self._inside = "", False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  as the parser calls it
        self._inside = tag == "title"

    def handle_data(self, data: str) -> None:
        self.title += data if self._inside else ""


@pytest.mark.rule("R49")
def test_pages_are_kept_nowhere_ask_nothing_elsewhere_and_have_no_name_in_title_or_address(
    reader: Reader,
) -> None:
    reader.come()
    inside = reader.client.get(reader.at)

    for page in (
        reader.client.get(GUESS),
        reader.client.get("/guest"),
        inside,
        reader.client.get("/guest/items"),
    ):
        policy = page.headers["content-security-policy"]
        titled = _Title()
        titled.feed(page.text)
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in page.headers["x-robots-tag"]
        assert not re.search(r"<script|\son\w+=|style=|<style|https?://", page.text)
        assert titled.title.strip()
        assert NAME not in titled.title
        assert "KQ7M" not in titled.title
    assert inside.text.count(NAME) >= 10
