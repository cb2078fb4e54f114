"""People at their browsers, signed in without the slow password hash: sign-in has tests of its own."""

from datetime import datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from core.accounts import grants, sessions, store
from core.accounts.tables import ACTIVE
from core.actors import Grant, Role
from core.db import Database
from tests.api.test_accounts_sign_in import Desk
from tests.builders.accounts import OPERATOR, an_invited_account, country_wide, in_office

OFFICE, OTHER_OFFICE = "ZM-07-LIV", "ZM-03-CHP"


class Desks:
    """Browsers of several people over one application."""

    def __init__(self, app: FastAPI, database: Database, now: datetime) -> None:
        self._app, self._database, self._now = app, database, now

    def of(self, login: str, role: Role, office: str | None = OFFICE) -> Desk:
        """Sit somebody down who holds a role over an office, or over the country."""
        return self.holding(login, in_office(role, office) if office else country_wide(role))

    def holding(self, login: str, *held: Grant, person_id: str | None = None) -> Desk:
        """Sit somebody down who holds these roles."""
        with self._database.unit_of_work() as session:
            who = an_invited_account(session, self._now, login, person_id=person_id)
            account = store.account(session, who.account_id)
            assert account is not None
            account.state = ACTIVE
            for grant in held:
                grants.give_role(session, OPERATOR, who.account_id, grant, now=self._now)
            opened = sessions.open_session(session, account, now=self._now)
        client = TestClient(self._app, raise_server_exceptions=False)
        client.cookies.set("bid", opened.cookie)
        return Desk(client, who, opened.csrf)


@pytest.fixture
def desks(app: FastAPI, database: Database, now: datetime) -> Desks:
    """Desks over this test's application."""
    return Desks(app, database, now)
