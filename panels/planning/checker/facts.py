"""The two documents as the checker sees them. The instance was read before; the plan is trusted in nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

ZERO: Final = timedelta(0)
SITTING: Final = {"slot": str, "room": str, "members": list, "interpreters": list, "agenda": list}


@dataclass(frozen=True)
class Broken:
    """One thing that is wrong with a plan; ``rule`` is the number of the hard rule, 0 for the document."""

    rule: int
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """One sitting as the plan states it, with the slot it names."""

    slot: Mapping[str, Any]
    panel: Mapping[str, Any]
    room: str
    members: tuple[str, ...]
    interpreters: tuple[str, ...]
    cases: tuple[str, ...]
    standby: tuple[str, ...]

    @property
    def start(self) -> datetime:
        """When it begins, as the slot writes it."""
        return datetime.fromisoformat(self.slot["start"])

    @property
    def end(self) -> datetime:
        """When it ends."""
        return datetime.fromisoformat(self.slot["end"])

    @property
    def at(self) -> str:
        """The slot's id."""
        return str(self.slot["id"])

    def meets(self, other: "Seen") -> bool:
        """Whether the two have an instant in common."""
        return self.start < other.end and other.start < self.end


class Ground:
    """The parts of an instance by their ids."""

    def __init__(self, instance: Mapping[str, Any]) -> None:
        self.instance = instance
        self.slots = _by_id(instance["slots"])
        self.panels = _by_id(instance["panels"])
        self.rooms = _by_id(instance.get("rooms", []))
        self.members = _by_id(instance["members"])
        self.interpreters = _by_id(instance.get("interpreters", []))
        self.cases = _by_id(instance["cases"])
        self.resources = {one["id"]: one["capacity"] for one in instance.get("resources", [])}
        self.holidays = {(one["country"], one["date"]) for one in instance.get("holidays", [])}
        self.overrides = instance.get("overrides", [])
        self._ways = {
            frozenset((one["from"], one["to"])): one["minutes"]
            for one in instance.get("travel", [])
        }
        before = instance.get("previous") or {"sittings": []}
        self.was_at = {
            one["case"]: sitting["slot"]
            for sitting in before["sittings"]
            for one in sitting["cases"]
        }
        self.notified = {
            one["case"]
            for sitting in before["sittings"]
            for one in sitting["cases"]
            if one.get("notified", False)
        }

    def way(self, one: str, other: str) -> int:
        """Return the minutes between two districts."""
        return 0 if one == other else int(self._ways.get(frozenset((one, other)), 0))


def _by_id(parts: Any) -> dict[str, Any]:
    return {one["id"]: one for one in parts}


def away(spans: Any, start: datetime, end: datetime) -> bool:
    """Whether one of the written intervals has an instant in common with this one."""
    return any(
        datetime.fromisoformat(one[0]) < end and start < datetime.fromisoformat(one[1])
        for one in spans or []
    )


def seen(ground: Ground, plan: Any) -> tuple[list[Seen], list[Broken]]:
    """Return the sittings that can be understood, and what cannot."""
    if not isinstance(plan, dict):
        return [], [Broken(0, "plan_not_an_object")]
    wrong = list(_head(plan))
    sittings = plan.get("sittings")
    if not isinstance(sittings, list):
        return [], [*wrong, Broken(0, "sittings_missing")]
    good = []
    for number, one in enumerate(sittings):
        problem = _misshapen(ground, one, number)
        if problem:
            wrong.append(problem)
        else:
            good.append(_seen(ground, one))
    return good, wrong


def _head(plan: Mapping[str, Any]) -> Iterator[Broken]:
    if plan.get("status") not in {"optimal", "feasible", "infeasible_overrides"}:
        yield Broken(0, "status_unknown")
    unheard = plan.get("unscheduled")
    if not isinstance(unheard, list) or not all(
        isinstance(one, dict) and isinstance(one.get("case"), str) for one in unheard
    ):
        yield Broken(0, "unscheduled_missing")


def _misshapen(ground: Ground, one: Any, number: int) -> Broken | None:
    path = f"/sittings/{number}"
    if not isinstance(one, dict):
        return Broken(0, "sitting_misshapen", {"path": path})
    for name, kind in SITTING.items():
        if not isinstance(one.get(name), kind):
            return Broken(0, "sitting_misshapen", {"path": f"{path}/{name}"})
    people = [*one["members"], *one["interpreters"], *_standby(one)]
    agenda = one["agenda"]
    if not all(isinstance(name, str) for name in people) or not all(
        isinstance(item, dict) and isinstance(item.get("case"), str) for item in agenda
    ):
        return Broken(0, "sitting_misshapen", {"path": path})
    return _unknown(ground, one, people, path)


def _standby(one: Mapping[str, Any]) -> list[Any]:
    found = one.get("standby", [])
    return found if isinstance(found, list) else [None]


def _unknown(ground: Ground, one: Any, people: list[str], path: str) -> Broken | None:
    if one["slot"] not in ground.slots:
        return Broken(0, "not_known", {"path": f"{path}/slot", "value": one["slot"]})
    for item in one["agenda"]:
        if item["case"] not in ground.cases:
            return Broken(0, "not_known", {"path": f"{path}/agenda", "value": item["case"]})
    for name in people:
        if name not in ground.members and name not in ground.interpreters:
            return Broken(0, "not_known", {"path": path, "value": name})
    members = [*one["members"], *_standby(one)]
    if not all(name in ground.members for name in members):
        return Broken(0, "sitting_misshapen", {"path": f"{path}/members"})
    if not all(name in ground.interpreters for name in one["interpreters"]):
        return Broken(0, "sitting_misshapen", {"path": f"{path}/interpreters"})
    return None


def _seen(ground: Ground, one: Mapping[str, Any]) -> Seen:
    slot = ground.slots[one["slot"]]
    return Seen(
        slot=slot,
        panel=ground.panels[slot["panel"]],
        room=one["room"],
        members=tuple(one["members"]),
        interpreters=tuple(one["interpreters"]),
        cases=tuple(item["case"] for item in one["agenda"]),
        standby=tuple(_standby(one)),
    )
