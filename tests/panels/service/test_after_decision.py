"""What follows a decision: the talk, the appeal, carrying out, reviews."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import blockers, movement, plans, steps
from core.actors import Actor, Role
from core.errors import Incomplete, NotAllowed, NotThere, WrongState
from core.ids import new_id
from panels.rules.appeal import AppealBy, Draft, Result
from panels.rules.review import Conclusion, Ground, Request
from panels.service import appeal_results, appeals, communication, implementation, reviews
from panels.service.appeal_results import Ruling
from panels.service.reviews import Finding
from panels.store import determination as store
from tests.builders.appeals import in_secretariat
from tests.builders.cases import a_person
from tests.builders.decided import (
    SIGNED,
    TOLD,
    WINDOW_OVER,
    Decided,
    a_decision,
    a_talk,
    in_force,
    sign,
    told,
)

REASONS = "Heard the child again and read the whole file before answering."


def state(session: Session, decided: Decided) -> str:
    return steps.lock(session, decided.case_id).state


@pytest.mark.rule("R9")
def test_nothing_begins_before_the_child_was_told(session: Session) -> None:
    decided = in_force(session)

    with pytest.raises(Incomplete) as refused:
        implementation.begin_implementation(
            session, decided.coordinator, decided.case_id, now=WINDOW_OVER
        )

    assert "child_not_told" in {gap.code for gap in refused.value.gaps}
    assert state(session, decided) == CaseState.BID_DECIDED


@pytest.mark.rule("R9")
def test_a_talk_in_a_language_the_child_does_not_know_does_not_count(session: Session) -> None:
    decided = in_force(session)

    with pytest.raises(Incomplete):
        communication.communicate_determination(
            session, decided.worker, decided.determination_id, a_talk(language="eng"), now=TOLD
        )

    assert state(session, decided) == CaseState.BID_DECIDED


def test_telling_the_child_opens_the_appeal_window(session: Session) -> None:
    decided = told(session)

    seen = communication.read_talk(session, decided.worker, decided.determination_id, now=TOLD)

    assert state(session, decided) == CaseState.COMMUNICATED
    assert seen.window_ends_at > TOLD + timedelta(days=10)
    assert "appeal_window" in blockers.blockers(session, decided.case_id)


def test_a_child_is_told_a_decision_once(session: Session) -> None:
    decided = told(session)

    with pytest.raises(WrongState):
        communication.communicate_determination(
            session, decided.worker, decided.determination_id, a_talk(), now=TOLD
        )


def test_carrying_out_waits_for_the_window_and_then_gives_actions_out(session: Session) -> None:
    decided = told(session)
    with pytest.raises(Incomplete):
        implementation.begin_implementation(
            session, decided.coordinator, decided.case_id, now=TOLD + timedelta(days=1)
        )

    implementation.begin_implementation(
        session, decided.coordinator, decided.case_id, now=WINDOW_OVER
    )

    assert state(session, decided) == CaseState.IMPLEMENTING
    assert plans.open_actions(session, decided.case_id) == 1


def test_only_the_guardian_gives_the_window_up(session: Session) -> None:
    decided = told(session)
    with pytest.raises(NotAllowed):
        appeals.waive_window(
            session, decided.worker, decided.determination_id, child_was_asked=True, now=TOLD
        )

    appeals.waive_window(
        session, decided.guardian, decided.determination_id, child_was_asked=True, now=TOLD
    )
    implementation.begin_implementation(session, decided.coordinator, decided.case_id, now=TOLD)

    assert state(session, decided) == CaseState.IMPLEMENTING


@pytest.mark.rule("R58")
def test_an_expired_decision_cannot_be_used_and_asks_for_a_review(session: Session) -> None:
    decided = told(session)
    later = TOLD + timedelta(days=200)

    with pytest.raises(Incomplete) as refused:
        implementation.begin_implementation(
            session, decided.coordinator, decided.case_id, now=later
        )

    assert [gap.code for gap in refused.value.gaps] == ["decision_expired"]
    assert reviews.ask_for_expired(session, now=later) == 1
    assert reviews.ask_for_expired(session, now=later) == 0
    assert decided.row(session).state == "sealed"  # no clock decides


@pytest.mark.rule("R42", "R55")
def test_an_appeal_holds_movement_and_the_closing_of_the_case(session: Session) -> None:
    decided = told(session)

    appeals.lodge_appeal(
        session, decided.guardian, decided.determination_id, Draft(AppealBy.CHILD, TOLD), now=TOLD
    )

    assert state(session, decided) == CaseState.UNDER_APPEAL
    assert [hold.reason for hold in movement.open_holds(session, decided.case_id)] == ["appeal"]
    assert "open_appeal" in blockers.blockers(session, decided.case_id)
    with pytest.raises(Incomplete):
        implementation.begin_implementation(
            session, decided.coordinator, decided.case_id, now=WINDOW_OVER
        )


def lodged(session: Session) -> tuple[Decided, str, Actor]:
    """A decision under appeal, and the head of the secretariat who hears it."""
    decided, body = told(session), in_secretariat(session)
    appeal_id = appeals.lodge_appeal(
        session, decided.worker, decided.determination_id, Draft(AppealBy.CHILD, TOLD), now=TOLD
    )
    return decided, appeal_id, body


def test_somebody_who_voted_never_hears_the_appeal(session: Session) -> None:
    decided, appeal_id, _ = lodged(session)
    chair = decided.court.people["chair"]

    with pytest.raises(Incomplete) as refused:
        appeal_results.decide_appeal(
            session,
            chair,
            appeal_id,
            Ruling(Result.UPHELD, REASONS, (chair.person_id,)),
            now=WINDOW_OVER,
        )

    assert [gap.code for gap in refused.value.gaps] == ["hearer_voted_on_decision"]


def test_an_upheld_decision_goes_on_and_movement_is_free_again(session: Session) -> None:
    decided, appeal_id, body = lodged(session)

    appeal_results.decide_appeal(
        session, body, appeal_id, Ruling(Result.UPHELD, REASONS, (body.person_id,)), now=WINDOW_OVER
    )
    implementation.begin_implementation(
        session, decided.coordinator, decided.case_id, now=WINDOW_OVER
    )

    assert movement.open_holds(session, decided.case_id) == ()
    assert state(session, decided) == CaseState.IMPLEMENTING
    with pytest.raises(NotThere):
        appeal_results.decide_appeal(
            session,
            body,
            appeal_id,
            Ruling(Result.UPHELD, REASONS, (body.person_id,)),
            now=WINDOW_OVER,
        )


def test_a_returned_decision_is_set_aside_and_asks_for_a_new_report(session: Session) -> None:
    decided, appeal_id, body = lodged(session)

    appeal_results.decide_appeal(
        session,
        body,
        appeal_id,
        Ruling(Result.RETURNED, REASONS, (body.person_id,)),
        now=WINDOW_OVER,
    )

    assert state(session, decided) == CaseState.BID_REQUIRED
    assert decided.row(session).state == "set_aside"
    assert store.current(session, decided.case_id) is None


def test_a_replacement_is_signed_and_told_before_it_is_carried_out(session: Session) -> None:
    decided, appeal_id, body = lodged(session)
    ruling = Ruling(Result.REPLACED, REASONS, (body.person_id,), a_decision())

    found = appeal_results.decide_appeal(session, body, appeal_id, ruling, now=TOLD)

    assert found is not None
    old, decided.determination_id = decided.determination_id, found
    decided.court.people["body"] = body
    assert sign(session, decided, "body", now=TOLD)
    assert decided.row(session).supersedes_id == old
    with pytest.raises(Incomplete) as refused:
        implementation.begin_implementation(
            session, decided.coordinator, decided.case_id, now=WINDOW_OVER
        )
    assert [gap.code for gap in refused.value.gaps] == ["child_not_told"]


def test_a_review_stops_carrying_out_until_it_is_concluded(session: Session) -> None:
    decided = told(session)
    review_id = reviews.request_review(
        session,
        decided.worker,
        decided.determination_id,
        Request(Ground.NEW_FACTS, "An aunt was found."),
        now=TOLD,
    )
    with pytest.raises(Incomplete):
        implementation.begin_implementation(
            session, decided.coordinator, decided.case_id, now=WINDOW_OVER
        )

    coordinator = decided.coordinator
    reviews.conclude_review(
        session,
        coordinator,
        review_id,
        Finding(Conclusion.REOPEN, REASONS, (coordinator.person_id,)),
        now=WINDOW_OVER,
    )

    assert state(session, decided) == CaseState.BID_REQUIRED
    assert decided.row(session).state == "set_aside"


def test_a_late_conflict_is_reviewed_by_others_within_ten_working_days(session: Session) -> None:
    decided = told(session)
    review_id = reviews.flag_late_conflict(
        session, decided.worker, decided.determination_id, now=TOLD
    )
    chair = decided.court.people["chair"]

    assert review_id == reviews.flag_late_conflict(
        session, decided.worker, decided.determination_id, now=TOLD
    )
    seen = reviews.reviews_of(session, decided.worker, decided.case_id, now=TOLD)[0]
    assert seen.due_on is not None
    assert 13 <= (seen.due_on - TOLD.date()).days <= 20
    with pytest.raises(Incomplete):
        reviews.conclude_review(
            session,
            chair,
            review_id,
            Finding(Conclusion.STANDS, REASONS, (chair.person_id,)),
            now=TOLD,
        )
    with pytest.raises(Incomplete) as refused:
        reviews.conclude_review(
            session,
            chair,
            review_id,
            Finding(Conclusion.STANDS, REASONS, (new_id(),)),
            now=TOLD,
        )
    assert [gap.code for gap in refused.value.gaps] == ["review_not_by_reviewer"]


def test_a_stranger_learns_nothing_of_talks_appeals_and_reviews(session: Session) -> None:
    decided, appeal_id, _ = lodged(session)
    stranger = a_person(Role.CASEWORKER, office="ZM-99")

    with pytest.raises(NotThere):
        communication.read_talk(session, stranger, decided.determination_id, now=SIGNED)
    with pytest.raises(NotThere):
        appeals.appeals_of(session, stranger, decided.case_id, now=SIGNED)
    with pytest.raises(NotThere):
        appeal_results.decide_appeal(
            session, stranger, appeal_id, Ruling(Result.UPHELD, REASONS, ("x",)), now=SIGNED
        )
