"""What an official of a partner country sees, in a real browser: without script, at 360 pixels, with a keyboard."""

import re
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI

from core.db import Database
from tests.api.guest_pages import Reader
from tests.browser.watched import Watched
from tests.builders.guests import WHO
from transfers.service import guests
from transfers.service.guests import Identity
from transfers.store import guests as store

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
BUT_WATERMARK = {"exclude": [[".mark"]]}
"""The reader's name across the page is faint on purpose, and hidden from screen readers; it stands at the foot too."""
NASTY = "<img src=x onerror=document.title='ran'><script>document.title='ran'</script>"


@pytest.fixture
def reader(app: FastAPI, database: Database) -> Reader:
    """Somebody abroad with an item that may be downloaded."""
    return Reader(app, database, view_only=False)


def test_an_official_opens_a_message_asks_and_leaves_without_any_script(
    chromium: Any, address: str, reader: Reader
) -> None:
    seen = Watched(chromium, address)
    seen.come(reader)
    page = seen.page

    page.get_by_role("button", name="I received this message").click()
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("alert").get_by_role("link", name=re.compile("Your question")).wait_for()
    page.locator("select").first.select_option("family")
    page.get_by_label("Your question").first.fill("Where does the aunt live?")
    page.get_by_label(re.compile("state this for my office")).check()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Questions – ").wait_for()
    too_wide = seen.is_too_wide()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You have signed out").wait_for()
    page.goto(address + reader.at)

    assert page.get_by_role("heading", name="Please open your message again").is_visible()
    assert not too_wide
    assert seen.troubles() == []
    assert all(one.startswith(address) for one in seen.asked)


@pytest.mark.threat("TT64")
def test_what_others_wrote_never_runs_and_the_policy_has_nothing_to_report(
    chromium: Any, address: str, reader: Reader, database: Database
) -> None:
    with database.unit_of_work() as session:
        row = store.guest(session, reader.abroad.guest_id)
        assert row is not None
        nasty: Identity = replace(WHO, name=NASTY, office=NASTY)
        row.restricted = guests.sealed_identity(session, row.id, nasty)
        session.add(row)
    seen = Watched(chromium, address, scripts=True)
    seen.come(reader)
    page = seen.page

    titles = [page.title()]
    page.get_by_role("link", name="Answer no").click()
    page.get_by_label("Your answer").fill(NASTY)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("alert").wait_for()
    titles.append(page.title())
    page.goto(f"{address}/guest/items/{NASTY}")
    titles.append(page.title())

    assert all("ran" not in title for title in titles)
    assert seen.troubles() == []
    assert all(one.startswith(address) for one in seen.asked)


def test_pages_have_no_fault_a_reader_with_a_screen_reader_would_meet(
    chromium: Any, address: str, reader: Reader
) -> None:
    axe = Axe()
    seen = Watched(chromium, address, scripts=True, bypass_csp=True)
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found = axe.run(seen.page, context=BUT_WATERMARK).response["violations"]
        faults[name] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]

    seen.page.goto(address + "/guest")
    look("sign in")
    seen.come(reader)
    look("item")
    seen.page.goto(f"{address}{reader.at}/answers/yes-to-enquiry")
    seen.page.get_by_role("button", name="Send").click()
    look("answer")

    assert faults == {page: [] for page in ("sign in", "item", "answer")}


def test_every_page_can_be_used_with_the_keyboard_alone(
    chromium: Any, address: str, reader: Reader
) -> None:
    seen = Watched(chromium, address)
    path, code = reader.link()
    seen.page.goto(address + path)

    seen.page.keyboard.press("Tab")
    skip = seen.page.locator(":focus").inner_text()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.type(code)
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name="Enquiry about a child").wait_for()

    assert skip == "Skip to the text"
