"""The static codes of section 6 once more, by trying everything: only for instances with few people."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

from panels.planning.checker.facts import Ground, Seen, away
from panels.planning.checker.quorum import has_quorum


def codes(instance: dict[str, Any], case_id: str, slot_id: str) -> set[str]:
    """Return every code that closes the slot to the case by itself, read from the document."""
    ground = Ground(instance)
    case, slot = ground.cases[case_id], ground.slots[slot_id]
    sitting = Seen(slot, ground.panels[slot["panel"]], "", (), (), (), ())
    judged = {
        "panel": slot["panel"] not in case["panels"],
        "release": _early(ground, case, sitting),
        "attendance": away((case["attendance"] or {}).get("cannot"), sitting.start, sitting.end),
        "holiday": _holiday(ground, sitting),
        "room": not any(
            not away(ground.rooms[name]["unavailable"], sitting.start, sitting.end)
            for name in sitting.panel["rooms"]
        ),
        "resource": any(ground.resources[name] < 1 for name in sitting.panel["resources"]),
        "capacity": _too_long(ground, case, sitting),
        "interpreter": case["language"] is not None
        and not any(
            case["language"] in one["languages"] and _comes(one, sitting)
            for one in ground.interpreters.values()
        ),
        "quorum": not _quorate(ground, case, sitting, forced=set()),
        "override": _overridden(ground, case, sitting),
    }
    return {code for code, closes in judged.items() if closes}


def _early(ground: Ground, case: Any, sitting: Seen) -> bool:
    now = datetime.fromisoformat(ground.instance["now"])
    if case["id"] in ground.notified and ground.was_at[case["id"]] == sitting.at:
        return sitting.start < now
    hours = ground.instance["priorities"][case["priority"]]["notice_hours"]
    return sitting.start < max(now, datetime.fromisoformat(case["released"])) + timedelta(
        hours=hours
    )


def _holiday(ground: Ground, sitting: Seen) -> bool:
    return any(
        (one, sitting.slot["start"][:10]) in ground.holidays for one in sitting.panel["countries"]
    )


def _family(ground: Ground, case: Any) -> list[Any]:
    if case["group"] is None:
        return [case]
    return [one for one in ground.cases.values() if one["group"] == case["group"]]


def _too_long(ground: Ground, case: Any, sitting: Seen) -> bool:
    family = _family(ground, case)
    minutes = sitting.panel["overhead_min"] + sum(one["minutes"] for one in family)
    minutes += sitting.panel["batch_setup_min"] * len({one["batch"] for one in family} - {None})
    too_many = len(family) > sitting.panel["max_cases_per_sitting"]
    return too_many or timedelta(minutes=minutes) > sitting.end - sitting.start


def _comes(interpreter: Any, sitting: Seen) -> bool:
    may = interpreter["panels"] is None or sitting.panel["id"] in interpreter["panels"]
    free = not away(interpreter["unavailable"], sitting.start, sitting.end)
    return may and free and interpreter["max_sittings_per_week"] > 0


def _there(ground: Ground, sitting: Seen) -> list[str]:
    out = {
        one["member"]
        for one in ground.overrides
        if one["type"] == "member_out" and one["slot"] == sitting.at
    }
    day = sitting.slot["start"][:10]
    return [
        name
        for name, one in ground.members.items()
        if sitting.panel["id"] in one["panels"]
        and name not in out
        and not away(one["unavailable"], sitting.start, sitting.end)
        and (one["country"], day) not in ground.holidays
        and one["max_sittings_per_week"] > 0
    ]


def _quorate(ground: Ground, case: Any, sitting: Seen, forced: set[str]) -> bool:
    """Try every choice of members, one or none for each seat."""
    there = _there(ground, sitting)
    if not forced <= set(there):
        return False
    seats: dict[str, list[str | None]] = {}
    for name in there:
        seats.setdefault(ground.members[name]["seat"], [None]).append(name)
    for choice in product(*seats.values()):
        team = {name for name in choice if name}
        if forced <= team and has_quorum(ground, sitting, case, team):
            return True
    return False


def _overridden(ground: Ground, case: Any, sitting: Seen) -> bool:
    family = {one["id"] for one in _family(ground, case)}
    forced = set()
    for one in ground.overrides:
        if one["type"] == "slot_closed" and one["slot"] == sitting.at:
            return True
        if one["type"] == "case_slot" and one["case"] in family and one["slot"] != sitting.at:
            return True
        if one["type"] == "member_in" and one["slot"] == sitting.at:
            forced.add(one["member"])
    if not forced or not forced <= set(_there(ground, sitting)):
        return bool(forced)
    alone = _quorate(ground, case, sitting, forced=set())
    return alone and not _quorate(ground, case, sitting, forced=forced)
