"""The six numbers of section 4, counted again from the documents."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from panels.planning.checker.facts import Broken, Ground, Seen

NAMES: Final = ("unscheduled", "tardiness", "notified_moves", "cost", "comfort", "fairness")
NOON: Final = 12
DEFAULTS: Final = {
    "sitting_cost": 10,
    "member_cost": 1,
    "interpreter_cost": 1,
    "travel_minutes_per_cost": 60,
}


def numbers(ground: Ground, sittings: Sequence[Seen]) -> dict[str, int]:
    """Return the six numbers of a plan."""
    heard = {case: sitting for sitting in sittings for case in sitting.cases}
    moved = [case for case, slot in ground.was_at.items() if _at(heard, case) != slot]
    priorities = ground.instance["priorities"]
    return {
        "unscheduled": sum(
            priorities[facts["priority"]]["weight"]
            for case, facts in ground.cases.items()
            if case not in heard
        ),
        "tardiness": sum(
            priorities[ground.cases[case]["priority"]]["weight"]
            * _late(ground.cases[case], sitting)
            for case, sitting in heard.items()
        ),
        "notified_moves": sum(case in ground.notified for case in moved),
        "cost": sum(_cost(ground, sitting) for sitting in sittings),
        "comfort": sum(case not in ground.notified for case in moved)
        + sum(_against(ground.cases[case], sitting) for case, sitting in heard.items()),
        "fairness": _fairness(ground, sittings),
    }


def stated(ground: Ground, sittings: Sequence[Seen], plan: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield every number that the plan states and that is not so."""
    counted = numbers(ground, sittings)
    objective = plan.get("objective")
    if not isinstance(objective, dict):
        yield Broken(0, "objective_missing")
        return
    for name in NAMES:
        if objective.get(name) != counted[name] or isinstance(objective.get(name), bool):
            yield Broken(0, "number_not_so", {"name": name, "counted": counted[name]})
    bounds = plan.get("bounds")
    for name, value in (bounds if isinstance(bounds, dict) else {}).items():
        if name in counted and isinstance(value, int) and value > counted[name]:
            yield Broken(0, "bound_not_so", {"name": name, "counted": counted[name]})


def _at(heard: Mapping[str, Seen], case: str) -> str | None:
    return heard[case].at if case in heard else None


def _late(case: Any, sitting: Seen) -> int:
    over = sitting.end - datetime.fromisoformat(case["deadline"])
    return max(0, -(-over // timedelta(hours=24)))


def _cost(ground: Ground, sitting: Seen) -> int:
    policy = DEFAULTS | (ground.instance.get("policy") or {})
    cost = policy["sitting_cost"] + policy["interpreter_cost"] * len(sitting.interpreters)
    for name in sitting.members:
        minutes = ground.way(ground.members[name]["home"], sitting.panel["district"])
        travel = 0 if sitting.panel.get("remote", False) else minutes
        cost += policy["member_cost"] + -(-travel // policy["travel_minutes_per_cost"])
    return int(cost)


def _against(case: Any, sitting: Seen) -> bool:
    prefer = (case.get("attendance") or {}).get("prefer") or []
    return bool(prefer) and ("AM" if sitting.start.hour < NOON else "PM") not in prefer


def _fairness(ground: Ground, sittings: Sequence[Seen]) -> int:
    load = {name: int(facts.get("prior_sittings", 0)) for name, facts in ground.members.items()}
    for sitting in sittings:
        for name in sitting.members:
            load[name] += 1
    return sum(count * count for count in load.values())
