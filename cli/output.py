"""How commands speak: plain sentences, problems on standard error, an exit code that scripts can trust."""

import os
from pathlib import Path
from typing import BinaryIO, Literal, NoReturn, TextIO, overload

import typer


@overload
def fail(message: str, *, code: int = 1, stop: Literal[True] = True) -> NoReturn: ...
@overload
def fail(message: str, *, code: int = 1, stop: Literal[False]) -> None: ...
def fail(message: str, *, code: int = 1, stop: bool = True) -> None:
    """Say what is wrong and what to do; end with this exit code unless more is to be said."""
    typer.secho(message, err=True, fg=typer.colors.RED)
    if stop:
        raise typer.Exit(code)


def say(message: str) -> None:
    """Say one thing."""
    typer.echo(message)


def private_file(path: Path) -> TextIO:
    """Open a new text file that nobody else on this machine may read, whatever stood there before."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def private_bytes(path: Path) -> BinaryIO:
    """Make a new file that nobody else on this machine may read.

    Raises:
        FileExistsError: something stands there.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "wb")
