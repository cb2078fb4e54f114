"""People at the pages for accounts, in a real browser: signed in the way they do it, watched for anything it complains of."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI

from core.accounts import sessions, store
from core.actors import Grant
from core.db import Database
from tests.builders.accounts import PASSWORD, Known, named, someone
from tests.conftest import NOON

__all__ = ["named"]
WIDE, NARROW = 1200, 360
AGENT: Final = "Mozilla/5.0 (a desk in a test)"
SIDEWAYS: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PICTURES: Final = os.environ.get("BID_SCREENS", "")
REFUSAL: Final = "Failed to load resource: the server responded"


@dataclass
class Clock:
    """The clock of the installation, which a test may move."""

    app: FastAPI
    at: datetime = NOON

    def set(self, moment: datetime) -> None:
        """Let it be this moment."""
        self.at = moment
        self.app.state.clock = lambda: moment

    def pass_time(self, **by: int) -> None:
        """Let time go by."""
        self.set(self.at + timedelta(**by))


@dataclass
class Desk:
    """One person's browser."""

    page: Any
    address: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        """Open a page of ours."""
        answer = self.page.goto(self.address + path)
        assert answer.status < 500, path
        return answer

    def troubles(self) -> list[str]:
        """What the browser complained about; that an answer was a refusal is none."""
        return [one for one in self.said if not one.startswith(REFUSAL)]

    def strangers(self) -> list[str]:
        """Requests to anybody but us."""
        return [one for one in self.asked if not one.startswith((self.address, "data:"))]

    def is_too_wide(self) -> bool:
        """Whether somebody has to scroll sideways."""
        return bool(self.page.evaluate(SIDEWAYS) > 0)

    def press(self, name: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name).first.click()

    def heading(self, name: str) -> None:
        """Wait for a heading."""
        self.page.get_by_role("heading", name=name).first.wait_for()

    def sign_in(self, who: Known, clock: Clock) -> None:
        """Both steps, as a person does them."""
        self.page.get_by_label("Name you sign in with").fill(who.login)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Continue")
        self.page.get_by_label("Code").fill(who.code(clock.at))
        self.press("Sign in")

    def faults(self) -> list[str]:
        """What somebody with a screen reader would stumble over; keeps a picture where pictures are asked for."""
        if PICTURES:
            self._picture(Path(PICTURES))
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]

    def _picture(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^a-z0-9]+", "-", self.page.title().lower())[:60]
        width = self.page.viewport_size["width"]
        self.page.screenshot(path=str(folder / f"{name}{width}.png"), full_page=True)


def a_desk(
    chromium: Any,
    address: str,
    *,
    width: int = WIDE,
    scripts: bool = True,
    bypass_csp: bool = False,
) -> Desk:
    """A fresh browser window."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="en-GB",
        bypass_csp=bypass_csp, user_agent=AGENT,
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(5000)
    desk = Desk(page, address)
    page.on("console", lambda message: desk.said.append(message.text))
    page.on("pageerror", lambda error: desk.said.append(str(error)))
    page.on("dialog", lambda dialog: desk.said.append(dialog.message))
    page.on("request", lambda request: desk.asked.append(request.url))
    return desk


def seat(desk: Desk, database: Database, who: Known, clock: Clock) -> Desk:
    """Sign somebody in without the two steps, which have a test of their own."""
    with database.unit_of_work() as session:
        account = store.account(session, who.account_id)
        assert account is not None
        opened = sessions.open_session(session, account, device=AGENT, now=clock.at)
    desk.page.context.add_cookies([{"name": "bid", "value": opened.cookie, "url": desk.address}])
    return desk


def staff(
    database: Database, login: str, held: Iterable[Grant], person_id: str | None = None
) -> Known:
    """Somebody with an account, password and second factor."""
    with database.unit_of_work() as session:
        return someone(session, NOON, login, *held, person_id=person_id)
