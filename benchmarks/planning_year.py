"""A year of ten panels, day by day: nobody knows a case, an absence or an emergency before it happens."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from benchmarks.figures import Figure
from benchmarks.instances.calendar import first_come
from benchmarks.instances.country import FIRST_DAY, LANGUAGES, ZONE, Making, neighbours, written
from panels.planning.answers.told import plan_document
from panels.planning.checker.check import check_plan
from panels.planning.reading.whole import instance_of
from panels.planning.solving.first import earliest_first, kept
from panels.planning.solving.planner import Effort, Plan, make_plan
from panels.planning.world.draft import Draft
from panels.planning.world.units import Ground
from panels.planning.world.world import World

Planner = Callable[[Any], Draft]
TOLD_DAYS: Final = 14  # families are told of dates that are no further away
AHEAD_DAYS: Final = 70  # slots that can be planned at a time


def optimised(effort: Effort) -> Planner:
    """Plan with the planner."""
    return lambda instance: make_plan(instance, effort).draft


def greedy(instance: Any) -> Draft:
    """Earliest deadline first; what was fixed stays."""
    ground = Ground(World(instance))
    draft = Draft(ground)
    kept(draft)
    return earliest_first(ground, draft)


def calendar(instance: Any) -> Draft:
    """Plan on the fixed calendar, first come first served."""
    return first_come(Ground(World(instance)))


@dataclass
class Year:
    """What one way of planning made of the year."""

    waited: list[float] = field(default_factory=list)
    late: int = 0
    moved: int = 0
    sittings: int = 0
    attendances: int = 0
    replans: int = 0
    broken: int = 0


class Simulation:
    """The same year for every planner: arrivals, leave and illness come from the seed."""

    def __init__(self, seed: int, *, panels: int, weeks: int) -> None:
        making = Making("year", seed, weeks=weeks + 10)
        districts = making.add_districts(panels)
        making.add_holidays("ZM", 12)
        making.add_interpreters(12, districts, None)
        for number, district in enumerate(districts):
            name = f"P{number}"
            making.add_panel(name, district)
            making.add_slots(name, (1, 2, 4))
            members = making.add_members(name, list(neighbours(districts, number)), 6)
            making.add_cases(round(2.8 * weeks), [name], members=members, spoken=LANGUAGES[:3])
        self.document = making.document()
        self.weeks = weeks
        self._arrive(Random(f"arrivals/{seed}"))
        self.chance = Random(f"illness/{seed}")
        self.ill = [
            (self.chance.choice(self.document["members"])["id"], self.chance.randrange(7 * weeks))
            for _ in range(round(1.5 * panels * weeks / 10))
        ]

    def _arrive(self, chance: Random) -> None:
        """Spread the cases over the year; each keeps the time it has from release to deadline."""
        groups: dict[str, datetime] = {}
        for case in self.document["cases"]:
            begin = datetime.combine(FIRST_DAY, time(8), ZONE)
            released = begin + timedelta(days=chance.uniform(0, 7 * self.weeks - 1))
            released = groups.setdefault(case["group"] or case["id"], released)
            length = datetime.fromisoformat(case["deadline"]) - datetime.fromisoformat(
                case["released"]
            )
            case["released"], case["deadline"] = written(released), written(released + length)
            case["attendance"] = None

    def run(self, planner: Planner) -> Year:
        """Live through the year, a day at a time."""
        year = Year()
        state = _State(self, planner, year)
        for day in range(7 * (self.weeks + 9)):
            state.live(FIRST_DAY + timedelta(days=day), day)
        return year


class _State:
    """What is known on a day, what was heard, what is planned."""

    def __init__(self, simulation: Simulation, planner: Planner, year: Year) -> None:
        self.document = simulation.document
        self.planner = planner
        self.year = year
        self.weeks = simulation.weeks
        self.ill = simulation.ill
        self.away: dict[str, list[list[str]]] = {}
        self.plan: list[dict[str, Any]] = []
        self.told: set[str] = set()
        self.heard: set[str] = set()
        self.seen: set[str] = set()
        self.start = {
            one["id"]: datetime.fromisoformat(one["start"]) for one in self.document["slots"]
        }
        self.case = {one["id"]: one for one in self.document["cases"]}

    def live(self, today: date, number: int) -> None:
        """One day: what comes to be known, a plan if there is a reason, the sittings of the day."""
        now = datetime.combine(today, time(7), ZONE)
        fresh = [
            one
            for one in self.document["cases"]
            if one["id"] not in self.seen and datetime.fromisoformat(one["released"]) <= now
        ]
        self.seen |= {one["id"] for one in fresh}
        struck = self._fall_ill(number, today)
        urgent = any(one["priority"] == "emergency" for one in fresh)
        if today.weekday() == 0 or urgent or struck:
            self._replan(now)
        self._sit(today)

    def _fall_ill(self, number: int, today: date) -> bool:
        struck = False
        for name, day in self.ill:
            if day == number:
                until = today + timedelta(days=2)
                span = [datetime.combine(d, time(0), ZONE).isoformat() for d in (today, until)]
                self.away.setdefault(name, []).append(span)
                struck = struck or any(
                    name in one["members"] and today <= self.start[one["slot"]].date() < until
                    for one in self.plan
                )
        return struck

    def _known(self, now: datetime) -> dict[str, Any]:
        last = now + timedelta(days=AHEAD_DAYS)
        cases = [self.case[one] for one in sorted(self.seen - self.heard)]
        names = {one["id"] for one in cases}
        slots = [o for o in self.document["slots"] if now <= self.start[o["id"]] < last]
        members = [
            one | {"unavailable": [*one["unavailable"], *self.away.get(one["id"], [])]}
            for one in self.document["members"]
        ]
        previous = [
            {
                "slot": one["slot"],
                "members": one["members"],
                "cases": [
                    {"case": item["case"], "notified": item["case"] in self.told}
                    for item in one["agenda"]
                    if item["case"] in names
                ],
            }
            for one in self.plan
            if self.start[one["slot"]] >= now
        ]
        return self.document | {
            "now": now.isoformat(),
            "cases": cases,
            "slots": slots,
            "members": members,
            "previous": {"sittings": previous},
        }

    def _replan(self, now: datetime) -> None:
        known = self._known(now)
        if not known["cases"] or not known["slots"]:
            self.plan = []
            return
        draft = self.planner(instance_of(known))
        made = plan_document(Plan(draft))
        self.year.replans += 1
        self.year.broken += len(check_plan(known, made))
        self.year.moved += made["objective"]["notified_moves"]
        self.plan = made["sittings"]
        near = now + timedelta(days=TOLD_DAYS)
        self.told = {
            item["case"]
            for one in self.plan
            if self.start[one["slot"]] < near
            for item in one["agenda"]
        }

    def _sit(self, today: date) -> None:
        for one in self.plan:
            start = self.start[one["slot"]]
            if start.date() != today or not one["agenda"]:
                continue
            self.year.sittings += 1
            self.year.attendances += len(one["members"])
            for item in one["agenda"]:
                case = self.case[item["case"]]
                self.heard.add(case["id"])
                waited = start - datetime.fromisoformat(case["released"])
                self.year.waited.append(waited / timedelta(days=1))
                self.year.late += start > datetime.fromisoformat(case["deadline"])


def measure(*, quick: bool) -> list[Figure]:
    """Let the same year happen to the planner, to earliest deadline first and to the fixed calendar."""
    panels, weeks = (2, 5) if quick else (10, 52)
    simulation = Simulation(1, panels=panels, weeks=weeks)
    cases = len(simulation.document["cases"])
    effort = Effort(0.5 if quick else 1.0, 1)
    ways: dict[str, Planner] = {
        "planner": optimised(effort),
        "earliest deadline first": greedy,
        "fixed calendar": calendar,
    }
    years = {name: simulation.run(way) for name, way in ways.items()}
    figures = []
    for name, year in years.items():
        figures += [
            Figure(f"{name}: ready to decided, median", statistics.median(year.waited), "days"),
            Figure(f"{name}: ready to decided, 90 %", _p90(year.waited), "days"),
            Figure(f"{name}: sittings", year.sittings, note=f"{year.attendances} attendances"),
            Figure(f"{name}: cases heard", len(year.waited), note=f"of {cases}"),
            Figure(f"{name}: deadlines missed", year.late + cases - len(year.waited)),
            Figure(f"{name}: families moved after they were told", year.moved),
            Figure(f"{name}: broken rules", year.broken, at_most=0, note=f"{year.replans} plans"),
        ]
    ratio = years["planner"].sittings / max(1, years["fixed calendar"].sittings)
    figures.append(Figure("sittings: planner against fixed calendar", ratio, at_most=0.7))
    return figures


def _p90(values: list[float]) -> float:
    return sorted(values)[max(0, -(-9 * len(values) // 10) - 1)]
