"""One number after the other: each is made as small as it can be without making an earlier one larger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from panels.planning.solving import cpsat
from panels.planning.solving.bounds import Counting, Pool, by_language, pools
from panels.planning.solving.part import Part, Scope
from panels.planning.world.draft import Draft
from panels.planning.world.scoring import numbers, score
from panels.planning.world.units import Ground

Told = Callable[[str, int, int], None]
COST_LATER = frozenset({"unscheduled", "tardiness", "notified_moves"})


@dataclass
class Proof:
    """What is known about the six numbers: the least each can be, given those before it."""

    bounds: dict[str, int] = field(default_factory=dict)
    proven: list[str] = field(default_factory=list)

    def note(self, name: str, value: int, bound: int, *, done: bool) -> None:
        """Keep a bound; the number is proven when it is reached and all before it are."""
        self.bounds[name] = max(self.bounds.get(name, 0), min(bound, value))
        if (done or bound >= value) and name not in self.proven:
            self.proven.append(name)
            self.bounds[name] = value


def floors(ground: Ground) -> dict[str, int]:
    """Return what can be said of the numbers without any search."""
    return {
        "unscheduled": sum(unit.weight for unit in ground.hopeless),
        "tardiness": ground.floor,
        "notified_moves": sum(
            world_case in ground.world.notified and not _may_stay(ground, world_case)
            for world_case in ground.world.was_at
        ),
        "cost": 0,
        "comfort": 0,
        "fairness": 0,
    }


def _may_stay(ground: Ground, case: int) -> bool:
    unit = ground.units[ground.unit_of[case]]
    return ground.world.was_at[case] in unit.slots


@dataclass
class Budget:
    """Work that may be spent, in the solver's own count; ``over`` says that somebody asked to stop."""

    work: float
    over: Callable[[], bool] = lambda: False
    spent: float = 0.0

    @property
    def left(self) -> float:
        """What may still be spent."""
        return 0.0 if self.over() else max(0.0, self.work - self.spent)


def whole_plan(
    draft: Draft,
    budget: Budget,
    seed: int,
    told: Told = lambda _name, _value, _bound: None,
    settled: Callable[[Draft, "Proof"], None] = lambda _draft, _proof: None,
) -> tuple[Draft, Proof]:
    """Make each number as small as possible in turn, over the whole instance at once.

    Args:
        draft: where to begin; it is not changed.
        budget: shared between the numbers; what one leaves the next may use.
        seed: breaks ties.
        told: hears the name, the value and the bound of each number that improves.
        settled: hears of the plan and its proof after each number.
    """
    ground = draft.ground
    order = ground.world.instance.policy.objective_order
    known = floors(ground)
    proof = Proof()
    best = draft
    for place, name in enumerate(order):
        value = numbers(best)[name]
        before = order[:place]
        proven_before = all(one in proof.proven for one in before)
        if value <= known[name]:
            proof.note(name, value, known[name], done=proven_before)
            continue
        share = budget.left * (0.5 if place < len(order) - 1 else 1.0)
        if share <= 0:
            break
        number = Number(best, name, before, seed, told)
        best = number.run(share)
        budget.spent += number.work
        proof.note(name, numbers(best)[name], number.bound, done=False)
        settled(best, proof)
        if name not in proof.proven:
            break
    return best, proof


class Number:
    """One of the six numbers to be made small while those before it stay as good as they are."""

    def __init__(
        self, best: Draft, name: str, before: Sequence[str], seed: int, told: Told
    ) -> None:
        self.best = best
        self.ground = best.ground
        self.name = name
        self.before = before
        self.seed = seed
        self.told = told
        self.now = numbers(best)
        self.known = floors(self.ground)
        self.in_time = self._settled("tardiness")
        self.seated = self._settled("unscheduled")
        self.work = 0.0
        self.bound = self.known[name]

    def _settled(self, name: str) -> bool:
        return name in self.before and self.now[name] == self.known[name]

    def run(self, work: float) -> Draft:
        """Ask for a bound without members, staff what it proposes, and only then ask the whole."""
        if self.name != "fairness":
            part, values = self._asked(work / 2, lean=True)
            if values and not self.reached:
                self._staffed(part.places(values), work / 4)
        if not self.reached and self.work < work:
            part, values = self._asked(work - self.work)
            if values:
                self._keep(part.draft_of(values))
        return self.best

    @property
    def reached(self) -> bool:
        """Whether the number is as small as it can be."""
        return numbers(self.best)[self.name] <= self.bound

    def _keep(self, made: Draft) -> None:
        if score(made) < score(self.best):
            self.best = made

    def _part(self, *, lean: bool = False, fixed: Mapping[int, int] | None = None) -> Part:
        hopeless = {unit.number for unit in self.ground.hopeless} if self.seated else set()
        units = tuple(u.number for u in self.ground.units if u.number not in hopeless)
        slots = tuple(range(len(self.ground.world.slots)))
        scope = Scope(units, slots, self.in_time, self.seated, lean=lean, fixed=fixed or {})
        part = Part(Draft(self.ground), scope)
        for earlier in self.before:
            terms, fixed_part = part.terms(earlier)
            if terms:
                part.question.between(
                    terms, most=self.now[earlier] - fixed_part - self._apart(earlier)
                )
        if self.in_time and self.seated:
            stretches(part, pools(self.ground))
        return part

    def _apart(self, name: str) -> int:
        """What a number counts of units that no slot is open to."""
        return self.known[name] if name == "unscheduled" and self.seated else 0

    def _asked(self, work: float, *, lean: bool = False) -> tuple[Part, Sequence[int]]:
        part = self._part(lean=lean)
        terms, fixed = part.terms(self.name)
        fixed += self._apart(self.name)
        part.question.make_small(terms)
        part.question.between(terms, least=self.bound - fixed)
        part.question.suppose(part.values_of(self.best.sittings))
        tell = (
            None
            if lean
            else lambda value, bound: self.told(self.name, value + fixed, bound + fixed)
        )
        solved = cpsat.solve(part.question, work=work, seed=self.seed, found=tell)
        self.work += solved.work
        self.bound = max(self.bound, solved.bound + fixed)
        return part, solved.values

    def _staffed(self, places: Mapping[int, int], work: float) -> None:
        """Find members for the agendas proposed; it may be that there are none, or dearer ones."""
        part = self._part(fixed=places)
        terms, _ = part.terms(self.name)
        if self.name in COST_LATER:
            terms = part.terms("cost")[0]
        part.question.make_small(terms)
        solved = cpsat.solve(part.question, work=work, seed=self.seed)
        self.work += solved.work
        if solved.values:
            self._keep(part.draft_of(solved.values))


def stretches(part: Part, found: Sequence[Pool]) -> None:
    """Tell the solver what each stretch of time needs; it would be long in finding out.

    Sittings by all units, by those of each rule of quorum alone, and interpreters by their languages.
    """
    for pool in found:
        _needed(part, pool, lambda slot: [part.held[slot]] if slot in part.held else [])
        for words, spoken in by_language(part.ground, pool):
            _needed(part, spoken, partial(part.staffing.speakers, words))


def _needed(part: Part, pool: Pool, choices: Callable[[int], Sequence[int]]) -> None:
    if not pool.units:
        return
    for first, last, needed in Counting(part.ground, pool).stretches():
        places = range(first, last + 1)
        slots = [slot for place in places for slot in pool.slots[place]]
        part.question.between([(one, 1) for slot in slots for one in choices(slot)], least=needed)
