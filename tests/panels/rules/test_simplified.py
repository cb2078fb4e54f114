from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from panels.rules.simplified import (
    Condition,
    DemandedBy,
    Reviewers,
    Setting,
    Suitability,
    is_sampled,
    may_be_simplified,
    may_sign_simplified,
)

ALLOWED = Setting(is_allowed=True, triggers=frozenset({"B1"}))
CASE = Suitability(
    triggers=frozenset({"B1"}),
    priority="medium",
    child_objects=False,
    both_sides_willing=True,
    parents_verified=True,
    no_concern_above_medium=True,
)


def codes(setting: Setting = ALLOWED, **changes: Any) -> list[str]:
    return [gap.code for gap in may_be_simplified(setting, replace(CASE, **changes)).gaps]


def reviewer_codes(
    first: str = "a",
    second: str = "b",
    qualified: tuple[str, ...] = ("a", "b"),
    excluded: tuple[str, ...] = (),
    needed: int = 2,
) -> list[str]:
    found = may_sign_simplified(Reviewers((first, second), qualified, excluded), needed=needed)
    return [gap.code for gap in found.gaps]


def test_the_simplified_procedure_is_off_unless_the_country_allows_it():
    assert codes(Setting()) == ["simplified_not_allowed"]
    assert not codes()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"triggers": frozenset({"B1", "B3"})}, "simplified_trigger_excluded"),
        ({"priority": "high"}, "simplified_priority_too_high"),
        ({"child_objects": True}, "simplified_child_objects"),
        ({"both_sides_willing": False}, "simplified_side_unwilling"),
        ({"parents_verified": False}, "simplified_parents_unverified"),
        ({"no_concern_above_medium": False}, "simplified_concern_too_high"),
        ({"is_listed": True}, "simplified_case_listed"),
    ],
)
def test_a_case_with_any_doubt_goes_to_the_full_panel(changes, code):
    assert codes(**changes) == [code]


@pytest.mark.parametrize("by", list(DemandedBy))
def test_whoever_demands_the_full_panel_gets_it(by):
    assert codes(demanded_by=frozenset({by})) == ["full_panel_demanded"]


def test_two_different_qualified_and_unconnected_people_sign():
    assert not reviewer_codes()
    assert "simplified_same_person" in reviewer_codes(second="a")
    assert reviewer_codes(qualified=("a",)) == ["simplified_not_qualified"]


def test_a_country_that_asks_for_three_signatures_gets_three():
    assert reviewer_codes(needed=3) == ["simplified_signatures_missing"]
    assert not may_sign_simplified(Reviewers(("a", "b", "c"), "abc", ()), needed=3).gaps


def test_no_country_makes_it_one_signature():
    assert may_sign_simplified(Reviewers(("a",), "a", ()), needed=1).gaps


@pytest.mark.rule("R15")
def test_the_author_of_the_report_is_not_one_of_the_two():
    assert reviewer_codes(excluded=("b",)) == ["simplified_not_independent"]


def test_about_one_in_ten_is_looked_at_and_always_the_same_ones():
    ids = [str(UUID(int=number)) for number in range(5000)]

    sampled = {each for each in ids if is_sampled(each, percent=10)}

    assert 400 < len(sampled) < 600
    assert sampled == {each for each in reversed(ids) if is_sampled(each, percent=10)}
    assert not any(is_sampled(each, percent=0) for each in ids)
    assert all(is_sampled(each, percent=100) for each in ids)


@pytest.mark.parametrize(
    ("condition", "doubt"),
    [
        (Condition.VERIFIED_PARENTS, {"parents_verified": False}),
        (Condition.BOTH_SIDES_WILLING, {"both_sides_willing": False}),
        (Condition.NO_CONCERN_ABOVE_MEDIUM, {"no_concern_above_medium": False}),
        (Condition.CHILD_NOT_OBJECTING, {"child_objects": True}),
    ],
)
def test_only_the_conditions_of_the_country_are_asked(condition, doubt):
    others = tuple(one for one in Condition if one is not condition)

    assert not codes(replace(ALLOWED, conditions=others), **doubt)
    assert len(codes(replace(ALLOWED, conditions=(condition,)), **doubt)) == 1


def test_a_condition_nobody_can_check_is_never_met():
    assert codes(replace(ALLOWED, conditions=("moon_is_full",))) == ["simplified_condition_unknown"]
