"""The planner as a whole: the same plan again, the best so far when stopped, optimal where that can be known."""

import subprocess
import sys
from itertools import combinations, product
from typing import Any

import pytest

from benchmarks.instances.changes import replanned
from benchmarks.instances.kinds import KINDS
from panels.planning.answers.told import plan_document
from panels.planning.checker.check import check_plan
from panels.planning.reading.whole import instance_of
from panels.planning.solving.bounds import Counting, pools
from panels.planning.solving.planner import Effort, Progress, make_plan
from panels.planning.world.scoring import numbers
from panels.planning.world.units import Ground
from panels.planning.world.world import World
from tests.builders.plans import a_case, a_member, a_slot, an_instance, planned


def without_time(plan: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plan.items() if name != "seconds"}


@pytest.mark.parametrize(("kind", "size"), [("district-month", 1), ("region", 0.3), ("mass", 0.02)])
def test_same_input_and_seed_give_the_same_plan(kind: str, size: float) -> None:
    document = KINDS[kind](5, size)

    first, second = (planned(document, Effort(1.0, seed=7)) for _ in range(2))

    assert without_time(first) == without_time(second)


@pytest.mark.parametrize("calls", [0, 1, 3])
def test_stopping_early_keeps_the_best_lawful_plan(calls: int) -> None:
    document = KINDS["region"](2, 0.3)
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > calls

    plan = make_plan(instance_of(document), Effort(5), stop=stop)

    assert plan.stopped
    assert check_plan(document, plan_document(plan)) == []


def test_progress_never_gets_worse_and_begins_with_a_plan() -> None:
    told: list[Progress] = []
    make_plan(instance_of(KINDS["region"](1, 0.3)), Effort(2), told=told.append)

    costs = [(p.numbers["unscheduled"], p.numbers["tardiness"], p.numbers["cost"]) for p in told]

    assert told[0].step == "first"
    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize("seed", range(6))
def test_a_month_of_a_district_is_planned_to_proven_optimality(seed: int) -> None:
    document = KINDS["district-month"](seed + 20, 1)

    plan = planned(document, Effort(5))

    assert plan["status"] == "optimal"
    assert plan["bounds"] == plan["objective"]


@pytest.mark.parametrize("seed", range(5))
def test_proven_numbers_are_those_of_trying_every_plan(seed: int) -> None:
    document = tiny(seed)

    plan = planned(document, Effort(5))
    best = min(tried(document))

    assert plan["status"] == "optimal"
    assert tuple(plan["objective"].values()) == best


def tiny(seed: int) -> dict[str, Any]:
    """Two slots, four members, three cases: every plan can be tried."""
    deadlines = [
        "2026-01-12T13:00:00+02:00",
        "2026-01-13T09:00:00+02:00",
        "2026-01-30T09:00:00+02:00",
    ]
    cases = [
        a_case(
            f"c{n}",
            minutes=(40, 90, 120)[(seed + n) % 3],
            deadline=deadlines[(seed * 2 + n) % 3],
            recused=[{"member": ("chair", "m1", "deputy")[(seed + n) % 3], "reason": "x"}],
            attendance={"cannot": [], "prefer": [["AM"], ["PM"], []][(n * seed) % 3]},
        )
        for n in range(3)
    ]
    members = [
        a_member("chair", roles=["chair"], home="E"),
        a_member("deputy", roles=["deputy"], prior_sittings=seed),
        a_member("m1", prior_sittings=1),
        a_member("m2", seat="seat-m1"),
    ]
    return an_instance(cases=cases, members=members, slots=[a_slot("s1", 12), a_slot("s2", 14, 14)])


def tried(document: dict[str, Any]) -> list[tuple[int, ...]]:
    """Return the six numbers of every plan the checker accepts."""
    from panels.planning.checker.facts import Ground as Facts
    from panels.planning.checker.facts import seen
    from panels.planning.checker.numbers import numbers as counted

    names = [one["id"] for one in document["members"]]
    teams = [team for size in (2, 3, 4) for team in combinations(names, size)]
    found = []
    for places in product(("s1", "s2", None), repeat=len(document["cases"])):
        held = sorted({one for one in places if one})
        for chosen in product(teams, repeat=len(held)):
            plan = _plan(document, places, dict(zip(held, chosen, strict=True)))
            plan["objective"] = counted(Facts(document), seen(Facts(document), plan)[0])
            if not check_plan(document, plan):
                found.append(tuple(plan["objective"].values()))
    return found


def _plan(document: dict[str, Any], places: Any, teams: dict[str, Any]) -> dict[str, Any]:
    cases = [one["id"] for one in document["cases"]]
    at = dict(zip(cases, places, strict=True))
    sittings = [
        {
            "slot": slot,
            "room": "R",
            "members": list(team),
            "interpreters": [],
            "agenda": [{"case": case} for case in cases if at[case] == slot],
        }
        for slot, team in teams.items()
    ]
    rest = [{"case": case, "reasons": []} for case in cases if at[case] is None]
    return {"instance": "small", "status": "feasible", "sittings": sittings, "unscheduled": rest}


@pytest.mark.parametrize("seed", range(4))
def test_counted_sittings_are_never_more_than_a_plan_holds(seed: int) -> None:
    document = KINDS["district-quarter"](seed, 0.6)
    ground = Ground(World(instance_of(document)))
    plan = make_plan(instance_of(document), Effort(0.3))

    for pool in pools(ground):
        held = len(plan.draft.sittings)
        assert not pool.units or Counting(ground, pool).least()[-1] <= held


def test_the_office_may_put_cost_before_moves() -> None:
    document = KINDS["district-month"](4, 1)
    later = replanned(document, planned(document, Effort(2)), 1)
    usual = planned(later, Effort(3))
    order = ["unscheduled", "tardiness", "cost", "notified_moves", "comfort", "fairness"]
    later["policy"]["objective_order"] = order

    found = planned(later, Effort(3))

    assert check_plan(later, found) == []
    assert found["objective"]["cost"] <= usual["objective"]["cost"]


@pytest.mark.parametrize("seed", range(4))
def test_after_two_emergencies_and_an_absence_only_what_is_forced_moves(seed: int) -> None:
    document = KINDS["district-month"](seed, 1)
    later = replanned(document, planned(document, Effort(2)), seed)

    found = planned(later, Effort(5))

    assert "notified_moves" in found["proven"]
    told = {c["case"] for s in later["previous"]["sittings"] for c in s["cases"] if c["notified"]}
    moved = [one for one in found["changes"] if one["case"] in told]
    assert len(moved) == found["objective"]["notified_moves"]
    assert all(one["reason"]["text"] for one in moved)


def test_the_objective_of_a_draft_is_what_the_checker_counts() -> None:
    document = KINDS["cross-border"](1, 0.3)
    plan = make_plan(instance_of(document), Effort(0.5))

    assert plan_document(plan)["objective"] == numbers(plan.draft)
    assert check_plan(document, plan_document(plan)) == []


def test_neither_help_nor_the_api_loads_the_solver() -> None:
    code = (
        "import sys, cli.__main__, api.app, panels.planning.solving.planner; "
        "sys.exit(any(name.split('.')[0] in {'ortools', 'pandas', 'numpy'} for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
