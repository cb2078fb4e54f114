"""People of a panel at browsers that run no script, signed in without the slow password hash."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

from fastapi import FastAPI
from httpx2 import Response

from core.actors import Actor
from core.db import Database, Session
from core.ids import new_id
from tests.api.desks import Desks
from tests.browser.desks import named
from tests.browser.rooms import NAMES
from tests.builders.sittings import Court
from tests.conftest import NOON

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


class Panel:
    """A panel with its people, each at a browser of their own; any of them may be asked for again."""

    def __init__(self, app: FastAPI, database: Database, make: Callable[[Session], Court]) -> None:
        self._app, self.database = app, database
        self.at(NOON)
        with database.unit_of_work() as session:
            self.court = make(session)
            for name, actor in {"secretary": self.court.secretary, **self.court.people}.items():
                named(session, actor.person_id, NAMES.get(name, name))

    def at(self, moment: datetime) -> None:
        """Let it be this moment; everybody signs in anew."""
        self._app.state.clock = lambda: moment
        self._desks = Desks(self._app, self.database, moment)
        self._known: dict[str, Seat] = {}

    def __getitem__(self, name: str) -> "Seat":
        """Sit one of them down."""
        if name not in self._known:
            who = self.court.secretary if name == "secretary" else self.court.people[name]
            self._known[name] = self.of(name, who)
        return self._known[name]

    def of(self, login: str, actor: Actor) -> "Seat":
        """Sit somebody down who holds what an actor of the builders holds."""
        desk = self._desks.holding(
            f"{login}.{new_id()[:6]}", *actor.grants, person_id=actor.person_id
        )
        desk.client.follow_redirects = False
        return Seat(desk.client)


class Seat:
    """One browser."""

    def __init__(self, client: object) -> None:
        self.client = client

    def get(self, path: str) -> Response:
        """Open a page."""
        return self.client.get(path)  # type: ignore[attr-defined,no-any-return]

    def read(self, path: str) -> str:
        """Open a page and return what a person reads in its main part."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, words_in(answer))
        return words_in(answer)

    def send(self, path: str, page: str = "", **values: str) -> Response:
        """Send a form of a page (its own address when no other is named)."""
        found = TOKEN.search(self.get(page or path).text)
        assert found, page or path
        sent = {"form_token": found[1], **values}
        return self.client.post(path, data=sent)  # type: ignore[attr-defined,no-any-return]

    def done(self, path: str, page: str = "", **values: str) -> str:
        """Send a form that is expected to be carried out; return where it leads."""
        answer = self.send(path, page, **values)
        assert answer.status_code == 303, (path, values, words_in(answer))
        return str(answer.headers["location"])


def words_in(answer: Response) -> str:
    """The main part of a page as people read it."""
    found = MAIN.search(answer.text)
    return " ".join(unescape(TAG.sub(" ", found[0] if found else answer.text)).split())


def field_of(page: Response, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def day(name: str, on: object) -> dict[str, str]:
    """A day as it is written in the three fields of a form."""
    parts = {"day": on.day, "month": on.month, "year": on.year}  # type: ignore[attr-defined]
    return {f"{name}-{part}": str(value) for part, value in parts.items()}
