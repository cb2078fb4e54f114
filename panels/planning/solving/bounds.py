"""What no plan can be below, found by counting: how many sittings the cases due within a stretch of time need.

Between two slots of a panel some cases have no other choice. Their minutes, their number, and how badly long
hearings fill a half-day, say how many sittings there must be in between. Put together over all stretches this is
the least number of sittings; no search is needed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from panels.planning.world.units import Ground, Unit

SHARES: Final = (1, 2, 3)  # how finely a half-day is cut when lengths are rounded
MANY: Final = 4  # one case in so many ties two panels together
Stretch = tuple[int, int, int]  # first place, last place, sittings needed between


@dataclass(frozen=True)
class Pool:
    """Panels that share cases, their slots in order of time, and the units only they can hear.

    Args:
        slots: the usable slots, grouped by the instant they begin.
        units: units with the first and the last place at which each may be heard.
        shared: units that other panels may hear too; they count for nothing here.
    """

    panels: tuple[int, ...]
    slots: tuple[tuple[int, ...], ...]
    units: tuple[tuple[Unit, int, int], ...]
    shared: tuple[Unit, ...]


def pools(ground: Ground) -> list[Pool]:
    """Return the panels in groups; a few shared cases do not tie two panels together."""
    where = [_panels(ground, unit) for unit in ground.units]
    ties = _ties(ground, where)
    found: dict[int, list[int]] = {}
    for number in ties:
        found.setdefault(_root(ties, number), []).append(number)
    hearing: dict[int, list[Unit]] = {root: [] for root in found}
    for unit, panels in zip(ground.units, where, strict=True):
        if unit.slots:
            for root in sorted({_root(ties, panel) for panel in panels}):
                hearing[root].append(unit)
    return [_pool(ground, tuple(group), hearing[root], where) for root, group in found.items()]


def _ties(ground: Ground, where: Sequence[frozenset[int]]) -> dict[int, int]:
    """Tie panels that share a good part of their cases."""
    counts = Counter(panel for panels in where for panel in panels)
    weight = Counter(
        tuple(sorted(panels))
        for unit, panels in zip(ground.units, where, strict=True)
        if unit.slots and len(panels) > 1
    )
    ties = {number: number for number in range(len(ground.world.panels))}
    for key, many in weight.items():
        if MANY * many > max(counts[panel] for panel in key):
            for other in key[1:]:
                _tie(ties, key[0], other)
    return ties


def _panels(ground: Ground, unit: Unit) -> frozenset[int]:
    cases = ground.world.instance.cases
    names = frozenset.intersection(*(cases[case].panels for case in unit.cases))
    return frozenset(ground.world.panel_number[name] for name in names)


def _root(ties: dict[int, int], one: int) -> int:
    while ties[one] != one:
        one = ties[one]
    return one


def _tie(ties: dict[int, int], one: int, other: int) -> None:
    first, second = sorted((_root(ties, one), _root(ties, other)))
    ties[second] = first


def _pool(
    ground: Ground, panels: tuple[int, ...], units: Sequence[Unit], where: Sequence[frozenset[int]]
) -> Pool:
    world = ground.world
    usable = [s for panel in panels for s in world.panels[panel].slots if ground.opens[s]]
    starts = sorted({world.starts[slot] for slot in usable})
    place = {start: number for number, start in enumerate(starts)}
    slots: list[list[int]] = [[] for _ in starts]
    for slot in sorted(usable):
        slots[place[world.starts[slot]]].append(slot)
    mine, shared = [], []
    for unit in units:
        if where[unit.number] <= frozenset(panels):
            best = unit.best
            mine.append((unit, place[world.starts[best[0]]], place[world.starts[best[-1]]]))
        else:
            shared.append(unit)
    return Pool(panels, tuple(map(tuple, slots)), tuple(mine), tuple(shared))


class Counting:
    """How many sittings the units of a pool need within each stretch of time."""

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self.pool = pool
        self.count = len(pool.slots)
        world = ground.world
        panels = [world.panels[panel].panel for panel in pool.panels]
        slots = [world.slots[slot] for group in pool.slots for slot in group]
        overhead = min((panel.overhead_min for panel in panels), default=0)
        self.room = max((slot.minutes for slot in slots), default=0) - overhead
        self.setup = min((panel.batch_setup_min for panel in panels), default=0)
        self.places = max((panel.max_cases_per_sitting for panel in panels), default=0)
        self.table = self._needed()

    def _needed(self) -> list[list[int]]:
        """Return how many sittings there must be from one place to another, both included."""
        size = self.count
        found = [[0] * size for _ in range(size)]
        for scale, measure in self._measures():
            self._sum_up(found, scale, measure)
        return found

    def _measures(self) -> Iterator[tuple[int, list[int]]]:
        """Yield ways to measure the units, each with what one sitting holds at most."""
        units = [unit for unit, _, _ in self.pool.units]
        room, setup = max(self.room, 1), min(self.setup, max(self.room - 1, 0))
        bare = room - setup
        if setup:
            yield room * bare, [one.minutes * (room if one.batches else bare) for one in units]
        else:
            yield room, [one.minutes for one in units]
        if len(units) > self.places:
            yield max(self.places, 1), [len(one.cases) for one in units]
        for share in SHARES:
            yield share * (share + 1), [_rounded(one.minutes, room, share) for one in units]

    def _sum_up(self, found: list[list[int]], scale: int, measure: Sequence[int]) -> None:
        size = self.count
        starting: list[dict[int, int]] = [{} for _ in range(size)]
        for (_, first, last), one in zip(self.pool.units, measure, strict=True):
            if one:
                starting[first][last] = starting[first].get(last, 0) + one
        inside = [0] * size
        for first in range(size - 1, -1, -1):
            row = starting[first]
            if row:
                total = 0
                for last in range(first, size):
                    total += row.get(last, 0)
                    inside[last] += total
            best = found[first]
            for last in range(first, size):
                whole = -(-inside[last] // scale)
                best[last] = max(best[last], whole)

    def needed(self, first: int, last: int) -> int:
        """Return how many sittings there must be between two places, both included."""
        return self.table[first][last]

    def least(self) -> list[int]:
        """Return, for each place, the least number of sittings up to and including it."""
        reach = [0] * (self.count + 1)
        for last in range(self.count):
            most = max(reach[first] + self.table[first][last] for first in range(last + 1))
            reach[last + 1] = max(most, reach[last])
        return reach[1:]

    def stretches(self) -> list[Stretch]:
        """Return the stretches that say more than the shorter ones inside them."""
        found = []
        size, table = self.count, self.table
        for first in range(size - 1, -1, -1):
            known = table[first + 1] if first + 1 < size else [0] * size
            row = table[first]
            for last in range(first, size):
                needed = row[last]
                before = row[last - 1] if last > first else 0
                if needed > known[last] and needed > before and not self._split(first, last):
                    found.append((first, last, needed))
        return found

    def _split(self, first: int, last: int) -> bool:
        """Whether two shorter stretches side by side say as much."""
        row, needed = self.table[first], self.table[first][last]
        return any(row[cut] + self.table[cut + 1][last] >= needed for cut in range(first, last))


def _rounded(minutes: int, room: int, share: int) -> int:
    """Return a length rounded so that what fits together measures ``share * (share + 1)`` at most."""
    parts, rest = divmod((share + 1) * minutes, room)
    return parts * (share if not rest else share + 1)


def cheapest_sitting(ground: Ground, pool: Pool) -> int:
    """Return the least a sitting of these panels with a case can cost, interpreters aside."""
    world = ground.world
    found = []
    seen: set[tuple[int, int]] = set()
    for group in pool.slots:
        for slot in group:
            facts = world.slots[slot]
            if (facts.panel, ground.staff[slot]) in seen:
                continue
            seen.add((facts.panel, ground.staff[slot]))
            rules = {world.rule_number(facts.panel, name) for name in world.instance.priorities}
            for rule in rules:
                need = frozenset({(rule, frozenset[int]())})
                team = ground.teams.cheapest(facts.members, facts.panel, need, facts.forced)
                if team is not None:
                    found.append(sum(world.member_cost(one, facts.panel) for one in team))
    return world.instance.policy.sitting_cost + min(found, default=0)


def by_language(ground: Ground, pool: Pool) -> Iterator[tuple[frozenset[str], Pool]]:
    """Yield the units of a pool by languages, those that one interpreter may have taken together."""
    groups: list[set[str]] = []
    for words in [set(one.languages) for one in ground.world.instance.interpreters]:
        touching = [group for group in groups if group & words]
        groups = [group for group in groups if not group & words]
        groups.append(words.union(*touching))
    for group in groups:
        units = tuple(one for one in pool.units if one[0].languages & group)
        if units:
            yield frozenset(group), Pool(pool.panels, pool.slots, units, ())


def languages(ground: Ground, pool: Pool) -> int:
    """Return how many bookings of interpreters the units of a pool need at least."""
    return sum(Counting(ground, part).least()[-1] for _, part in by_language(ground, pool))


def least_cost(ground: Ground, pool: Pool) -> int:
    """Return what the sittings of a pool cost at least when everybody is heard as early as alone."""
    if not pool.units:
        return 0
    sittings = Counting(ground, pool).least()[-1]
    policy = ground.world.instance.policy
    return sittings * cheapest_sitting(ground, pool) + policy.interpreter_cost * languages(
        ground, pool
    )
