"""Small instances of the planner, in documents, and plans made of them."""

import copy
from typing import Any

from panels.planning.answers.told import plan_document
from panels.planning.answers.why import Asking
from panels.planning.reading.whole import instance_of
from panels.planning.solving.planner import Effort, make_plan

QUICK = Effort(seconds=0.4, seed=1)


def a_rule(present: int = 2, agencies: int = 1) -> dict[str, Any]:
    """Two members, one of whom leads."""
    return {
        "min_present": present,
        "min_agencies": agencies,
        "require": [{"roles": ["chair", "deputy"], "min": 1}],
    }


def a_member(name: str, **more: Any) -> dict[str, Any]:
    """A member of panel P with a seat of their own."""
    return {
        "id": name,
        "sector": "child_welfare",
        "agency": f"agency-{name}",
        "roles": ["member"],
        "country": "ZM",
        "home": "D",
        "panels": ["P"],
        "seat": f"seat-{name}",
        "unavailable": [],
        "max_sittings_per_week": 5,
        "prior_sittings": 0,
    } | more


def a_case(name: str, **more: Any) -> dict[str, Any]:
    """A case of 30 minutes, released before anything else, due at the end."""
    return {
        "id": name,
        "panels": ["P"],
        "priority": "standard",
        "released": "2026-01-01T08:00:00+02:00",
        "deadline": "2026-01-30T17:00:00+02:00",
        "minutes": 30,
        "language": None,
        "group": None,
        "batch": None,
        "recused": [],
        "attendance": None,
    } | more


def a_slot(name: str, day: int, hour: int = 9, panel: str = "P") -> dict[str, Any]:
    """Three hours on a day of January 2026."""
    start, end = (f"2026-01-{day:02}T{h:02}:00:00+02:00" for h in (hour, hour + 3))
    return {"id": name, "panel": panel, "start": start, "end": end}


def an_instance(**more: Any) -> dict[str, Any]:
    """One panel, four slots in two weeks, four members, an interpreter, three cases."""
    return copy.deepcopy(
        {
            "format": "bid-panel-schedule/1",
            "id": "small",
            "now": "2026-01-05T07:00:00+02:00",
            "horizon": {"start": "2026-01-05T00:00:00+02:00", "end": "2026-02-02T00:00:00+02:00"},
            "priorities": {
                "emergency": {"weight": 100, "notice_hours": 12},
                "standard": {"weight": 5, "notice_hours": 72},
            },
            "policy": {},
            "holidays": [],
            "districts": [{"id": "D", "country": "ZM"}, {"id": "E", "country": "ZM"}],
            "travel": [{"from": "D", "to": "E", "minutes": 90}],
            "resources": [],
            "rooms": [{"id": "R", "district": "D", "unavailable": []}],
            "panels": [a_panel("P")],
            "slots": [a_slot("s1", 12), a_slot("s2", 14, 14), a_slot("s3", 19), a_slot("s4", 21)],
            "members": [
                a_member("chair", roles=["chair"]),
                a_member("deputy", roles=["deputy"]),
                a_member("m1"),
                a_member("m2"),
            ],
            "interpreters": [
                {
                    "id": "i1",
                    "languages": ["swa"],
                    "home": "D",
                    "remote": False,
                    "panels": None,
                    "unavailable": [],
                    "max_sittings_per_week": 5,
                }
            ],
            "cases": [a_case("c1"), a_case("c2"), a_case("c3", language="swa")],
            "previous": None,
            "overrides": [],
        }
        | more
    )


def a_panel(name: str, **more: Any) -> dict[str, Any]:
    """A panel in district D with one room."""
    return {
        "id": name,
        "district": "D",
        "countries": ["ZM"],
        "remote": False,
        "rooms": ["R"],
        "resources": [],
        "overhead_min": 10,
        "batch_setup_min": 0,
        "max_cases_per_sitting": 6,
        "quorum": {"default": a_rule()},
    } | more


def planned(document: dict[str, Any], effort: Effort = QUICK) -> dict[str, Any]:
    """Plan a document and return the plan's document."""
    return plan_document(make_plan(instance_of(document), effort))


def asking(document: dict[str, Any], effort: Effort = QUICK) -> Asking:
    """Plan a document and return who answers about the plan."""
    return Asking(make_plan(instance_of(document), effort).draft)
