"""The six numbers of a draft, compared in the order the office gave them."""

from collections.abc import Iterable, Mapping

from panels.planning.reading.instance import NUMBERS
from panels.planning.world.draft import Draft, Held
from panels.planning.world.world import World

Score = tuple[int, ...]


def numbers(draft: Draft) -> dict[str, int]:
    """Return the six numbers by name."""
    world, units = draft.world, draft.ground.units
    waiting = [unit for unit in units if unit.number not in draft.place]
    placed = [(units[one], slot) for one, slot in draft.place.items()]
    at = {case: slot for unit, slot in placed for case in unit.cases}
    moved = [case for case, slot in world.was_at.items() if at.get(case) != slot]
    against = sum(_against(world, case, slot) for case, slot in at.items())
    return {
        "unscheduled": sum(unit.weight for unit in waiting),
        "tardiness": sum(unit.lateness(slot) for unit, slot in placed),
        "notified_moves": sum(case in world.notified for case in moved),
        "cost": sum(cost_of(world, held) for held in draft.sittings.values()),
        "comfort": against + sum(case not in world.notified for case in moved),
        "fairness": fairness(world, draft.sittings.values()),
    }


def ordered(world: World, found: Mapping[str, int]) -> Score:
    """Return the numbers in the order of the office: less is better, the first decides first."""
    return tuple(found[name] for name in world.instance.policy.objective_order)


def score(draft: Draft) -> Score:
    """Return the six numbers in the order of the office."""
    return ordered(draft.world, numbers(draft))


def _against(world: World, case: int, slot: int) -> bool:
    prefer = world.instance.cases[case].prefer
    return bool(prefer) and world.slots[slot].half not in prefer


def against(world: World, cases: Iterable[int], slot: int) -> int:
    """Return what hearing these cases at a slot adds to the discomfort of families."""
    found = 0
    for case in cases:
        found += _against(world, case, slot)
        moved = case in world.was_at and world.was_at[case] != slot
        found += moved and case not in world.notified
    return found


def cost_of(world: World, held: Held) -> int:
    """Return what one sitting costs."""
    policy, panel = world.instance.policy, world.slots[held.slot].panel
    team = sum(world.member_cost(one, panel) for one in held.team)
    return policy.sitting_cost + team + policy.interpreter_cost * len(held.interpreters)


def fairness(world: World, sittings: Iterable[Held]) -> int:
    """Return the sum of the squares of everybody's sittings, those before this plan included."""
    load = [member.prior_sittings for member in world.instance.members]
    for held in sittings:
        for one in held.team:
            load[one] += 1
    return sum(count * count for count in load)


__all__ = ["NUMBERS", "Score", "against", "cost_of", "fairness", "numbers", "ordered", "score"]
