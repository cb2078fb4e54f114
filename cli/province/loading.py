"""Write the province's lists, load them through `bid import`, and find each child again through the API."""

from collections.abc import Sequence
from pathlib import Path

from cases.service.imports.taking import Result
from cli.imports import take_file
from cli.province.caseload import Child, write_lists
from cli.province.client import Officer
from cli.province.world import Astray, Case, World
from core.db import Database


def load(world: World, database: Database, children: Sequence[Child], folder: Path) -> int:
    """Write one list for each office, import it, and return how many children were taken.

    Raises:
        Astray: a row was not taken.
    """
    offices = world.people.offices
    owners = {code: office["worker"].login for code, office in offices.items()}
    today = world.clock.now().date()
    files = write_lists(children, folder, today=today, owners=owners)
    taken = 0
    for code, file in files.items():
        world.advance("bid import", taken, len(children))
        tally = take_file(
            database, file, login=owners[code], office=code, clock=world.clock.now, is_quiet=True
        )
        taken += tally.results[Result.TAKEN]
    if taken != len(children):
        raise Astray(f"{taken} of {len(children)} rows were taken by bid import")
    return taken


def find_all(world: World, children: Sequence[Child]) -> None:
    """Let each office find its children by the number the other system gave them."""
    for done, child in enumerate(children):
        world.advance("Finding the children", done, len(children))
        world.cases.append(_find(world, child))


def _find(world: World, child: Child) -> Case:
    office = world.people.offices[child.district.code]
    worker: Officer = office["worker"]
    number = {"kind": "other", "value": child.shown_id}
    found = worker.post("/cases/search", {"number": number})
    if len(found) != 1:
        raise Astray(f"{len(found)} cases with the number of one child")
    return Case(child, id=found[0]["id"], office=office)
