"""`bid guest`: people of offices abroad without an installation, and what they were given to read.

Officers prove who they are for every act. Links and codes are printed once and kept nowhere.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from cli import guest_answers
from cli.officer import FromStdin, Login, officer
from cli.output import say
from cli.wall_clock import moment
from transfers.rules.guests import Carrier, Verified
from transfers.service import guest_items, guest_links, guests
from transfers.service.guest_links import MadeLink
from transfers.service.guests import Identity
from transfers.service.installation import name_if_any, own_row

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="People of offices abroad that have no installation: who they are, what they may read.\n\n"
    "One officer proposes a person, another verifies them under a known number of the office. Then messages are "
    "given one by one: to an account, or by a one-time link whose code goes another way.",
)
app.add_typer(guest_answers.answers, name="answers")
app.add_typer(guest_answers.papers, name="papers")
Guest = Annotated[str, typer.Argument(help="Id as `bid guest list` shows it")]
Item = Annotated[str, typer.Argument(help="Id as `bid guest given` shows it")]
Transfer = Annotated[str, typer.Argument(help="Id of the transfer")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]
Day = Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day")]


@app.command("list")
def list_all(*, login: Login = "", from_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    """Show everybody abroad who was proposed or verified."""
    with officer(login, from_stdin=from_stdin) as desk:
        found = guests.list_guests(desk.session, desk.actor, now=desk.now)
    lines = [
        f"{one.id}  {one.of_country}  {one.state}  until {one.ends_on}  {one.identity.name}, "
        f"{one.identity.office}{', has an account' if one.has_account else ''}"
        for one in found
    ] or ["Nobody yet. `bid guest propose` begins."]
    _show([asdict(one) for one in found], lines, as_json=as_json)


@app.command()
def propose(
    *,
    country: Annotated[str, typer.Option(help="Two capital letters of their country")],
    name: Annotated[str, typer.Option(help="Name of the person")],
    office: Annotated[str, typer.Option(help="Office they work at")],
    post: Annotated[str, typer.Option(help="What they are there")],
    phone: Annotated[str, typer.Option(help="Number of the office")],
    number_from: Annotated[
        str, typer.Option(help="Where that number comes from; never from the person")
    ],
    until: Day,
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Propose a person; a colleague of yours verifies them."""
    identity = Identity(name, office, post, phone, number_from)
    with officer(login, from_stdin=from_stdin) as desk:
        made = guests.propose(
            desk.session, desk.actor, country, identity, ends_on=until.date(), now=desk.now
        )
    line = f"{made} is proposed. Another officer verifies with `bid guest verify {made}`."
    _show({"id": made}, [line], as_json=as_json)


@app.command()
def verify(
    guest: Guest,
    *,
    how: Annotated[Verified, typer.Option(help="How you made sure of the person")],
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Say that you made sure of a person a colleague proposed."""
    with officer(login, from_stdin=from_stdin) as desk:
        guests.verify(desk.session, desk.actor, guest, how, now=desk.now)
    _show({"id": guest, "state": "verified"}, [f"{guest} is verified."], as_json=as_json)


@app.command()
def end(
    guest: Guest, *, login: Login = "", from_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """End a person at once: account, links and everything they could read."""
    with officer(login, from_stdin=from_stdin) as desk:
        guests.end(desk.session, desk.actor, guest, now=desk.now)
    line = f"{guest} can read nothing any more."
    _show({"id": guest, "state": "ended"}, [line], as_json=as_json)


@app.command()
def account(
    guest: Guest, *, login: Login = "", from_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """Open the account of a person, or let them set it up anew after a lost phone or password."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guests.open_account(desk.session, desk.actor, guest, now=desk.now)
    until = made.invitation.ends_at
    shown = {"login": made.login, "token": made.invitation.token, "ends_at": until}
    lines = [
        f"Sign-in name: {made.login}",
        f"One-time text, until {moment(until)}: {made.invitation.token}",
        "Give the two different ways. They are not shown again; the page is /guest/set-up.",
    ]
    _show(shown, lines, as_json=as_json)


@app.command()
def give(
    transfer: Transfer,
    guest: Annotated[str, typer.Option(help="Who")],
    message: Annotated[str, typer.Option(help="Which message; ours, and signed")],
    until: Day,
    *,
    download: Annotated[
        bool, typer.Option("--download", help="May be downloaded, not only read")
    ] = False,
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Let a person read one message."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guest_items.give(
            desk.session, desk.actor, transfer, guest_id=guest, message_id=message,
            view_only=not download, ends_on=until.date(), now=desk.now,
        )  # fmt: skip
    line = f"{made} is given. With an account they find it there; else `bid guest link {made}`."
    _show({"id": made}, [line], as_json=as_json)


@app.command()
def given(
    transfer: Transfer, *, login: Login = "", from_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """Show what was given of a transfer, and how far each person came."""
    with officer(login, from_stdin=from_stdin) as desk:
        found = guest_items.list_items(desk.session, desk.actor, transfer, now=desk.now)
    lines = [
        f"{one.id}  for {one.guest_id}  until {one.ends_on}  read {_day(one.viewed_at)}, "
        f"says it came {_day(one.acknowledged_at)}{' – taken back' if one.ended_at else ''}"
        for one in found
    ] or ["Nothing was given of this transfer."]
    _show([asdict(one) for one in found], lines, as_json=as_json)


@app.command()
def link(
    item: Item,
    *,
    link_by: Annotated[Carrier, typer.Option(help="By which way the link travels")],
    code_by: Annotated[Carrier, typer.Option(help="By which other way the code travels")],
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make a one-time link and its code; the link before it is worth nothing any more."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guest_links.make_link(
            desk.session, desk.actor, item, link_by=link_by, code_by=code_by, now=desk.now
        )
        ours = own_row(desk.session).base_url if name_if_any(desk.session) else None
    line = f"Link, by {link_by}, until {moment(made.ends_at)}: {ours or ''}/r/{made.secret}"
    _show(
        {"path": f"/r/{made.secret}", "code": made.code, "ends_at": made.ends_at},
        [line, *_code_lines(made, code_by)],
        as_json=as_json,
    )


@app.command()
def code(
    item: Item,
    *,
    code_by: Annotated[Carrier, typer.Option(help="By which way the code travels")],
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make a new code for the link that is on its way."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guest_links.renew_code(desk.session, desk.actor, item, code_by=code_by, now=desk.now)
    shown = {"code": made.code, "ends_at": made.code_ends_at}
    _show(shown, _code_lines(made, code_by), as_json=as_json)


@app.command("take-back")
def take_back(
    item: Item, *, login: Login = "", from_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """Close an item for its reader at once, with its links."""
    with officer(login, from_stdin=from_stdin) as desk:
        guest_items.take_back(desk.session, desk.actor, item, now=desk.now)
    _show({"id": item, "state": "ended"}, [f"{item} is closed."], as_json=as_json)


def _code_lines(made: MadeLink, code_by: Carrier) -> list[str]:
    return [
        f"Code, by {code_by}, until {moment(made.code_ends_at)}: {made.code[:4]} {made.code[4:]}",
        "Nothing of this is shown again. Read a code out only to the number on record.",
    ]


def _show(
    found: Mapping[str, Any] | list[dict[str, Any]], lines: Sequence[str], *, as_json: bool
) -> None:
    if as_json:
        say(json.dumps(found, default=str))
        return
    for line in lines:
        say(line)


def _day(at: datetime | None) -> str:
    return "not yet" if at is None else f"{at:%Y-%m-%d}"
