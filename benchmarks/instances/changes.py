"""What happens after a plan was made: things fixed by hand, urgent cases, absences, a week that passes."""

import copy
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any


def with_overrides(
    instance: Mapping[str, Any], plan: Mapping[str, Any], seed: int
) -> dict[str, Any]:
    """Return the instance with some of the plan fixed and some of it forbidden; all of it can hold."""
    chance = Random(f"overrides/{instance['id']}/{seed}")
    found = copy.deepcopy(dict(instance))
    sittings = list(plan["sittings"])
    chance.shuffle(sittings)
    held = {one["slot"] for one in sittings}
    free = [slot["id"] for slot in instance["slots"] if slot["id"] not in held]
    overrides: list[dict[str, str]] = []
    for one in sittings[:1]:
        overrides += [
            {"type": "case_slot", "case": item["case"], "slot": one["slot"]}
            for item in one["agenda"][:1]
        ]
        overrides += [
            {"type": "member_in", "slot": one["slot"], "member": m} for m in one["members"][:1]
        ]
        overrides.append({"type": "slot_open", "slot": one["slot"]})
    for one in sittings[1:2]:
        overrides.append({"type": "member_out", "slot": one["slot"], "member": one["members"][0]})
    overrides += [
        {"type": "slot_closed", "slot": name} for name in chance.sample(free, min(2, len(free)))
    ]
    found["overrides"] = overrides
    return found


def replanned(instance: Mapping[str, Any], plan: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return the instance three days later: families told of near dates, two emergencies, one absence."""
    chance = Random(f"replan/{instance['id']}/{seed}")
    found = copy.deepcopy(dict(instance))
    now = datetime.fromisoformat(instance["now"]) + timedelta(days=3)
    found["now"] = now.isoformat()
    starts = {slot["id"]: slot["start"] for slot in instance["slots"]}
    kept = [one for one in plan["sittings"] if datetime.fromisoformat(starts[one["slot"]]) >= now]
    heard = {i["case"] for one in plan["sittings"] if one not in kept for i in one["agenda"]}
    found["cases"] = [case for case in found["cases"] if case["id"] not in heard]
    told_until = now + timedelta(days=21)
    found["previous"] = {
        "sittings": [
            {
                "slot": one["slot"],
                "members": one["members"],
                "cases": [
                    {
                        "case": item["case"],
                        "notified": datetime.fromisoformat(starts[one["slot"]]) < told_until,
                    }
                    for item in one["agenda"]
                ],
            }
            for one in kept
        ]
    }
    for number in range(2):
        model = chance.choice(instance["cases"])
        found["cases"].append(_emergency(model, number, now))
    if kept:
        sitting = chance.choice(kept)
        start = datetime.fromisoformat(starts[sitting["slot"]])
        away = [(start - timedelta(hours=4)).isoformat(), (start + timedelta(hours=8)).isoformat()]
        lost = chance.choice(sitting["members"])
        next(one for one in found["members"] if one["id"] == lost)["unavailable"].append(away)
    return found


def _emergency(model: Mapping[str, Any], number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"E{number}",
        "panels": list(model["panels"]),
        "priority": "emergency",
        "released": now.isoformat(),
        "deadline": (now + timedelta(hours=96)).isoformat(),
        "minutes": 30,
        "language": None,
        "group": None,
        "batch": None,
        "recused": [],
        "attendance": None,
    }
