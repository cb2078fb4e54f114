"""`bid guest`: people of offices abroad without an installation, and what they were given to read.

Officers prove who they are for every act. Links and codes are printed once and kept nowhere.
"""

from datetime import date, datetime
from typing import Annotated

import typer

from cli.officer import FromStdin, Login, officer
from cli.output import say
from transfers.rules.guests import Carrier, Verified
from transfers.service import guest_items, guest_links, guests
from transfers.service.guest_links import MadeLink
from transfers.service.guests import Identity

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="People of offices abroad that have no installation: who they are, what they may read.\n\n"
    "One officer proposes a person, another verifies them under a known number of the office. Then messages are "
    "given one by one: to an account, or by a one-time link whose code goes another way.",
)
Guest = Annotated[str, typer.Argument(help="Id as `bid guest list` shows it")]
Item = Annotated[str, typer.Argument(help="Id as `bid guest given` shows it")]
Transfer = Annotated[str, typer.Argument(help="Id of the transfer")]
Day = Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day")]


@app.command("list")
def list_all(login: Login = "", from_stdin: FromStdin = False) -> None:
    """Show everybody abroad who was proposed or verified."""
    with officer(login, from_stdin=from_stdin) as desk:
        found = guests.list_guests(desk.session, desk.actor, now=desk.now)
    for one in found:
        account = ", has an account" if one.has_account else ""
        say(
            f"{one.id}  {one.of_country}  {one.state}  until {one.ends_on}  "
            f"{one.identity.name}, {one.identity.office}{account}"
        )
    if not found:
        say("Nobody yet. `bid guest propose` begins.")


@app.command()
def propose(  # noqa: PLR0917  every option has a name at the console
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
) -> None:
    """Propose a person; a colleague of yours verifies them."""
    identity = Identity(name, office, post, phone, number_from)
    with officer(login, from_stdin=from_stdin) as desk:
        made = guests.propose(
            desk.session, desk.actor, country, identity, ends_on=until.date(), now=desk.now
        )
    say(f"{made} is proposed. Another officer verifies with `bid guest verify {made}`.")


@app.command()
def verify(
    guest: Guest,
    how: Annotated[Verified, typer.Option(help="How you made sure of the person")],
    login: Login = "",
    from_stdin: FromStdin = False,
) -> None:
    """Say that you made sure of a person a colleague proposed."""
    with officer(login, from_stdin=from_stdin) as desk:
        guests.verify(desk.session, desk.actor, guest, how, now=desk.now)
    say(f"{guest} is verified.")


@app.command()
def end(guest: Guest, login: Login = "", from_stdin: FromStdin = False) -> None:
    """End a person at once: account, links and everything they could read."""
    with officer(login, from_stdin=from_stdin) as desk:
        guests.end(desk.session, desk.actor, guest, now=desk.now)
    say(f"{guest} can read nothing any more.")


@app.command()
def account(guest: Guest, login: Login = "", from_stdin: FromStdin = False) -> None:
    """Open the account of a person, or let them set it up anew after a lost phone or password."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guests.open_account(desk.session, desk.actor, guest, now=desk.now)
    say(f"Sign-in name: {made.login}")
    say(
        f"One-time text, until {made.invitation.ends_at:%Y-%m-%d %H:%M} UTC: {made.invitation.token}"
    )
    say("Give the two different ways. They are not shown again; the page is /guest/set-up.")


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
) -> None:
    """Let a person read one message."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guest_items.give(
            desk.session, desk.actor, transfer, guest_id=guest, message_id=message,
            view_only=not download, ends_on=until.date(), now=desk.now,
        )  # fmt: skip
    say(f"{made} is given. With an account they find it there; else `bid guest link {made}`.")


@app.command()
def given(transfer: Transfer, login: Login = "", from_stdin: FromStdin = False) -> None:
    """Show what was given of a transfer, and how far each person came."""
    with officer(login, from_stdin=from_stdin) as desk:
        found = guest_items.list_items(desk.session, desk.actor, transfer, now=desk.now)
    for one in found:
        seen = f"read {_day(one.viewed_at)}, says it came {_day(one.acknowledged_at)}"
        over = " – taken back" if one.ended_at else ""
        say(f"{one.id}  for {one.guest_id}  until {one.ends_on}  {seen}{over}")
    if not found:
        say("Nothing was given of this transfer.")


@app.command()
def link(
    item: Item,
    link_by: Annotated[Carrier, typer.Option(help="By which way the link travels")],
    code_by: Annotated[Carrier, typer.Option(help="By which other way the code travels")],
    login: Login = "",
    from_stdin: FromStdin = False,
) -> None:
    """Make a one-time link and its code; the link before it is worth nothing any more."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guest_links.make_link(
            desk.session, desk.actor, item, link_by=link_by, code_by=code_by, now=desk.now
        )
    say(f"Link, by {link_by}, until {made.ends_at:%Y-%m-%d %H:%M} UTC: /r/{made.secret}")
    _say_code(made, code_by)


@app.command()
def code(
    item: Item,
    code_by: Annotated[Carrier, typer.Option(help="By which way the code travels")],
    login: Login = "",
    from_stdin: FromStdin = False,
) -> None:
    """Make a new code for the link that is on its way."""
    with officer(login, from_stdin=from_stdin) as desk:
        made = guest_links.renew_code(desk.session, desk.actor, item, code_by=code_by, now=desk.now)
    _say_code(made, code_by)


@app.command("take-back")
def take_back(item: Item, login: Login = "", from_stdin: FromStdin = False) -> None:
    """Close an item for its reader at once, with its links."""
    with officer(login, from_stdin=from_stdin) as desk:
        guest_items.take_back(desk.session, desk.actor, item, now=desk.now)
    say(f"{item} is closed.")


def _say_code(made: MadeLink, code_by: Carrier) -> None:
    until = f"{made.code_ends_at:%Y-%m-%d %H:%M} UTC"
    say(f"Code, by {code_by}, until {until}: {made.code[:4]} {made.code[4:]}")
    say("Neither is shown again. Read a code out only to the number on record.")


def _day(moment: datetime | None) -> date | str:
    return "not yet" if moment is None else moment.date()
