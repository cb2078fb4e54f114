"""`bid pack`: list country packs, check the files somebody wrote, and show what a new version changes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.installation import read_settings
from cli.output import fail, say
from core.clock import utc_now
from core.packs.differences import difference
from core.packs.errors import NoPack, PackError
from core.packs.lookup import BUILT_IN, countries, pack_of, use_folder, versions
from core.packs.models import Pack
from core.packs.reading import load_pack
from transfers.service import corridor_packs

CORRIDOR: Final = re.compile("[A-Z]{2}-[A-Z]{2}")

app = typer.Typer(
    help="Country packs: docs/country-packs.md explains them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_packs() -> None:
    """List every country and version; a star marks the version new cases follow today."""
    use_folder(read_settings().packs_dir)
    for country in countries():
        for version in versions(country):
            pack = _pack(country, version)
            star = "*" if version == _in_force(country) else " "
            say(f"{star} {pack.reference:<6} from {pack.valid_from}  {pack.title}")


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Pack files, for example packs/ZM/3.toml or packs/corridors/ZM-NA/2.toml."
        ),
    ] = None,
) -> None:
    """Read packs of countries and corridors and name every error with file and key; without files, all in use."""
    folder = read_settings().packs_dir
    use_folder(folder)
    corridor_packs.use_folder(folder)
    if files:
        problems = [line for file in files for line in _problems(file)]
    else:
        problems = [*_problems_of_packs(), *_problems_of_corridors()]
    for line in problems:
        fail(line, stop=False)
    if problems:
        fail(f"{len(problems)} to put right.")
    say("Every pack can be used.")


@app.command()
def diff(
    country: Annotated[str, typer.Argument(help="Two capital letters, for example ZM.")],
    old: Annotated[int, typer.Argument(help="Version a case follows now.")],
    new: Annotated[int, typer.Argument(help="Version it would follow.")],
) -> None:
    """Show every key that differs between two versions of a country's pack."""
    use_folder(read_settings().packs_dir)
    for change in difference(_pack(country, old), _pack(country, new)):
        say(f"{change.key}: {_plain(change.old)} -> {_plain(change.new)}")


def _pack(country: str, version: int) -> Pack:
    try:
        return pack_of(country, version)
    except (NoPack, PackError) as error:
        fail(str(error))


def _in_force(country: str) -> int | None:
    try:
        return pack_of(country, on=utc_now().date()).version
    except NoPack:
        return None


def _problems(file: Path) -> tuple[str, ...]:
    if not file.is_file():
        return (f"{file}: there is no such file. Look at the path, or at `bid pack list`.",)
    try:
        if CORRIDOR.fullmatch(file.resolve().parent.name):
            corridor_packs.load_corridor(file)
        else:
            load_pack(file, (BUILT_IN,))
    except PackError as error:
        return error.problems
    return ()


def _problems_of_packs() -> Iterator[str]:
    for country in countries():
        for version in versions(country):
            yield from _problems_in_use(country, version)


def _problems_of_corridors() -> Iterator[str]:
    for name in corridor_packs.corridor_names():
        for version in corridor_packs.versions(name):
            origin, destination = name.split("-")
            try:
                corridor_packs.corridor_of(origin, destination, version, on=utc_now().date())
            except PackError as error:
                yield from error.problems


def _problems_in_use(country: str, version: int) -> tuple[str, ...]:
    try:
        pack_of(country, version)
    except PackError as error:
        return error.problems
    return ()


def _plain(value: Any) -> str:
    return "not there" if value is None else json.dumps(value, ensure_ascii=False)
