"""The anchor at the console: written once to removable media, opened for one statement, never kept here."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from api.problems.catalogue import gap_sentence
from cli.output import fail
from core.accounts import passwords
from core.exchange.anchor_file import STRONG, open_anchor, seal_anchor
from core.exchange.errors import CannotOpen
from core.exchange.keys import SigningKey

LARGEST: Final = 64 * 1024
EFFORT = STRONG
AnchorFile = Annotated[
    Path, typer.Option("--anchor-file", help="The anchor of this installation, from its safe")
]
FromStdin = Annotated[
    bool, typer.Option("--passphrase-stdin", help="Read the passphrase from standard input")
]


def write_anchor(file: Path, anchor: SigningKey, installation: str, *, from_stdin: bool) -> None:
    """Write a new anchor to a file that nobody has yet; say why and stop when that cannot be."""
    if file.exists():
        fail(
            f"{file} exists already. An anchor is never written over another file; choose a new name."
        )
    if not file.absolute().parent.is_dir():
        fail(f"There is no folder {file.absolute().parent}. Make it first, or choose another.")
    passphrase = _passphrase(from_stdin=from_stdin, confirm=True)
    weak = passwords.judge(passphrase, login=installation)
    if not weak.is_possible:
        fail("\n".join(gap_sentence(gap) for gap in weak.gaps))
    text = seal_anchor(anchor, passphrase, installation=installation, effort=EFFORT)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def read_anchor(file: Path, installation: str, *, from_stdin: bool) -> SigningKey:
    """Open the anchor with its passphrase; say why and stop when it does not open."""
    if not file.is_file() or file.stat().st_size > LARGEST:
        fail(f"{file} is no anchor file. Bring the one that `bid partner init` wrote.")
    passphrase = _passphrase(from_stdin=from_stdin, confirm=False)
    try:
        return open_anchor(file.read_bytes(), passphrase, installation=installation)
    except CannotOpen:
        fail(
            f"The anchor in {file} does not open: another passphrase, another installation, or a damaged file. "
            "Nothing was changed."
        )


def _passphrase(*, from_stdin: bool, confirm: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(
        typer.prompt("Passphrase of the anchor", hide_input=True, confirmation_prompt=confirm)
    )
