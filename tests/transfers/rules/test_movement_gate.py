from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfers.rules.movement_gate import (
    Acceptance,
    Asked,
    Check,
    Decision,
    Movement,
    Reception,
    Reply,
    Willing,
    may_move_abroad,
)

DAY = date(2026, 5, 20)
ACCEPTED = Acceptance(Reply.ACCEPTED, in_writing=True, valid_until=DAY)
READY = Movement(
    outcome="FAMILY_REUNIFICATION",
    destination="NA",
    on=DAY,
    decision=Decision(
        is_final=True,
        is_replaced=False,
        outcome="FAMILY_REUNIFICATION",
        destination="NA",
        valid_until=DAY,
    ),
    asked=Asked(DAY - timedelta(days=7), Willing.YES),
    check=Check("NA", "cleared", DAY - timedelta(days=14)),
    reception=Reception(named=True, agreed=True, regime="family"),
    acceptance=ACCEPTED,
    to_origin=True,
)


def codes(**changes: Any) -> list[str]:
    return [gap.code for gap in may_move_abroad(replace(READY, **changes)).gaps]


def decision(**changes: Any) -> Decision:
    assert READY.decision is not None
    return replace(READY.decision, **changes)


def test_a_child_moves_when_everything_holds_on_the_day():
    assert not codes()


@pytest.mark.rule("R1")
def test_an_assessment_alone_moves_no_child():
    assert codes(decision=None) == ["move_without_decision"]


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_final": False}, "move_decision_not_final"),
        ({"destination": "CD"}, "move_other_destination"),
        ({"outcome": "LOCAL_INTEGRATION"}, "move_other_outcome"),
    ],
)
def test_only_the_decision_for_exactly_this_movement_counts(changes, code):
    assert codes(decision=decision(**changes)) == [code]


@pytest.mark.rule("R1", "R58")
def test_a_decision_that_ran_out_yesterday_moves_no_child():
    assert codes(decision=decision(valid_until=DAY - timedelta(days=1))) == [
        "move_decision_expired"
    ]


@pytest.mark.rule("R1", "R34")
def test_a_positive_answer_to_an_enquiry_is_no_acceptance():
    assert codes(
        acceptance=Acceptance(Reply.ENQUIRY_POSITIVE, in_writing=True, valid_until=DAY)
    ) == ["move_not_accepted"]


@pytest.mark.rule("R8")
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (None, "move_child_not_asked"),
        (Asked(DAY, Willing.NO), "move_child_not_willing"),
        (Asked(DAY, Willing.UNSURE), "move_child_not_willing"),
        (Asked(DAY - timedelta(days=8), Willing.YES), "move_child_asked_too_long_ago"),
        (Asked(DAY + timedelta(days=1), Willing.YES), "move_child_asked_too_long_ago"),
    ],
)
def test_no_child_leaves_who_was_not_asked_this_week_or_did_not_say_yes(asked, code):
    assert codes(asked=asked) == [code]


@pytest.mark.rule("R23")
@pytest.mark.parametrize(
    ("check", "code"),
    [
        (None, "move_place_not_checked"),
        (Check("CD", "cleared", DAY), "move_place_not_checked"),
        (Check("NA", "unknown", DAY), "move_place_not_cleared"),
        (Check("NA", "risk", DAY), "move_place_not_cleared"),
        (Check("NA", "cleared", DAY - timedelta(days=15)), "move_check_too_old"),
    ],
)
def test_no_child_leaves_for_a_place_not_found_safe_in_the_last_fourteen_days(check, code):
    assert codes(check=check) == [code]


@pytest.mark.rule("R24")
def test_no_child_leaves_without_somebody_who_agreed_to_receive():
    assert codes(reception=None) == ["move_nobody_receives"]
    assert codes(reception=Reception(named=True, agreed=False, regime="family")) == [
        "move_carer_has_not_agreed"
    ]


