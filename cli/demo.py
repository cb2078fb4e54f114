"""`bid demo`: a fictional border province takes its children through the procedure, through the API alone."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from cli.output import fail

FEWEST: Final = 12  # with fewer not every story is told
MOST: Final = 400
CHILDREN: Final = 24  # two months of twelve cases discussed a month (DOM-8)
Count = Annotated[int, typer.Option(min=FEWEST, max=MOST, help="How many children.")]
Folder = Annotated[
    Path | None, typer.Option("--data", help="New folder to keep; a temporary one when left out.")
]


def demo(
    children: Count = CHILDREN,
    data: Folder = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON only.")
    ] = False,
    serve: Annotated[
        bool | None, typer.Option("--serve/--no-serve", help="Keep serving; asked when left out.")
    ] = None,
) -> None:
    """Build a fictional province and take its children through the procedure.

    Everything happens through the public API, in simulated time, with Prefect carrying the procedure. The exit
    code is 1 if a case does not reach its end, or if something that must be refused goes through.
    """
    from cli.province import run, summary, tables
    from cli.province.refusals import NotRefused, Refused
    from cli.province.world import Astray

    folder = _folder(data)
    screen = Console(stderr=True)
    began = time.monotonic()
    with _bar(screen) as bar:
        task = bar.add_task("Setting up", total=None)
        world = run.open_world(
            folder,
            lambda label, done, total: bar.update(
                task, description=label, completed=done, total=total
            ),
        )
        try:
            run.play(world, folder, children)
            found = summary.of(world, folder, seconds=time.monotonic() - began)
        except (Astray, NotRefused, Refused) as error:
            world.service.stop()
            fail(f"The demo failed. {error}\nIts data are in {folder}.")
        except BaseException:
            world.service.stop()
            raise
    _print(found, as_json=as_json)
    if not as_json:
        tables.where_to_look(Console(), found, summary.sign_in(world))
    _end(world, keep=_keeps_serving(serve, as_json=as_json))
    if not found["audit"]["holds"]:
        fail("The audit log does not hold.")


def _folder(data: Path | None) -> Path:
    if data is None:
        return Path(tempfile.mkdtemp(prefix="bid-demo-"))
    if data.exists() and any(data.iterdir()):
        fail(f"{data} is not empty; choose a new folder.", code=2)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return data.resolve()


def _bar(screen: Console) -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        console=screen, transient=True, disable=not screen.is_terminal,
    )  # fmt: skip


def _print(found: dict[str, object], *, as_json: bool) -> None:
    from cli.province import tables

    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        tables.show(Console(), found)


def _keeps_serving(serve: bool | None, *, as_json: bool) -> bool:
    if serve is not None:
        return serve
    if as_json or not sys.stdin.isatty():
        return False
    return typer.confirm("Keep serving, so that you can look around?", default=True)


def _end(world: object, *, keep: bool) -> None:
    from cli.province.world import World

    if not isinstance(world, World):
        raise TypeError
    try:
        if keep:
            world.clock.come_home()
            typer.echo(f"Serving on {world.line.address} until you press Ctrl-C.")
            world.service.join()
    except KeyboardInterrupt:
        typer.echo("Ending.")
    finally:
        world.line.close()
        world.service.stop()
