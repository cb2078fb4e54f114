"""The doors of the recipients' pages, tried in a real browser as somebody would who should not come in."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from sqlmodel import select

from core.db import Database
from core.outbox import OutboxRow
from tests.api.guest_pages import GUESS, Reader
from tests.browser.watched import Watched
from tests.conftest import NOON
from transfers.service import guest_items
from transfers.store import guests as store

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
PASSWORD = "a long sentence nobody guesses"
AGAIN = "Please open your message again"
ELSEWHERE = "http://elsewhere.example/"


@pytest.fixture
def reader(app: FastAPI, database: Database) -> Reader:
    """Somebody abroad with an item that may be downloaded."""
    return Reader(app, database, view_only=False)


@pytest.fixture
def seen(chromium: Any, address: str) -> Iterator[Watched]:
    """A telephone."""
    watched = Watched(chromium, address)
    yield watched
    watched.context.close()


def tried(seen: Watched, path: str, code: str) -> tuple[int, str]:
    """Type a code into a link; the status and the words of the page that follows."""
    seen.page.goto(seen.address + path)
    seen.page.get_by_label("Your code").fill(code)
    with seen.page.expect_navigation() as answer:
        seen.page.get_by_role("button", name="Continue").click()
    response = answer.value
    return response.status, seen.page.locator("main").inner_text()


def acknowledged(reader: Reader) -> bool:
    with reader.database.unit_of_work() as session:
        item = store.item(session, reader.item)
        return item is not None and item.acknowledged_at is not None


@pytest.mark.threat("TT60")
def test_a_link_that_was_looked_at_a_hundred_times_still_opens(
    seen: Watched, reader: Reader
) -> None:
    path, code = reader.link()
    scanner = seen.context.request
    for at in range(95):
        scanner.fetch(seen.address + path, method=("GET", "HEAD")[at % 2])
    for _ in range(5):
        seen.page.goto(seen.address + path)

    status, words = tried(seen, path, code)

    assert status == 200
    assert "Enquiry about a child" in words


@pytest.mark.threat("TT60", "TT61")
def test_five_wrong_codes_lock_the_link_and_it_looks_like_any_that_opens_nothing(
    seen: Watched, reader: Reader
) -> None:
    path, code = reader.link()
    wrong = []
    for at in range(1, 6):
        reader.pass_time(minutes=30 * at)  # guesses that come sooner are not even looked at
        wrong.append(tried(seen, path, "00000000"))
    reader.pass_time(minutes=300)
    locked = tried(seen, path, code)
    with reader.database.unit_of_work() as session:
        topics = {row.topic for row in session.exec(select(OutboxRow))}

    revoked, its_code = reader.link()
    with reader.database.unit_of_work() as session:
        guest_items.take_back(session, reader.abroad.third, reader.item, now=NOON)
    reader.pass_time(minutes=600)
    others = [tried(seen, revoked, its_code)]
    reader.pass_time(minutes=900)
    answers = [*wrong, locked, *others, tried(seen, GUESS, code)]

    assert {one: answers.count(one) for one in answers} == {answers[0]: len(answers)}
    assert answers[0][0] == 403
    assert "guest.locked" in topics


@pytest.mark.threat("TT62")
def test_a_visit_does_not_go_on_elsewhere_or_after_signing_out(
    chromium: Any, seen: Watched, reader: Reader
) -> None:
    seen.come(reader)
    cookies = seen.context.cookies()
    other = chromium.new_context(user_agent="another device", java_script_enabled=False)
    other.add_cookies(cookies)
    elsewhere = other.new_page()
    elsewhere.goto(seen.address + reader.at)
    refused = elsewhere.get_by_role("heading", name=AGAIN).is_visible()
    other.close()

    seen.page.get_by_role("button", name="Sign out").click()
    seen.page.get_by_role("heading", name="You have signed out").wait_for()
    seen.context.add_cookies(cookies)
    seen.page.goto(seen.address + reader.at)

    assert refused
    assert seen.page.get_by_role("heading", name=AGAIN).is_visible()
    assert all(one["httpOnly"] and one["sameSite"] in {"Lax", "Strict"} for one in cookies)


@pytest.mark.threat("TT63")
def test_a_page_of_another_origin_changes_nothing(seen: Watched, reader: Reader) -> None:
    seen.come(reader)
    token = seen.page.locator("input[name=form_token]").first.get_attribute("value")
    path = f"{seen.address}{reader.at}/acknowledgements"
    form = (
        f'<form method="post" action="{path}"><input name="form_token" value="{token}">'
        "<button>Win a prize</button></form>"
    )
    seen.context.route(
        f"{ELSEWHERE}**", lambda route: route.fulfill(content_type="text/html", body=form)
    )

    seen.page.goto(ELSEWHERE)
    with seen.page.expect_navigation() as answer:
        seen.page.get_by_role("button", name="Win a prize").click()
    from_elsewhere = answer.value.status
    by_get = seen.page.goto(path).status
    after = acknowledged(reader)
    seen.page.goto(seen.address + reader.at)
    seen.page.get_by_role("button", name="I received this message").click()
    seen.page.get_by_role("heading", name="Enquiry about a child").wait_for()

    assert (from_elsewhere, by_get, after) == (401, 404, False)
    assert acknowledged(reader)


def set_up(seen: Watched, reader: Reader) -> tuple[str, str]:
    """Set an account up by the labels of its pages; returns login and secret of the app."""
    given, page = reader.account(), seen.page
    page.goto(f"{seen.address}/guest/set-up")
    page.locator("input[name=login]").fill(given["login"])
    page.locator("#token").fill(given["token"])
    page.get_by_role("button", name="Continue").click()
    secret = page.locator(".key").nth(1).inner_text().replace(" ", "")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.locator("input[name=code]").fill(pyotp.TOTP(secret).at(NOON))
    page.locator("main button").click()
    page.locator(".key").nth(9).wait_for()
    return given["login"], secret


def sign_in(seen: Watched, login: str, code: str, password: str = PASSWORD) -> int:
    page = seen.page
    page.goto(f"{seen.address}/guest")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(password)
    with page.expect_navigation() as first:
        page.get_by_role("button", name="Continue").click()
    if not page.locator("input[name=ticket]").count():
        return int(first.value.status)
    page.locator("input[name=code]").fill(code)
    with page.expect_navigation() as second:
        page.locator("main button").click()
    return int(second.value.status)


@pytest.mark.threat("TT65")
def test_passwords_sprayed_and_codes_used_twice_do_not_come_in(
    seen: Watched, reader: Reader
) -> None:
    login, secret = set_up(seen, reader)
    reader.pass_time(minutes=5)
    code = pyotp.TOTP(secret).at(NOON.replace(minute=5))

    wrong = [sign_in(seen, login, code, "another password")]
    came = sign_in(seen, login, code)
    seen.context.clear_cookies()
    replayed = sign_in(seen, login, code)
    sprayed = [sign_in(seen, login, "1", "another password") for _ in range(6)]

    assert (wrong, came, replayed) == ([403], 200, 403)
    assert sprayed[-1] == 429
