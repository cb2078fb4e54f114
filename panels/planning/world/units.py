"""What is placed as one: a case alone, or siblings who are heard in the same sitting."""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from panels.planning.world.closed import Closed
from panels.planning.world.teams import Teams
from panels.planning.world.times import Interval, late_days, overlaps
from panels.planning.world.world import Signature, SlotFacts, World


@dataclass(frozen=True)
class Unit:
    """Cases that stay together, with the slots no rule closes to them, in order of time.

    Args:
        late: the weighted late days at slots that end after a deadline; at others there are none.
        floor: the weighted late days the unit would have if it were alone.
        due: the end of the last slot at which it would be no later than that.
    """

    number: int
    cases: tuple[int, ...]
    minutes: int
    weight: int
    batches: frozenset[str]
    languages: frozenset[str]
    slots: tuple[int, ...]
    late: dict[int, int]
    floor: int
    due: int

    @cached_property
    def best(self) -> tuple[int, ...]:
        """The slots that would be no later than the case alone could be heard."""
        if not self.late:
            return self.slots
        late, floor = self.late, self.floor
        return tuple(slot for slot in self.slots if late.get(slot, 0) == floor)

    def lateness(self, slot: int) -> int:
        """Return the weighted late days at a slot that is open to the unit."""
        return self.late.get(slot, 0)


class Ground:
    """The world with its units: what every way of planning stands on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.teams = Teams(world)
        self.closed = Closed(world, self.teams)
        self._staff: dict[tuple[tuple[int, ...], frozenset[int]], int] = {}
        self.staff = [
            self._staff.setdefault((slot.members, slot.forced), len(self._staff))
            for slot in world.slots
        ]
        self._served: dict[tuple[int, int, frozenset[Signature]], bool] = {}
        self.opens = [self._opens(slot) for slot in world.slots]
        self._staffed_slots: dict[Hashable, tuple[list[int], tuple[int, ...]]] = {}
        self._needs: dict[tuple[int, int], frozenset[Signature]] = {}
        together = sorted(set(self.closed.siblings))
        self.units = [self._unit(number, cases) for number, cases in enumerate(together)]
        self.unit_of = {case: unit.number for unit in self.units for case in unit.cases}

    def _opens(self, slot: SlotFacts) -> bool:
        """Whether the slot can be held at all."""
        return (
            slot.holiday is None
            and not slot.closed
            and bool(slot.rooms)
            and slot.bridge
            and slot.forced <= set(slot.members)
        )

    def needs(self, unit: int, panel: int) -> frozenset[Signature]:
        """Return what the cases of a unit ask of the members of a panel."""
        key = (unit, panel)
        if key not in self._needs:
            self._needs[key] = self._signatures(self.units[unit].cases, panel)
        return self._needs[key]

    def _signatures(self, cases: Sequence[int], panel: int) -> frozenset[Signature]:
        return frozenset(self.world.signature(case, panel) for case in cases)

    def _unit(self, number: int, cases: tuple[int, ...]) -> Unit:
        facts = [self.world.instance.cases[case] for case in cases]
        languages = frozenset(one.language for one in facts if one.language is not None)
        slots = self._open_slots(cases, languages)
        late = self._late(cases, slots)
        floor = 0 if len(late) < len(slots) else min(late.values(), default=0)
        return Unit(
            number=number,
            cases=cases,
            minutes=sum(one.minutes for one in facts),
            weight=sum(self.world.weight[case] for case in cases),
            batches=frozenset(one.batch for one in facts if one.batch is not None),
            languages=languages,
            slots=slots,
            late=late,
            floor=floor,
            due=max((self.world.slots[s].end for s in slots if late.get(s, 0) == floor), default=0),
        )

    def _late(self, cases: Sequence[int], slots: Sequence[int]) -> dict[int, int]:
        first = min(self.world.deadline[case] for case in cases)
        found = {}
        for slot in slots:
            end = self.world.slots[slot].end
            if end > first:
                found[slot] = sum(
                    self.world.weight[case] * late_days(end, self.world.deadline[case])
                    for case in cases
                )
        return {slot: weighed for slot, weighed in found.items() if weighed}

    def _open_slots(self, cases: tuple[int, ...], languages: frozenset[str]) -> tuple[int, ...]:
        world = self.world
        kept = {world.was_at[case] for case in cases if case in world.notified}
        pins = frozenset().union(*(world.pinned.get(case, ()) for case in cases))
        cannot = [span for case in cases for span in world.cannot[case]]
        earliest = max(world.earliest[case] for case in cases)
        starts, slots = self._staffed(cases, languages)
        found: Sequence[int] = slots[bisect_left(starts, earliest) :]
        if kept:
            found = [one for one in slots if one in found or one in kept]
            found = [one for one in found if not self._too_early(cases, one)]
        if pins:
            found = [one for one in found if pins == {one}]
        if cannot:
            found = [one for one in found if not self._cannot(cannot, one)]
        return tuple(found)

    def _too_early(self, cases: Sequence[int], slot: int) -> bool:
        return any(self.closed.too_early(case, self.world.slots[slot]) for case in cases)

    def _cannot(self, cannot: Sequence[Interval], slot: int) -> bool:
        facts = self.world.slots[slot]
        return overlaps(cannot, facts.start, facts.end)

    def _staffed(
        self, cases: tuple[int, ...], languages: frozenset[str]
    ) -> tuple[list[int], tuple[int, ...]]:
        """Return, with their starts, the slots where room, time, interpreter and quorum can be had."""
        world = self.world
        common = frozenset.intersection(*(world.instance.cases[case].panels for case in cases))
        panels = sorted(world.panel_number[name] for name in common)
        key = (
            languages,
            len(cases),
            *(
                (panel, self.closed.needed_minutes(cases[0], panel), self._signatures(cases, panel))
                for panel in panels
            ),
        )
        if key not in self._staffed_slots:
            found = [
                slot
                for panel in panels
                for slot in self._roomy(panel, cases)
                if languages <= world.slots[slot].languages
                and self._quorate(cases, world.slots[slot])
            ]
            found.sort(key=lambda one: (world.slots[one].start, one))
            self._staffed_slots[key] = ([world.slots[one].start for one in found], tuple(found))
        return self._staffed_slots[key]

    def _roomy(self, panel: int, cases: Sequence[int]) -> Iterator[int]:
        """Yield the slots of a panel that can be held and are long enough for the unit alone."""
        facts = self.world.panels[panel]
        if len(cases) > facts.panel.max_cases_per_sitting:
            return
        needed = self.closed.needed_minutes(cases[0], panel)
        for slot in facts.slots:
            if self.opens[slot] and self.world.slots[slot].minutes >= needed:
                yield slot

    def _quorate(self, cases: Sequence[int], slot: SlotFacts) -> bool:
        needs = self._signatures(cases, slot.panel)
        key = (self.staff[slot.number], slot.panel, needs)
        if key not in self._served:
            self._served[key] = self._served_by(slot, needs)
        return self._served[key]

    def _served_by(self, slot: SlotFacts, needs: frozenset[Signature]) -> bool:
        if len(needs) == 1 and not slot.forced:
            (need,) = needs
            return self.teams.possible(slot.members, need)
        return self.teams.cheapest(slot.members, slot.panel, needs, slot.forced) is not None

    @cached_property
    def floor(self) -> int:
        """The tardiness no plan can be below: that of each unit if it were alone."""
        return sum(unit.floor for unit in self.units)

    @cached_property
    def hopeless(self) -> tuple[Unit, ...]:
        """Units to which every slot is closed."""
        return tuple(unit for unit in self.units if not unit.slots)
