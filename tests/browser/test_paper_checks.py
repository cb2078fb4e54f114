"""Somebody with a paper in hand and an old phone: no account, no script, no word about a child."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.db import Database
from core.papers.codes import grouped
from core.papers.issuing import Issued, issue
from core.papers.paper import text
from tests.browser.watched import Watched
from tests.builders.accounts import OPERATOR
from tests.builders.papers import a_desk, a_paper
from tests.conftest import NOON

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


@pytest.fixture
def papers(database: Database) -> tuple[Issued, Issued]:
    """One that was replaced, and the one that took its place."""
    with database.unit_of_work() as session:
        first, second = (
            issue(
                session, OPERATOR, a_paper(text(f"{n}"), edition=n), a_desk(), thing_id="x",
                case_id=None, now=NOON + timedelta(days=n),
            )
            for n in (1, 2)
        )  # fmt: skip
    return first, second


def test_a_paper_is_checked_by_hand_without_script_at_phone_width(
    chromium: Any, address: str, papers: tuple[Issued, Issued]
) -> None:
    seen = Watched(chromium, address)
    page = seen.page

    page.goto(f"{address}/check")
    page.get_by_label("Check code").fill(grouped(papers[1].code).lower())
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="Genuine", exact=True).wait_for()
    page.get_by_text("2 March 2026").wait_for()
    page.get_by_label("Check code").fill("2222 2222 2222")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="Unknown").wait_for()

    assert not seen.is_too_wide()
    assert seen.troubles() == []
    assert all(one.startswith(address) for one in seen.asked)


@pytest.mark.parametrize("width", [360, 1200])
def test_no_answer_has_a_fault_a_reader_with_a_screen_reader_would_meet(
    chromium: Any, address: str, papers: tuple[Issued, Issued], width: int
) -> None:
    seen = Watched(chromium, address, width=width, scripts=True, bypass_csp=True)
    faults = {}

    for name, path in {
        "ask": "/check", "genuine": f"/check/{papers[1].code}",
        "superseded": f"/check/{papers[0].code}", "unknown": "/check/2222-2222-2222",
    }.items():  # fmt: skip
        seen.page.goto(address + path)
        found = Axe().run(seen.page).response["violations"]
        faults[name] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
        if os.environ.get("LOOK"):
            seen.page.screenshot(path=str(Path(os.environ["LOOK"]) / f"{name}-{width}.png"))

    assert faults == {name: [] for name in ("ask", "genuine", "superseded", "unknown")}
