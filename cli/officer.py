"""An officer at the console: proves who they are as at a browser, for one act.

Whoever may type at the server could otherwise be both officers at once. Password and code are typed or piped, never
part of a command line. Source: EXP-3.3, EXP-10.1.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, NoReturn

import typer
from sqlmodel import Session

from cli.installation import open_installation, read_settings
from cli.output import fail
from cli.refusals import words_of
from core.accounts import sessions, sign_in
from core.accounts.sign_in import Refused, SignedIn, Ticket
from core.accounts.system import operator_actor
from core.actors import Actor
from core.clock import utc_now
from core.db import Database
from core.errors import DomainError

ADDRESS: Final = "127.0.0.1"
Login = Annotated[
    str, typer.Option("--as", help="Login name of the officer; asked for when left out")
]
FromStdin = Annotated[
    bool,
    typer.Option("--secrets-stdin", help="Read password and code from standard input, a line each"),
]


@dataclass(frozen=True)
class Desk:
    """One unit of work of a person."""

    session: Session
    actor: Actor
    now: datetime


@contextmanager
def officer(login: str, *, from_stdin: bool) -> Iterator[Desk]:
    """Sign an officer in, give one unit of work, and sign them out; a refusal is said in words and ends the command."""
    database = open_installation(read_settings())
    cookie = ""
    try:
        cookie = _signed_in(database, login, from_stdin=from_stdin)
        with database.unit_of_work() as session:
            now = utc_now()
            yield Desk(session, sign_in.actor_for_session(session, cookie, now=now), now)
    except DomainError as refusal:
        fail(words_of(refusal))
    finally:
        if cookie:
            with database.unit_of_work() as session:
                sessions.end_by_cookie(session, cookie, why="signed_out", now=utc_now())
        database.dispose()


@contextmanager
def operator() -> Iterator[Desk]:
    """Give one unit of work of whoever keeps this installation; a refusal is said in words and ends the command."""
    settings = read_settings()
    database = open_installation(settings)
    try:
        with database.unit_of_work() as session:
            yield Desk(session, operator_actor(settings.country), utc_now())
    except DomainError as refusal:
        fail(words_of(refusal))
    finally:
        database.dispose()


def _signed_in(database: Database, login: str, *, from_stdin: bool) -> str:
    login = login or typer.prompt("Login name")
    password, code = _secrets(from_stdin=from_stdin)
    with database.unit_of_work() as session:
        first = sign_in.begin(
            session, login=login, password=password, address=ADDRESS, now=utc_now()
        )
    if isinstance(first, Refused):
        _not_let_in(first)
    with database.unit_of_work() as session:
        second = _complete(session, first, code)
    if isinstance(second, Refused):
        _not_let_in(second)
    return second.opened.cookie


def _complete(session: Session, ticket: Ticket, code: str) -> SignedIn | Refused:
    return sign_in.complete(session, ticket=ticket.token, code=code, address=ADDRESS, now=utc_now())


def _not_let_in(refused: Refused) -> NoReturn:
    wait = (
        f" The next try counts in {refused.wait_seconds} seconds." if refused.wait_seconds else ""
    )
    fail(f"That did not work. Check name, password and code, and try again with a new code.{wait}")


def _secrets(*, from_stdin: bool) -> tuple[str, str]:
    if from_stdin:
        lines = [sys.stdin.readline().rstrip("\r\n") for _ in ("password", "code")]
        return lines[0], lines[1]
    password = str(typer.prompt("Password", hide_input=True))
    return password, str(typer.prompt("Code of the authenticator app"))
