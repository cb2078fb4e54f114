"""Beginning to carry a decision out: here at once, abroad not in this release."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.rules.movement import HoldOnMovement
from cases.rules.reports import DangerResult, Outcome
from cases.service import details, guardians, steps
from cases.service import movement as holds
from core.actors import Role
from core.errors import Incomplete, NotThere
from panels.rules.appeal import AppealBy, Draft
from panels.rules.review import Conclusion, Ground, Request
from panels.service import appeals, reviews
from panels.service.reviews import Finding
from tests.builders.abroad import checked, told_abroad
from tests.builders.cases import a_person
from tests.builders.decided import TOLD, WINDOW_OVER, Decided, told
from tests.builders.own_pack import Says, country
from transfers.errors import MovementRefused
from transfers.service import movement

__all__ = ["country"]
NOT_YET = {"move_not_accepted", "move_child_not_asked", "move_nobody_receives"}
"""What no country can give in this release."""


def gaps(session: Session, decided: Decided, *, now: datetime = WINDOW_OVER) -> set[str]:
    """What forbids the child to move, as the coordinator reads it and meets it."""
    shown = movement.movement_gaps(session, decided.coordinator, decided.case_id, now=now)
    with pytest.raises(MovementRefused) as refused:
        movement.begin_implementation(session, decided.coordinator, decided.case_id, now=now)
    assert refused.value.gaps == shown.gaps
    return {gap.code for gap in shown.gaps}


def checked_again(session: Session, decided: Decided, **changes: DangerResult) -> None:
    """The country of destination looked at again on the day."""
    assert decided.court.team is not None
    checked(session, decided.court.team, "NA", now=WINDOW_OVER, **changes)


def test_what_stays_in_the_country_begins(session: Session) -> None:
    decided = told(session)

    movement.begin_implementation(session, decided.coordinator, decided.case_id, now=WINDOW_OVER)

    assert steps.lock(session, decided.case_id).state == CaseState.IMPLEMENTING


@pytest.mark.rule("R8", "R24", "R28", "R33", "R34")
def test_nobody_moves_abroad_unasked_unreceived_and_unaccepted(session: Session) -> None:
    decided = told_abroad(session)
    checked_again(session, decided)

    assert gaps(session, decided) == NOT_YET
    assert steps.lock(session, decided.case_id).state == CaseState.COMMUNICATED


@pytest.mark.rule("R1")
def test_an_assessment_or_a_decision_for_home_moves_nobody_abroad(session: Session) -> None:
    decided = told(session)

    found = movement.movement_gaps(session, decided.coordinator, decided.case_id, now=WINDOW_OVER)

    assert "move_without_decision" in {gap.code for gap in found.gaps}


@pytest.mark.rule("R1", "R9")
def test_a_decision_the_child_can_still_appeal_is_not_final(session: Session) -> None:
    decided = told_abroad(session)

    assert "move_decision_not_final" in gaps(session, decided, now=TOLD + timedelta(days=1))


@pytest.mark.rule("R23")
def test_an_old_check_of_the_country_or_one_that_finds_danger_keeps_the_child(
    session: Session,
) -> None:
    decided = told_abroad(session)
    old = gaps(session, decided)

    checked_again(session, decided, result=DangerResult.RISK)

    assert "move_check_too_old" in old
    assert "move_place_not_cleared" in gaps(session, decided)


@pytest.mark.rule("R25")
def test_a_decision_turned_by_a_later_review_moves_nobody(session: Session) -> None:
    decided = told_abroad(session)
    review = reviews.request_review(
        session,
        decided.worker,
        decided.determination_id,
        Request(Ground.NEW_FACTS, "The aunt has fallen ill."),
        now=TOLD,
    )
    assert "move_decision_not_final" in gaps(session, decided)
    reasons = "Heard the aunt by telephone; nobody there can take the child in."
    people = (decided.coordinator.person_id,)

    reviews.conclude_review(
        session,
        decided.coordinator,
        review,
        Finding(Conclusion.REOPEN, reasons, people),
        now=WINDOW_OVER,
    )

    found = movement.movement_gaps(session, decided.coordinator, decided.case_id, now=WINDOW_OVER)
    assert "move_without_decision" in {gap.code for gap in found.gaps}
    with pytest.raises((NotThere, Incomplete)):
        movement.begin_implementation(
            session, decided.coordinator, decided.case_id, now=WINDOW_OVER
        )


@pytest.mark.rule("R26")
def test_a_child_who_asks_protection_from_a_country_is_not_sent_there(session: Session) -> None:
    decided = told_abroad(session)
    said = {"nationalities": ["NA"], "asylum_claim": "pending", "fear_of_return": "yes"}

    details.amend_child(session, decided.worker, decided.case_id, said, now=TOLD)

    assert gaps(session, decided) >= {
        "move_asylum_claim",
        "move_child_fears_return",
        "movement_held",
    }


@pytest.mark.rule("R8")
def test_a_child_who_is_unwilling_goes_nowhere(session: Session) -> None:
    decided = told_abroad(session)
    holds.hold(
        session, decided.case_id, HoldOnMovement.CHILD_UNWILLING, actor=decided.worker, now=TOLD
    )

    assert gaps(session, decided) >= {"movement_held", "move_child_not_asked"}


@pytest.mark.rule("R42")
def test_an_appeal_holds_the_journey_until_it_is_heard(session: Session) -> None:
    decided = told_abroad(session)

    appeals.lodge_appeal(
        session, decided.guardian, decided.determination_id, Draft(AppealBy.CHILD, TOLD), now=TOLD
    )

    assert gaps(session, decided) >= {"movement_held", "move_decision_not_final"}


@pytest.mark.rule("R58")
def test_the_day_after_a_decision_ran_out_nobody_travels_on_it(session: Session) -> None:
    decided = told_abroad(session)
    last = decided.row(session).valid_until
    after = TOLD + (last - TOLD.date()) + timedelta(days=1)

    assert "move_decision_expired" not in gaps(session, decided, now=after - timedelta(days=1))
    assert "move_decision_expired" in gaps(session, decided, now=after)


def test_a_stranger_learns_nothing_of_what_forbids_a_journey(session: Session) -> None:
    decided = told(session)

    with pytest.raises(NotThere):
        movement.movement_gaps(
            session, a_person(Role.CASEWORKER, office="ZM-99"), decided.case_id, now=TOLD
        )


@pytest.mark.rule("R8")
@pytest.mark.parametrize(("age", "held"), [(14, False), (15, True)])
def test_child_below_the_age_of_the_country_does_not_return_without_a_guardian(
    session: Session, country: Says, age: int, held: bool
) -> None:
    country(f"[ages]\nreturn_alone_from = {age}\n")  # the child is 14
    decided = told_abroad(session, outcome=Outcome.VOLUNTARY_REPATRIATION)
    checked_again(session, decided)
    assert decided.court.team is not None
    with_guardian_there = gaps(session, decided)
    [guardian] = guardians.guardians_of(session, decided.worker, decided.case_id, now=WINDOW_OVER)

    guardians.end_guardian(
        session, decided.court.team.supervisor, decided.case_id, guardian.id,
        reason="moved", now=WINDOW_OVER,
    )  # fmt: skip

    assert with_guardian_there == NOT_YET
    assert ("move_too_young_to_decide_alone" in gaps(session, decided)) is held


@pytest.mark.rule("R23")
@pytest.mark.parametrize(("days", "old"), [(1, True), (14, False)])
def test_check_of_the_place_counts_on_the_day_of_travel_as_long_as_the_country_says(
    session: Session, country: Says, days: int, old: bool
) -> None:
    country(f"[travel]\nnon_refoulement_days = {days}\nwillingness_days = 3\n")
    decided = told_abroad(session)
    assert decided.court.team is not None
    checked(session, decided.court.team, "NA", now=WINDOW_OVER - timedelta(days=2))

    shown = movement.movement_gaps(session, decided.coordinator, decided.case_id, now=WINDOW_OVER)

    assert ("move_check_too_old" in {gap.code for gap in shown.gaps}) is old
    asked = next(gap for gap in shown.gaps if gap.code == "move_child_not_asked")
    assert asked.facts == {"days": 3}
