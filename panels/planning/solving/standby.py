"""Who stands by: members free at the time, so that no single absence costs a case its quorum."""

from collections.abc import Sequence

from panels.planning.world.draft import Draft, Held


def standby(draft: Draft) -> dict[int, tuple[int, ...]]:
    """Return, for each sitting, those who stand by; nobody stands by in two places at once.

    Where nobody can take a member's place the sitting stays exposed to that absence.
    """
    watching = draft.copy()
    found = {}
    for slot in sorted(draft.sittings, key=lambda one: (draft.world.starts[one], one)):
        found[slot] = _for_sitting(watching, draft.sittings[slot])
        watching.members.book(found[slot], draft.world.slots[slot])
    return found


def _for_sitting(draft: Draft, held: Held) -> tuple[int, ...]:
    facts = draft.world.slots[held.slot]
    free = [m for m in facts.members if m not in held.team and draft.members.free(m, facts)]
    waiting: list[int] = []
    for lost in held.team:
        left = tuple(one for one in held.team if one != lost)
        order = [*left, *waiting, *(one for one in free if one not in waiting)]
        if _saved(draft, held, left, [*left, *waiting]) is None:
            team = _saved(draft, held, left, order)
            waiting += [one for one in team or () if one not in left and one not in waiting]
    return tuple(waiting)


def _saved(
    draft: Draft, held: Held, left: Sequence[int], there: Sequence[int]
) -> tuple[int, ...] | None:
    facts = draft.world.slots[held.slot]
    needs = draft.agendas[held.slot].needs
    return draft.ground.teams.cheapest(there, facts.panel, needs, frozenset(left))


def exposed(draft: Draft, held: Held, waiting: Sequence[int]) -> tuple[int, ...]:
    """Return the members whose absence would cost a case its quorum in spite of those who stand by."""
    found = []
    for lost in held.team:
        left = tuple(one for one in held.team if one != lost)
        if _saved(draft, held, left, [*left, *waiting]) is None:
            found.append(lost)
    return tuple(found)
