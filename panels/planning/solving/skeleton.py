"""A proven bound on the cost of a pool of panels: sittings and bookings alone, without saying who is heard where."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from ortools.linear_solver import pywraplp

from panels.planning.solving.bounds import Counting, Pool, by_language
from panels.planning.world.units import Ground


class Skeleton:
    """Which slots of a pool are held, for which rule of quorum, with which languages."""

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self.ground = ground
        self.world = ground.world
        self.pool = pool
        self.program = pywraplp.Solver.CreateSolver("GLOP")
        self.cost = self.program.Objective()
        self.held = {s: self._part() for group in pool.slots for s in group}
        self._stretches(pool, lambda slot: self.held[slot])
        self._rules()
        self._languages()

    def _part(self) -> Any:
        """Add a share of a sitting, from nothing to the whole."""
        return self.program.NumVar(0, 1, "")

    def _within(self, inner: Any, outer: Any) -> None:
        row = self.program.Constraint(0, self.program.infinity())
        row.SetCoefficient(outer, 1)
        row.SetCoefficient(inner, -1)

    def _stretches(self, pool: Pool, choice: Callable[[int], Any]) -> None:
        for first, last, needed in Counting(self.ground, pool).stretches():
            row = self.program.Constraint(needed, self.program.infinity())
            for place in range(first, last + 1):
                for slot in pool.slots[place]:
                    row.SetCoefficient(choice(slot), 1)

    def _rules(self) -> None:
        """Count the lightest team for each sitting, and what the usual rule adds where its cases are heard."""
        usual = [one for one in self.pool.units if not self._light(one[0].cases)]
        part = Pool(self.pool.panels, self.pool.slots, tuple(usual), ())
        full: dict[int, Any] = {}
        for slot, held in self.held.items():
            light, heavy = self._teams(slot)
            sitting = self.world.instance.policy.sitting_cost
            self.cost.SetCoefficient(held, sitting + min(light, heavy))
            full[slot] = self._part()
            self._within(full[slot], held)
            self.cost.SetCoefficient(full[slot], max(0, heavy - light))
        if usual:
            self._stretches(part, lambda slot: full[slot])

    def _light(self, cases: Sequence[int]) -> bool:
        """Whether the cases' priorities have a rule of their own before every panel of the pool."""
        panels = [self.world.instance.panels[panel] for panel in self.pool.panels]
        names = {self.world.instance.cases[case].priority for case in cases}
        return all(name in panel.quorum for name in names for panel in panels)

    def _teams(self, slot: int) -> tuple[int, int]:
        facts = self.world.slots[slot]
        rules = [
            self.world.rule_number(facts.panel, name) for name in self.world.instance.priorities
        ]
        default = self.world.rule_number(facts.panel, "default")
        costs = {rule: self._team(slot, rule) for rule in {*rules, default}}
        return min(costs.values()), costs[default]

    def _team(self, slot: int, rule: int) -> int:
        facts = self.world.slots[slot]
        need = frozenset({(rule, frozenset[int]())})
        team = self.ground.teams.cheapest(facts.members, facts.panel, need, facts.forced)
        return sum(self.world.member_cost(one, facts.panel) for one in team or ())

    def _languages(self) -> None:
        cost = self.world.instance.policy.interpreter_cost
        for _, pool in by_language(self.ground, self.pool):
            booked: dict[int, Any] = {}
            for slot, held in self.held.items():
                booked[slot] = self._part()
                self._within(booked[slot], held)
                self.cost.SetCoefficient(booked[slot], cost)
            self._stretches(pool, booked.__getitem__)

    def bound(self) -> int:
        """Return the proven least cost; 0 when the program has no answer."""
        self.cost.SetMinimization()
        if self.program.Solve() != pywraplp.Solver.OPTIMAL:
            return 0
        return max(0, ceil(float(self.cost.Value()) - 1e-6))
