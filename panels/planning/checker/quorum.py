"""Rule 8 as the checker reads it, for cases and for those who stand by."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, Final

from panels.planning.checker.facts import Broken, Ground, Seen, away

MOST_TRIES: Final = 100_000


def quorum(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Each case of each sitting has its quorum among those who attend and may vote."""
    for sitting in sittings:
        for case in sitting.cases:
            if not has_quorum(ground, sitting, ground.cases[case], sitting.members):
                yield Broken(8, "quorum", {"case": case, "slot": sitting.at})


def has_quorum(ground: Ground, sitting: Seen, case: Any | None, attending: Iterable[str]) -> bool:
    """Whether these people, less those recused, satisfy the rule of the case; None asks for the usual rule."""
    rules = sitting.panel["quorum"]
    rule = rules["default"] if case is None else rules.get(case["priority"], rules["default"])
    recused = {one["member"] for one in (case or {}).get("recused") or []}
    voters = [ground.members[name] for name in set(attending) - recused]
    if len(voters) < rule["min_present"]:
        return False
    if len({one["agency"] for one in voters}) < rule.get("min_agencies", 0):
        return False
    return all(
        sum(_counts(one, need) for one in voters) >= need["min"] for need in rule.get("require", [])
    )


def _counts(member: Any, need: Any) -> bool:
    if need.get("roles") and not set(need["roles"]) & set(member["roles"]):
        return False
    if need.get("sectors") and member["sector"] not in need["sectors"]:
        return False
    return not need.get("countries") or member["country"] in need["countries"]


def standby(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Those who stand by are of the panel, free, not needed elsewhere at the time, and not already there."""
    for sitting in sittings:
        for name in sitting.standby:
            if name in sitting.members or not _may_stand_by(ground, sitting, name):
                yield Broken(7, "standby", {"member": name, "slot": sitting.at})
    for one, other in _pairs(sittings):
        for name in set(one.standby) & {*other.members, *other.standby}:
            if one.meets(other):
                yield Broken(7, "standby", {"member": name, "slot": one.at})


def _may_stand_by(ground: Ground, sitting: Seen, name: str) -> bool:
    member = ground.members[name]
    day = sitting.slot["start"][:10]
    return (
        sitting.panel["id"] in member["panels"]
        and not away(member.get("unavailable"), sitting.start, sitting.end)
        and (member["country"], day) not in ground.holidays
    )


def _pairs(sittings: Sequence[Seen]) -> Iterator[tuple[Seen, Seen]]:
    """Yield pairs, both ways round, of sittings that might share somebody."""
    holding: dict[str, list[Seen]] = {}
    for sitting in sittings:
        for name in {*sitting.standby, *sitting.members}:
            holding.setdefault(name, []).append(sitting)
    for found in holding.values():
        yield from ((one, other) for one, other in product(found, found) if one is not other)


def survives(ground: Ground, sitting: Seen, lost: str) -> bool:
    """Whether the quorum of every case survives the loss of one member with the help of those who stand by."""
    left = [name for name in sitting.members if name != lost]
    taken = {ground.members[name]["seat"] for name in left}
    seats: dict[str, list[str | None]] = {}
    for name in sitting.standby:
        seat = ground.members[name]["seat"]
        if seat not in taken:
            seats.setdefault(seat, [None]).append(name)
    tries = product(*seats.values())
    for number, choice in enumerate(tries):
        if number > MOST_TRIES:
            return False
        there = [*left, *(name for name in choice if name)]
        if all(has_quorum(ground, sitting, ground.cases[case], there) for case in sitting.cases):
            return True
    return False
