"""Decisions on the database: recorded from votes, signed, sealed, corrected, never changed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import blockers, steps
from core.errors import Incomplete, NotAllowed, NotThere, WrongState
from panels.rules.items import ItemState
from panels.service import decision_views, determinations, procedure
from panels.store import determination as store
from panels.store import item as items
from panels.tables.determination import DeterminationRow
from tests.builders.cases import a_person_of_the_country
from tests.builders.decided import (
    DECIDED,
    SIGNED,
    a_decision,
    in_force,
    recorded,
    sign,
    voted,
    with_guardian,
)
from tests.builders.sittings import in_deliberation
from tests.builders.tampering import behind_our_back

REASON = "The interim care was described for the wrong family."


def test_what_the_panel_voted_is_recorded_and_ends_the_item(session: Session) -> None:
    decided = recorded(session)

    row = decided.row(session)
    item = items.find(session, decided.court.item_id)
    assert (row.state, row.outcome, row.rule_used) == ("recorded", "CARE_PLACEMENT", "consensus")
    assert (row.votes_for, row.votes_other, len(row.voters)) == (5, 0, 5)
    assert item is not None
    assert item.state == ItemState.DECIDED


@pytest.mark.rule("R17")
def test_a_panel_without_quorum_records_nothing(session: Session) -> None:
    from panels.errors import VotingClosed
    from tests.builders.sittings import leave

    court = in_deliberation(session, "chair", "welfare", "police")
    with_guardian(session, court)
    leave(session, court, "police", now=DECIDED)

    with pytest.raises((Incomplete, VotingClosed)):
        determinations.record_determination(
            session, court.secretary, court.item_id, a_decision(), now=DECIDED
        )


@pytest.mark.rule("R11")
def test_nobody_decides_about_a_lone_child_without_guardian(session: Session) -> None:
    court = voted(session)

    with pytest.raises(Incomplete) as refused:
        determinations.record_determination(
            session, court.secretary, court.item_id, a_decision(), now=DECIDED
        )

    assert [gap.code for gap in refused.value.gaps] == ["guardian_or_adviser_missing"]


@pytest.mark.rule("R19")
def test_a_refused_decision_leaves_no_row(session: Session) -> None:
    court = voted(session)
    with_guardian(session, court)

    with pytest.raises(Incomplete):
        determinations.record_determination(
            session, court.secretary, court.item_id, a_decision(reasons={}), now=DECIDED
        )

    assert court.team is not None
    assert store.of_case(session, court.team.case_id) == []


@pytest.mark.rule("R18")
def test_a_dissent_is_kept_with_the_decision_and_cannot_be_edited(session: Session) -> None:
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name, "O2" if name == "police" else "O1", opinion="I would wait.")
    from panels.service import voting

    voting.hold_another_round(session, court.people["chair"], court.item_id, now=DECIDED)
    for name in court.people:
        court.vote(
            session, name, "O2" if name == "police" else "O1", opinion="I would wait.", now=DECIDED
        )
    with_guardian(session, court)
    found = determinations.record_determination(
        session, court.secretary, court.item_id, a_decision(), now=DECIDED
    )

    row = store.dissents(session, found)[0]
    assert row.person_id == court.people["police"].person_id
    row.person_id = "somebody else"
    with pytest.raises(RuntimeError):
        session.flush()


@pytest.mark.rule("R20")
def test_a_machine_records_and_signs_nothing(session: Session) -> None:
    from dataclasses import replace

    court = voted(session)
    machine = replace(court.secretary, is_human=False)

    with pytest.raises(NotAllowed):
        determinations.record_determination(
            session, machine, court.item_id, a_decision(), now=DECIDED
        )


def test_signatures_of_a_quorum_put_the_decision_in_force(session: Session) -> None:
    decided = recorded(session)

    assert not sign(session, decided, "police")
    assert not sign(session, decided, "school")
    assert sign(session, decided, "chair")
    row = decided.row(session)
    assert (row.state, row.current_case, row.pending_case) == ("sealed", decided.case_id, None)


def test_nobody_signs_twice_nor_without_having_decided_nor_other_words(session: Session) -> None:
    decided = recorded(session)
    sign(session, decided, "chair")

    with pytest.raises(NotAllowed):
        sign(session, decided, "chair")
    with pytest.raises(WrongState) as anew:
        determinations.sign_determination(
            session,
            decided.court.people["deputy"],
            decided.determination_id,
            content_hash="0" * 64,
            now=SIGNED,
        )
    assert anew.value.state == "drawn_up_anew"
    with pytest.raises(NotAllowed):
        determinations.sign_determination(
            session,
            decided.worker,
            decided.determination_id,
            content_hash=decided.row(session).content_hash,
            now=SIGNED,
        )


@pytest.mark.rule("R55")
def test_a_case_cannot_close_over_an_unsigned_decision(session: Session) -> None:
    decided = recorded(session)

    assert "unsigned_decision" in blockers.blockers(session, decided.case_id)


def test_the_procedure_moves_the_case_once_the_decision_is_signed(session: Session) -> None:
    decided = recorded(session)
    assert not procedure.enter_decision(session, decided.case_id, now=SIGNED)

    sign(session, decided, "chair", "deputy", "welfare")

    assert procedure.enter_decision(session, decided.case_id, now=SIGNED)
    assert not procedure.enter_decision(session, decided.case_id, now=SIGNED)
    assert steps.lock(session, decided.case_id).state == CaseState.BID_DECIDED


@pytest.mark.rule("R22")
def test_a_sealed_decision_cannot_be_changed_and_verifies(session: Session) -> None:
    decided = in_force(session)
    coordinator = decided.coordinator

    seen = decision_views.verify_determination(
        session, coordinator, decided.determination_id, now=SIGNED
    )
    assert seen.holds
    decided.row(session).outcome = "RESETTLEMENT"
    with pytest.raises(RuntimeError):
        session.flush()


@pytest.mark.rule("R22")
def test_a_change_behind_our_back_is_named(session: Session) -> None:
    decided = in_force(session)
    behind_our_back(
        session,
        "UPDATE determination SET votes_for = 4 WHERE id = :id",
        id=decided.determination_id,
    )

    seen = decision_views.verify_determination(
        session, decided.coordinator, decided.determination_id, now=SIGNED
    )

    assert seen.differing == ("/made/votes_for",)


@pytest.mark.rule("R22")
def test_a_correction_is_a_new_version_and_the_old_one_stays_readable(session: Session) -> None:
    decided = in_force(session)
    mended = a_decision(interim_care="Stays with the family of the aunt until the move.")

    new_id = determinations.correct_determination(
        session,
        decided.court.secretary,
        decided.determination_id,
        mended,
        reason=REASON,
        now=SIGNED,
    )

    old = decided.row(session)
    assert old.current_case == decided.case_id  # in force until the new one is signed
    old_id, decided.determination_id = decided.determination_id, new_id
    assert sign(session, decided, "chair", "deputy", "welfare")
    session.refresh(old)
    assert (old.state, decided.row(session).state) == ("replaced", "sealed")
    read = decision_views.read_determination(session, decided.coordinator, old_id, now=SIGNED)
    assert read.draft.interim_care != mended.interim_care
    for one in (old_id, new_id):
        assert decision_views.verify_determination(
            session, decided.coordinator, one, now=SIGNED
        ).holds


@pytest.mark.rule("R22")
def test_a_correction_never_decides_anew(session: Session) -> None:
    decided = in_force(session)

    with pytest.raises(Incomplete):
        determinations.correct_determination(
            session,
            decided.court.secretary,
            decided.determination_id,
            a_decision(option_ref="O2"),
            reason=REASON,
            now=SIGNED,
        )


def test_an_unsigned_decision_is_taken_back_and_the_case_is_ready_again(session: Session) -> None:
    decided = recorded(session)

    determinations.take_back_determination(
        session,
        decided.court.secretary,
        decided.determination_id,
        reason="Two of the three signers left the service.",
        now=SIGNED,
    )

    assert steps.lock(session, decided.case_id).state == CaseState.BID_READY
    with pytest.raises(WrongState):
        sign(session, decided, "chair")


@pytest.mark.rule("R2")
def test_a_child_never_has_two_decisions_in_force(session: Session) -> None:
    decided = in_force(session)
    other = {**decided.row(session).model_dump(), "id": "1" * 36, "root_id": "1" * 36}

    session.add(DeterminationRow(**other))

    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_the_guardian_reads_the_reasons_but_no_names_of_members(session: Session) -> None:
    decided = in_force(session)

    seen = decision_views.read_determination(
        session, decided.guardian, decided.determination_id, now=SIGNED
    )

    assert seen.draft.reasons
    assert (seen.made, seen.signers) == (None, ())


@pytest.mark.rule("R14")
def test_a_stranger_learns_nothing_of_a_decision(session: Session) -> None:
    decided = in_force(session)
    stranger = a_person_of_the_country()

    for act in (decision_views.read_determination, decision_views.verify_determination):
        with pytest.raises(NotThere):
            act(session, stranger, decided.determination_id, now=SIGNED + timedelta(days=1))
