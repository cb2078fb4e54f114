"""Conflicts of interest: one row closes everything, a dismissal opens it again."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.service import files
from cases.service.access import grant_access, reach_of
from core import audit
from core.actors import Role
from core.errors import Incomplete, NotAllowed, NotThere
from panels.rules.conflicts import ConflictState, Ground
from panels.rules.items import ItemState
from panels.service import agenda, attendance, conflicts, papers
from panels.store import conflict as store
from panels.store import item as items
from tests.builders.cases import a_person_on_own_cases
from tests.builders.sittings import STARTS, Court, convened, declare, in_deliberation, opened
from tests.conftest import NOON

LATER = STARTS + timedelta(minutes=20)


def recuse(session: Session, court: Court, name: str, **given: object) -> str:
    return conflicts.declare_conflict(
        session,
        court.people[name],
        court.item_id,
        ground=Ground.RELATIVE,
        words="My cousin.",
        now=given.get("now", NOON),  # type: ignore[arg-type]
    )


@pytest.mark.rule("R14")
def test_a_declared_conflict_closes_file_papers_and_agenda(session: Session) -> None:
    court = convened(session)
    police, case_id = court.people["police"], court.team.case_id  # type: ignore[union-attr]
    assert reach_of(session, police, case_id, now=NOON).level is Level.FULL

    recuse(session, court, "police")

    assert reach_of(session, police, case_id, now=NOON).level is Level.NONE
    with pytest.raises(NotThere):
        files.open_file(session, police, case_id, now=NOON)
    with pytest.raises(NotThere):
        papers.open_papers(session, police, court.item_id, now=NOON)
    assert agenda.show_agenda(session, police, court.sitting_id, now=NOON) == []


@pytest.mark.rule("R14")
def test_a_recused_member_cannot_even_learn_of_the_conflicts_of_the_item(session: Session) -> None:
    court = convened(session)
    recuse(session, court, "police")

    with pytest.raises(NotThere):
        conflicts.list_conflicts(session, court.people["police"], court.item_id, now=NOON)


def test_a_dismissed_conflict_opens_everything_again(session: Session) -> None:
    court = convened(session)
    police, case_id = court.people["police"], court.team.case_id  # type: ignore[union-attr]
    conflict_id = recuse(session, court, "police")

    conflicts.rule_on_conflict(
        session, court.people["chair"], conflict_id, upheld=False, words="No kin.", now=NOON
    )

    assert reach_of(session, police, case_id, now=NOON).level is Level.FULL
    papers.open_papers(session, police, court.item_id, now=NOON)


def test_the_chairs_own_conflict_is_ruled_by_the_deputy(session: Session) -> None:
    court = convened(session)
    conflict_id = conflicts.challenge_member(
        session, court.people["school"], court.item_id, court.members["chair"],
        ground=Ground.EMPLOYER, words="Works for the home.", now=NOON,
    )  # fmt: skip

    with pytest.raises(NotAllowed):
        conflicts.rule_on_conflict(
            session, court.people["chair"], conflict_id, upheld=False, words="No.", now=NOON
        )
    conflicts.rule_on_conflict(
        session, court.people["deputy"], conflict_id, upheld=True, words="Yes.", now=NOON
    )

    found = store.find(session, conflict_id)
    assert found is not None
    assert found.state == ConflictState.UPHELD


def test_when_chair_and_deputy_are_out_the_head_of_the_secretariat_rules(session: Session) -> None:
    court = convened(session)
    recuse(session, court, "chair")
    conflict_id = recuse(session, court, "deputy")

    with pytest.raises(NotAllowed):
        conflicts.rule_on_conflict(
            session, court.people["school"], conflict_id, upheld=True, words="Yes.", now=NOON
        )
    conflicts.rule_on_conflict(
        session, court.head, conflict_id, upheld=True, words="Yes.", now=NOON
    )


@pytest.mark.rule("R14")
def test_the_guardian_may_challenge_and_the_item_waits_for_the_ruling(session: Session) -> None:
    court = opened(session)
    guardian = a_person_on_own_cases(Role.GUARDIAN)
    grant_access(
        session, court.head, case_id=court.team.case_id, person_id=guardian.person_id,  # type: ignore[union-attr]
        basis=Basis.GUARDIAN, now=NOON,
    )  # fmt: skip
    conflict_id = conflicts.challenge_member(
        session, guardian, court.item_id, court.members["police"],
        ground=Ground.ENFORCEMENT_OFFICER, words="He arrested her.", now=STARTS,
    )  # fmt: skip
    declare(session, court, *court.people)

    with pytest.raises(Incomplete) as missing:
        agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS)
    assert [gap.code for gap in missing.value.gaps] == ["challenge_unruled"]
    conflicts.rule_on_conflict(
        session, court.people["chair"], conflict_id, upheld=True, words="Yes.", now=STARTS
    )
    agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS)


@pytest.mark.rule("R14")
def test_a_recusal_that_breaks_the_quorum_ends_the_hearing(session: Session) -> None:
    court = in_deliberation(session, "chair", "welfare", "police")

    recuse(session, court, "police", now=LATER)

    item = items.find(session, court.item_id)
    assert item is not None
    assert item.state == ItemState.LOST_QUORUM


def test_a_conflict_found_after_the_decision_flags_it_for_review_in_ten_working_days(
    session: Session,
) -> None:
    court = in_deliberation(session)
    for name in court.people:
        court.vote(session, name)
    agenda.settle_item(session, court.people["chair"], court.item_id, ItemState.DECIDED, now=LATER)

    recuse(session, court, "police", now=LATER)

    item = items.find(session, court.item_id)
    assert item is not None
    assert item.flag_reason == "late_conflict"
    assert item.flag_review_by is not None
    assert 12 <= (item.flag_review_by - LATER.date()).days <= 18


def test_the_record_itself_hints_at_conflicts_to_chair_and_secretary_only(session: Session) -> None:
    court = convened(session)
    assert court.team is not None
    grant_access(
        session, court.head, case_id=court.team.case_id,
        person_id=court.people["school"].person_id, basis=Basis.OWNER, now=NOON,
    )  # fmt: skip

    found = conflicts.hints_for(session, court.secretary, court.item_id, now=NOON)

    assert [(hint.member_id, hint.grounds) for hint in found] == [
        (court.members["school"], (Ground.CASEWORKER,))
    ]
    with pytest.raises(NotAllowed):
        conflicts.hints_for(session, court.people["police"], court.item_id, now=NOON)
    read = [one for one in audit.recorded(session) if one.action.endswith("hints_read")]
    assert [one.person_id for one in read] == [court.secretary.person_id]


def test_words_of_a_conflict_are_sealed(session: Session) -> None:
    court = convened(session)

    conflict_id = recuse(session, court, "police")

    row = store.find(session, conflict_id)
    assert row is not None
    assert row.restricted is not None
    assert b"cousin" not in row.restricted


def test_attendance_of_a_recused_member_does_not_count(session: Session) -> None:
    court = opened(session, "chair", "welfare", "police", "school")
    recuse(session, court, "police", now=STARTS)
    declare(session, court, "chair", "welfare", "school")

    agenda.call_item(session, court.people["chair"], court.item_id, now=STARTS)

    assert len(attendance.timeline(session, court.secretary, court.sitting_id, now=STARTS)) == 4
