"""Nothing about a child goes out before every condition is true, and all that is missing is named."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from transfers.rules.closing import ClosingFacts, may_close
from transfers.rules.codes import ConsentOrder, CorridorStatus
from transfers.rules.disagreement import Rung, RungFacts, may_climb, next_rung
from transfers.rules.sending import (
    Checked,
    Disclosure,
    Ground,
    SafeToTrace,
    may_disclose,
    may_enquire,
    may_request,
)

DAY = date(2026, 5, 20)
DISCLOSURE = Disclosure(
    destination="NA",
    corridor=CorridorStatus.ACTIVE,
    partner_active=True,
    receiver_checked=True,
    consent=True,
    fears_destination=False,
    checked=Checked("author", "checker"),
)
GROUND = Ground(
    assessment_approved=True,
    safe_to_trace=SafeToTrace.YES,
    decision_final=True,
    decided_for="NA",
    valid_until=DAY,
    reasons_included=True,
)
ORDER = ConsentOrder.DECISION_THEN_CONSENT
BARS: list[tuple[dict[str, Any], str]] = [
    ({"corridor": None}, "corridor_missing"),
    ({"corridor": CorridorStatus.SUSPENDED}, "corridor_suspended"),
    ({"partner_active": False}, "partner_not_active"),
    ({"receiver_checked": False}, "receiver_not_checked"),
    ({"consent": False}, "disclosure_without_consent"),
    ({"fears_destination": True}, "disclosure_to_feared_country"),
    ({"dangers": ["danger"]}, "disclosure_dangerous"),
    ({"checked": None}, "summary_not_checked"),
    ({"checked": Checked("author")}, "summary_not_checked"),
    ({"checked": Checked("author", "author")}, "summary_checked_by_author"),
    ({"unmapped": ["care.type: kafala"]}, "value_without_common_code"),
]


@pytest.mark.parametrize("status", [CorridorStatus.ACTIVE, CorridorStatus.DEGRADED])
def test_with_everything_true_it_goes_out(status: CorridorStatus) -> None:
    ready = replace(DISCLOSURE, corridor=status)

    assert may_disclose(ready).is_possible
    assert may_enquire(ready, GROUND).is_possible
    assert may_request(ready, GROUND, ORDER, on=DAY).is_possible


@pytest.mark.rule("R26")
@pytest.mark.rule("R47")
@pytest.mark.rule("R48")
@pytest.mark.threat("TT56")
@pytest.mark.parametrize(("change", "code"), BARS)
def test_each_bar_alone_stops_every_kind_of_sending(change: dict[str, Any], code: str) -> None:
    barred = replace(DISCLOSURE, **change)

    for answer in (
        may_disclose(barred),
        may_enquire(barred, GROUND),
        may_request(barred, GROUND, ORDER, on=DAY),
    ):
        assert [gap.code for gap in answer.gaps] == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"assessment_approved": False}, "transfer_assessment_not_approved"),
        ({"safe_to_trace": SafeToTrace.NOT_YET}, "transfer_tracing_not_safe"),
        ({"safe_to_trace": SafeToTrace.NO}, "transfer_tracing_not_safe"),
        ({"safe_to_trace": None}, "transfer_tracing_not_safe"),
    ],
)
def test_an_enquiry_needs_an_assessment_and_safe_tracing(change: dict[str, Any], code: str) -> None:
    answer = may_enquire(DISCLOSURE, replace(GROUND, **change))

    assert [gap.code for gap in answer.gaps] == [code]


@pytest.mark.rule("R35")
@pytest.mark.rule("R58")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"decided_for": ""}, "move_without_decision"),
        ({"decided_for": "CD"}, "move_other_destination"),
        ({"decision_final": False}, "move_decision_not_final"),
        ({"valid_until": date(2026, 5, 19)}, "move_decision_expired"),
        ({"valid_until": None}, "move_decision_expired"),
        ({"reasons_included": False}, "request_without_reasons"),
        ({"terms_missing": ["funding"]}, "request_term_missing"),
    ],
)
def test_a_request_rests_on_a_final_decision_for_that_country_with_its_reasons(
    change: dict[str, Any], code: str
) -> None:
    answer = may_request(DISCLOSURE, replace(GROUND, **change), ORDER, on=DAY)

    assert [gap.code for gap in answer.gaps] == [code]


def test_in_a_treaty_corridor_the_other_state_s_consent_comes_first() -> None:
    order = ConsentOrder.CONSENT_THEN_DECISION

    before = may_request(DISCLOSURE, GROUND, order, on=DAY)
    after = may_request(DISCLOSURE, replace(GROUND, enquiry_answered_yes=True), order, on=DAY)

    assert [gap.code for gap in before.gaps] == ["request_before_consent"]
    assert after.is_possible


CLOSING = ClosingFacts(
    today=DAY, followed_since=date(2025, 5, 1), followed_until=DAY, last_report_says_close=True
)


@pytest.mark.rule("R55")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unanswered": ["m"]}, "transfer_unanswered_message"),
        ({"child_decision_open": True}, "transfer_child_decision_open"),
        ({"open_alarms": ["harm_reported"]}, "transfer_alarm_open"),
        ({"disagreement_open": True}, "transfer_disagreement_open"),
        ({"followed_since": None}, "transfer_no_follow_up"),
        ({"followed_until": date(2026, 5, 21)}, "transfer_follow_up_too_short"),
        ({"followed_until": None}, "transfer_follow_up_too_short"),
        ({"last_report_says_close": False}, "transfer_report_does_not_say_close"),
    ],
)
def test_no_side_closes_while_anything_is_open_between_them(
    change: dict[str, Any], code: str
) -> None:
    assert may_close(CLOSING).is_possible
    assert [gap.code for gap in may_close(replace(CLOSING, **change)).gaps] == [code]


FULL = RungFacts(our_view=True, their_view=True, guardian_heard=True, held_on=DAY)


def test_a_disagreement_climbs_rung_by_rung_to_the_adviser() -> None:
    rung: Rung | None = Rung.WRITTEN_VIEWS
    climbed = []
    while rung is not None:
        climbed.append(rung)
        highest = next_rung(rung) is None
        assert may_climb(rung, FULL).is_possible is not highest
        rung = next_rung(rung)

    assert climbed == list(Rung)


@pytest.mark.parametrize(
    ("rung", "change", "code"),
    [
        (Rung.WRITTEN_VIEWS, {"our_view": False}, "disagreement_our_view_missing"),
        (Rung.WRITTEN_VIEWS, {"their_view": False}, "disagreement_their_view_missing"),
        (Rung.CASE_CONFERENCE, {"guardian_heard": False}, "disagreement_guardian_not_heard"),
        (Rung.SECRETARIAT_HEADS, {"held_on": None}, "disagreement_meeting_missing"),
    ],
)
def test_no_rung_is_left_out(rung: Rung, change: dict[str, Any], code: str) -> None:
    assert [gap.code for gap in may_climb(rung, replace(FULL, **change)).gaps] == [code]


def test_silence_holds_nobody_up() -> None:
    silent = replace(FULL, their_view=False, limit_passed=True)

    assert may_climb(Rung.WRITTEN_VIEWS, silent).is_possible
