"""Minutes on the database, and items that are put off."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import steps
from cases.service.access import reach_of
from cases.service.emergency import record_emergency_action
from core.errors import BadInput, Incomplete, WrongState
from panels.rules.conflicts import Ground
from panels.rules.deferral import Draft, Question
from panels.service import agenda, conflicts, deferrals, minutes, procedure, sittings
from panels.store import deferral as deferral_store
from panels.tables.deferral import DeferralRow
from tests.builders.case_life import an_emergency
from tests.builders.decided import DAY, DECIDED, SIGNED, Decided, in_force, recorded
from tests.builders.sittings import STARTS, Court, add_person, in_deliberation, leave, opened
from tests.builders.tampering import behind_our_back


def ended(session: Session) -> Decided:
    decided = in_force(session)
    court = decided.court
    sittings.end_sitting(session, court.people["chair"], court.sitting_id, now=SIGNED)
    return decided


def drafted(session: Session, decided: Decided) -> tuple[str, str]:
    court = decided.court
    found = minutes.draft_minutes(session, court.secretary, court.sitting_id, now=SIGNED)
    view = minutes.read_minutes(session, court.secretary, court.sitting_id, now=SIGNED)[0]
    return found, view.content_hash


def signed(session: Session, decided: Decided) -> str:
    found, content_hash = drafted(session, decided)
    for person in (decided.court.people["chair"], decided.court.secretary):
        minutes.sign_minutes(session, person, found, content_hash=content_hash, now=SIGNED)
    return found


@pytest.mark.rule("R22")
def test_minutes_tell_what_happened_without_a_word_about_the_child(session: Session) -> None:
    decided = ended(session)
    drafted(session, decided)

    view = minutes.read_minutes(
        session, decided.court.secretary, decided.court.sitting_id, now=SIGNED
    )[0]

    code = steps.lock(session, decided.case_id).child_code
    assert code in view.text
    assert "CARE PLACEMENT" in view.text
    assert "All hours are those of Africa/Lusaka." in view.text
    assert "+00:00" not in view.text
    assert decided.row(session).content_hash in view.text
    assert "Amani" not in view.text


@pytest.mark.rule("R14")
def test_minutes_tell_a_recused_member_nothing_of_that_item(session: Session) -> None:
    court = opened(session)
    words = {"ground": Ground.RELATIVE, "words": "My niece."}
    conflicts.declare_conflict(session, court.people["police"], court.item_id, now=STARTS, **words)
    sittings.end_sitting(session, court.secretary, court.sitting_id, now=SIGNED)
    minutes.draft_minutes(session, court.secretary, court.sitting_id, now=SIGNED)
    assert court.team is not None
    code = steps.lock(session, court.team.case_id).child_code

    def text_for(name: str) -> str:
        who = court.people[name]
        return minutes.read_minutes(session, who, court.sitting_id, now=SIGNED)[0].text

    assert code in text_for("school")
    assert "recused" in text_for("school")
    assert code not in text_for("police")
    assert "recused" not in text_for("police")
    assert "ATTENDANCE" in text_for("police")


@pytest.mark.rule("R14")
def test_minutes_tell_a_member_who_was_not_called_nothing_of_any_item(session: Session) -> None:
    decided = ended(session)
    drafted(session, decided)
    court = decided.court
    add_person(session, court, "newcomer", "school", rank=1)
    code = steps.lock(session, decided.case_id).child_code

    shown = minutes.read_minutes(session, court.people["newcomer"], court.sitting_id, now=SIGNED)

    assert code not in shown[0].text


@pytest.mark.rule("R17")
def test_minutes_of_a_sitting_that_lost_its_quorum_can_be_signed(session: Session) -> None:
    court = in_deliberation(session)
    for name in ("deputy", "police", "school"):
        leave(session, court, name, now=STARTS)
    sittings.end_sitting(session, court.secretary, court.sitting_id, now=SIGNED)
    found = minutes.draft_minutes(session, court.secretary, court.sitting_id, now=SIGNED)
    words = minutes.read_minutes(session, court.secretary, court.sitting_id, now=SIGNED)[0]

    signed_by = [
        minutes.sign_minutes(session, person, found, content_hash=words.content_hash, now=SIGNED)
        for person in (court.people["chair"], court.secretary)
    ]

    assert signed_by == [False, True]


@pytest.mark.rule("R22")
def test_minutes_are_signed_by_two_people_and_verify(session: Session) -> None:
    decided = ended(session)
    found = signed(session, decided)

    seen = minutes.verify_minutes(session, decided.court.secretary, found, now=SIGNED)

    assert seen.holds
    with pytest.raises(WrongState):
        minutes.draft_minutes(
            session, decided.court.secretary, decided.court.sitting_id, now=SIGNED
        )


@pytest.mark.rule("R22")
def test_a_quorum_changed_behind_our_back_is_named(session: Session) -> None:
    decided = ended(session)
    found = signed(session, decided)
    behind_our_back(session, "UPDATE quorum_log SET moment = 'never' WHERE moment = 'decision'")

    seen = minutes.verify_minutes(session, decided.court.secretary, found, now=SIGNED)

    assert not seen.holds
    assert all(place.startswith("/record/quorum/") for place in seen.differing)


def test_minutes_wait_for_unsigned_decisions_and_for_readers_of_the_same_text(
    session: Session,
) -> None:
    decided = recorded(session)
    court = decided.court
    sittings.end_sitting(session, court.people["chair"], court.sitting_id, now=SIGNED)
    found, content_hash = drafted(session, decided)

    with pytest.raises(Incomplete) as refused:
        minutes.sign_minutes(session, court.secretary, found, content_hash=content_hash, now=SIGNED)
    assert [gap.code for gap in refused.value.gaps] == ["decisions_unsigned"]
    with pytest.raises(WrongState):
        minutes.sign_minutes(session, court.secretary, found, content_hash="0" * 64, now=SIGNED)


@pytest.mark.rule("R22")
def test_signed_minutes_are_corrected_by_a_new_version(session: Session) -> None:
    decided = ended(session)
    found = signed(session, decided)

    minutes.correct_minutes(
        session,
        decided.court.secretary,
        found,
        reason="The name of the panel was missing.",
        now=SIGNED + timedelta(days=1),
    )

    views = minutes.read_minutes(
        session, decided.court.secretary, decided.court.sitting_id, now=SIGNED
    )
    assert [view.number for view in views] == [2, 1]
    assert minutes.verify_minutes(session, decided.court.secretary, found, now=SIGNED).holds


@pytest.mark.rule("R16")
def test_archiving_closes_the_cases_to_members(session: Session) -> None:
    decided = ended(session)
    chair = decided.court.people["chair"]
    with pytest.raises(WrongState):
        minutes.archive_sitting(
            session, decided.court.secretary, decided.court.sitting_id, now=SIGNED
        )
    signed(session, decided)
    assert reach_of(session, chair, decided.case_id, now=SIGNED).sees

    minutes.archive_sitting(session, decided.court.secretary, decided.court.sitting_id, now=SIGNED)

    assert not reach_of(session, chair, decided.case_id, now=SIGNED).sees


def a_wish(court: Court, **changes: str) -> Draft:
    assert court.team is not None
    owner = changes.get("owner", court.team.worker.person_id)
    return Draft(
        questions=(Question("Is the aunt willing?", owner, DAY + timedelta(days=10)),),
        interim_care="With the foster family.",
        interim_care_is_safe=True,
    )


@pytest.mark.rule("R21")
def test_a_deferred_item_comes_back_to_the_quality_check_when_answered(session: Session) -> None:
    court = in_deliberation(session)
    assert court.team is not None
    deferrals.defer_item(session, court.people["chair"], court.item_id, a_wish(court), now=DECIDED)
    assert steps.lock(session, court.team.case_id).state == CaseState.BID_DEFERRED
    assert procedure.follow_deferral(session, court.team.case_id, now=DECIDED)
    assert not procedure.follow_deferral(session, court.team.case_id, now=DECIDED)
    question = deferrals.my_questions(session, court.team.worker, now=DECIDED)[0]

    assert deferrals.answer_question(
        session, court.team.worker, question.id, "She is willing.", now=DECIDED
    )

    assert steps.lock(session, court.team.case_id).state == CaseState.BID_QUALITY_CHECK


@pytest.mark.rule("R21")
def test_a_third_deferral_is_refused_on_the_database(session: Session) -> None:
    court = in_deliberation(session)
    first = deferrals.defer_item(
        session, court.people["chair"], court.item_id, a_wish(court), now=DECIDED
    )
    row = deferral_store.find(session, first)
    assert row is not None
    assert deferral_store.count_of_report(session, row.report_id) == 1

    with pytest.raises(WrongState):
        deferrals.defer_item(session, court.secretary, court.item_id, a_wish(court), now=DECIDED)
    same = {**row.model_dump(), "id": "2" * 36}
    session.add(DeferralRow(**same))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_an_item_of_an_unsafe_child_is_back_within_72_hours(session: Session) -> None:
    court = in_deliberation(session)
    assert court.team is not None
    wish = Draft(
        questions=(Question("Is she safe now?", court.team.worker.person_id, DAY),),
        interim_care="In the safe house.",
        interim_care_is_safe=True,
    )
    with pytest.raises(BadInput):
        deferrals.defer_item(
            session,
            court.people["chair"],
            court.item_id,
            wish,
            now=STARTS,
            emergency_id="3" * 36,
        )
    action = record_emergency_action(
        session, court.team.supervisor, court.team.case_id, an_emergency(), now=STARTS
    )

    deferrals.defer_item(
        session, court.people["chair"], court.item_id, wish, now=STARTS, emergency_id=action
    )

    seen = deferrals.deferrals_of(session, court.team.worker, court.team.case_id, now=STARTS)[0]
    assert seen.due_at - STARTS == timedelta(hours=72)


def test_whoever_is_listed_is_invited_once(session: Session) -> None:
    from tests.builders.sittings import convened
    from tests.conftest import NOON

    court = convened(session)
    assert court.team is not None

    assert procedure.call_to_sitting(session, court.team.case_id, now=NOON)
    assert not procedure.call_to_sitting(session, court.team.case_id, now=NOON)


def test_a_case_that_waits_for_nothing_of_this_is_left_alone(session: Session) -> None:
    court = in_deliberation(session)
    assert court.team is not None

    for step in (
        procedure.call_to_sitting,
        procedure.follow_deferral,
        procedure.enter_decision,
        procedure.open_appeal_window,
    ):
        assert not step(session, court.team.case_id, now=DECIDED)
    agenda.withdraw_item(session, court.secretary, court.item_id, "error", now=DECIDED)