@pytest.mark.rule("R25")
def test_no_child_returns_when_a_later_review_turned_the_decision():
    assert codes(decision=decision(reversed_later=True)) == ["move_decision_reversed"]
    assert codes(decision=decision(is_replaced=True)) == ["move_decision_reversed"]


@pytest.mark.rule("R26")
@pytest.mark.parametrize("claim", ["wishes", "pending", "recognised"])
def test_no_child_is_returned_to_where_it_asks_protection_from(claim):
    assert codes(asylum_claim=claim) == ["move_asylum_claim"]
    assert codes(fears_return=True) == ["move_child_fears_return"]
    assert not codes(asylum_claim=claim, to_origin=False)


@pytest.mark.rule("R27", "R28")
@pytest.mark.parametrize("regime", ["closed", "locked", ""])
def test_no_child_is_received_in_custody(regime):
    assert codes(reception=Reception(named=True, agreed=True, regime=regime)) == [
        "move_reception_is_custody"
    ]


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("acceptance", "code"),
    [
        (replace(ACCEPTED, in_writing=False), "move_acceptance_not_written"),
        (replace(ACCEPTED, valid_until=DAY - timedelta(days=1)), "move_acceptance_expired"),
        (replace(ACCEPTED, valid_until=None), "move_acceptance_expired"),
        (
            replace(ACCEPTED, reply=Reply.ACCEPTED_WITH_CONDITIONS, conditions_met=False),
            "move_conditions_not_met",
        ),
        (Acceptance(Reply.DECLINED, in_writing=True, valid_until=DAY), "move_not_accepted"),
    ],
)
def test_no_child_leaves_without_a_written_yes_valid_on_the_day(acceptance, code):
    assert codes(acceptance=acceptance) == [code]


@pytest.mark.rule("R34")
@pytest.mark.parametrize("reply", [Reply.SILENT, Reply.DELIVERED, Reply.ACKNOWLEDGED])
def test_silence_receipt_and_acknowledgement_are_never_acceptance(reply):
    assert codes(acceptance=Acceptance(reply, in_writing=True, valid_until=DAY)) == [
        "move_not_accepted"
    ]


@pytest.mark.rule("R42")
def test_an_appeal_holds_the_child_here():
    assert codes(holds=("appeal",)) == ["movement_held"]


def test_everything_that_is_missing_is_listed_together():
    bare = Movement(outcome="VOLUNTARY_REPATRIATION", destination="CD", on=DAY)

    assert {gap.code for gap in may_move_abroad(bare).gaps} == {
        "move_without_decision",
        "move_child_not_asked",
        "move_place_not_checked",
        "move_nobody_receives",
        "move_not_accepted",
    }


@pytest.mark.rule("R33", "R34")
@given(st.integers(0, 4000), st.sampled_from(list(Reply)))
def test_time_passing_never_turns_another_answer_into_yes(days, reply):
    later = replace(
        READY, on=DAY + timedelta(days=days), acceptance=Acceptance(reply, True, date.max)
    )

    said_yes = reply in {Reply.ACCEPTED, Reply.ACCEPTED_WITH_CONDITIONS}
    found = {gap.code for gap in may_move_abroad(later).gaps}
    assert ("move_not_accepted" in found) != said_yes


def test_a_child_too_young_to_decide_on_return_alone_needs_a_guardian():
    home = "VOLUNTARY_REPATRIATION"
    going_home = {"outcome": home, "decision": decision(outcome=home)}

    assert codes(**going_home, too_young_alone=True) == ["move_too_young_to_decide_alone"]
    assert not codes(**going_home, too_young_alone=True, has_guardian=True)
    assert not codes(**going_home)
    assert not codes(too_young_alone=True)  # to a family that takes the child in


@pytest.mark.rule("R8", "R23")
def test_a_country_may_ask_for_a_fresher_yes_and_a_fresher_check():
    assert codes(willing_days=6) == ["move_child_asked_too_long_ago"]
    assert codes(check_days=13) == ["move_check_too_old"]
