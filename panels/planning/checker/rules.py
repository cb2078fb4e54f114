"""Rules 1 to 6 and 9 to 11 of the statement, each read from the documents once more."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from panels.planning.checker.facts import Broken, Ground, Seen, away
from panels.planning.checker.quorum import has_quorum


def once(ground: Ground, sittings: Sequence[Seen], unheard: Sequence[str]) -> Iterator[Broken]:
    """Rule 1: each case stands on one agenda or among the unscheduled; siblings together."""
    counts = Counter(one.at for one in sittings)
    yield from (
        Broken(1, "slot_twice", {"slot": slot}) for slot, times in counts.items() if times > 1
    )
    where: dict[str, list[str]] = defaultdict(list)
    for case, at in [(case, one.at) for one in sittings for case in one.cases]:
        where[case].append(at)
    for case in unheard:
        where[case].append("")
    unknown = [case for case in where if case not in ground.cases]
    yield from (Broken(0, "not_known", {"path": "/unscheduled", "value": one}) for one in unknown)
    for case in ground.cases:
        if len(where[case]) != 1:
            yield Broken(1, "not_once", {"case": case, "times": len(where[case])})
    yield from _siblings(ground, where)


def _siblings(ground: Ground, where: Mapping[str, Sequence[str]]) -> Iterator[Broken]:
    groups: dict[str, set[str]] = defaultdict(set)
    for case, facts in ground.cases.items():
        if facts.get("group") is not None:
            groups[facts["group"]].update(where[case])
    for name, places in groups.items():
        if len(places) > 1:
            yield Broken(1, "group", {"group": name})


def panel(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 2: the panel is one of the case's."""
    for sitting, case, facts in _heard(ground, sittings):
        if sitting.panel["id"] not in facts["panels"]:
            yield Broken(2, "panel", {"case": case, "slot": sitting.at})


def release(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 3: people are told in time; who was told already may stay."""
    now = datetime.fromisoformat(ground.instance["now"])
    for sitting, case, facts in _heard(ground, sittings):
        hours = ground.instance["priorities"][facts["priority"]]["notice_hours"]
        earliest = max(datetime.fromisoformat(facts["released"]), now) + timedelta(hours=hours)
        if case in ground.notified and ground.was_at[case] == sitting.at:
            earliest = now
        if sitting.start < earliest:
            yield Broken(3, "release", {"case": case, "slot": sitting.at})


def attendance(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 4: the family can come."""
    for sitting, case, facts in _heard(ground, sittings):
        cannot = (facts.get("attendance") or {}).get("cannot")
        if away(cannot, sitting.start, sitting.end):
            yield Broken(4, "attendance", {"case": case, "slot": sitting.at})


def holiday(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 5: nobody sits on a holiday."""
    for sitting in sittings:
        day = sitting.slot["start"][:10]
        for country in sitting.panel["countries"]:
            if (country, day) in ground.holidays:
                yield Broken(5, "holiday", {"slot": sitting.at, "country": country})
        for name in sitting.members:
            if (ground.members[name]["country"], day) in ground.holidays:
                yield Broken(5, "holiday_member", {"slot": sitting.at, "member": name})


def room(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 6: one room of the panel, free, used once; shared resources within their capacity."""
    for sitting in sittings:
        facts = ground.rooms.get(sitting.room)
        if sitting.room not in sitting.panel["rooms"] or facts is None:
            yield Broken(6, "room_not_of_panel", {"slot": sitting.at, "room": sitting.room})
        elif away(facts.get("unavailable"), sitting.start, sitting.end):
            yield Broken(6, "room_away", {"slot": sitting.at, "room": sitting.room})
    yield from _shared(sittings, lambda one: [one.room], defaultdict(lambda: 1), "room_twice")
    uses = lambda one: one.panel.get("resources", [])  # noqa: E731  a name for one line
    yield from _shared(sittings, uses, ground.resources, "resource")


def _shared(
    sittings: Sequence[Seen],
    uses: Callable[[Seen], Sequence[str]],
    capacity: Mapping[str, int],
    code: str,
) -> Iterator[Broken]:
    using: dict[str, list[Seen]] = defaultdict(list)
    for sitting in sittings:
        for name in set(uses(sitting)):
            using[name].append(sitting)
    for name, found in using.items():
        open_now: list[Seen] = []
        for sitting in sorted(found, key=lambda one: one.start):
            open_now = [one for one in open_now if one.end > sitting.start] + [sitting]
            if len(open_now) > capacity[name]:
                yield Broken(6, code, {"slot": sitting.at, "name": name})


def interpreter(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 9, first half: every language of the agenda is covered."""
    for sitting, case, facts in _heard(ground, sittings):
        language = facts.get("language")
        spoken = {
            word for name in sitting.interpreters for word in ground.interpreters[name]["languages"]
        }
        if language is not None and language not in spoken:
            yield Broken(9, "interpreter", {"case": case, "slot": sitting.at, "language": language})


def capacity(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 10: the agenda fits into the slot."""
    for sitting in sittings:
        cases = [ground.cases[case] for case in sitting.cases]
        batches = {one["batch"] for one in cases if one.get("batch") is not None}
        facts = sitting.panel
        minutes = facts.get("overhead_min", 0) + sum(one["minutes"] for one in cases)
        minutes += facts.get("batch_setup_min", 0) * len(batches)
        if timedelta(minutes=minutes) > sitting.end - sitting.start:
            yield Broken(10, "too_long", {"slot": sitting.at, "minutes": minutes})
        if len(cases) > facts["max_cases_per_sitting"]:
            yield Broken(10, "too_many_cases", {"slot": sitting.at, "cases": len(cases)})


def override(ground: Ground, sittings: Sequence[Seen]) -> Iterator[Broken]:
    """Rule 11: what a person fixed holds."""
    held = {one.at: one for one in sittings}
    for one in ground.overrides:
        if not OVERRIDES[one["type"]](ground, held.get(one["slot"]), one):
            yield Broken(11, one["type"], {name: one[name] for name in one if name != "type"})


def _case_slot(_ground: Ground, held: Seen | None, one: Any) -> bool:
    return held is not None and one["case"] in held.cases


def _closed(_ground: Ground, held: Seen | None, _one: Any) -> bool:
    return held is None


def _open(ground: Ground, held: Seen | None, _one: Any) -> bool:
    return held is not None and has_quorum(ground, held, None, held.members)


def _member_in(_ground: Ground, held: Seen | None, one: Any) -> bool:
    return held is None or one["member"] in held.members


def _member_out(_ground: Ground, held: Seen | None, one: Any) -> bool:
    return held is None or one["member"] not in (*held.members, *held.standby)


OVERRIDES: Final[dict[str, Callable[[Ground, Seen | None, Any], bool]]] = {
    "case_slot": _case_slot,
    "slot_closed": _closed,
    "slot_open": _open,
    "member_in": _member_in,
    "member_out": _member_out,
}


def _heard(ground: Ground, sittings: Sequence[Seen]) -> Iterator[tuple[Seen, str, Any]]:
    for sitting in sittings:
        for case in sitting.cases:
            yield sitting, case, ground.cases[case]
