"""A tied case is nobody's dead end: it says what it waits for, and goes on to the review panel."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from cases.service import clock_views, reports
from cases.service import procedure as steps_of_cases
from core import notices
from core.errors import NotThere
from core.outbox import Message, OutboxRow
from panels.service import ballots, deferrals, procedure, voting
from panels.service.panels import PanelKind
from tests.builders.sittings import STARTS, Court, a_court, in_deliberation

LATER = STARTS + timedelta(minutes=40)
FOUR = ("chair", "deputy", "welfare", "police")


def a_tied_case(session: Session) -> tuple[Court, Court]:
    """A case two members against two, referred to the review panel."""
    review = a_court(session, kind=PanelKind.REVIEW)
    court = in_deliberation(session, *FOUR)
    for _ in range(2):
        for name in FOUR:
            court.vote(session, name, "O1" if name in {"chair", "deputy"} else "O2")
        last = ballots.show_round(session, court.people["chair"], court.item_id, now=LATER)
        if last.rule_used == "no_consensus":
            voting.hold_another_round(session, court.people["chair"], court.item_id, now=LATER)
    voting.refer_to_review_panel(
        session, court.people["chair"], court.item_id, interim_care_confirmed=True, now=LATER
    )
    return court, review


def test_a_tied_case_says_that_it_waits_for_its_way_to_the_review_panel(session: Session) -> None:
    court, _ = a_tied_case(session)
    assert court.team is not None

    waiting = steps_of_cases.waiting_for(session, court.team.case_id)

    assert (waiting.name, waiting.holder) == (
        "Awaiting preparation for the review panel",
        "coordinator",
    )


def test_the_limit_for_bringing_a_tied_case_back_runs_once(session: Session) -> None:
    court, _ = a_tied_case(session)
    assert court.team is not None
    case_id = court.team.case_id

    first = procedure.follow_deferral(session, case_id, now=LATER)
    again = procedure.follow_deferral(session, case_id, now=LATER)

    limits = clock_views.clocks_of(session, court.team.coordinator, case_id, now=LATER)
    assert (first, again) == (True, False)
    assert [limit.code for limit in limits].count("D11") == 1


def test_the_review_panels_secretary_hears_of_it(session: Session) -> None:
    court, review = a_tied_case(session)

    row = session.exec(select(OutboxRow).where(col(OutboxRow.topic) == "item.referred")).one()
    message = Message(row.id, row.topic, row.key, row.subject, row.payload, 1)
    notices.put(session, message, notices.recipient_of(message, country="ZM"), now=LATER)

    assert [one.topic for one in notices.notices_for(session, review.secretary)] == [
        "item.referred"
    ]
    assert list(notices.notices_for(session, court.secretary)) == []


def test_the_coordinator_brings_a_tied_case_back_and_it_is_ready_again(session: Session) -> None:
    court, _ = a_tied_case(session)
    assert court.team is not None
    team = court.team
    procedure.follow_deferral(session, team.case_id, now=LATER)

    deferrals.return_answered(session, team.coordinator, team.case_id, now=LATER)
    reports.pass_report(session, team.coordinator, team.case_id, now=LATER)

    limits = clock_views.clocks_of(session, team.coordinator, team.case_id, now=LATER)
    assert steps_of_cases.waiting_for(session, team.case_id).name == "Awaiting listing"
    assert [limit.met is not None for limit in limits if limit.code == "D11"] == [True]
    with pytest.raises(NotThere):  # it was brought back already
        deferrals.return_answered(session, team.coordinator, team.case_id, now=LATER)
