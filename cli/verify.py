"""`bid verify`: what files prove, on any computer, without a database, settings or a key."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.x509 import Certificate

from cli.output import fail, say
from cli.proof_words import FORMS, LEADS, OUTCOMES, sentence
from core.clock import utc_now
from core.exchange.stamps import StampRefused, read_roots
from transfers.service.proofs import Finding, read_fingerprint
from transfers.service.proving import Proof, examine

WRONG_USE = 2


def verify(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Evidence of one transfer, an exported log, .bidx, .bidr, a key statement, a printed paper (PDF)",
            metavar="FILE...",
        ),
    ],
    *,
    fingerprint: Annotated[
        list[str] | None,
        typer.Option(help="Sixty digits you compared by telephone or letter. May be repeated."),
    ] = None,
    stamp_root: Annotated[
        list[Path] | None,
        typer.Option(help="Root certificates (PEM) of time-stamping authorities you trust."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for scripts")] = False,
) -> None:
    """Say what files prove, what they do not, and why. Works on any computer; nothing is changed or sent.

    Files given together are held against each other: the evidence of both countries, a log and what a partner kept,
    receipts and the key statement they were signed by. A printed paper is checked as a file, not from its print: for
    that there is the check code on it.

    Exit codes: 0 everything holds and every anchor was compared; 6 everything fits together, but not every anchor was
    compared with --fingerprint; 5 another anchor; 4 something that was there once is missing (gaps, a cut log);
    1 something was changed, forged, or contradicts the rest; 3 a file could not be read; 2 used wrongly.
    """
    heard = [_digits(text) for text in fingerprint or ()]
    roots = [root for path in stamp_root or () for root in _roots(path)]
    for path in paths:
        if not path.is_file():
            fail(f"There is no file {path}.", code=WRONG_USE)
    try:
        proof = examine(paths, heard, roots=roots, now=utc_now())
    except OSError as error:
        fail(f"{error.filename} could not be read.", code=3)
    if as_json:
        say(json.dumps(_plain(proof)))
    else:
        _tell(proof)
    raise typer.Exit(int(proof.outcome))


def _digits(text: str) -> str:
    digits = read_fingerprint(text)
    if digits is None:
        fail("A fingerprint has twelve groups of five digits. Nothing was checked.", code=WRONG_USE)
    return digits


def _roots(path: Path) -> list[Certificate]:
    try:
        return read_roots(path)
    except StampRefused:
        fail(f"There is no certificate in {path}. Nothing was checked.", code=WRONG_USE)


def _tell(proof: Proof) -> None:
    say(OUTCOMES[proof.outcome])
    for one in proof.files:
        say(f"{one.path}: {FORMS[one.form]}")
        _say_all(one.report.findings)
    if proof.together:
        say("The files beside each other")
        _say_all(proof.together)
    if proof.anchors:
        say("What it rests on")
        _say_all(proof.anchors)


def _say_all(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        say(f"  {LEADS[finding.weight]}: {sentence(finding)}")


def _plain(proof: Proof) -> dict[str, Any]:
    return {
        "outcome": proof.outcome.name.lower(),
        "exit_code": int(proof.outcome),
        "files": [
            {"file": str(one.path), "form": str(one.form), "findings": _listed(one.report.findings)}
            for one in proof.files
        ],
        "together": _listed(proof.together),
        "anchors": _listed(proof.anchors),
    }


def _listed(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [
        {
            "weight": str(one.weight), "code": one.code, "words": sentence(one),
            "facts": {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in one.facts.items()
            },
        }
        for one in findings
    ]  # fmt: skip
