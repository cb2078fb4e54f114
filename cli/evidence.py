"""`bid evidence`: take the evidence log out, and check such a file anywhere, without a database or a key."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.officer import operator
from cli.output import fail, say
from cli.proof_words import LOG_FAULTS
from transfers.rules.evidence_chain import Fault
from transfers.service.evidence_bundle import bundle_by_ref
from transfers.service.evidence_check import check
from transfers.service.evidence_export import export_lines, own_checkpoint

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The evidence log: what went to and came from other countries, word for word.",
)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="New file, one JSON object a line")],
) -> None:
    """Write the whole log with every token to a file that can be checked on any computer."""
    _require_new(file)
    with operator() as desk:
        count = _write(file, export_lines(desk.session, desk.actor, now=desk.now))
    say(f"{count} rows written to {file}")


@app.command()
def bundle(
    ref: Annotated[
        str, typer.Argument(help="Reference of the transfer, as both countries know it")
    ],
    *,
    out: Annotated[
        Path | None, typer.Option(help="New file; evidence-REF.jsonl here when left out")
    ] = None,
) -> None:
    """Write the evidence of one transfer: tokens, receipts, key statements, checkpoints; nothing a person wrote.

    `bid verify FILE` says what it proves, on any computer. The same state gives the same bytes.
    """
    file = out or Path(f"evidence-{ref}.jsonl")
    _require_new(file)
    with operator() as desk:
        lines = bundle_by_ref(desk.session, desk.actor, ref, now=desk.now)
        count = _write(file, lines)
    say(f"Evidence of {ref} in {file}, {count} rows of the log. Check it with: bid verify {file}")


@app.command()
def checkpoint(
    file: Annotated[Path | None, typer.Argument(help="New file; shown when left out")] = None,
) -> None:
    """Sign how long our log is and where it ends, for a partner to keep: it finds a log that is cut later.

    Every receipt of ours says the same; this is for partners we never had to sign a receipt for. The partner takes it
    with `bid exchange import`.
    """
    if file is not None:
        _require_new(file)
    with operator() as desk:
        text = own_checkpoint(desk.session, desk.actor, now=desk.now)
    if file is None:
        say(text)
        return
    file.write_text(text + "\n", encoding="ascii")
    say(f"Checkpoint in {file}. Give it to your partners: bid exchange import {file.name}")


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
    for name, fingerprint in verdict.anchors:
        say(f"  {name}  {' '.join(fingerprint)}")


def _require_new(file: Path) -> None:
    if file.exists():
        fail(f"{file} exists already; choose a new name.")
    if not file.absolute().parent.is_dir():
        fail(f"There is no folder {file.absolute().parent}. Make it first, or choose another.")


def _write(file: Path, lines: Iterable[str]) -> int:
    """Write a file for its owner's eyes and put it in place when it is whole; returns the rows in it."""
    partial = file.with_suffix(file.suffix + ".partial")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    count = 0
    with os.fdopen(os.open(partial, flags, 0o600), "w", encoding="utf-8", newline="\n") as out:
        for line in lines:
            out.write(line + "\n")
            count += line.startswith('{"row"')
    partial.replace(file)
    return count


def _sentence(fault: Fault, rows: int) -> str:
    why = LOG_FAULTS.get(fault.reason, fault.reason)
    return f"Row {fault.n} does not fit: {why}. {rows} rows form a chain."


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        yield from lines
