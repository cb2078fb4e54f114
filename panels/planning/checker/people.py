"""Rule 7 for members and, as rule 9 says, for interpreters: where one person may be."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from panels.planning.checker.facts import ZERO, Broken, Ground, Seen, away


def members(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 7: own panel, free, one for each seat, never in two places, not too often a week."""
    for sitting in sittings:
        if len(set(sitting.members)) < len(sitting.members):
            yield Broken(7, "member_twice", {"slot": sitting.at})
        seats = Counter(ground.members[name]["seat"] for name in set(sitting.members))
        for seat, count in seats.items():
            if count > 1:
                yield Broken(7, "seat_twice", {"slot": sitting.at, "seat": seat})
        for name in sitting.members:
            if sitting.panel["id"] not in ground.members[name]["panels"]:
                yield Broken(7, "member_not_of_panel", {"slot": sitting.at, "member": name})
    attending = _by_person(sittings, "members")
    for name, found in attending.items():
        yield from _person(ground, name, ground.members[name], found, 7, travels=True)


def interpreters(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 9, second half: an interpreter is bound as a member is, without travel when remote."""
    booked = _by_person(sittings, "interpreters")
    for name, found in booked.items():
        facts = ground.interpreters[name]
        for sitting in found:
            if facts.get("panels") is not None and sitting.panel["id"] not in facts["panels"]:
                yield Broken(9, "member_not_of_panel", {"slot": sitting.at, "member": name})
        yield from _person(ground, name, facts, found, 9, travels=not facts.get("remote", False))


def _by_person(sittings: Sequence[Seen], who: str) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = defaultdict(list)
    for sitting in sittings:
        for name in sorted(set(getattr(sitting, who))):
            found[name].append(sitting)
    return found


def _person(
    ground: Ground, name: str, facts: Any, found: Sequence[Seen], rule: int, *, travels: bool
) -> Iterator[Broken]:
    for sitting in found:
        if away(facts.get("unavailable"), sitting.start, sitting.end):
            yield Broken(rule, "member_away", {"slot": sitting.at, "member": name})
    for one, other in combinations(found, 2):
        if one.meets(other):
            yield Broken(rule, "two_places", {"slot": one.at, "other": other.at, "member": name})
        elif travels and not _reaches(ground, one, other):
            yield Broken(rule, "travel", {"slot": one.at, "other": other.at, "member": name})
    weeks = Counter(_week(sitting) for sitting in found)
    for week, count in weeks.items():
        if count > facts.get("max_sittings_per_week", 99):
            yield Broken(rule, "week", {"member": name, "week": f"{week[0]}-W{week[1]:02}"})


def _reaches(ground: Ground, one: Seen, other: Seen) -> bool:
    if one.panel.get("remote", False) or other.panel.get("remote", False):
        return True
    between = max(other.start - one.end, one.start - other.end, ZERO)
    return between >= timedelta(minutes=ground.way(one.panel["district"], other.panel["district"]))


def _week(sitting: Seen) -> tuple[int, int]:
    found = date.fromisoformat(sitting.slot["start"][:10]).isocalendar()
    return found.year, found.week
