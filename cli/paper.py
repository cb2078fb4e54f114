"""`bid paper`: official papers, from the console."""

from typing import Annotated

import typer

from cli.officer import operator
from cli.output import fail, say
from core.papers.codes import grouped, read_code
from core.papers.issuing import Standing, check
from core.papers.words import words_in

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Official papers: whether one is genuine.",
)
SAID = {
    Standing.GENUINE: "Genuine. A {kind} dated {day} was issued here with this code, and it counts.",
    Standing.SUPERSEDED: (
        "Genuine, but no longer valid: a {kind} dated {day} was issued here with this code. A later "
        "one took its place, or what it says was changed, taken back or stopped."
    ),
    Standing.UNKNOWN: "Unknown. No paper with this code was issued here. Compare each sign.",
}


@app.callback()
def _group() -> None:
    """A group even with one command."""


@app.command("check")
def check_code(
    code: Annotated[str, typer.Argument(help="12 signs; dashes and case do not matter")],
) -> None:
    """Say of the code on a paper whether the paper is genuine, for somebody who telephones.

    Nothing about a child is said. Ask for what kind of paper it is and for its date, and compare both. Without this
    console anybody can ask the page that the paper names; `bid verify FILE.pdf` checks the file itself.

    Exit codes: 0 genuine; 4 superseded; 1 unknown.
    """
    with operator() as desk:
        found = check(desk.session, code)
    words = words_in("en")
    kind = words(f"kind.{found.kind}").lower() if found.kind else ""
    say(SAID[found.standing].format(kind=kind, day=words.day(found.dated_on)))
    if found.standing is Standing.GENUINE:
        return
    known = read_code(code)
    if known is None:
        fail("It is no code: one sign is wrong, or some are missing.")
    say(f"Code read: {grouped(known)}")
    raise typer.Exit(4 if found.standing is Standing.SUPERSEDED else 1)
