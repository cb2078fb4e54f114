"""What offices do now, for comparison: a fixed day of the week, first come first served."""

from collections import Counter

from panels.planning.solving.first import kept
from panels.planning.world.draft import Draft
from panels.planning.world.times import ticks
from panels.planning.world.units import Ground, Unit


def first_come(ground: Ground) -> Draft:
    """Seat units in order of release on fixed half-days; what finds no place there gets the first free slot."""
    draft = Draft(ground)
    kept(draft)
    fixed = {slot for number in range(len(ground.world.panels)) for slot in _fixed(ground, number)}
    cases = ground.world.instance.cases
    released = {u.number: min(ticks(cases[c].released) for c in u.cases) for u in ground.units}
    for unit in sorted(ground.units, key=lambda one: (released[one.number], one.number)):
        if unit.number not in draft.place and not _seat(draft, unit, fixed):
            _seat(draft, unit, None)
    return draft


def _seat(draft: Draft, unit: Unit, among: set[int] | None) -> bool:
    for slot in unit.slots:
        if among is None or slot in among:
            fit = draft.fit(unit, slot)
            if fit is not None:
                draft.seat(unit, fit)
                return True
    return False


def _fixed(ground: Ground, panel: int) -> list[int]:
    """Return as many half-days a week as the panel's cases fill, always the same ones."""
    world = ground.world
    slots = [world.slots[one] for one in world.panels[panel].slots]
    if not slots:
        return []
    kinds = Counter((one.day.weekday(), one.half) for one in slots)
    weeks = len({one.week for one in slots})
    mine = [u for u in ground.units if any(world.slots[s].panel == panel for s in u.slots[:1])]
    room = slots[0].minutes - world.panels[panel].panel.overhead_min
    needed = sum(unit.minutes for unit in mine) / (weeks * max(1, room))
    chosen = [kind for kind, _ in kinds.most_common(max(1, round(needed + 0.5)))]
    return [one.number for one in slots if (one.day.weekday(), one.half) in chosen]
