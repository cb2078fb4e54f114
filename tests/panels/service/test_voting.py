"""Votes on the database: sealed, counted, and only from those who may."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.actors import Role
from core.errors import BadInput, Incomplete, NotAllowed, NotThere
from panels.errors import AlreadyVoted, BallotSealed, NotEligible, VotingClosed
from panels.rules.attendance import Movement
from panels.rules.conflicts import Ground
from panels.rules.items import ItemState
from panels.service import attendance, ballots, conflicts, papers, voting
from panels.service.panels import PanelKind
from panels.store import item as items
from panels.tables.vote import VoteRow
from tests.builders.cases import a_person_of_the_country
from tests.builders.sittings import (
    STARTS,
    a_court,
    add_person,
    convened,
    in_deliberation,
    leave,
    of_panel,
)

LATER = STARTS + timedelta(minutes=40)


def test_five_members_who_agree_decide_by_consensus(session: Session) -> None:
    court = in_deliberation(session)

    for name in court.people:
        court.vote(session, name)
    result = voting.outcome(session, court.item_id, now=LATER)

    assert (result.rule_used, result.option, result.tally) == ("consensus", "O1", {"O1": 5})
    assert result.dissents == ()


@pytest.mark.rule("R18")
def test_nobody_reads_a_vote_before_the_last_one_is_cast(session: Session) -> None:
    court = in_deliberation(session)
    for name in ("chair", "deputy", "welfare", "police"):
        court.vote(session, name)

    seen = [
        ballots.show_round(session, who, court.item_id, now=LATER)
        for who in (court.people["chair"], court.secretary)
    ]

    assert all(view.is_sealed and not view.ballots and not view.tally for view in seen)
    assert seen[0].waiting_for == (court.members["school"],)
    with pytest.raises(Incomplete):
        voting.outcome(session, court.item_id, now=LATER)


@pytest.mark.rule("R18")
def test_once_all_have_voted_members_and_secretary_see_every_vote(session: Session) -> None:
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name)

    seen = ballots.show_round(session, court.secretary, court.item_id, now=LATER)

    assert len(seen.ballots) == 5
    coordinator = of_panel(court.panel_id, Role.COORDINATOR)
    with pytest.raises(BallotSealed):
        ballots.show_round(session, coordinator, court.item_id, now=LATER)


@pytest.mark.rule("R18")
def test_the_choice_is_not_in_the_database_in_clear(session: Session) -> None:
    court = in_deliberation(session)

    court.vote(session, "chair", "O2")

    row = session.exec(select(VoteRow)).one()
    assert b'"O2"' not in row.restricted  # in quotes: two letters alone turn up by chance
    assert "'O2'" not in str(row.model_dump(exclude={"restricted"}))


@pytest.mark.rule("R18")
def test_a_vote_is_cast_once_and_never_changed(session: Session) -> None:
    court = in_deliberation(session)
    court.vote(session, "chair")

    with pytest.raises(AlreadyVoted):
        court.vote(session, "chair", "O2")
    row = session.exec(select(VoteRow)).one()
    row.round_no = 9
    with pytest.raises(RuntimeError):
        session.flush()


@pytest.mark.rule("R15")
def test_the_author_of_the_report_never_votes_even_on_the_roster(session: Session) -> None:
    court = in_deliberation(session)
    item = items.find(session, court.item_id)
    assert item is not None
    assert court.team is not None
    assert court.team.assessor.person_id in item.behind_report
    assert court.team.supervisor.person_id in item.behind_report
    assert court.team.coordinator.person_id in item.behind_report
    item.behind_report = [*item.behind_report, court.people["school"].person_id]
    session.add(item)
    session.flush()

    with pytest.raises(NotEligible):
        court.vote(session, "school")


@pytest.mark.rule("R20")
def test_a_machine_never_votes(session: Session) -> None:
    from dataclasses import replace

    court = in_deliberation(session)
    court.people["chair"] = replace(court.people["chair"], is_human=False)

    with pytest.raises(NotAllowed):
        court.vote(session, "chair")


@pytest.mark.rule("R17")
def test_a_member_who_leaves_mid_item_breaks_the_quorum(session: Session) -> None:
    court = in_deliberation(session, "chair", "welfare", "police")
    court.vote(session, "chair")

    leave(session, court, "police", now=LATER)

    item = items.find(session, court.item_id)
    assert item is not None
    assert item.state == ItemState.LOST_QUORUM
    with pytest.raises(VotingClosed):
        court.vote(session, "welfare")


@pytest.mark.rule("R14")
def test_a_conflict_declared_after_voting_annuls_the_round(session: Session) -> None:
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name)

    conflicts.declare_conflict(
        session,
        court.people["police"],
        court.item_id,
        ground=Ground.RELATIVE,
        words="Cousin.",
        now=LATER,
    )

    view = ballots.show_round(session, court.people["chair"], court.item_id, now=LATER)
    assert view.round_no == 2
    assert view.is_sealed
    with pytest.raises(NotThere):
        court.vote(session, "police")


def test_without_consensus_the_majority_decides_only_in_a_further_round(session: Session) -> None:
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name, "O2" if name == "police" else "O1")
    with pytest.raises(Incomplete):
        voting.outcome(session, court.item_id, now=LATER)

    voting.hold_another_round(session, court.people["chair"], court.item_id, now=LATER)
    for name in court.people:
        court.vote(
            session,
            name,
            "O2" if name == "police" else "O1",
            opinion="No." if name == "police" else "",
        )
    result = voting.outcome(session, court.item_id, now=LATER)

    assert (result.rule_used, result.option) == ("majority", "O1")
    assert [dissent.text for dissent in result.dissents] == ["No."]


@pytest.mark.rule("R18")
def test_a_dissent_is_written_once_and_for_good(session: Session) -> None:
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name, "O2" if name == "police" else "O1")
    voting.hold_another_round(session, court.people["chair"], court.item_id, now=LATER)
    for name in court.people:
        court.vote(session, name, "O2" if name == "police" else "O1")
    with pytest.raises(Incomplete) as missing:
        voting.outcome(session, court.item_id, now=LATER)
    assert [gap.code for gap in missing.value.gaps] == ["dissent_not_written"]

    voting.record_dissent(
        session, court.people["police"], court.item_id, "Too far away.", now=LATER
    )

    assert voting.outcome(session, court.item_id, now=LATER).dissents[0].text == "Too far away."
    with pytest.raises(AlreadyVoted):
        voting.record_dissent(session, court.people["police"], court.item_id, "Changed.", now=LATER)


def test_a_tie_goes_to_the_national_review_panel_while_care_goes_on(session: Session) -> None:
    review = a_court(session, kind=PanelKind.REVIEW)
    court = in_deliberation(session, "chair", "deputy", "welfare", "police")
    for _ in range(2):
        for name in ("chair", "deputy", "welfare", "police"):
            court.vote(session, name, "O1" if name in {"chair", "deputy"} else "O2")
        last = ballots.show_round(session, court.people["chair"], court.item_id, now=LATER)
        if last.rule_used == "no_consensus":
            voting.hold_another_round(session, court.people["chair"], court.item_id, now=LATER)
    assert last.rule_used == "tie"
    with pytest.raises(Incomplete):
        voting.refer_to_review_panel(
            session, court.people["chair"], court.item_id, interim_care_confirmed=False, now=LATER
        )

    panel = voting.refer_to_review_panel(
        session, court.people["chair"], court.item_id, interim_care_confirmed=True, now=LATER
    )

    assert panel == review.panel_id
    assert court.team is not None
    session.refresh(court.team.row)
    assert court.team.row.state == "bid_deferred"


def test_abstaining_needs_a_reason_and_an_option_must_be_in_the_report(session: Session) -> None:
    court = in_deliberation(session)

    with pytest.raises(BadInput):
        voting.cast_vote(
            session, court.people["chair"], court.item_id, voting.Choice(""), now=LATER
        )
    with pytest.raises(BadInput):
        court.vote(session, "chair", "O9")


def test_an_unread_paper_is_a_warning_to_the_voter(session: Session) -> None:
    court = in_deliberation(session)

    read = court.vote(session, "chair")

    assert not read.papers_unread


def test_only_one_of_titular_and_alternate_votes(session: Session) -> None:
    court = a_court(session)
    add_person(session, court, "stand-in", "police", rank=1)
    court = convened(session, court=court)
    court = in_deliberation(session, *court.people, court=court)

    with pytest.raises(NotEligible):
        court.vote(session, "stand-in")
    leave(session, court, "police", now=STARTS + timedelta(minutes=1))
    court.vote(session, "stand-in")
    attendance.record_movement(
        session,
        court.secretary,
        court.sitting_id,
        court.members["police"],
        Movement.LATE,
        now=LATER,
    )
    with pytest.raises(AlreadyVoted):
        court.vote(session, "police", now=LATER)


def test_a_stranger_learns_nothing_of_an_item(session: Session) -> None:
    court = in_deliberation(session)
    stranger = a_person_of_the_country(Role.CASEWORKER)

    with pytest.raises(NotThere):
        voting.cast_vote(session, stranger, court.item_id, voting.Choice("O1"), now=LATER)
    with pytest.raises(NotThere):
        papers.open_papers(session, stranger, court.item_id, now=LATER)
