"""A plan somebody brings along, taken up again as a draft."""

from collections.abc import Iterable

from panels.planning.reading.plans import SittingRead
from panels.planning.world.draft import Draft, Held
from panels.planning.world.units import Ground


def draft_of(ground: Ground, sittings: Iterable[SittingRead]) -> Draft:
    """Return the draft of a plan that the checker found lawful."""
    world = ground.world
    interpreters = {one.id: n for n, one in enumerate(world.instance.interpreters)}
    draft = Draft(ground)
    for one in sittings:
        units = dict.fromkeys(ground.unit_of[world.case_number[case]] for case in one.cases)
        draft.put(
            Held(
                world.slot_number[one.slot],
                world.room_number[one.room],
                tuple(sorted(world.member_number[name] for name in one.members)),
                tuple(sorted(interpreters[name] for name in one.interpreters)),
                list(units),
            )
        )
    return draft
