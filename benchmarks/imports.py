"""How fast lists are taken in, and how much memory it needs, at three sizes, each in its own process."""

import json
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import grounds
from benchmarks.children import DISTRICTS, write_list
from benchmarks.figures import Figure
from cases.service.imports.mappings import FOLDER, mapping_for
from cases.service.imports.reading import rows_of
from cases.service.imports.taking import Plan, Result, Tally, take_rows
from core.actors import Actor, Grant, Role, ScopeKind
from core.clock import utc_now
from core.ids import new_id
from core.packs.lookup import pack_of

SIZES: Final = (1_000, 10_000, 100_000)
ROOT: Final = Path(__file__).resolve().parents[1]
SLOWER_AT_MOST: Final = 1.25
MORE_MEMORY_AT_MOST: Final = 1.25


def measure(*, quick: bool) -> list[Figure]:
    """Import each size; the largest against the smallest shows whether time is linear."""
    sizes = (5, 10, 20) if quick else SIZES
    found = {size: _apart(size) for size in sizes}
    figures = []
    for size, (seconds, peak) in found.items():
        figures.append(Figure(f"import {size:,} rows", size / seconds, "rows/s"))
        figures.append(Figure(f"import {size:,} rows: peak memory", peak, "MiB"))
    least, most = sizes[0], sizes[-1]
    slower = (found[most][0] / most) / (found[least][0] / least)
    more = found[most][1] / found[least][1]
    note = f"{most:,} against {least:,}"
    return [
        *figures,
        Figure("import: time for each row", slower, at_most=SLOWER_AT_MOST, note=note),
        Figure("import: peak memory", more, at_most=MORE_MEMORY_AT_MOST, note=note),
    ]


def _apart(size: int) -> tuple[float, float]:
    """Import in a process that does nothing else; returns seconds and peak MiB."""
    with grounds.folder() as folder:
        file = folder / "cases.json"
        write_list(file, size)
        command = [sys.executable, "-m", "benchmarks.imports", str(file)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if found["taken"] != size:
        msg = f"only {found['taken']} of {size} rows were taken"
        raise RuntimeError(msg)
    return found["seconds"], found["peak"]


def _import(file: Path) -> dict[str, float]:
    actor = Actor(
        new_id(), new_id(), "ZM",
        frozenset({Grant(Role.CASEWORKER, ScopeKind.OFFICE, place) for place in DISTRICTS}),
    )  # fmt: skip
    plan = Plan(mapping_for(FOLDER / "primero_2.toml", pack_of("ZM")), DISTRICTS[0])
    tally = Tally()
    with grounds.fresh("sqlite") as database:
        begun = time.perf_counter()
        for outcome in take_rows(database, actor, rows_of(file), plan, clock=utc_now):
            tally.add(outcome)
        seconds = time.perf_counter() - begun
    return {"seconds": seconds, "taken": tally.results[Result.TAKEN], "peak": _peak()}


def _peak() -> float:
    """Return the most memory this process ever held, in MiB.

    Not ``getrusage``: on Linux that starts with what the process that started this one held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    import resource  # noqa: PLC0415  not on every system

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(arguments: Sequence[str]) -> None:
    """Import the named file into an empty database and print what it took."""
    warnings.simplefilter("ignore")
    print(json.dumps(_import(Path(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
