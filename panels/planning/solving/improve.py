"""Better plans piece by piece: a few neighbouring sittings are taken apart and put together again, over and over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from panels.planning.solving import cpsat
from panels.planning.solving.bounds import Pool, pools
from panels.planning.solving.part import Part, Scope, Terms
from panels.planning.solving.stages import Budget
from panels.planning.world.draft import Draft, Held
from panels.planning.world.scoring import against, cost_of

BUILDING = 4e-5  # work that a variable costs before the solver begins, in the solver's count
LIMIT = 2**44
NUMBERS_OF_A_PIECE = ("unscheduled", "tardiness", "notified_moves", "cost", "comfort")


@dataclass(frozen=True)
class Piece:
    """How large the pieces are and how long each is worked on."""

    sittings: int
    work: float


class Improving:
    """One plan that gets better; it is lawful after every step."""

    def __init__(self, draft: Draft, budget: Budget, seed: int, piece: Piece) -> None:
        self.draft = draft
        self.ground = draft.ground
        self.world = draft.world
        self.budget = budget
        self.seed = seed
        self.piece = piece
        self.pools = [pool for pool in pools(self.ground) if pool.units or pool.shared]
        self.order = [
            name
            for name in self.world.instance.policy.objective_order
            if name in NUMBERS_OF_A_PIECE
        ]
        self.improved = 0

    def rounds(self) -> Iterator[int]:
        """Work through all pools again and again; yields after each round how many pieces got better."""
        quiet = 0
        for number in range(10_000):
            before = self.improved
            for pool in self.pools:
                for slots in self._pieces(pool, number):
                    if self.budget.left <= 0:
                        return
                    self._piece(slots)
            yield self.improved - before
            quiet = quiet + 1 if self.improved == before else 0
            if quiet > len(NUMBERS_OF_A_PIECE):
                return

    def _pieces(self, pool: Pool, number: int) -> Iterator[tuple[int, ...]]:
        """Yield stretches of slots that hold a few sittings each; another cut every round."""
        size = self.piece.sittings
        bunch: list[int] = []
        held = number * size // 2 % size if number else 0
        for group in pool.slots:
            bunch += group
            held += sum(slot in self.draft.sittings for slot in group)
            if held >= size:
                yield tuple(bunch)
                bunch, held = list(group), sum(slot in self.draft.sittings for slot in group)
                if held >= size:
                    bunch, held = [], 0
        if bunch:
            yield tuple(bunch)

    def repair(self) -> None:
        """Take apart the surroundings of each unit that is not heard, or later than it could be."""
        for unit in self.ground.units:
            place = self.draft.place.get(unit.number)
            late = place is None or unit.lateness(place) > unit.floor
            if unit.slots and late and self.budget.left > 0:
                chosen = unit.best[: 3 * self.piece.sittings]
                slots = {*chosen, *([place] if place is not None else [])}
                self._piece(tuple(sorted(slots)), extra=(unit.number,), strict=False)

    def at_once(self, slots: Sequence[int], work: float) -> None:
        """Work on a whole panel at once, longer than on a piece of it."""
        self._piece(slots, work=work)

    def propose(self, slots: Sequence[int], places: Mapping[int, int]) -> None:
        """Take over a proposal of where units are heard, if it can be staffed and is better."""
        self._piece(slots, fixed=places)

    def _piece(
        self,
        slots: Sequence[int],
        extra: Sequence[int] = (),
        *,
        strict: bool = True,
        fixed: Mapping[int, int] | None = None,
        work: float | None = None,
    ) -> None:
        draft = self.draft
        before = {slot: draft.remove(slot) for slot in slots if slot in draft.sittings}
        units = {one for held in before.values() for one in held.units} | set(extra)
        scope = self._scope(units, slots, before, strict=strict)
        part = Part(draft, replace(scope, fixed=fixed or {}))
        terms = self._weighed(part)
        if not fixed:
            part.question.suppose(part.values_of(before))
        part.question.make_small(terms)
        self.budget.spent += BUILDING * part.question.count
        spend = min(work or self.piece.work, self.budget.left)
        solved = cpsat.solve(part.question, work=spend, seed=self.seed)
        self.budget.spent += solved.work
        better = bool(solved.values) and self._is_better(
            part.sittings_of(solved.values), before, units
        )
        made = part.sittings_of(solved.values) if better else list(before.values())
        for held in made:
            draft.put(held)
        self.improved += better

    def _is_better(self, made: Sequence[Held], before: Mapping[int, Held], units: set[int]) -> bool:
        return self._local(made, units) < self._local(list(before.values()), units)

    def _local(self, sittings: Sequence[Held], units: set[int]) -> tuple[int, ...]:
        """Return the numbers of these units and sittings alone, in the order of the office."""
        world, facts = self.world, self.ground.units
        place = {unit: held.slot for held in sittings for unit in held.units}
        told = [c for u in units for c in facts[u].cases if c in world.notified]
        at = {case: slot for unit, slot in place.items() for case in facts[unit].cases}
        found = {
            "unscheduled": sum(facts[one].weight for one in units if one not in place),
            "tardiness": sum(facts[one].lateness(slot) for one, slot in place.items()),
            "notified_moves": sum(at.get(case) != world.was_at[case] for case in told),
            "cost": sum(cost_of(world, held) for held in sittings),
            "comfort": sum(against(world, facts[one].cases, slot) for one, slot in place.items())
            + sum(
                c in world.was_at and c not in world.notified
                for u in units
                if u not in place
                for c in facts[u].cases
            ),
        }
        return tuple(found[name] for name in self.order)

    def _scope(
        self, units: set[int], slots: Sequence[int], before: dict[int, Held], *, strict: bool
    ) -> Scope:
        place = {unit: held.slot for held in before.values() for unit in held.units}
        facts = self.ground.units
        on_time = all(facts[u].lateness(place[u]) == facts[u].floor for u in units if u in place)
        heard = all(unit in place for unit in units)
        first = set(self.order[:2]) == {"unscheduled", "tardiness"}
        return Scope(
            tuple(sorted(units)),
            tuple(slots),
            in_time=strict and on_time and heard and first,
            all_seated=strict and heard,
        )

    def _weighed(self, part: Part) -> Terms:
        """Return the numbers of a piece as one sum in which an earlier one outweighs all later ones.

        Where the factors would grow beyond what the solver can add up, the last numbers are left out.
        """
        for count in range(len(self.order), 0, -1):
            found: Terms = []
            factor = 1
            for name in reversed(self.order[:count]):
                terms, _ = part.terms(name)
                found += [(variable, weight * factor) for variable, weight in terms]
                factor *= 1 + part.most(name)
            if factor <= LIMIT:
                return found
        return part.terms(self.order[0])[0]

    def level(self) -> None:
        """Let those with fewer sittings attend where it costs the same."""
        load = [member.prior_sittings for member in self.world.instance.members]
        for held in self.draft.sittings.values():
            for one in held.team:
                load[one] += 1
        for slot in sorted(self.draft.sittings, key=lambda one: (self.world.starts[one], one)):
            self._level(slot, load)

    def _level(self, slot: int, load: list[int]) -> None:
        draft, facts = self.draft, self.world.slots[slot]
        needs = draft.agendas[slot].needs
        held = draft.remove(slot)
        for one in held.team:
            load[one] -= 1
        free = [one for one in facts.members if draft.members.free(one, facts)]
        team = self.ground.teams.cheapest(free, facts.panel, needs, facts.forced, load.__getitem__)
        cost = [self._cost(one, facts.panel) for one in (held.team, team or held.team)]
        squares = [sum(2 * load[one] + 1 for one in who) for who in (held.team, team or held.team)]
        if team and cost[1] == cost[0] and squares[1] < squares[0]:
            held.team = team
        for one in held.team:
            load[one] += 1
        draft.put(held)

    def _cost(self, team: Sequence[int], panel: int) -> int:
        return sum(self.world.member_cost(one, panel) for one in team)
