"""`bid case`: look at one case. Whoever looks signs in; the console opens no file by itself.

The operator of the machine is no caseworker: without signing in as somebody who may know of the
case there is nothing to see, and what is shown is codes and states, never words about a child.
"""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from cli.installation import open_installation
from cli.output import fail, say
from core.clock import utc_now

if TYPE_CHECKING:
    from cases.rules.waiting import Waiting
    from cases.service.files import CodedRow
    from cases.service.history import StepTaken
    from core.actors import Actor
    from core.db import Database

app = typer.Typer(help="Look at one case.", no_args_is_help=True, rich_markup_mode=None)
CONSOLE = "console"


@app.callback()
def case_group() -> None:
    """Look at one case. You sign in with name, password and code, or with BID_TOKEN."""


@app.command("show")
def show_case(
    child_code: Annotated[str, typer.Argument(help="The child code, as KQ7M-3RTX-9A.")],
    login: Annotated[
        str, typer.Option(help="Whose eyes; asked for when there is no BID_TOKEN.")
    ] = "",
) -> None:
    """Show state, priority, what the case waits for, and the steps it has taken."""
    from cases.rules.access import Level
    from cases.service import files, history
    from cases.service.procedure import read_waiting
    from core.accounts.errors import NotSignedIn
    from core.errors import NotThere

    database = open_installation()
    try:
        actor = _signed_in(database, login)
        with database.unit_of_work() as session:
            now = utc_now()
            case_id = files.id_of_code(session, actor, child_code, now=now)
            opened = files.open_file(session, actor, case_id, fields=(), now=now)
            waiting = read_waiting(session, actor, case_id, now=now)
            steps = (
                history.history_of(session, actor, case_id, now=now).steps
                if opened.level >= Level.SUMMARY
                else ()
            )
        _print(opened.row, waiting, steps)
    except NotSignedIn:
        fail("That did not let you in. Try again, or ask the administrator for a new token.")
    except NotThere:
        fail("There is no case with this code that you can open.")
    finally:
        database.dispose()


def _signed_in(database: "Database", login: str) -> "Actor":
    from core.accounts.authenticate import actor_of

    token = os.environ.get("BID_TOKEN")
    if token:
        with database.unit_of_work() as session:
            return actor_of(session, cookie=None, bearer=token, now=utc_now()).actor
    return _by_password(database, login or typer.prompt("Name"))


def _by_password(database: "Database", login: str) -> "Actor":
    from core.accounts import sign_in
    from core.accounts.errors import NotSignedIn

    password = typer.prompt("Password", hide_input=True)
    with database.unit_of_work() as session:
        ticket = sign_in.begin(
            session, login=login, password=password, address=CONSOLE, now=utc_now()
        )
    if isinstance(ticket, sign_in.Refused):
        raise NotSignedIn
    code = typer.prompt("Code")
    with database.unit_of_work() as session:
        done = sign_in.complete(
            session, ticket=ticket.token, code=code, address=CONSOLE, now=utc_now()
        )
    if isinstance(done, sign_in.Refused):
        raise NotSignedIn
    return _once(database, done.opened.cookie)


def _once(database: "Database", cookie: str) -> "Actor":
    """Take the actor of a session that ends with this command."""
    from core.accounts import sessions
    from core.accounts.authenticate import actor_of

    with database.unit_of_work() as session:
        actor = actor_of(session, cookie=cookie, bearer=None, now=utc_now()).actor
        sessions.end_by_cookie(session, cookie, why="signed_out", now=utc_now())
    return actor


def _print(row: "CodedRow", waiting: "Waiting", steps: "tuple[StepTaken, ...]") -> None:
    say(f"{row.child_code}   {row.state}   priority {row.priority}   office {row.office}")
    say(f"since {row.state_since:%Y-%m-%d %H:%M} UTC   opened {row.opened_at:%Y-%m-%d}")
    if row.detained:
        say("in detention")
    if row.merged_into:
        say("merged into another file; open that one")
    say(f"waits for: {waiting.name}" + (f" ({waiting.holder})" if waiting.holder else ""))
    for step in steps:
        say(f"  {step.n:>3}  {step.at:%Y-%m-%d %H:%M}  {step.transition:<16} {step.to_state}")
