"""A draft written down: the plan document of section 5, agendas in the order of hearing."""

from collections.abc import Mapping, Sequence
from typing import Any

from panels.planning.reading.instance import NUMBERS
from panels.planning.world.draft import Draft, Held
from panels.planning.world.scoring import numbers


def sitting(draft: Draft, held: Held, standby: Sequence[int] = ()) -> dict[str, Any]:
    """Return one sitting of the document."""
    instance = draft.world.instance
    return {
        "slot": draft.world.slots[held.slot].id,
        "room": instance.rooms[held.room].id,
        "members": [instance.members[one].id for one in held.team],
        "interpreters": [instance.interpreters[one].id for one in held.interpreters],
        "agenda": [{"case": instance.cases[case].id} for case in hearing_order(draft, held)],
        "standby": [instance.members[one].id for one in standby],
    }


def hearing_order(draft: Draft, held: Held) -> list[int]:
    """Return the cases of an agenda: siblings together, then route, then language, preferred half first."""
    world = draft.world
    cases = world.instance.cases
    half = world.slots[held.slot].half
    units = [draft.ground.units[one] for one in held.units]

    def key(unit: Any) -> tuple[Any, ...]:
        first = cases[unit.cases[0]]
        wanted = all(not cases[case].prefer or half in cases[case].prefer for case in unit.cases)
        return (first.batch or "", first.language or "", not wanted, unit.number)

    return [case for unit in sorted(units, key=key) for case in unit.cases]


def document(
    draft: Draft,
    *,
    seconds: float = 0,
    bounds: Mapping[str, int] | None = None,
    proven: Sequence[str] = (),
    standby: Mapping[int, Sequence[int]] | None = None,
    unscheduled: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the plan document of a draft."""
    world = draft.world
    held = sorted(draft.sittings.values(), key=lambda one: (world.slots[one.slot].start, one.slot))
    standing = standby or {}
    return {
        "instance": world.instance.id,
        "status": "optimal" if set(proven) == set(NUMBERS) else "feasible",
        "seconds": round(seconds, 3),
        "sittings": [sitting(draft, one, standing.get(one.slot, ())) for one in held],
        "unscheduled": list(unscheduled),
        "objective": numbers(draft),
        "bounds": dict(bounds or {}),
        "proven": list(proven),
    }


def waiting_cases(draft: Draft) -> list[int]:
    """Return the cases on no agenda, in the order of the document."""
    return [
        c
        for c in range(len(draft.world.instance.cases))
        if draft.ground.unit_of[c] not in draft.place
    ]
