"""A first lawful plan, quickly: late sittings, filled well, so that few of them are needed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from panels.planning.world.draft import Draft, Fit
from panels.planning.world.scoring import score
from panels.planning.world.units import Ground, Unit


def first_plan(ground: Ground) -> Draft:
    """Return the better of two simple plans that keep what was fixed and what was told before."""
    begun = Draft(ground)
    kept(begun)
    lazy = _filled(begun, ())
    troubled = _troubled(lazy)
    if not troubled:
        return lazy
    found = [lazy, _filled(begun, troubled)]
    if len(ground.units) <= MANY:
        found.append(earliest_first(ground, begun))
    return min(found, key=score)


def _filled(begun: Draft, first: Sequence[Unit]) -> Draft:
    """Fill a copy of a plan; those in ``first`` choose before all others."""
    draft = begun.copy()
    waiting = [unit for unit in draft.ground.units if unit.number not in draft.place]
    Filling(draft, waiting, frozenset(unit.number for unit in first)).run()
    return draft


def _troubled(draft: Draft) -> list[Unit]:
    """Return the units that are not heard, or later than if they were alone, though they need not be."""
    found = []
    for unit in draft.ground.units:
        place = draft.place.get(unit.number)
        if unit.slots and (place is None or unit.lateness(place) > unit.floor):
            found.append(unit)
    return found


def kept(draft: Draft) -> None:
    """Hold what must be held, and keep cases where they were: those who were told first."""
    ground, world = draft.ground, draft.world
    for slot in sorted(world.opened, key=lambda one: world.slots[one].start):
        if slot not in draft.sittings:
            draft.open_empty(slot)
    pinned = [u for u in ground.units if any(case in world.pinned for case in u.cases)]
    for unit in pinned:
        if unit.number not in draft.place:
            _first_fit(draft, unit, unit.slots)
    told = [u for u in ground.units if any(case in world.notified for case in u.cases)]
    known = [u for u in ground.units if any(case in world.was_at for case in u.cases)]
    for unit in (*told, *known):
        before = {world.was_at[case] for case in unit.cases if case in world.was_at}
        if unit.number not in draft.place:
            _first_fit(draft, unit, [slot for slot in unit.slots if slot in before])


def _first_fit(draft: Draft, unit: Unit, slots: Iterable[int]) -> bool:
    for slot in slots:
        fit = draft.fit(unit, slot)
        if fit is not None:
            draft.seat(unit, fit)
            return True
    return False


MANY: Final = 2_000  # units from which on only the quicker of the simple plans are tried
CROWD: Final = 600  # minutes of one route still waiting that are worth a sitting of their own


class Filling:
    """Seats waiting units: the one due first opens the slot that helps most others, and they follow."""

    def __init__(
        self, draft: Draft, waiting: Sequence[Unit], first: frozenset[int] = frozenset()
    ) -> None:
        self.draft = draft
        self.units = draft.ground.units
        self.waiting = {unit.number for unit in waiting}
        self.order = sorted(
            waiting,
            key=lambda one: (
                one.number not in first,
                one.due,
                -one.weight,
                -one.minutes,
                one.number,
            ),
        )
        self.wish: dict[int, list[Unit]] = defaultdict(list)
        self.load: dict[int, int] = defaultdict(int)
        self.crowd: dict[frozenset[str], int] = defaultdict(int)
        for unit in self.order:
            self.crowd[unit.batches] += unit.minutes
            for slot in unit.best:
                self.wish[slot].append(unit)
                self.load[slot] += unit.minutes

    def run(self) -> None:
        """Seat all that can be seated; those that cannot be in time take what is left."""
        for unit in self.order:
            if unit.number in self.waiting and not self._join(unit):
                self._open(unit)
        late = [self.units[number] for number in sorted(self.waiting)]
        for unit in sorted(late, key=lambda one: (-one.weight, one.due, one.number)):
            self._late(unit)

    def _join(self, unit: Unit) -> bool:
        draft = self.draft
        held = [slot for slot in unit.best if slot in draft.sittings and draft.has_room(unit, slot)]
        if unit.batches and self.crowd[unit.batches] > CROWD:
            held = [slot for slot in held if unit.batches <= draft.agendas[slot].batches]
        fits = [fit for slot in held if (fit := draft.fit(unit, slot)) is not None]
        if not fits:
            return False
        key = lambda fit: (fit.added, draft.minutes_left(fit.slot), fit.slot)  # noqa: E731  used once
        self._seat(unit, min(fits, key=key))
        return True

    def _open(self, unit: Unit) -> bool:
        free = [slot for slot in unit.best if slot not in self.draft.sittings]
        free.sort(key=lambda slot: (-self._promise(slot), self.draft.world.starts[slot], slot))
        for slot in free:
            fit = self.draft.fit(unit, slot)
            if fit is not None:
                self._seat(unit, fit)
                self._fill(slot, unit)
                return True
        return False

    def _promise(self, slot: int) -> int:
        return min(self.load[slot], self.draft.minutes_left(slot))

    def _fill(self, slot: int, leader: Unit) -> None:
        """Take along those of the same route, then those who need nobody else, then the others."""
        route = [one for one in self.wish[slot] if one.batches == leader.batches]
        if leader.batches:
            self._take(slot, route)
        self._take(slot, self.wish[slot], free_only=True)
        if not leader.batches:
            self._take(slot, self.wish[slot])

    def _take(self, slot: int, units: Sequence[Unit], *, free_only: bool = False) -> None:
        for unit in units:
            if unit.number in self.waiting:
                fit = self.draft.fit(unit, slot)
                if fit is not None and not (free_only and fit.added):
                    self._seat(unit, fit)

    def _late(self, unit: Unit) -> None:
        slots = sorted(unit.slots, key=lambda slot: (unit.lateness(slot), unit.slots.index(slot)))
        for slot in slots:
            fit = self.draft.fit(unit, slot)
            if fit is not None:
                self._seat(unit, fit)
                return

    def _seat(self, unit: Unit, fit: Fit) -> None:
        self.draft.seat(unit, fit)
        self.waiting.discard(unit.number)
        self.crowd[unit.batches] -= unit.minutes
        for slot in unit.best:
            self.load[slot] -= unit.minutes


def earliest_first(ground: Ground, draft: Draft) -> Draft:
    """Seat every unit as early as it can be heard, the one with the earliest deadline first."""
    deadline = ground.world.deadline
    order = sorted(ground.units, key=lambda one: (min(deadline[c] for c in one.cases), one.number))
    for unit in order:
        if unit.number not in draft.place:
            _first_fit(draft, unit, unit.slots)
    return draft
