"""Planted breaches of each of the eleven rules are caught, and each by its own rule."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from panels.planning.checker.check import check_plan
from panels.planning.checker.facts import Ground, seen
from panels.planning.checker.quorum import survives
from tests.builders.plans import a_case, a_member, a_panel, a_slot, an_instance, planned

Document = dict[str, Any]


def two_panels(**more: Any) -> Document:
    """A second panel far away, with a member, a room and a bridge in common."""
    parts: Document = {
        "panels": [
            a_panel("P", resources=["bridge"], batch_setup_min=5),
            a_panel("Q", district="E", rooms=["R", "R2"], resources=["bridge"]),
        ],
        "rooms": [
            {"id": "R", "district": "D", "unavailable": []},
            {"id": "R2", "district": "E", "unavailable": []},
        ],
        "resources": [{"id": "bridge", "capacity": 2}],
        "slots": [
            a_slot("s1", 12),
            a_slot("s2", 14, 14),
            a_slot("q1", 12, panel="Q"),
            a_slot("q2", 12, 13, panel="Q"),
        ],
        "members": [
            a_member("chair", roles=["chair"], panels=["P", "Q"], max_sittings_per_week=2),
            a_member("deputy", roles=["deputy"], panels=["P", "Q"], country="CD"),
            a_member("m1"),
            a_member("m2", seat="seat-m1"),
            a_member("q3", panels=["Q"]),
        ],
    }
    return an_instance(**(parts | more))


def sitting(slot: str, *cases: str, **more: Any) -> Document:
    return {
        "slot": slot,
        "room": "R",
        "members": ["chair", "m1"],
        "interpreters": [],
        "agenda": [{"case": case} for case in cases],
    } | more


def a_plan(instance: Document, *sittings: Document) -> Document:
    heard = {item["case"] for one in sittings for item in one["agenda"]}
    rest = [case["id"] for case in instance["cases"] if case["id"] not in heard]
    return {
        "instance": instance["id"],
        "status": "feasible",
        "sittings": list(sittings),
        "unscheduled": [{"case": case, "reasons": []} for case in rest],
        "objective": {},
        "bounds": {},
        "proven": [],
    }


def rules(instance: Document, plan: Document) -> set[tuple[int, str]]:
    return {(one.rule, one.code) for one in check_plan(instance, plan) if one.rule}


def siblings_apart() -> tuple[Document, Document]:
    cases = [a_case("c1", group="g"), a_case("c2", group="g")]
    return two_panels(cases=cases), a_plan(
        two_panels(cases=cases), sitting("s1", "c1"), sitting("s2", "c2")
    )


def heard_twice() -> tuple[Document, Document]:
    return two_panels(), a_plan(two_panels(), sitting("s1", "c1", "c2"), sitting("s2", "c1"))


def forgotten() -> tuple[Document, Document]:
    plan = a_plan(two_panels(), sitting("s1", "c1"))
    plan["unscheduled"] = plan["unscheduled"][:1]
    return two_panels(), plan


def other_panel() -> tuple[Document, Document]:
    return two_panels(), a_plan(two_panels(), sitting("q1", "c1", members=["chair", "q3"]))


def too_early() -> tuple[Document, Document]:
    found = two_panels(cases=[a_case("c1", released="2026-01-10T09:30:00+02:00")])
    return found, a_plan(found, sitting("s1", "c1"))


def family_away() -> tuple[Document, Document]:
    span = ["2026-01-12T11:59:00+02:00", "2026-01-12T18:00:00+02:00"]
    found = two_panels(cases=[a_case("c1", attendance={"cannot": [span], "prefer": []})])
    return found, a_plan(found, sitting("s1", "c1"))


def on_a_holiday() -> tuple[Document, Document]:
    found = two_panels(holidays=[{"country": "ZM", "date": "2026-01-12", "name": "x"}])
    return found, a_plan(found, sitting("s1", "c1"))


def on_a_members_holiday() -> tuple[Document, Document]:
    found = two_panels(holidays=[{"country": "CD", "date": "2026-01-12", "name": "x"}])
    return found, a_plan(found, sitting("s1", "c1", members=["deputy", "m1"]))


def room_of_others() -> tuple[Document, Document]:
    return two_panels(), a_plan(two_panels(), sitting("s1", "c1", room="R2"))


def room_twice() -> tuple[Document, Document]:
    found = two_panels(cases=[a_case("c1"), a_case("c2", panels=["Q"])])
    there = sitting("q1", "c2", members=["deputy", "q3"])
    return found, a_plan(found, sitting("s1", "c1"), there)


def bridge_over() -> tuple[Document, Document]:
    found = two_panels(
        cases=[a_case("c1"), a_case("c2", panels=["Q"])],
        resources=[{"id": "bridge", "capacity": 1}],
    )
    there = sitting("q1", "c2", members=["deputy", "q3"], room="R2")
    return found, a_plan(found, sitting("s1", "c1"), there)


def not_a_member() -> tuple[Document, Document]:
    return two_panels(), a_plan(two_panels(), sitting("s1", "c1", members=["chair", "q3"]))


def on_leave() -> tuple[Document, Document]:
    found = two_panels()
    found["members"][0]["unavailable"] = [
        ["2026-01-12T08:00:00+02:00", "2026-01-12T09:01:00+02:00"]
    ]
    return found, a_plan(found, sitting("s1", "c1"))


def shared_seat() -> tuple[Document, Document]:
    return two_panels(), a_plan(two_panels(), sitting("s1", "c1", members=["chair", "m1", "m2"]))


def in_two_places() -> tuple[Document, Document]:
    found = two_panels(cases=[a_case("c1"), a_case("c2", panels=["Q"])])
    return found, a_plan(
        found, sitting("s1", "c1"), sitting("q1", "c2", members=["chair", "q3"], room="R2")
    )


def no_time_to_travel() -> tuple[Document, Document]:
    found = two_panels(cases=[a_case("c1"), a_case("c2", panels=["Q"])])
    return found, a_plan(
        found, sitting("s1", "c1"), sitting("q2", "c2", members=["chair", "q3"], room="R2")
    )


def too_often() -> tuple[Document, Document]:
    found = two_panels()
    found["members"][0]["max_sittings_per_week"] = 1
    return found, a_plan(found, sitting("s1", "c1"), sitting("s2", "c2"))


def without_quorum() -> tuple[Document, Document]:
    found = two_panels(
        cases=[a_case("c1", recused=[{"member": "m1", "reason": "x"}]), a_case("c2")]
    )
    return found, a_plan(found, sitting("s1", "c1", "c2"))


def without_words() -> tuple[Document, Document]:
    return two_panels(), a_plan(two_panels(), sitting("s1", "c3"))


def interpreter_away() -> tuple[Document, Document]:
    found = two_panels()
    found["interpreters"][0]["unavailable"] = [
        ["2026-01-12T08:00:00+02:00", "2026-01-12T19:00:00+02:00"]
    ]
    return found, a_plan(found, sitting("s1", "c3", interpreters=["i1"]))


def too_long() -> tuple[Document, Document]:
    cases = [a_case(f"c{n}", minutes=41, batch=f"b{n}") for n in range(4)]
    found = two_panels(cases=cases)
    return found, a_plan(found, sitting("s1", *(case["id"] for case in cases)))


def too_many() -> tuple[Document, Document]:
    cases = [a_case(f"c{n}", minutes=1) for n in range(7)]
    found = two_panels(cases=cases)
    return found, a_plan(found, sitting("s1", *(case["id"] for case in cases)))


def against(*overrides: Document) -> Callable[[], tuple[Document, Document]]:
    found = two_panels(overrides=list(overrides))
    return lambda: (found, a_plan(found, sitting("s1", "c1")))


BREACHES: dict[str, tuple[int, str, Callable[[], tuple[Document, Document]]]] = {
    "siblings apart": (1, "group", siblings_apart),
    "heard twice": (1, "not_once", heard_twice),
    "forgotten": (1, "not_once", forgotten),
    "another panel": (2, "panel", other_panel),
    "inside the notice period": (3, "release", too_early),
    "family away": (4, "attendance", family_away),
    "holiday of the panel": (5, "holiday", on_a_holiday),
    "holiday of a member": (5, "holiday_member", on_a_members_holiday),
    "room of others": (6, "room_not_of_panel", room_of_others),
    "room used twice": (6, "room_twice", room_twice),
    "bridge used twice": (6, "resource", bridge_over),
    "not a member": (7, "member_not_of_panel", not_a_member),
    "on leave": (7, "member_away", on_leave),
    "seat shared": (7, "seat_twice", shared_seat),
    "two places": (7, "two_places", in_two_places),
    "no time to travel": (7, "travel", no_time_to_travel),
    "too often": (7, "week", too_often),
    "no quorum": (8, "quorum", without_quorum),
    "no interpreter": (9, "interpreter", without_words),
    "interpreter away": (9, "member_away", interpreter_away),
    "agenda too long": (10, "too_long", too_long),
    "too many cases": (10, "too_many_cases", too_many),
    "case not where fixed": (
        11,
        "case_slot",
        against({"type": "case_slot", "case": "c2", "slot": "s1"}),
    ),
    "closed slot held": (11, "slot_closed", against({"type": "slot_closed", "slot": "s1"})),
    "open slot not held": (11, "slot_open", against({"type": "slot_open", "slot": "s2"})),
    "member missing": (
        11,
        "member_in",
        against({"type": "member_in", "slot": "s1", "member": "m2"}),
    ),
    "member not wanted": (
        11,
        "member_out",
        against({"type": "member_out", "slot": "s1", "member": "m1"}),
    ),
}


@pytest.mark.parametrize("name", list(BREACHES))
def test_a_planted_breach_is_caught_by_its_own_rule(name: str) -> None:
    rule, code, planted = BREACHES[name]
    instance, plan = planted()

    assert (rule, code) in rules(instance, plan)


def test_every_hard_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in BREACHES.values()} == set(range(1, 12))


def test_a_lawful_plan_with_the_same_parts_is_accepted() -> None:
    instance = two_panels()

    assert (
        rules(instance, a_plan(instance, sitting("s1", "c1", "c2", "c3", interpreters=["i1"])))
        == set()
    )


@pytest.mark.parametrize(
    "name", ["unscheduled", "tardiness", "notified_moves", "cost", "comfort", "fairness"]
)
def test_a_number_that_is_not_so_is_named(name: str) -> None:
    instance = an_instance()
    plan = planned(instance)
    assert check_plan(instance, plan) == []

    plan["objective"][name] += 1

    assert [one.code for one in check_plan(instance, plan)] == ["number_not_so"]


@pytest.mark.parametrize(
    "plan",
    [
        None,
        [],
        "x",
        {},
        {"sittings": 3, "status": "optimal", "unscheduled": []},
        {"sittings": [None], "status": "optimal", "unscheduled": []},
        {"sittings": [{"slot": 1}], "status": "optimal", "unscheduled": []},
        {"sittings": [sitting("nowhere", "c1")], "status": "optimal", "unscheduled": []},
        {"sittings": [sitting("s1", "nobody")], "status": "optimal", "unscheduled": []},
        {"sittings": [sitting("s1", members=["nobody"])], "status": "optimal", "unscheduled": []},
        {"sittings": [sitting("s1", members=["i1"])], "status": "optimal", "unscheduled": []},
        {"sittings": [sitting("s1", standby=[3])], "status": "optimal", "unscheduled": []},
        {
            "sittings": [],
            "status": "optimal",
            "unscheduled": [{"case": "nobody"}],
            "instance": "small",
        },
        {"sittings": [], "status": "infeasible_overrides", "unscheduled": [], "instance": "small"},
    ],
)
def test_a_plan_that_is_no_plan_is_refused_without_a_traceback(plan: Any) -> None:
    assert check_plan(an_instance(), plan)


def test_those_who_stand_by_save_every_sitting_from_one_absence() -> None:
    instance = an_instance()
    plan = planned(instance)
    ground = Ground(instance)
    sittings, _ = seen(ground, plan)

    assert all(survives(ground, one, lost) for one in sittings for lost in one.members)
    bare = copy.deepcopy(plan)
    for one in bare["sittings"]:
        one["standby"] = []
    alone, _ = seen(ground, bare)
    assert not any(survives(ground, one, lost) for one in alone for lost in one.members)
