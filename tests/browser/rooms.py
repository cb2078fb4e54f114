"""A sitting with everybody at their own browser: the secretary at the laptop in the room, members at theirs."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from core.accounts import store as accounts
from core.accounts.grants import give_role
from core.accounts.tables import ACTIVE
from core.actors import Actor
from core.db import Database, Session
from tests.browser.desks import Clock, Desk, a_desk, named, seat
from tests.builders.accounts import OPERATOR, Known, an_invited_account
from tests.builders.sittings import STARTS, Court
from tests.conftest import NOON

NAMES = {
    "secretary": "Bwalya Mulenga", "chair": "Chipo Banda", "deputy": "Dalitso Phiri",
    "welfare": "Esther Zulu", "police": "Friday Tembo", "school": "Grace Lungu",
}  # fmt: skip
Begin = Callable[[Session], Court]


class Room:
    """A sitting with accounts for everybody who comes to it."""

    def __init__(self, app: FastAPI, database: Database, make: Begin) -> None:
        self.clock, self.database = Clock(app), database
        self.clock.set(STARTS)
        self.known: dict[str, Known] = {}
        with database.unit_of_work() as session:
            self.court = make(session)
            for name, actor in {"secretary": self.court.secretary, **self.court.people}.items():
                self.known[name] = self._account(session, name, actor)
        self.path = f"/desk/sittings/{self.court.sitting_id}"
        self.item = f"{self.path}/items/{self.court.item_id}"

    def _account(self, session: Session, name: str, actor: Actor) -> Known:
        """An account of a person who already sits on the panel."""
        named(session, actor.person_id, NAMES[name])
        who = an_invited_account(session, NOON, f"{name}.a", person_id=actor.person_id)
        account = accounts.account(session, who.account_id)
        assert account is not None
        account.state = ACTIVE
        for grant in actor.grants:
            give_role(session, OPERATOR, who.account_id, grant, now=NOON)
        return who

    def desk(self, chromium: Any, address: str, name: str, **look: Any) -> Desk:
        """One of them at a browser, signed in, with the screen of the item open."""
        desk = seat(a_desk(chromium, address, **look), self.database, self.known[name], self.clock)
        desk.go(self.item)
        return desk


def words_of(desk: Desk) -> str:
    return " ".join(desk.page.locator("main").inner_text().split())
