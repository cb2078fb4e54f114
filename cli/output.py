"""How commands speak: plain sentences, problems on standard error, an exit code that scripts can trust."""

from typing import Literal, NoReturn, overload

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
