from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panels.rules.appeal import (
    AppealBy,
    Draft,
    Result,
    Window,
    matters_of,
    may_appeal,
    may_decide_appeal,
    may_hear,
    may_waive,
    stops_what_is_under_way,
)
from panels.rules.implementation import (
    Standing,
    may_be_implemented,
)
from tests.builders.determinations import NOON, TODAY

OPEN = Window(NOON, NOON + timedelta(days=14))
DAY_3 = NOON + timedelta(days=3)
DAY_20 = NOON + timedelta(days=20)


def appeal_codes(
    draft: Draft, window: Window = OPEN, *, has_open: bool = False, now: datetime = DAY_20
) -> list[str]:
    found = may_appeal(draft, window, has_open_appeal=has_open, now=now)
    return [gap.code for gap in found.gaps]


def standing(**changes: Any) -> Standing:
    values: dict[str, Any] = {
        "is_sealed": True,
        "replaced": False,
        "told_at": NOON,
        "valid_until": TODAY + timedelta(days=100),
        "window": OPEN,
        "has_open_appeal": False,
        "under_review": False,
    }
    return Standing(**{**values, **changes})


def implement_codes(now: datetime = DAY_20, **changes: Any) -> list[str]:
    found = may_be_implemented(standing(**changes), now=now, today=now.date())
    return [gap.code for gap in found.gaps]


@pytest.mark.parametrize("by", list(AppealBy))
def test_the_childs_side_appeals_by_saying_i_disagree(by):
    assert not appeal_codes(Draft(by, DAY_3), now=DAY_3)


def test_a_late_appeal_is_taken_in_with_a_reason():
    late = Draft(AppealBy.CHILD, DAY_20)

    assert appeal_codes(late) == ["lateness_reason_missing"]
    assert not appeal_codes(Draft(AppealBy.CHILD, DAY_20, reason_for_lateness="In hospital"))


def test_nobody_appeals_a_decision_the_child_was_not_told():
    assert appeal_codes(Draft(AppealBy.CHILD, DAY_3), Window(None, None)) == [
        "appeal_before_communication"
    ]


def test_there_is_one_appeal_at_a_time():
    draft = Draft(AppealBy.CHILD, DAY_3)

    assert appeal_codes(draft, has_open=True) == ["appeal_already_open"]


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_whoever_voted_never_hears_the_appeal(hearers, voters):
    assert may_hear(hearers, voters).is_possible == (bool(hearers) and not hearers & voters)


def test_an_appeal_ends_with_reasons_and_a_replacement_is_a_decision_of_its_own():
    reasons = "The board heard the child again and finds the decision well founded."

    assert may_decide_appeal(Result.UPHELD, reasons, replacement_id=None).is_possible
    assert not may_decide_appeal(Result.UPHELD, "no", replacement_id=None).is_possible
    assert not may_decide_appeal(Result.REPLACED, reasons, replacement_id=None).is_possible
    assert may_decide_appeal(Result.REPLACED, reasons, replacement_id="d").is_possible


def test_only_a_guardian_who_asked_the_child_gives_the_window_up():
    def codes(**changes: bool) -> list[str]:
        values = {"by_guardian": True, "child_was_asked": True, "has_open_appeal": False}
        return [gap.code for gap in may_waive(**{**values, **changes}).gaps]

    assert not codes()
    assert codes(by_guardian=False) == ["only_guardian_waives"]
    assert codes(child_was_asked=False) == ["child_not_asked_about_waiver"]
    assert codes(has_open_appeal=True) == ["appeal_already_open"]


@pytest.mark.rule("R9")
def test_nothing_is_carried_out_before_the_child_was_told():
    assert implement_codes(told_at=None, window=Window(None, None)) == ["child_not_told"]


def test_nothing_is_carried_out_while_the_window_runs():
    assert implement_codes(DAY_3) == ["appeal_window_open"]
    assert not implement_codes(DAY_20)


def test_a_waived_window_is_over():
    assert not implement_codes(DAY_3, window=Window(NOON, OPEN.ends_at, waived_by_guardian=True))


@pytest.mark.rule("R42")
def test_an_open_appeal_stops_everything():
    assert implement_codes(has_open_appeal=True) == ["appeal_open"]


@pytest.mark.rule("R58")
def test_a_decision_cannot_be_used_the_day_after_it_ran_out():
    last = DAY_20.date()

    assert not implement_codes(valid_until=last)
    assert implement_codes(valid_until=last - timedelta(days=1)) == ["decision_expired"]


def test_unsigned_replaced_and_doubted_decisions_are_not_carried_out():
    assert implement_codes(is_sealed=False) == ["decision_not_signed"]
    assert implement_codes(replaced=True) == ["decision_replaced"]
    assert implement_codes(under_review=True) == ["decision_under_review"]


@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    ("outcome", "abroad", "matters"),
    [
        ("FAMILY_REUNIFICATION", True, {"movement_abroad"}),
        ("FAMILY_REUNIFICATION", False, set()),
        ("SEPARATION_FROM_CARER", False, {"separation"}),
        ("CARE_PLACEMENT", False, {"change_of_care"}),
        ("CARE_PLACEMENT", True, {"change_of_care", "movement_abroad"}),
    ],
)
def test_an_appeal_stops_what_is_under_way_for_the_matters_the_country_names(
    outcome, abroad, matters
):
    found = matters_of(outcome, is_abroad=abroad)

    assert found == matters
    assert not stops_what_is_under_way(found, ())
    assert stops_what_is_under_way(found, matters) is bool(matters)


def test_where_late_appeals_are_not_taken_a_reason_does_not_help():
    late = Draft(AppealBy.CHILD, DAY_20, reason_for_lateness="She was in hospital.")

    found = may_appeal(late, OPEN, has_open_appeal=False, now=DAY_20, late_allowed=False)

    assert [gap.code for gap in found.gaps] == ["appeal_too_late"]
