"""Pages on a bad line: 50 kbit/s and 800 ms for each round trip. What is first useful comes within fifteen seconds."""

import re
import time
from typing import Any

import pytest
from fastapi import FastAPI

from core.actors import Role
from core.db import Database
from tests.browser.desks import Clock, Desk, a_desk, seat, staff
from tests.browser.test_desk_answer_forms import Post
from tests.builders.accounts import country_wide, in_office
from tests.builders.cases import a_registered_case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
BYTES_A_SECOND = 50_000 // 8
ROUND_TRIP = 0.8
MOST_SECONDS = 15.0
FIRST_VISIT = 60_000
LATER_VISIT = 40_000
HANDSHAKE = 3  # round trips before the first request of a visit: name, line, seal
LOST = 0.05  # of what is sent, and sent again
MOST_PAGES = 30
LINK = re.compile(r'href="(/desk[^"#?]*)')
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Weighed:
    """What travels for a page, as the browser counts it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.line = desk.page.context.new_cdp_session(desk.page)
        self.sizes: list[float] = []
        self.line.send("Network.enable")
        self.line.on(
            "Network.loadingFinished", lambda one: self.sizes.append(one["encodedDataLength"])
        )

    def slow(self) -> None:
        """Let the line be as bad as in the worst offices; the protocol of the browser knows no loss for pages."""
        self.line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False, "latency": ROUND_TRIP * 1000,
                "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND,
            },
        )  # fmt: skip

    def open(self, path: str) -> tuple[int, int]:
        """Open a page and return bytes and requests."""
        self.sizes.clear()
        self.desk.go(path)
        self.desk.page.wait_for_load_state("load")
        return int(sum(self.sizes)), len(self.sizes)


def on_a_bad_line(size: int, requests: int, *, is_first: bool) -> float:
    """Return the seconds until everything of a page is there, each request after the other."""
    trips = requests + (HANDSHAKE if is_first else 0)
    return (trips * ROUND_TRIP + size / BYTES_A_SECOND) * (1 + LOST)


def _worker(app: FastAPI, database: Database) -> Any:
    del app
    with database.unit_of_work() as session:
        a_registered_case(session)
    roles = (Role.SECRETARIAT, Role.SECRETARIAT_HEAD)
    return staff(database, "w.phiri", [in_office(Role.CASEWORKER), *map(country_wide, roles)])


def test_every_page_that_a_link_leads_to_keeps_to_its_weight(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    clock, post = Clock(app), Post(app, database)
    desk = seat(a_desk(chromium, address), database, _worker(app, database), clock)
    weighed = Weighed(desk)
    waiting, kinds, heavy = (
        ["/desk", post.at, f"{post.at}/answer-forms"],
        set[str](),
        dict[str, tuple[int, float]](),
    )

    while waiting and len(kinds) < MOST_PAGES:
        path = waiting.pop(0)
        kind = ID.sub("*", path)
        if kind in kinds or "/papers/" in path:
            continue
        is_first = not kinds
        kinds.add(kind)
        size, requests = weighed.open(path)
        seconds = on_a_bad_line(size, requests, is_first=is_first)
        if size > (FIRST_VISIT if is_first else LATER_VISIT) or seconds > MOST_SECONDS:
            heavy[kind] = (size, round(seconds, 1))
        waiting += LINK.findall(desk.page.content())

    assert len(kinds) > 8
    assert heavy == {}
    assert desk.troubles() == []


def test_a_first_visit_and_a_later_page_are_useful_within_fifteen_seconds_on_a_real_bad_line(
    chromium: Any, address: str, app: FastAPI, database: Database
) -> None:
    clock, post = Clock(app), Post(app, database)
    desk = seat(a_desk(chromium, address), database, post.who, clock)
    desk.page.set_default_timeout(30_000)
    weighed = Weighed(desk)
    weighed.slow()
    taken = {}

    for path, heading in (("/desk", "My work today"), (post.at, "From Zambia to Namibia")):
        began = time.monotonic()
        desk.page.goto(address + path, wait_until="commit")
        desk.heading(heading)
        taken[path] = time.monotonic() - began

    assert max(taken.values()) < MOST_SECONDS
    assert min(taken.values()) > ROUND_TRIP
    assert desk.troubles() == []
