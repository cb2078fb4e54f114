"""What would help: single changes that admit an earlier date, each tried before it is named."""

from collections.abc import Iterator

from panels.planning.answers.why import Asking, Reason, take_out
from panels.planning.world.closed import Code
from panels.planning.world.teams import Teams
from panels.planning.world.times import ticks

ALONE = {
    frozenset({Code.RELEASE}): "waive_notice",
    frozenset({Code.INTERPRETER}): "book_interpreter",
    frozenset({Code.ROOM}): "find_room",
}


def what_would_help(asking: Asking, case: int, slot: int, most: int = 10) -> list[Reason]:
    """Return the single changes that would let the case be heard before this slot, earliest first."""
    found: list[Reason] = []
    panels = {asking.world.panel_number[name] for name in asking.instance.cases[case].panels}
    start = asking.world.starts[slot]
    earlier = [
        o for o in asking.world.slots if o.panel in panels and asking.world.now <= o.start < start
    ]
    for one in sorted(earlier, key=lambda o: (o.start, o.number)):
        found += _at(asking, case, one.number)
        if len(found) >= most:
            break
    return found[:most]


def _at(asking: Asking, case: int, slot: int) -> Iterator[Reason]:
    codes = asking.ground.closed.codes(case, slot)
    facts = {"slot": asking.world.slots[slot].id, "case": asking.instance.cases[case].id}
    if codes in ALONE:
        language = asking.instance.cases[case].language or ""
        if _otherwise_open(asking, case, slot, codes) and _is_released(asking, case, slot):
            yield Reason(ALONE[codes], facts | {"language": language})
    elif codes == {Code.OVERRIDE} and asking.world.slots[slot].closed:
        yield Reason("open_slot", facts)
    elif codes == {Code.QUORUM}:
        for member in _missing(asking, case, slot):
            yield Reason("release_member", facts | {"member": asking.instance.members[member].id})
    elif not codes and slot in asking.unit(case).slots:
        yield from _free(asking, case, slot, facts)


def _otherwise_open(asking: Asking, case: int, slot: int, codes: frozenset[Code]) -> bool:
    """Whether nothing else stands against the slot: no sibling, no full agenda."""
    others = [one for one in asking.ground.closed.siblings[case] if one != case]
    if any(asking.ground.closed.codes(one, slot) - codes for one in others):
        return False
    return asking.draft.has_room(asking.unit(case), slot)


def _is_released(asking: Asking, case: int, slot: int) -> bool:
    """Whether the case is ready by then; no waiver helps before that."""
    return asking.world.starts[slot] >= ticks(asking.instance.cases[case].released)


def _missing(asking: Asking, case: int, slot: int) -> Iterator[int]:
    """Yield each absent member who alone would give the case its quorum."""
    facts = asking.world.slots[slot]
    signature = asking.world.signature(case, facts.panel)
    teams = Teams(asking.world)
    for member in asking.world.panels[facts.panel].members:
        cause = asking.world.absence(member, slot, facts.start, facts.end, facts.day)
        if cause == "away" and teams.possible((*facts.members, member), signature):
            yield member


def _free(asking: Asking, case: int, slot: int, facts: dict[str, str]) -> Iterator[Reason]:
    """The slot is open to the case by every rule: a further sitting, or a member set free elsewhere."""
    draft = asking.draft.copy()
    unit = asking.unit(case)
    if unit.number in draft.place:
        take_out(draft, unit)
    fit = draft.fit(unit, slot)
    if fit is not None and slot not in draft.sittings:
        yield Reason("hold_slot", facts | {"added": fit.added})
    if fit is None and draft.has_room(unit, slot) and not draft.can_staff(unit, slot):
        here = asking.world.slots[slot]
        for member in here.members:
            if not draft.members.free(member, here) and _staffed_with(asking, case, slot, member):
                yield Reason(
                    "release_member", facts | {"member": asking.instance.members[member].id}
                )


def _staffed_with(asking: Asking, case: int, slot: int, member: int) -> bool:
    facts = asking.world.slots[slot]
    free = [m for m in facts.members if m == member or asking.draft.members.free(m, facts)]
    needs = asking.ground.needs(asking.ground.unit_of[case], facts.panel)
    if slot in asking.draft.agendas:
        needs |= asking.draft.agendas[slot].needs
        free += [m for m in asking.draft.sittings[slot].team if m not in free]
    return asking.ground.teams.cheapest(free, facts.panel, needs, facts.forced) is not None
