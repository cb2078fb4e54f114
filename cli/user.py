"""People, their accounts, roles and tokens, from the console of the server.

Whoever may type here holds the keys of the installation, so these commands act as the operator: they keep accounts and
read no case. Passwords are typed or piped, never part of a command line. Every act is in the audit log.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import typer
from sqlmodel import Session

from cli.installation import open_installation, read_settings
from cli.output import fail, say
from cli.refusals import words_of
from core.accounts import grants, invitations, people, tokens
from core.accounts.people import AccountView, Contact
from core.accounts.system import operator_actor
from core.actors import Actor, Grant, Role, ScopeKind
from core.clock import utc_now
from core.errors import DomainError, NotThere
from panels.service.panels import require_panel

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="People, their accounts, roles and second factors.\n\n"
    "Begin with an administrator: `bid user add LOGIN --name NAME --role administrator`. It prints a one-time "
    "token; the person opens the account with it, chooses a password and sets up an authenticator app.",
)
token_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Tokens under which other systems call the API.",
)
app.add_typer(token_app, name="token")

PAGE: Final = 200
Login = Annotated[str, typer.Argument(help="Login name")]
RoleName = Annotated[Role, typer.Argument(help="Role, for example caseworker")]
Scope = Annotated[ScopeKind | None, typer.Option(help="How far it reaches; country when left out")]
Ref = Annotated[
    str, typer.Option(help="Place code of the office, id of the panel; nothing for own and country")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]


@dataclass(frozen=True)
class Console:
    """One unit of work at the console."""

    session: Session
    actor: Actor
    now: datetime

    def account(self, login: str) -> str:
        """Return the id of the account with this login name."""
        try:
            return people.account_id_of(self.session, login, now=self.now)
        except NotThere:
            fail(f"There is no account {login}. `bid user list` shows all.")


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="Login name; asked for when left out")] = "",
    *,
    name: Annotated[str, typer.Option(help="The person's name; asked for when left out")] = "",
    email: Annotated[str, typer.Option(help="Where notices go")] = "",
    phone: Annotated[str, typer.Option(help="For calls back")] = "",
    same_person_as: Annotated[
        str, typer.Option(help="Login name of another account of the same person")
    ] = "",
    role: Annotated[Role | None, typer.Option(help="First role")] = None,
    scope: Scope = None,
    ref: Ref = "",
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Set the account up now; read the password from standard input"
        ),
    ] = False,
    ask_password: Annotated[
        bool, typer.Option("--ask-password", help="Set the account up now; ask for the password")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Open an account: with a one-time token to hand over, or set up at once with a password."""
    login = login or typer.prompt("Login name")
    if not same_person_as:
        name = name or typer.prompt("Name")
    password = _password(from_stdin=password_stdin, ask=ask_password)
    with _console() as console:
        person = _person_of(console, same_person_as) if same_person_as else None
        account_id = people.open_account(
            console.session,
            console.actor,
            login=login,
            contact=Contact(name, email, phone),
            person_id=person,
            now=console.now,
        )
        answer: dict[str, Any] = {"account_id": account_id, "login": people.login_of(login)}
        if role is not None:
            answer["grant_id"] = _give(console, account_id, _grant(console, role, scope, ref))
        answer |= _first_way_in(console, account_id, password)
    _show(answer, as_json=as_json)


@app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """List accounts with their state and roles."""
    found: list[AccountView] = []
    with _console() as console:
        while True:
            page = people.list_accounts(
                console.session,
                console.actor,
                after=found[-1].id if found else "",
                limit=PAGE,
                now=console.now,
            )
            found += page
            if len(page) < PAGE:
                break
    if as_json:
        say(json.dumps([_as_plain(account) for account in found], ensure_ascii=False))
        return
    for account in found:
        roles = ", ".join(_grant_text(item.grant) for item in account.grants) or "no role"
        say(f"{account.login}  {account.contact.name}  {account.state}  {roles}")
    if not found:
        say("No accounts yet. `bid user add LOGIN --role administrator` opens the first one.")


