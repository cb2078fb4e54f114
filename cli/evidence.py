"""`bid evidence`: take the evidence log out, and check such a file anywhere, without a database or a key."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.officer import operator
from cli.output import fail, say
from transfers.rules.evidence_chain import Fault
from transfers.service.evidence_check import check
from transfers.service.evidence_export import export_lines

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The evidence log: what went to and came from other countries, word for word.",
)
WHY = {
    "missing": "it is not there, or not in its place",
    "does_not_follow": "it does not follow the row before",
    "changed": "it was changed",
    "token_missing": "the token it is about is not there",
    "token_changed": "the token beside it is another one",
    "not_genuine": "its token was not signed by a key that counted then",
    "receipt_of_nothing": "its receipt is about a token that is not there",
    "rewritten": "a checkpoint signed earlier knows another row here: the past was rewritten",
    "tail_missing": "the log was cut here: it was longer once",
    "word_not_genuine": "what it was to be held against was not signed by this installation",
    "unreadable": "the file is no export of an evidence log from here on",
}


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="New file, one JSON object a line")],
) -> None:
    """Write the whole log with every token to a file that can be checked on any computer."""
    if file.exists():
        fail(f"{file} exists already; choose a new name.")
    if not file.absolute().parent.is_dir():
        fail(f"There is no folder {file.absolute().parent}. Make it first, or choose another.")
    partial = file.with_suffix(file.suffix + ".partial")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    count = 0
    with operator() as desk:
        lines = export_lines(desk.session, desk.actor, now=desk.now)
        with os.fdopen(os.open(partial, flags, 0o600), "w", encoding="utf-8") as out:
            for line in lines:
                out.write(line + "\n")
                count += line.startswith('{"row"')
    partial.replace(file)
    say(f"{count} rows written to {file}")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A file made by `bid evidence export`")],
    *,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            help="Export of a partner, or its kept tokens, one a line; finds a cut tail. May be repeated."
        ),
    ] = None,
) -> None:
    """Check a log from its file alone and name the first row that does not fit. Exit code 0 only if all holds."""
    others = against or []
    for path in (file, *others):
        if not path.is_file():
            fail(f"There is no file {path}.")
    verdict = check(_lines(file), against=(line for path in others for line in _lines(path)))
    if verdict.fault is not None:
        fail(_sentence(verdict.fault, verdict.rows))
    say(
        f"{verdict.rows} rows of {verdict.installation} hold, with {verdict.tokens} tokens and {verdict.words} checks."
    )
    say(f"Head {verdict.rows}:{verdict.head}")
    say("It rests on these anchors; compare them with the fingerprints you know:")
    for name, fingerprint in sorted(verdict.anchors.items()):
        say(f"  {name}  {' '.join(fingerprint)}")


def _sentence(fault: Fault, rows: int) -> str:
    why = WHY.get(fault.reason, fault.reason)
    return f"Row {fault.n} does not fit: {why}. {rows} rows form a chain."


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        yield from lines
