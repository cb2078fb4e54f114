"""Overrides that cannot all hold: a smallest set of them in which each one is needed for the conflict."""

from collections.abc import Sequence
from dataclasses import replace

from panels.planning.reading.instance import Instance, Override
from panels.planning.solving import cpsat
from panels.planning.solving.part import Part, Scope
from panels.planning.world.draft import Draft, Held
from panels.planning.world.units import Ground
from panels.planning.world.world import World

WORK = 20.0


def conflict(instance: Instance) -> tuple[Override, ...]:
    """Return a minimal set of overrides that cannot hold together; empty when all can.

    Leaving any one of the set out makes the others possible.
    """
    if not instance.overrides or _hold(instance, instance.overrides):
        return ()
    needed = list(instance.overrides)
    size = max(1, len(needed) // 2)
    while size:
        place = 0
        while place < len(needed):
            fewer = needed[:place] + needed[place + size :]
            if _hold(instance, fewer):
                place += size
            else:
                needed = fewer
        size //= 2
    return tuple(needed)


def _hold(instance: Instance, overrides: Sequence[Override]) -> bool:
    """Whether these can hold together, whatever becomes of cases nobody fixed."""
    few = _reduced(instance, overrides)
    return few is None or fixed_sittings(Ground(World(few))) is not None


def _reduced(instance: Instance, overrides: Sequence[Override]) -> Instance | None:
    """Return the instance with only what overrides name; None when they name nothing to be done."""
    named = {one.case for one in overrides if one.case is not None}
    groups = {c.group for c in instance.cases if c.id in named and c.group is not None}
    cases = tuple(c for c in instance.cases if c.id in named or c.group in groups)
    slots = {one.slot for one in overrides}
    kept = {case.id for case in cases}
    previous = tuple(
        replace(one, cases=tuple(item for item in one.cases if item.case in kept))
        for one in instance.previous or ()
        if one.slot in slots
    )
    few = tuple(slot for slot in instance.slots if slot.id in slots)
    if not few:
        return None
    return replace(
        instance, cases=cases, slots=few, previous=previous or None, overrides=tuple(overrides)
    )


def fixed_sittings(ground: Ground) -> list[Held] | None:
    """Return sittings in which everything fixed by hand holds; None when there are none.

    Raises:
        RuntimeError: the solver did not come to an end, which has never been seen.
    """
    world = ground.world
    units = tuple(u.number for u in ground.units if any(case in world.pinned for case in u.cases))
    pins = {slot for case in world.pinned for slot in world.pinned[case]}
    slots = tuple(sorted(pins | world.opened))
    part = Part(Draft(ground), Scope(units, slots, all_seated=True))
    solved = cpsat.solve(part.question, work=WORK, seed=0)
    if solved.impossible:
        return None
    if not solved.proven and not solved.values:  # an empty question has an empty answer
        msg = "the solver gave up on a handful of overrides"
        raise RuntimeError(msg)
    return part.sittings_of(solved.values)