@app.command()
def grant(
    login: Login,
    role: RoleName,
    *,
    scope: Scope = None,
    ref: Ref = "",
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, UTC")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, UTC")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give an account a role; it counts from the next sign-in."""
    with _console() as console:
        wanted = _grant(console, role, scope, ref)
        grant_id = grants.give_role(
            console.session,
            console.actor,
            console.account(login),
            wanted,
            starts_at=_midnight(start),
            ends_at=_midnight(until, days=1),
            now=console.now,
        )
    _show({"login": login, "role": _grant_text(wanted), "grant_id": grant_id}, as_json=as_json)


@app.command("end-grant")
def end_grant(
    login: Login,
    role: RoleName,
    *,
    scope: Annotated[ScopeKind | None, typer.Option(help="Needed when it is held twice")] = None,
    ref: Ref = "",
    as_json: AsJson = False,
) -> None:
    """End a role at once; the account's sessions end with it."""
    with _console() as console:
        account_id = console.account(login)
        account = people.read_account(console.session, console.actor, account_id, now=console.now)
        wanted = _grant(console, role, scope, ref) if scope else None
        held = [i for i in account.grants if i.grant.role is role and wanted in {None, i.grant}]
        if len(held) != 1:
            fail(
                f"{login} holds {len(held)} such roles. `bid user list` shows them; "
                "name one with --scope and --ref."
            )
        grants.end_role(console.session, console.actor, account_id, held[0].id, now=console.now)
    _show({"login": login, "ended": _grant_text(held[0].grant)}, as_json=as_json)


@app.command()
def suspend(login: Login, as_json: AsJson = False) -> None:
    """Close an account at once: its sessions end and its tokens are revoked."""
    with _console() as console:
        account_id = console.account(login)
        revoked = people.suspend(console.session, console.actor, account_id, now=console.now)
    _show({"login": login, "state": "suspended", "tokens_revoked": revoked}, as_json=as_json)


@app.command()
def restore(login: Login, as_json: AsJson = False) -> None:
    """Let a suspended account sign in again."""
    with _console() as console:
        people.restore(console.session, console.actor, console.account(login), now=console.now)
    _show({"login": login, "state": "restored"}, as_json=as_json)


@app.command()
def invite(login: Login, as_json: AsJson = False) -> None:
    """Make a new one-time token for an account not set up yet; the earlier one stops working."""
    with _console() as console:
        made = invitations.invite(
            console.session, console.actor, console.account(login), now=console.now
        )
    _show(_invited(login, made), as_json=as_json)


@app.command("reset-second-factor")
def reset_second_factor(
    login: Login,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
    as_json: AsJson = False,
) -> None:
    """After a lost phone or a forgotten password: take both away and make a new one-time token."""
    if not yes:
        typer.confirm(f"End all sessions of {login}, and take password and app away?", abort=True)
    with _console() as console:
        made = invitations.reset(
            console.session, console.actor, console.account(login), now=console.now
        )
    _show(_invited(login, made), as_json=as_json)


