"""Overrides that cannot hold together: a minimal set is named, nothing is dropped without a word."""

from itertools import combinations
from typing import Any

import pytest

from panels.planning.checker.check import check_plan
from tests.builders.plans import a_case, a_member, a_panel, a_slot, an_instance, planned

Document = dict[str, Any]


def pin(case: str, slot: str) -> Document:
    return {"type": "case_slot", "case": case, "slot": slot}


def of(kind: str, slot: str, member: str | None = None) -> Document:
    return {"type": kind, "slot": slot} | ({"member": member} if member else {})


HARMLESS = [of("slot_closed", "s4"), of("member_out", "s3", "m2"), pin("c2", "s2")]
CONFLICTS = {
    "one case at two slots": [pin("c1", "s1"), pin("c1", "s2")],
    "a closed slot that must be open": [of("slot_closed", "s1"), of("slot_open", "s1")],
    "a case at a closed slot": [pin("c1", "s1"), of("slot_closed", "s1")],
    "siblings apart": [pin("g1", "s1"), pin("g2", "s2")],
    "a member in and out": [
        pin("c1", "s1"),
        of("member_in", "s1", "m1"),
        of("member_out", "s1", "m1"),
    ],
    "nobody to lead": [
        of("slot_open", "s1"),
        of("member_out", "s1", "chair"),
        of("member_out", "s1", "deputy"),
    ],
    "recused members alone": [
        pin("r1", "s1"),
        of("member_out", "s1", "chair"),
    ],
    "an agenda too long": [pin("l1", "s1"), pin("l2", "s1")],
}
CASES = [
    *(a_case(f"c{n}") for n in (1, 2, 3)),
    a_case("g1", group="g"),
    a_case("g2", group="g"),
    a_case("r1", recused=[{"member": "deputy", "reason": "x"}]),
    a_case("l1", minutes=100),
    a_case("l2", minutes=100),
]


def with_all(overrides: list[Document]) -> Document:
    return an_instance(cases=CASES, overrides=overrides)


@pytest.mark.parametrize("name", list(CONFLICTS))
def test_a_conflict_is_found_among_others_and_is_minimal(name: str) -> None:
    document = with_all([HARMLESS[0], *CONFLICTS[name], *HARMLESS[1:]])

    plan = planned(document)

    assert plan["status"] == "infeasible_overrides"
    assert check_plan(document, plan) == []
    key = lambda one: sorted(one.items())  # noqa: E731
    assert sorted(plan["conflict"], key=key) == sorted(CONFLICTS[name], key=key)
    for left_out in plan["conflict"]:
        fewer = with_all([one for one in document["overrides"] if one != left_out])
        possible = planned(fewer)
        assert possible["status"] != "infeasible_overrides"
        assert check_plan(fewer, possible) == []


@pytest.mark.parametrize("pair", list(combinations(range(len(HARMLESS)), 2)))
def test_what_can_hold_together_holds(pair: tuple[int, int]) -> None:
    document = with_all([HARMLESS[number] for number in pair])

    assert check_plan(document, planned(document)) == []


def test_a_slot_held_open_by_hand_has_the_usual_quorum_even_without_cases() -> None:
    document = an_instance(
        cases=[a_case("c1")], overrides=[of("slot_open", "s1"), of("slot_open", "s3")]
    )

    plan = planned(document)

    assert check_plan(document, plan) == []
    assert {one["slot"] for one in plan["sittings"]} == {"s1", "s3"}


def test_what_is_fixed_holds_also_when_the_first_choice_of_members_is_wrong() -> None:
    leads = {"roles": ["chair"], "panels": ["P", "Q"]}
    document = an_instance(
        panels=[a_panel("P"), a_panel("Q", rooms=["R2"])],
        rooms=[{"id": name, "district": "D", "unavailable": []} for name in ("R", "R2")],
        slots=[a_slot("s1", 12), a_slot("q1", 12, panel="Q"), a_slot("s2", 14)],
        members=[
            a_member("chair", **leads),
            a_member("deputy", **leads),
            a_member("m1"),
            a_member("q3", panels=["Q"]),
        ],
        cases=[
            a_case("c1", panels=["Q"], recused=[{"member": "deputy", "reason": "x"}]),
            a_case("c2"),
        ],
        overrides=[of("slot_open", "s1"), pin("c1", "q1")],
    )

    plan = planned(document)

    assert check_plan(document, plan) == []
    assert {one["slot"]: one["members"] for one in plan["sittings"]} == {
        "s1": ["deputy", "m1"],
        "q1": ["chair", "q3"],
    }


def test_a_member_asked_for_at_a_slot_they_cannot_attend_closes_it_and_is_no_conflict() -> None:
    document = an_instance(overrides=[of("member_in", "s1", "chair")])
    document["members"][0]["unavailable"] = [
        ["2026-01-12T00:00:00+02:00", "2026-01-13T00:00:00+02:00"]
    ]

    plan = planned(document)

    assert check_plan(document, plan) == []
    assert "s1" not in {one["slot"] for one in plan["sittings"]}
