"""A part of a plan as a question to the solver: these units and slots are free, everything else stays as it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from panels.planning.solving.cpsat import Question
from panels.planning.solving.staffing import Staffing
from panels.planning.world.draft import Draft, Held
from panels.planning.world.units import Ground, Unit

Terms = list[tuple[int, int]]


@dataclass(frozen=True)
class Scope:
    """What of a plan may change.

    Args:
        units: the units that may be moved.
        slots: the slots whose sittings may be held, dropped and staffed anew.
        in_time: whether units may be heard only at slots no later than they could be if they were alone.
        all_seated: whether every unit must be heard.
        lean: leave the members out: the answer is a bound and a proposal, not a plan.
        fixed: units that may only be heard at this slot.
    """

    units: tuple[int, ...]
    slots: tuple[int, ...]
    in_time: bool = False
    all_seated: bool = False
    lean: bool = False
    fixed: Mapping[int, int] = field(default_factory=dict)


class Part:
    """The question, its variables, and how its answer becomes a draft again."""

    def __init__(self, outside: Draft, scope: Scope) -> None:
        """Ask about a scope.

        Args:
            outside: the plan without the sittings of the scope; it is looked at and not changed.
            scope: what is free.
        """
        self.outside = outside
        self.ground: Ground = outside.ground
        self.world = outside.world
        self.scope = scope
        self.units = [self.ground.units[one] for one in scope.units]
        self.question = Question()
        self.seat: dict[tuple[int, int], int] = {}
        self.unheard: dict[int, int] = {}
        self.held: dict[int, int] = {}
        self.batch: dict[tuple[int, str], int] = {}
        self.guests: dict[int, list[int]] = defaultdict(list)
        self._place_units()
        self.staffing = Staffing(self, lean=scope.lean)
        self._capacity()
        self._rooms()
        self._resources()
        self._opened()

    def _place_units(self) -> None:
        usable = [slot for slot in self.scope.slots if self.ground.opens[slot]]
        free = {slot for slot in usable if self._room_left(slot)}
        wanted: set[int] = set()
        for unit in self.units:
            for slot in self._wanted(unit, free):
                self.seat[unit.number, slot] = self.question.choice()
                self.guests[slot].append(unit.number)
                wanted.add(slot)
        for slot in usable:
            if slot in wanted or (slot in free and self.world.slots[slot].must_open):
                self.held[slot] = self.question.choice()
        for unit in self.units:
            choices = [self.seat[unit.number, slot] for slot in self._slots_of(unit)]
            if not self.scope.all_seated:
                self.unheard[unit.number] = self.question.choice()
                choices.append(self.unheard[unit.number])
            self.question.exactly_one(choices)

    def _wanted(self, unit: Unit, free: Collection[int]) -> list[int]:
        slots = unit.best if self.scope.in_time else unit.slots
        only = self.scope.fixed.get(unit.number)
        return [slot for slot in slots if slot in free and only in {None, slot}]

    def _slots_of(self, unit: Unit) -> list[int]:
        return [slot for slot in unit.slots if (unit.number, slot) in self.seat]

    def _room_left(self, slot: int) -> bool:
        facts = self.world.slots[slot]
        return bool(self._rooms_left(slot)) and self.outside.has_bridge(facts)

    def _rooms_left(self, slot: int) -> list[int]:
        return self.outside.rooms_free(self.world.slots[slot])

    def _capacity(self) -> None:
        question = self.question
        for slot, guests in self.guests.items():
            panel = self.world.instance.panels[self.world.slots[slot].panel]
            units = [self.ground.units[one] for one in guests]
            held = self.held[slot]
            length = self.world.slots[slot].minutes - panel.overhead_min
            minutes = [(self.seat[one.number, slot], one.minutes) for one in units]
            minutes += [(one, panel.batch_setup_min) for one in self._batches(slot, units)]
            question.between([*minutes, (held, -length)], most=0)
            places = [(self.seat[one.number, slot], len(one.cases)) for one in units]
            if sum(count for _, count in places) > panel.max_cases_per_sitting:
                question.between([*places, (held, -panel.max_cases_per_sitting)], most=0)
            for one in guests:
                question.implies(self.seat[one, slot], held)
            if not self.world.slots[slot].must_open:
                question.some([self.seat[one, slot] for one in guests], [held])

    def _batches(self, slot: int, units: Sequence[Unit]) -> list[int]:
        panel = self.world.instance.panels[self.world.slots[slot].panel]
        if not panel.batch_setup_min:
            return []
        found: dict[str, int] = {}
        for unit in units:
            for batch in sorted(unit.batches):
                if batch not in found:
                    found[batch] = self.batch[slot, batch] = self.question.choice()
                self.question.implies(self.seat[unit.number, slot], found[batch])
        return list(found.values())

    def _rooms(self) -> None:
        question, slots = self.question, self.world.slots
        self.room: dict[tuple[int, int], int] = {}
        using: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for slot, held in self.held.items():
            rooms = self._rooms_left(slot)
            beside = [one for one in self._beside(slot) if set(self._rooms_left(one)) & set(rooms)]
            if not beside:
                continue
            if len(rooms) == 1:
                using[rooms[0]].append((slot, held))
                continue
            for room in rooms:
                self.room[slot, room] = question.choice()
                using[room].append((slot, self.room[slot, room]))
            question.between(
                [*((self.room[slot, room], 1) for room in rooms), (held, -1)], least=0, most=0
            )
        for found in using.values():
            for (one, first), (other, second) in combinations(found, 2):
                if slots[one].start < slots[other].end and slots[other].start < slots[one].end:
                    question.at_most_one([first, second])

    def _beside(self, slot: int) -> list[int]:
        one = self.world.slots[slot]
        near = self.world.near(slot, self.held)
        others = [self.world.slots[number] for number in near if number != slot]
        return [o.number for o in others if o.start < one.end and one.start < o.end]

    def _resources(self) -> None:
        slots, instance = self.world.slots, self.world.instance
        for name, capacity in instance.resources.items():
            mine = [s for s in self.held if name in instance.panels[slots[s].panel].resources]
            fixed = self.outside.uses[name]
            for at in sorted({slots[one].start for one in (*mine, *fixed)}):
                here = [s for s in mine if slots[s].start <= at < slots[s].end]
                taken = sum(slots[s].start <= at < slots[s].end for s in fixed)
                if here and len(here) + taken > capacity:
                    self.question.between(
                        [(self.held[s], 1) for s in here], most=max(0, capacity - taken)
                    )

    def _opened(self) -> None:
        for slot in self.scope.slots:
            if self.world.slots[slot].must_open:
                if slot in self.held:
                    self.question.between([(self.held[slot], 1)], least=1)
                else:
                    self.question.some([])

    def terms(self, name: str) -> tuple[Terms, int]:
        """Return one of the six numbers of the part as terms, and what is added to them."""
        found: tuple[Terms, int] = getattr(self, f"_{name}")()
        return found

    def most(self, name: str) -> int:
        """Return what the terms of a number cannot add up to more than; each unit is heard once."""
        terms, _ = self.terms(name)
        factors = dict(terms)
        total = sum(abs(weight) for _, weight in terms)
        if name not in {"tardiness", "comfort"}:
            return total
        dearest: dict[int, int] = defaultdict(int)
        for (unit, _), choice in self.seat.items():
            dearest[unit] = max(dearest[unit], abs(factors.get(choice, 0)))
        return 2 * sum(dearest.values())

    def _unscheduled(self) -> tuple[Terms, int]:
        return [
            (self.unheard[u.number], u.weight) for u in self.units if u.number in self.unheard
        ], 0

    def _tardiness(self) -> tuple[Terms, int]:
        return [
            (choice, self.ground.units[unit].lateness(slot))
            for (unit, slot), choice in self.seat.items()
            if self.ground.units[unit].lateness(slot)
        ], 0

    def _moves(self, cases: Iterable[int]) -> tuple[Terms, int]:
        terms, count = [], 0
        for case in cases:
            unit, before = self.ground.unit_of[case], self.world.was_at[case]
            count += 1
            if (unit, before) in self.seat:
                terms.append((self.seat[unit, before], -1))
        return terms, count

    def _mine(self, told: Collection[int], *, wanted: bool) -> list[int]:
        cases = (case for unit in self.units for case in unit.cases if case in self.world.was_at)
        return [case for case in cases if (case in told) is wanted]

    def _notified_moves(self) -> tuple[Terms, int]:
        return self._moves(self._mine(self.world.notified, wanted=True))

    def _cost(self) -> tuple[Terms, int]:
        terms = [(held, self.world.instance.policy.sitting_cost) for held in self.held.values()]
        return terms + self.staffing.cost(), 0

    def _comfort(self) -> tuple[Terms, int]:
        terms, count = self._moves(self._mine(self.world.notified, wanted=False))
        for (unit, slot), choice in self.seat.items():
            cases = self.ground.units[unit].cases
            here = sum(self._dislikes(case, slot) for case in cases)
            if here:
                terms.append((choice, here))
        return terms, count

    def _dislikes(self, case: int, slot: int) -> bool:
        prefer = self.world.instance.cases[case].prefer
        return bool(prefer) and self.world.slots[slot].half not in prefer

    def _fairness(self) -> tuple[Terms, int]:
        return self.staffing.squares()

    def values_of(self, sittings: Mapping[int, Held]) -> dict[int, int]:
        """Return the variables as sittings of the same scope would set them, to begin from."""
        here = {slot: held for slot, held in sittings.items() if slot in self.held}
        agendas = {s: self.outside.agenda(self.world.slots[s], h.units) for s, h in here.items()}
        place = {unit: slot for slot, held in here.items() for unit in held.units}
        found = dict.fromkeys(range(self.question.count), 0)
        for unit, choice in self.unheard.items():
            found[choice] = int(unit not in place)
        for (unit, slot), choice in self.seat.items():
            found[choice] = int(place.get(unit) == slot)
        for slot, choice in self.held.items():
            found[choice] = int(slot in here)
        for (slot, batch), choice in self.batch.items():
            found[choice] = int(slot in here and batch in agendas[slot].batches)
        for (slot, room), choice in self.room.items():
            found[choice] = int(slot in here and here[slot].room == room)
        self.staffing.suppose(found, here, agendas)
        return found

    def places(self, values: Sequence[int]) -> dict[int, int]:
        """Return where the solver put each unit that is heard."""
        return {unit: slot for (unit, slot), choice in self.seat.items() if values[choice]}

    def sittings_of(self, values: Sequence[int]) -> list[Held]:
        """Return the sittings as the solver set them."""
        used: dict[int, list[int]] = defaultdict(list)
        found = []
        for slot in sorted(self.held, key=lambda one: (self.world.starts[one], one)):
            if not values[self.held[slot]]:
                continue
            units = [one for one in self.guests[slot] if values[self.seat[one, slot]]]
            team, interpreters = self.staffing.chosen(slot, values)
            room = self._room_of(slot, values, used)
            used[room].append(slot)
            found.append(Held(slot, room, team, interpreters, units))
        return found

    def draft_of(self, values: Sequence[int]) -> Draft:
        """Return the whole plan with this part as the solver set it."""
        made = self.outside.copy()
        for held in self.sittings_of(values):
            made.put(held)
        return made

    def _room_of(self, slot: int, values: Sequence[int], used: Mapping[int, Sequence[int]]) -> int:
        rooms = self._rooms_left(slot)
        chosen = [one for one in rooms if (slot, one) in self.room and values[self.room[slot, one]]]
        if chosen:
            return chosen[0]
        beside = set(self._beside(slot))
        return next(one for one in rooms if not beside & set(used.get(one, ())))
