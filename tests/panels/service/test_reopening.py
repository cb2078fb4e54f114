"""A decision that was turned is taken up by the next report; those who hear are other persons."""

import pytest
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import reports, steps
from cases.service.papers import report_for_panel
from core.actors import Role
from core.errors import Incomplete
from panels.rules.appeal import AppealBy, Draft, Result
from panels.rules.items import ItemType
from panels.rules.review import Conclusion, Ground, Request
from panels.service import appeal_results, appeals, determinations, reviews
from panels.service.appeal_results import Ruling
from panels.service.reviews import Finding
from panels.store import item as items
from tests.builders.cases import a_person
from tests.builders.decided import (
    TOLD,
    WINDOW_OVER,
    Decided,
    a_decision,
    heard_again,
    told,
)
from tests.builders.procedure import a_submitted_report

REASONS = "Heard the child again and read the whole file before answering."


def reopened(session: Session) -> Decided:
    """A decision set aside by a review because an aunt was found."""
    decided = told(session)
    wish = Request(Ground.NEW_FACTS, "An aunt was found.")
    review = reviews.request_review(
        session, decided.worker, decided.determination_id, wish, now=TOLD
    )
    finding = Finding(Conclusion.REOPEN, REASONS, (decided.coordinator.person_id,))
    reviews.conclude_review(session, decided.coordinator, review, finding, now=TOLD)
    return decided


@pytest.mark.rule("R3")
def test_a_reopened_case_comes_back_with_a_report_that_says_why(session: Session) -> None:
    decided = reopened(session)
    team = decided.court.team
    assert team is not None

    reports.name_assessor(session, team.supervisor, team.case_id, team.assessor.person_id, now=TOLD)
    a_submitted_report(session, team)
    reports.pass_report(session, team.coordinator, team.case_id, now=TOLD)

    assert "B6" in report_for_panel(session, team.case_id, now=TOLD).triggers
    assert steps.lock(session, team.case_id).state == CaseState.BID_READY


@pytest.mark.rule("R2", "R22")
def test_the_new_decision_follows_the_old_one_which_stays_readable(session: Session) -> None:
    decided = reopened(session)
    team, court = decided.court.team, decided.court
    assert team is not None
    reports.name_assessor(session, team.supervisor, team.case_id, team.assessor.person_id, now=TOLD)
    a_submitted_report(session, team)
    reports.pass_report(session, team.coordinator, team.case_id, now=TOLD)
    heard_again(session, court, starts=WINDOW_OVER, now=TOLD)
    for name in court.people:
        court.vote(session, name, now=WINDOW_OVER)
    later = a_decision().actions[0]
    action = type(later)(later.what, later.who, WINDOW_OVER.date(), later.kind)
    draft = a_decision(actions=(action,))

    new = determinations.record_determination(
        session, court.secretary, court.item_id, draft, now=WINDOW_OVER
    )

    item = items.find(session, court.item_id)
    assert item is not None
    assert item.type == ItemType.REVIEW
    assert decided.row(session).state == "set_aside"
    assert new != decided.determination_id


def test_somebody_who_voted_does_not_hear_the_appeal_through_another_account(
    session: Session,
) -> None:
    decided = told(session)
    appeal = appeals.lodge_appeal(
        session, decided.worker, decided.determination_id, Draft(AppealBy.CHILD, TOLD), now=TOLD
    )
    voter = decided.court.people["police"]
    same = a_person(Role.SECRETARIAT_HEAD, person_id=voter.person_id)
    assert same.account_id != voter.account_id

    with pytest.raises(Incomplete) as refused:
        appeal_results.decide_appeal(
            session,
            same,
            appeal,
            Ruling(Result.UPHELD, REASONS, (same.person_id,)),
            now=WINDOW_OVER,
        )

    assert [gap.code for gap in refused.value.gaps] == ["hearer_voted_on_decision"]