@token_app.command("add")
def add_token(
    login: Annotated[str, typer.Argument(help="Who answers for the machine")],
    name: Annotated[str, typer.Argument(help="What people call the machine")],
    role: RoleName,
    *,
    scope: Scope = None,
    ref: Ref = "",
    days: Annotated[int, typer.Option(min=1, max=365, help="Good for so many days")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token; it may do no more than the person who answers for it, and is shown this once."""
    with _console() as console:
        made = tokens.make_token(
            console.session,
            console.actor,
            name=name,
            grants=[_grant(console, role, scope, ref)],
            ends_at=console.now + timedelta(days=days),
            answered_by=console.account(login),
            now=console.now,
        )
    shown = {"token_id": made.id, "token": made.token, "ends_at": made.ends_at.isoformat()}
    _show(shown, as_json=as_json)


@token_app.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """List tokens with what they may do and when they were last used."""
    with _console() as console:
        found: list[tokens.TokenView] = []
        while page := tokens.list_tokens(
            console.session,
            console.actor,
            after=found[-1].id if found else "",
            limit=PAGE,
            now=console.now,
        ):
            found += page
    rows = [
        {
            "token_id": item.id,
            "name": item.name,
            "roles": ", ".join(_grant_text(held) for held in item.grants),
            "ends_at": item.ends_at.isoformat(),
            "used_at": item.used_at.isoformat() if item.used_at else None,
            "state": "revoked" if item.revoked_at else "in use",
        }
        for item in found
    ]
    if as_json:
        say(json.dumps(rows))
        return
    for row in rows:
        say(f"{row['token_id']}  {row['name']}  {row['roles']}  {row['state']}")


@token_app.command("revoke")
def revoke_token(
    token_id: Annotated[str, typer.Argument(help="Id from `bid user token list`")],
    as_json: AsJson = False,
) -> None:
    """Make a token worthless at once."""
    with _console() as console:
        tokens.revoke_token(console.session, console.actor, token_id, now=console.now)
    _show({"token_id": token_id, "state": "revoked"}, as_json=as_json)


@contextmanager
def _console() -> Iterator[Console]:
    """Open the installation for one act of the operator; say a refusal in words and stop."""
    settings = read_settings()
    database = open_installation(settings)
    try:
        with database.unit_of_work() as session:
            yield Console(session, operator_actor(settings.country), utc_now())
    except DomainError as refusal:
        fail(words_of(refusal))
    finally:
        database.dispose()


def _password(*, from_stdin: bool, ask: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if ask:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None


def _first_way_in(console: Console, account_id: str, password: str | None) -> dict[str, Any]:
    if password is None:
        made = invitations.invite(console.session, console.actor, account_id, now=console.now)
        return {"invitation": made.token, "ends_at": made.ends_at.isoformat()}
    enrolment, codes = invitations.set_up_at_console(
        console.session, console.actor, account_id, password=password, now=console.now
    )
    return {"otpauth_uri": enrolment.uri, "recovery_codes": list(codes)}


def _person_of(console: Console, login: str) -> str:
    account_id = console.account(login)
    account = people.read_account(console.session, console.actor, account_id, now=console.now)
    return account.person_id


def _give(console: Console, account_id: str, wanted: Grant) -> str:
    return grants.give_role(console.session, console.actor, account_id, wanted, now=console.now)


def _grant(console: Console, role: Role, scope: ScopeKind | None, ref: str) -> Grant:
    """Read a role with its reach; without a scope it is the whole country."""
    kind = scope or ScopeKind.COUNTRY
    if kind is ScopeKind.PANEL:
        require_panel(console.session, ref, console.actor.country)
    return Grant(role, kind, console.actor.country if kind is ScopeKind.COUNTRY else ref)


def _grant_text(held: Grant) -> str:
    return " ".join(part for part in (held.role.value, held.scope.value, held.ref) if part)


def _midnight(day: datetime | None, *, days: int = 0) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC) + timedelta(days=days)


def _invited(login: str, made: invitations.Invitation) -> dict[str, Any]:
    return {"login": login, "invitation": made.token, "ends_at": made.ends_at.isoformat()}


def _as_plain(account: AccountView) -> dict[str, Any]:
    return {
        "account_id": account.id,
        "person_id": account.person_id,
        "login": account.login,
        "name": account.contact.name,
        "state": account.state,
        "grants": [_grant_text(item.grant) for item in account.grants],
    }


def _show(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print an answer: one line of JSON, or a line for each fact with a word on secrets."""
    if as_json:
        say(json.dumps(answer, ensure_ascii=False))
        return
    for key, value in answer.items():
        text = "\n  ".join(["", *value]) if isinstance(value, list) else str(value)
        say(f"{key.replace('_', ' ')}: {text}")
    if {"invitation", "token", "otpauth_uri"} & answer.keys():
        say("Hand this over in person or by a safe way: it is shown this once.")
    if "invitation" in answer:
        say("The person opens the account with the invitation: docs/api.md, Accounts.")
