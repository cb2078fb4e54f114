"""People of a case at their browsers, at the moment a test is about."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from fastapi import FastAPI
from httpx2 import Response

from core.actors import Actor
from core.db import Database, Session
from tests.api.desks import Desks
from tests.builders.accounts import named
from tests.conftest import NOON

HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ACT: Final = re.compile(
    r'href="(/desk/cases/[^"]+/(?:acts/[^"]+|register|facts|report|assessments/[^"]+))"'
)
Seat = Callable[..., "Browser"]


def at(name: str, moment: datetime) -> dict[str, str]:
    """A moment as it is typed, by the clock in Lusaka."""
    local = moment + timedelta(hours=2)
    return {
        f"{name}-day": str(local.day), f"{name}-month": str(local.month),
        f"{name}-year": str(local.year), f"{name}-time": f"{local:%H:%M}",
    }  # fmt: skip


class Browser:
    """One person of a case at a browser."""

    def __init__(self, desks: Desks, database: Database, login: str, actor: Actor) -> None:
        with database.unit_of_work() as session:
            named(session, actor.person_id, "Bwalya Mulenga")
        seat = desks.holding(login, *actor.grants, person_id=actor.person_id)
        self.client = seat.client
        self.client.follow_redirects = False

    def acts(self, case_id: str) -> list[str]:
        """The acts the page of a case offers."""
        return list(dict.fromkeys(ACT.findall(self.client.get(f"/desk/cases/{case_id}").text)))

    def send(self, path: str, values: dict[str, str], **carried: str) -> Response:
        """Open a form, fill it in, send it."""
        page = dict(HIDDEN.findall(self.client.get(path).text))
        return self.client.post(path, data={**page, **values, **carried})


@pytest.fixture
def seat(app: FastAPI, database: Database) -> Seat:
    """Sits people down, at the moment that is given."""

    def sit(actor: Actor, moment: datetime = NOON) -> Browser:
        app.state.clock = lambda: moment
        return Browser(Desks(app, database, moment), database, f"p{actor.person_id[:6]}.a", actor)

    return sit


def within(database: Database, make: Callable[[Session], Any]) -> Any:
    """Do something in a unit of work of its own."""
    with database.unit_of_work() as session:
        return make(session)
