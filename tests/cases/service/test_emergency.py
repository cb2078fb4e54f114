from datetime import timedelta

import pytest
from sqlmodel import Session, select

from cases.rules.emergency import Danger, Measure
from cases.rules.machine import CaseState
from cases.service import clocks, emergency, steps, tasks
from cases.service.access import bar
from cases.service.clock_views import clocks_of
from cases.tables.emergency import EmergencyActionRow
from core import audit
from core.actors import Role
from core.errors import BadInput, Incomplete, NotAllowed, NotThere
from tests.builders.case_life import a_crossing, an_emergency
from tests.builders.cases import (
    OTHER_OFFICE,
    a_caseworker,
    a_person,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON


@pytest.mark.rule("R4")
@pytest.mark.parametrize("state", list(CaseState))
def test_urgent_protection_is_recorded_in_every_state_of_a_case(
    session: Session, state: CaseState
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=state)

    action = emergency.record_emergency_action(session, worker, case.id, an_emergency(), now=NOON)

    assert session.get(EmergencyActionRow, action) is not None
    assert steps.lock(session, case.id).state == state


@pytest.mark.rule("R4")
def test_a_short_assessment_and_if_a_trigger_stays_a_determination_are_due_afterwards(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, priority="low")

    emergency.record_emergency_action(
        session, worker, case.id, an_emergency(triggers=("B3",)), now=NOON
    )

    open_tasks = {task.code: task for task in tasks.tasks_of(session, worker, case.id, now=NOON)}
    assert set(open_tasks) == {
        "short_assessment_after_emergency",
        "determination_after_emergency",
    }
    assert open_tasks["short_assessment_after_emergency"].due_at == NOON + timedelta(hours=24)
    assert [c.code for c in clocks_of(session, worker, case.id, now=NOON)] == ["D4"]


@pytest.mark.rule("R4")
def test_without_a_trigger_only_the_short_assessment_is_due_and_it_ends_with_the_clock(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    emergency.record_emergency_action(session, worker, case.id, an_emergency(), now=NOON)

    clocks.meet_clock(session, case.id, "D4", now=NOON, actor=worker)

    done = tasks.tasks_of(session, worker, case.id, now=NOON)
    assert [(task.code, task.outcome) for task in done] == [
        ("short_assessment_after_emergency", "done")
    ]


@pytest.mark.rule("R4")
def test_a_police_officer_who_holds_the_child_code_records_it_and_learns_nothing(
    session: Session,
) -> None:
    officer = a_person(Role.FIRST_LINE, office=OTHER_OFFICE)
    case = a_registered_case(session, state=CaseState.CLOSED)

    action = emergency.record_for_child_code(
        session, officer, case.child_code.lower(), an_emergency(), now=NOON
    )

    assert session.get(EmergencyActionRow, action) is not None
    with pytest.raises(NotThere):
        emergency.actions_of(session, officer, case.id, now=NOON)


def test_a_code_of_another_country_is_answered_like_one_that_does_not_exist(
    session: Session,
) -> None:
    case = a_registered_case(session, country="NA")

    with pytest.raises(NotThere):
        emergency.record_for_child_code(
            session, a_caseworker(), case.child_code, an_emergency(), now=NOON
        )


def test_a_carer_a_secretary_and_a_machine_record_no_urgent_act(session: Session) -> None:
    case = a_registered_case(session)

    for actor in (
        a_person(Role.CARER),
        a_person(Role.SECRETARY),
        a_person(Role.CASEWORKER, is_human=False),
    ):
        with pytest.raises(NotAllowed):
            emergency.record_for_child_code(
                session, actor, case.child_code, an_emergency(), now=NOON
            )


def test_a_barred_person_finds_no_case_to_record_for(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    bar(
        session,
        a_supervisor(),
        case_id=case.id,
        person_id=worker.person_id,
        ref="",
        ground="x",
        now=NOON,
    )

    with pytest.raises(NotThere):
        emergency.record_emergency_action(session, worker, case.id, an_emergency(), now=NOON)


def test_a_telephone_whose_clock_is_wrong_loses_no_record(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)

    emergency.record_emergency_action(
        session, worker, case.id, an_emergency(acted_at=NOON + timedelta(days=2)), now=NOON
    )

    assert emergency.actions_of(session, worker, case.id, now=NOON)[0].acted_at == NOON


def test_what_happened_is_sealed_and_shown_only_with_the_file(session: Session) -> None:
    worker, colleague = a_caseworker(), a_caseworker()
    case = a_registered_case(session, owner=worker)
    emergency.record_emergency_action(session, worker, case.id, an_emergency(), now=NOON)

    row = session.exec(select(EmergencyActionRow)).one()
    shown = emergency.actions_of(session, worker, case.id, now=NOON)

    assert b"safe house" not in row.restricted
    assert "safe house" in shown[0].words
    assert "safe house" not in str(audit.recorded(session))
    with pytest.raises(NotThere):
        emergency.actions_of(session, colleague, case.id, now=NOON)


@pytest.mark.rule("R33")
def test_an_emergency_crossing_needs_the_word_of_both_duty_officers(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    request = an_emergency(
        danger=Danger.MEDICAL,
        measure=Measure.EMERGENCY_CROSSING,
        crossing=a_crossing(their_officer="", their_consent_at=None),
    )

    with pytest.raises(Incomplete) as refused:
        emergency.record_emergency_action(session, worker, case.id, request, now=NOON)

    assert [gap.code for gap in refused.value.gaps] == ["crossing_their_officer_missing"]


@pytest.mark.rule("R1", "R33")
def test_an_emergency_crossing_leaves_its_record_and_three_dated_duties(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(session, owner=worker, supervisor=boss)
    request = an_emergency(
        danger=Danger.MEDICAL, measure=Measure.EMERGENCY_CROSSING, crossing=a_crossing()
    )

    action = emergency.record_emergency_action(session, worker, case.id, request, now=NOON)

    due = {t.code: t.due_at for t in tasks.tasks_of(session, worker, case.id, now=NOON)}
    assert due == {
        "written_consent_after_crossing": NOON + timedelta(hours=24),
        "short_assessment_after_emergency": NOON + timedelta(hours=72),
        "determination_after_emergency": NOON + timedelta(days=14),
    }
    emergency.confirm_crossing_in_writing(session, boss, action, now=NOON)
    assert emergency.actions_of(session, worker, case.id, now=NOON)[0].written_at == NOON


def test_a_trigger_that_does_not_exist_is_refused(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)

    with pytest.raises(BadInput):
        emergency.record_emergency_action(
            session, worker, case.id, an_emergency(triggers=("B9",)), now=NOON
        )
