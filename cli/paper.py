"""`bid paper`: official papers, from the console."""

from pathlib import Path
from typing import Annotated

import typer

from cli.officer import operator
from cli.output import fail, say
from core.clock import utc_now
from core.papers.codes import grouped, read_code
from core.papers.issuing import Standing, check
from core.papers.words import Words, words_in
from transfers.rules.answer_sheets import Doubt, Fault

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Official papers: whether one is genuine, and what a filled-in answer form says.",
)
SAID = {
    Standing.GENUINE: "Genuine. A {kind} dated {day} was issued here with this code, and it counts.",
    Standing.SUPERSEDED: (
        "Genuine, but no longer valid: a {kind} dated {day} was issued here with this code. A later "
        "one took its place, or what it says was changed, taken back or stopped."
    ),
    Standing.UNKNOWN: "Unknown. No paper with this code was issued here. Compare each sign.",
}

DOUBTS = {
    Fault.NOTHING_TICKED: "no answer is ticked.",
    Fault.SEVERAL_ANSWERS: "more than one answer is ticked.",
    Fault.SEVERAL_TICKED: "more than one box is ticked under {where}.",
    Fault.UNCLEAR_BOX: "{where} is neither clearly ticked nor clearly empty.",
    Fault.NOT_OF_THIS_ANSWER: "something under {where} does not go with the answer.",
    Fault.DATE_UNCLEAR: "{where} is not complete, or more than one figure is ticked in a row.",
    Fault.DATE_IS_NONE: "{where} that is ticked does not exist.",
}


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


@app.command("read")
def read_form(
    file: Annotated[
        Path, typer.Argument(help="Photograph or scan of a filled-in form: PDF, JPEG or PNG")
    ],
) -> None:
    """Read an answer form that came back on paper, on any computer, and say what it seems to say.

    Nothing is recorded or sent, and no database is opened: whether the form still counts, and whether it was answered
    before, only the installation knows that printed it. Bring it there on the page of the transfer.

    Exit codes: 0 read, nothing in doubt; 4 read, and a person must look at something; 3 not read; 2 used wrongly.
    """
    from api.problems.catalogue import gap_sentence, problem_of
    from core.errors import DomainError, Incomplete
    from core.papers.press import the_press
    from transfers.service.guest_answers import Paper
    from transfers.service.paper_scans import code_on, proposal_of, read_file

    if not file.is_file():
        fail(f"There is no file {file}.", code=2)
    try:
        found = read_file(Paper(file.name, file.read_bytes()), the_press(), None)
    except Incomplete as refusal:
        fail(" ".join(gap_sentence(gap) for gap in refusal.gaps), code=3)
    except DomainError as refusal:
        fail(f"{problem_of(refusal).title}. {problem_of(refusal).detail}", code=3)
    code = code_on(found.filled)
    say(
        f"Check code: {grouped(code)}"
        if code
        else "Check code: not read; compare it with the paper."
    )
    proposal = proposal_of(found.filled, now=utc_now())
    words = words_in("en")
    answer = words(f"answer.box.answer.{proposal.answer}") if proposal.answer else "not clear"
    say(f"Answer: {answer}")
    for field, options in proposal.values.items():
        ticked = ", ".join(words(f"answer.box.{field}.{one}") for one in options)
        say(f"{words(f'answer.head.{field}')}: {ticked}")
    if proposal.on is not None:
        say(f"Date: {words.day(proposal.on)}")
    for doubt in proposal.doubts:
        say(f"Look at the paper: {_doubt(words, doubt)}")
    say("Nothing was recorded. Names, remarks and signature are read by people only.")
    if proposal.doubts:
        raise typer.Exit(4)


def _doubt(words: Words, doubt: Doubt) -> str:
    where = "the date" if doubt.field == "date" else f"“{words(f'answer.head.{doubt.field}')}”"
    if not doubt.option:
        return DOUBTS[doubt.fault].format(where=where)
    box = words(f"answer.box.{doubt.field}.{doubt.option}")
    return DOUBTS[doubt.fault].format(where=f"“{box}” under {where}")
