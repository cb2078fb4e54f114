"""Two requests at the same moment: one wins, the other is told; and all failures are counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlmodel import Session

from core.accounts import grants, sign_in
from core.accounts.sign_in import Refused, SignedIn, Ticket
from core.actors import Role
from core.db import Database
from core.errors import DomainError
from tests.builders.accounts import (
    DESK,
    OPERATOR,
    Known,
    an_invited_account,
    country_wide,
    first_step,
    someone,
)


def _at_once(database: Database, acts: list[Callable[[Session], object]]) -> list[object]:
    """Do the acts in units of work of their own, at the same moment."""
    ready = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> object:
        ready.wait()
        try:
            with database.unit_of_work() as session:
                return act(session)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _with_tickets(database: Database, now: datetime, number: int) -> tuple[Known, list[str]]:
    with database.unit_of_work() as session:
        who = someone(session, now)
        tickets = [first_step(session, who.login, now) for _ in range(number)]
    return who, [ticket.token for ticket in tickets if isinstance(ticket, Ticket)]


@pytest.mark.parametrize("kind", ["recovery", "totp"])
def test_a_code_used_by_four_at_once_lets_one_in(
    database: Database, now: datetime, kind: str
) -> None:
    who, tickets = _with_tickets(database, now, 4)
    code = who.recovery_codes[0] if kind == "recovery" else who.code(now)

    def use(token: str) -> Callable[[Session], object]:
        # from four places, so that only the code itself stands between them
        address = f"192.0.2.{len(token) + tickets.index(token)}"
        return lambda session: sign_in.complete(
            session, ticket=token, code=code, address=address, now=now
        )

    results = _at_once(database, [use(token) for token in tickets])

    assert sum(isinstance(result, SignedIn) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 3


def test_a_ticket_used_by_four_at_once_opens_one_session(database: Database, now: datetime) -> None:
    who, tickets = _with_tickets(database, now, 1)

    def use(code: str) -> Callable[[Session], object]:
        return lambda session: sign_in.complete(
            session, ticket=tickets[0], code=code, address=DESK, now=now
        )

    results = _at_once(database, [use(code) for code in who.recovery_codes[:4]])

    assert sum(isinstance(result, SignedIn) for result in results) == 1


def test_guesses_sent_at_once_are_counted_one_by_one(database: Database, now: datetime) -> None:
    with database.unit_of_work() as session:
        who = someone(session, now)

    def guess(session: Session) -> object:
        return first_step(session, who.login, now, password="wrong every time")

    results = _at_once(database, [guess] * 8)

    looked_at = [r for r in results if isinstance(r, Refused) and r.wait_seconds == 0]
    assert len(looked_at) == 4


def test_two_accounts_with_one_login_name_at_once(database: Database, now: datetime) -> None:
    with database.unit_of_work() as session:
        an_invited_account(session, now, "somebody")

    def open_one(session: Session) -> object:
        return an_invited_account(session, now, "t.zimba")

    results = _at_once(database, [open_one] * 3)

    assert sorted(type(result).__name__ for result in results) == [
        "Known", "LoginTaken", "LoginTaken",
    ]  # fmt: skip


def test_two_givers_cannot_together_give_roles_that_do_not_mix(
    database: Database, now: datetime
) -> None:
    with database.unit_of_work() as session:
        who = someone(session, now)

    def give(role: Role) -> Callable[[Session], object]:
        return lambda session: grants.give_role(
            session, OPERATOR, who.account_id, country_wide(role), now=now
        )

    results = _at_once(database, [give(Role.SECRETARIAT_HEAD), give(Role.DATA_PROTECTION)])

    assert sorted(type(result).__name__ for result in results) == ["RolesDoNotMix", "str"]


def test_a_refused_sign_in_is_counted_although_nobody_was_let_in(
    database: Database, now: datetime
) -> None:
    with database.unit_of_work() as session:
        who = someone(session, now)
    for _ in range(4):
        with database.unit_of_work() as session:
            first_step(session, who.login, now, password="wrong every time")

    with database.unit_of_work() as session:
        assert first_step(session, who.login, now) == Refused(wait_seconds=2)
