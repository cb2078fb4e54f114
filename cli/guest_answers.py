"""`bid guest answers` and `bid guest papers`: what recipients abroad sent back, looked at by officers.

An answer is what the recipient states. It changes nothing before an officer confirms it who neither gave the recipient
the message nor was shown what lets one in as the recipient.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.installation import read_settings
from cli.officer import FromStdin, Login, officer
from cli.output import fail, private_bytes, say
from transfers.rules.guests import SetAside
from transfers.service import guest_review
from transfers.service.guest_review import PaperView

answers = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Answers of recipients abroad: read them, then confirm each into the record or set it aside.\n\n"
    "`bid guest answers list` first; whoever gave the message, its link or account does not confirm.",
)
papers = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Papers recipients abroad sent: open each, then say whether it belongs to the transfer.",
)
Answer = Annotated[str, typer.Argument(help="Id as `bid guest answers list` shows it")]
PaperId = Annotated[str, typer.Argument(help="Id as `bid guest answers list` shows it")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer for scripts")]


@answers.command("list")
def list_waiting(
    *, login: Login = "", from_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """Show what came and nobody has looked at, answers word for word; reading is on record."""
    with officer(login, from_stdin=from_stdin) as desk:
        found = guest_review.list_waiting(desk.session, desk.actor, now=desk.now)
    if as_json:
        say(json.dumps(asdict(found), default=str))
        return
    for one in found.answers:
        say(f"{one.id}  {one.type}  transfer {one.transfer_id}  came {one.came_at:%Y-%m-%d}")
        for name, value in one.body.items():
            say(f"    {name}: {_plain(value)}")
    for paper in found.papers:
        say(_line(paper))
    if not (found.answers or found.papers):
        say("Nothing waits.")


@answers.command()
def confirm(
    answer: Answer, *, login: Login = "", from_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """Take an answer into the record, as a letter is taken in."""
    with officer(login, from_stdin=from_stdin) as desk:
        state = guest_review.confirm(desk.session, desk.actor, answer, now=desk.now)
    _said({"id": answer, "state": state}, f"Confirmed. The transfer stands at: {state}.", as_json)


@answers.command("set-aside")
def set_aside(
    answer: Answer,
    *,
    why: Annotated[SetAside, typer.Option(help="Why it does not go into the record")],
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Note that an answer does not go into the record; it is kept."""
    with officer(login, from_stdin=from_stdin) as desk:
        guest_review.set_aside(desk.session, desk.actor, answer, why, now=desk.now)
    _said({"id": answer, "state": "set_aside"}, f"{answer} is set aside, and kept.", as_json)


@papers.command("list")
def list_papers(
    transfer: Annotated[str, typer.Argument(help="Id of the transfer")],
    *,
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Show every paper that came for a transfer, settled ones too."""
    with officer(login, from_stdin=from_stdin) as desk:
        found = list(guest_review.papers_of(desk.session, desk.actor, transfer, now=desk.now))
    if as_json:
        say(json.dumps([asdict(one) for one in found], default=str))
        return
    for one in found:
        say(_line(one))
    if not found:
        say("No paper came for this transfer.")


@papers.command("open")
def open_paper(
    paper: PaperId,
    to: Annotated[Path, typer.Option(help="New file; only you can read it")],
    *,
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Write a paper to a file. It is from a stranger: open it on a computer that may be harmed."""
    if to.exists():
        fail(f"{to} is there already. Choose another name.")
    folder = read_settings().files_dir
    with officer(login, from_stdin=from_stdin) as desk:
        found = guest_review.open_paper(
            desk.session, desk.actor, paper, folder=folder, now=desk.now
        )
    try:
        with private_bytes(to) as file:
            for piece in found.pieces:
                file.write(piece)
    except OSError as error:
        fail(f"{to} cannot be written: {error.strerror}.")
    _said(
        {"id": paper, "media": found.media, "size": found.size, "file": str(to)},
        f"{found.size} bytes of {found.media} are in {to}. Destroy the file when you have read it.",
        as_json,
    )


@papers.command()
def settle(
    paper: PaperId,
    *,
    belongs: Annotated[
        bool, typer.Option("--keep/--set-aside", help="Whether it belongs to the transfer")
    ],
    login: Login = "",
    from_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Say that you looked at a paper; it is kept either way."""
    with officer(login, from_stdin=from_stdin) as desk:
        guest_review.settle_paper(desk.session, desk.actor, paper, is_kept=belongs, now=desk.now)
    state = "confirmed" if belongs else "set_aside"
    _said({"id": paper, "state": state}, f"{paper} is settled.", as_json)


def _line(one: PaperView) -> str:
    return (
        f"{one.id}  paper “{one.name}”  {one.media}, {one.size} bytes  transfer {one.transfer_id}  "
        f"came {one.came_at:%Y-%m-%d}  {one.state}"
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _said(found: dict[str, Any], line: str, as_json: bool) -> None:
    say(json.dumps(found, default=str) if as_json else line)
