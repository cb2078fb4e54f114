"""A recipient at a browser that runs no script, as the pages are meant to work on an old telephone."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, Final

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from core.db import Database
from tests.builders.guests import Abroad
from tests.conftest import NOON
from transfers.service import guests

LOOKS_LIKE: Final = "Mozilla/5.0 (old telephone)"
GUESS: Final = "/r/" + "x" * 43


class Reader:
    """One browser with its cookies."""

    def __init__(self, app: FastAPI, database: Database, *, view_only: bool = True) -> None:
        self.app, self.database = app, database
        with database.unit_of_work() as session:
            self.abroad = Abroad(session)
            self.item = self.abroad.item(view_only=view_only)
        self.client = self.browser()

    def browser(self, device: str = LOOKS_LIKE) -> TestClient:
        """Another browser, on another device if its name differs."""
        return TestClient(self.app, headers={"user-agent": device}, follow_redirects=False)

    def link(self) -> tuple[str, str]:
        """A fresh link: its path and its code."""
        with self.database.unit_of_work() as session:
            self.abroad.session = session
            made = self.abroad.link(self.item)
        return f"/r/{made.secret}", made.code

    def send(self, path: str, values: dict[str, str], **headers: str) -> Response:
        """Send a form with the token of the page that was read last."""
        return self.client.post(path, data=values, headers=headers)

    def come(self) -> str:
        """Open a fresh link and return the token of forms."""
        path, code = self.link()
        answer = self.send(path, {"form_token": token_in(self.client.get(path)), "code": code})
        assert answer.status_code == 303, answer.text
        return token_in(self.client.get(answer.headers["location"]))

    @property
    def at(self) -> str:
        """The address of the item."""
        return f"/guest/items/{self.item}"

    def account(self) -> dict[str, str]:
        """What an officer hands over for an account."""
        with self.database.unit_of_work() as session:
            made = guests.open_account(
                session, self.abroad.office.second, self.abroad.guest_id, now=NOON
            )
        return {"login": made.login, "token": made.invitation.token}

    def pass_time(self, **by: int) -> None:
        """Let the clock of the installation go on."""
        moment = NOON + timedelta(**by)
        self.app.state.clock = lambda: moment


def token_in(page: Response) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page.text)
    assert found, page.text
    return found[1]


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Every page of recipients: method and path, as the application knows them."""
    found: list[tuple[str, str]] = []
    for router in _routers(app):
        found += [(method, route.path) for route in router for method in sorted(route.methods)]
    return found


def _routers(app: FastAPI) -> list[list[Any]]:
    from api import guest_item_pages, guest_pages

    del app
    return [list(guest_pages.router.routes), list(guest_item_pages.router.routes)]


class Marked(HTMLParser):
    """A page read as strictly as a checker of HTML would: what is open is closed, ids are used once, labels meet."""

    VOID: Final = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self, page: Response) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.faults: list[str] = []
        self.controls: dict[str, str] = {}
        self.labels: set[str] = set()
        self.headings: list[str] = []
        self.feed(page.text)
        self.close()
        twice = {one for one in self.ids if self.ids.count(one) > 1}
        self.faults += [f"id used twice: {one}" for one in sorted(twice)]
        self.faults += [f"nothing has the id {one}" for one in sorted(self.wanted - set(self.ids))]
        self.faults += [f"no label: {one}" for one in sorted(set(self.controls) - self.labels)]
        self.faults += [f"left open: {one}" for one in self.open]
        if self.headings.count("h1") != 1 or (
            self.headings[:1] != ["h1"] and "h2" not in self.headings
        ):
            self.faults.append(f"headings: {self.headings}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        has = {name: value or "" for name, value in attrs}
        if len(has) != len(attrs):
            self.faults.append(f"attribute twice in {tag}")
        self.faults += [
            f"{name} in {tag}" for name in has if name == "style" or name.startswith("on")
        ]
        self.ids += [has["id"]] if "id" in has else []
        self.wanted |= set(has.get("aria-describedby", "").split()) | (
            {has["for"]} if "for" in has else set()
        )
        self.labels |= {has["for"]} if tag == "label" else set()
        if tag in {"input", "select", "textarea"} and has.get("type") != "hidden":
            self.controls[has.get("id", f"{tag} without id")] = tag
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note what closes, in order."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"closes out of turn: {tag}")
