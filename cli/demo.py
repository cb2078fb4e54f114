"""`bid demo`: a fictional border province takes its children through the procedure, through the API alone."""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from cli.output import fail

if TYPE_CHECKING:
    from cli.province.run import Demo

FEWEST: Final = 15  # with fewer not every story is told
MOST: Final = 400
CHILDREN: Final = (
    FEWEST  # every story once; more children only repeat what a small machine has shown
)
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
        bool | None,
        typer.Option("--serve/--no-serve", help="Keep serving; asked at a terminal when left out."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the data of a finished demo where they are.")
    ] = False,
) -> None:
    """Build a fictional province and take its children through the procedure, some of them across a border.

    Everything happens through the public API, in simulated time, with Prefect carrying the procedure; a second
    country runs an installation of its own. The exit code is 1 if a case does not reach its end, if something that
    must be refused goes through, or if a log does not hold. Data of a finished demo are removed unless --keep or
    --data names a place for them.
    """
    from cli.province import run, summary, tables
    from cli.province.refusals import NotRefused, Refused
    from cli.province.world import Astray

    folder = _folder(data)
    screen = Console(stderr=True)
    began = time.monotonic()
    with _bar(screen) as bar:
        task = bar.add_task("Setting up", total=None)
        running = run.open_demo(
            folder,
            lambda label, done, total: bar.update(
                task, description=label, completed=done, total=total
            ),
        )
        try:
            run.play(running, children)
            found = summary.of(running, seconds=time.monotonic() - began)
        except (Astray, NotRefused, Refused) as error:
            running.stop()
            fail(f"The demo failed. {error}\nIts data are in {folder}.")
        except KeyboardInterrupt:
            running.stop()
            _leave(folder, is_ours=data is None, keep=keep, as_json=as_json)
            raise
        except BaseException:
            running.stop()
            raise
    found["data"] = str(folder) if keep or data is not None else None
    _print(found, as_json=as_json)
    if _keeps_serving(serve, as_json=as_json):
        person = summary.sign_in(running.world)
        tables.where_to_look(Console(), folder, running.world.line.address, person)
        _serve(running)
    running.stop()
    _leave(folder, is_ours=data is None, keep=keep, as_json=as_json)
    if not summary.holds(found):
        fail("A log does not hold, or two countries do not agree; see above.")


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


def _serve(running: "Demo") -> None:
    try:
        running.world.clock.come_home()
        typer.echo(f"Serving on {running.world.line.address} until you press Ctrl-C.")
        running.world.service.join()
    except KeyboardInterrupt:
        typer.echo("Ending.")


def _leave(folder: Path, *, is_ours: bool, keep: bool, as_json: bool) -> None:
    """Remove what nobody asked to keep, and say what became of it."""
    if is_ours and not keep:
        shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        return
    if folder.exists():
        typer.echo(f"Nothing is served any more. Data folder: {folder}")
    else:
        typer.echo(
            "Nothing is served and nothing is left behind. --keep keeps the data, --serve serves them."
        )
