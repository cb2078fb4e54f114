"""How fast lists are taken in, and how much memory it needs, at several sizes, each in its own process."""

import json
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
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

SIZES: Final = {"sqlite": (1_000, 10_000, 100_000), "postgresql": (1_000, 10_000)}
QUICK_SIZES: Final = (5, 10, 20)
LONGEST: Final = 12 * 60  # seconds for one size
ROOT: Final = Path(__file__).resolve().parents[1]
SLOWER_AT_MOST: Final = 1.25
MORE_MEMORY_AT_MOST: Final = 1.25


@dataclass(frozen=True)
class Taken:
    """What one import cost: seconds by the clock and at work, peak memory in MiB."""

    size: int
    seconds: float
    cpu: float
    peak: float

    def for_each(self) -> float:
        """Seconds at work for each row; what else the machine does hardly counts."""
        return self.cpu / self.size


def measure(*, quick: bool) -> list[Figure]:
    """Import each size on each database; the largest against the smallest shows whether it is linear.

    A size that would keep this machine busy for longer than ``LONGEST`` is left out.
    """
    figures = []
    for dialect in grounds.DIALECTS:
        sizes = QUICK_SIZES if quick else SIZES[dialect]
        found: list[Taken] = []
        for size in sizes:
            if not found or found[-1].seconds / found[-1].size * size < LONGEST:
                found.append(_apart(dialect, size))
        figures += [figure for taken in found for figure in _figures(dialect, taken)]
        again = _apart(dialect, sizes[0])  # the machine may be busier by now than at the beginning
        figures += _ratios(dialect, (found[0], again), found[-1])
    return figures


def versions() -> Sequence[str]:
    """Return the version of PostgreSQL that was measured on."""
    return grounds.versions()


def _figures(dialect: str, taken: Taken) -> list[Figure]:
    what = f"import {taken.size:,} rows, {dialect}"
    note = f"{taken.seconds:,.0f} s, {taken.cpu:,.0f} s of them at work"
    return [
        Figure(what, taken.size / taken.seconds, "rows/s", note=note),
        Figure(f"{what}: at work for a row", 1000 * taken.for_each(), "ms"),
        Figure(f"{what}: peak memory", taken.peak, "MiB"),
    ]


def _ratios(dialect: str, least: Sequence[Taken], most: Taken) -> list[Figure]:
    note = f"{most.size:,} against {least[0].size:,} before and after"
    slower = most.for_each() / mean(taken.for_each() for taken in least)
    more = most.peak / mean(taken.peak for taken in least)
    return [
        Figure(f"import, {dialect}: work for each row", slower, at_most=SLOWER_AT_MOST, note=note),
        Figure(f"import, {dialect}: peak memory", more, at_most=MORE_MEMORY_AT_MOST, note=note),
    ]


def _apart(dialect: str, size: int) -> Taken:
    """Import in a process that does nothing else."""
    with grounds.folder() as folder:
        file = folder / "cases.json"
        write_list(file, size)
        command = [sys.executable, "-m", "benchmarks.imports", dialect, str(file)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if found["taken"] != size:
        msg = f"only {found['taken']} of {size} rows were taken"
        raise RuntimeError(msg)
    return Taken(size, found["seconds"], found["cpu"], found["peak"])


def _import(dialect: str, file: Path) -> dict[str, float]:
    actor = Actor(
        new_id(), new_id(), "ZM",
        frozenset({Grant(Role.CASEWORKER, ScopeKind.OFFICE, place) for place in DISTRICTS}),
    )  # fmt: skip
    plan = Plan(mapping_for(FOLDER / "primero_2.toml", pack_of("ZM")), DISTRICTS[0])
    tally = Tally()
    with grounds.fresh(dialect) as database:
        begun, worked = time.perf_counter(), time.process_time()
        for outcome in take_rows(database, actor, rows_of(file), plan, clock=utc_now):
            tally.add(outcome)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    taken = tally.results[Result.TAKEN]
    return {"seconds": seconds, "cpu": cpu, "taken": taken, "peak": _peak()}


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
    """Import the named file into an empty database of the named kind and print what it took."""
    warnings.simplefilter("ignore")
    print(json.dumps(_import(arguments[0], Path(arguments[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
