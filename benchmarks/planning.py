"""The sitting planner on every size: first plan, proof, gap, memory; greedy and fixed calendar beside it."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import BenchmarkFailed, Figure, median
from benchmarks.instances.calendar import first_come
from benchmarks.instances.changes import replanned
from benchmarks.instances.kinds import KINDS
from panels.planning.answers.told import plan_document
from panels.planning.checker.check import check_plan
from panels.planning.reading.whole import instance_of
from panels.planning.solving.first import earliest_first
from panels.planning.solving.planner import Effort, make_plan
from panels.planning.world.draft import Draft
from panels.planning.world.scoring import numbers
from panels.planning.world.units import Ground
from panels.planning.world.world import World

ROOT: Final = Path(__file__).resolve().parents[1]
SEEDS: Final = range(101, 111)  # not those the planner was tried on while it was written


@dataclass(frozen=True)
class Line:
    """One size of the statement: kind, effort and targets."""

    kind: str
    seconds: float
    first: float
    gap: float | None
    memory: float | None
    seeds: Sequence[int]
    threads: int = 1


LARGE: Final = (
    Line("region", 30, 0.5, 0.03, 300, SEEDS[:3]),
    Line("scarce-interpreters", 60, 0.5, 0.05, 300, SEEDS[:2]),
    Line("cross-border", 20, 0.5, None, 300, SEEDS[:2]),
    Line("mass", 60, 10, 0.09, 500, SEEDS[:1]),
    Line("nation", 60, 10, 0.085, 600, SEEDS[:1]),
)


def measure(*, quick: bool) -> list[Figure]:
    """Measure every line of the table; each large instance in a process of its own for its memory."""
    figures = [*_months(quick), *_quarters(quick), *_overloaded(quick), *_replans(quick)]
    for line in LARGE:
        figures += _large(line, quick)
    return figures


def run(kind: str, seed: int, effort: Effort, size: float = 1) -> dict[str, Any]:
    """Plan one instance and everything beside it; the plan is checked."""
    document = KINDS[kind](seed, size)
    begun = time.process_time()
    instance = instance_of(document)
    read = time.process_time() - begun
    plan = make_plan(instance, effort)
    seconds = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    broken = check_plan(document, plan_document(plan))
    return {
        "first": plan.first_seconds + read,
        "seconds": seconds,
        "proven_at": {name: at + read for name, at in plan.proven_seconds.items()},
        "memory": memory,
        "numbers": numbers(plan.draft),
        "bounds": plan.bounds,
        "proven": plan.proven,
        "sittings": len(plan.draft.sittings),
        "floor": plan.draft.ground.floor,
        "late": _late(plan.draft),
        "broken": len(broken),
        "beside": _beside(instance),
    }


def _beside(instance: Any) -> dict[str, dict[str, int]]:
    ground = Ground(World(instance))
    drafts = {
        "earliest deadline first": earliest_first(ground, Draft(ground)),
        "fixed calendar": first_come(ground),
    }
    return {
        name: {"sittings": len(one.sittings), "late": _late(one), **numbers(one)}
        for name, one in drafts.items()
    }


def _late(draft: Draft) -> int:
    """Count the cases that are late or not heard."""
    late = 0
    for unit in draft.ground.units:
        place = draft.place.get(unit.number)
        late += len(unit.cases) if place is None or unit.lateness(place) else 0
    return late


def _apart(kind: str, seed: int, effort: Effort, size: float) -> dict[str, Any]:
    """Run one instance in a process of its own, so that its memory is its own."""
    words = [kind, seed, effort.seconds, effort.seed, effort.threads, size]
    command = [sys.executable, "-m", "benchmarks.planning", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            print(f"{kind} {seed}: {line}", file=sys.stderr)
            return found
    raise BenchmarkFailed(kind)


def _months(quick: bool) -> Iterator[Figure]:
    effort = Effort(5, 1)
    found = [run("district-month", seed, effort) for seed in SEEDS[: 1 if quick else None]]
    yield from _common("district-month", found, first=0.1)
    done = sum(len(one["proven"]) == 6 and one["seconds"] <= 1 for one in found)
    yield Figure(
        "district-month: share with all six proven within 1 s", done / len(found), at_least=1
    )
    yield Figure(
        "district-month: CPU, slowest", max(one["seconds"] for one in found), "s", at_most=1
    )


def _quarters(quick: bool) -> Iterator[Figure]:
    found = [
        run("district-quarter", seed, Effort(1 if quick else 12, 1))
        for seed in SEEDS[: 1 if quick else None]
    ]
    yield from _common("district-quarter", found, first=0.1)
    five = ["comfort" in one["proven"] for one in found]
    yield Figure("district-quarter: share with 5 proven (12 s)", sum(five) / len(five), at_least=1)
    times = [one["proven_at"].get("cost", float("inf")) for one in found]
    within = sum(at <= 2 for at in times) / len(times)
    yield Figure("district-quarter: share with 1-4 proven within 2 s", within, at_least=0.8)
    within = sum(at <= 10 for at in times) / len(times)
    yield Figure("district-quarter: share with 1-4 proven within 10 s", within, at_least=1)


def _overloaded(quick: bool) -> Iterator[Figure]:
    found = [
        run("overloaded", seed, Effort(1 if quick else 8, 1))
        for seed in SEEDS[: 1 if quick else None]
    ]
    yield from _common("overloaded", found, first=0.1)
    done = sum(
        one["proven_at"].get("tardiness", 0 if "tardiness" in one["proven"] else 99) <= 6
        for one in found
    )
    yield Figure("overloaded: share with 2 proven within 6 s", done / len(found), at_least=1)
    yield Figure("overloaded: CPU, slowest", max(one["seconds"] for one in found), "s")
    ours = sum(one["late"] for one in found)
    greedy = sum(one["beside"]["earliest deadline first"]["late"] for one in found)
    yield Figure(
        "overloaded: late cases against earliest deadline first",
        ours / max(1, greedy),
        at_most=0.55,
    )


def _replans(quick: bool) -> Iterator[Figure]:
    spent, proven, broken = [], [], 0
    for seed in SEEDS[: 1 if quick else None]:
        document = KINDS["district-quarter"](seed, 1)
        later = replanned(
            document, plan_document(make_plan(instance_of(document), Effort(2, 1))), seed
        )
        begun = time.process_time()
        plan = make_plan(instance_of(later), Effort(1, 1))
        spent.append(time.process_time() - begun)
        proven.append("notified_moves" in plan.proven)
        broken += len(check_plan(later, plan_document(plan)))
    yield Figure("re-plan, district: CPU, median", median(spent), "s", at_most=1)
    share = sum(proven) / len(proven)
    yield Figure("re-plan, district: share with the moves proven least", share, at_least=1)
    yield Figure("re-plan, district: broken rules", broken, at_most=0)
    if quick:
        return
    document = KINDS["region"](SEEDS[0], 1)
    later = replanned(document, plan_document(make_plan(instance_of(document), Effort(10, 1))), 1)
    begun = time.process_time()
    plan = make_plan(instance_of(later), Effort(10, 1))
    yield Figure("re-plan, region: CPU", time.process_time() - begun, "s", at_most=10)
    wrong = len(check_plan(later, plan_document(plan)))
    yield Figure("re-plan, region: broken rules", wrong, at_most=0)
    yield Figure("re-plan, region: notified cases moved", numbers(plan.draft)["notified_moves"])


def _large(line: Line, quick: bool) -> Iterator[Figure]:
    size, seconds = (0.02, 0.2) if quick else (1, line.seconds)
    seeds = line.seeds[:1] if quick else line.seeds
    effort = Effort(seconds, 1, line.threads)
    found = [_apart(line.kind, seed, effort, size) for seed in seeds]
    name = line.kind
    yield from _common(name, found, first=line.first)
    settled = [{"unscheduled", "tardiness"} <= set(one["proven"]) for one in found]
    yield Figure(f"{name}: share with 1-2 proven", sum(settled) / len(settled), at_least=1)
    gaps = [
        one["numbers"]["cost"] / one["bounds"]["cost"] - 1
        for one in found
        if one["bounds"].get("cost")
    ]
    if gaps:
        yield Figure(
            f"{name}: cost above the proven bound, {seconds:g} s of effort, worst",
            100 * max(gaps),
            "%",
            at_most=None if line.gap is None else 100 * line.gap,
        )
    yield Figure(f"{name}: CPU, worst", max(one["seconds"] for one in found), "s")
    yield Figure(
        f"{name}: peak memory", max(one["memory"] for one in found), "MiB", at_most=line.memory
    )
    if name == "mass":
        yield from _mass(found)


def _mass(found: Sequence[dict[str, Any]]) -> Iterator[Figure]:
    fewer = [
        1 - one["sittings"] / one["beside"]["earliest deadline first"]["sittings"] for one in found
    ]
    yield Figure(
        "mass: fewer sittings than earliest deadline first", 100 * min(fewer), "%", at_least=18
    )
    over = [one["numbers"]["tardiness"] - 1.3 * one["floor"] for one in found]
    yield Figure("mass: tardiness beyond 1.3 times the floor", max(0, *over), at_most=100)


def _common(name: str, found: Sequence[dict[str, Any]], first: float) -> Iterator[Figure]:
    yield Figure(
        f"{name}: first plan, slowest of {len(found)}",
        max(one["first"] for one in found),
        "s",
        at_most=first,
    )
    yield Figure(f"{name}: broken rules", sum(one["broken"] for one in found), at_most=0)
    for beside in found[0]["beside"]:
        ratio = [one["beside"][beside]["sittings"] / max(1, one["sittings"]) for one in found]
        cost = [one["beside"][beside]["cost"] / max(1, one["numbers"]["cost"]) for one in found]
        note = f"cost {median(cost):.2f} times ours"
        yield Figure(f"{name}: sittings of {beside} against ours", median(ratio), note=note)


if __name__ == "__main__":
    asked = sys.argv[1:]
    chosen = Effort(float(asked[2]), int(asked[3]), int(asked[4]))
    print(json.dumps(run(asked[0], int(asked[1]), chosen, float(asked[5]))), flush=True)
