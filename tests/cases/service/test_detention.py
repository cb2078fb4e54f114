from datetime import timedelta

import pytest
from sqlmodel import Session, select

from cases.rules.machine import CaseState
from cases.service import clocks, detention, steps, tasks
from cases.tables.detention import DetentionRow
from core.errors import Incomplete, NotThere
from core.outbox import OutboxRow
from tests.builders.case_life import a_detention, a_release
from tests.builders.cases import OTHER_OFFICE, a_caseworker, a_registered_case
from tests.conftest import NOON


@pytest.mark.rule("R27")
def test_a_detained_child_becomes_an_emergency_with_a_release_task_and_a_counter(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, priority="low")
    clock = clocks.open_clock(session, case.id, "D4", started_at=NOON)

    detention.record_detention(session, worker, case.id, a_detention(), now=NOON)

    row = steps.lock(session, case.id)
    assert (row.priority, row.detained) == ("emergency", True)
    assert clocks.due_of_clock(session, clock) == NOON + timedelta(hours=24)
    assert [t.code for t in tasks.tasks_of(session, worker, case.id, now=NOON)] == [
        "release_from_detention"
    ]
    held = detention.detentions_of(session, worker, case.id, now=NOON)[0].held
    assert (held.days, held.hours) == (1, 6)


@pytest.mark.rule("R27")
def test_a_release_stops_the_counter_and_finishes_the_task(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    detention.record_detention(session, worker, case.id, a_detention(), now=NOON)

    held = detention.record_release(
        session, worker, case.id, a_release(NOON + timedelta(days=2)), now=NOON + timedelta(days=3)
    )

    assert (held.days, held.hours) == (3, 6)
    assert steps.lock(session, case.id).detained is False
    assert tasks.my_tasks(session, worker, now=NOON).tasks == ()
    later = detention.detentions_of(session, worker, case.id, now=NOON + timedelta(days=90))[0]
    assert (later.held.days, later.held.hours) == (3, 6)


def test_a_child_is_in_one_place_of_detention_at_a_time(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    detention.record_detention(session, worker, case.id, a_detention(), now=NOON)

    with pytest.raises(Incomplete) as refused:
        detention.record_detention(session, worker, case.id, a_detention(), now=NOON)

    assert refused.value.gaps[0].code == "detention_already_open"
    again = detention.note_detention(session, worker, case.id, a_detention(), now=NOON)
    assert again == session.exec(select(DetentionRow.id)).one()


def test_a_release_without_or_before_a_detention_is_refused(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    with pytest.raises(Incomplete):
        detention.record_release(session, worker, case.id, a_release(), now=NOON)
    detention.record_detention(session, worker, case.id, a_detention(NOON), now=NOON)

    with pytest.raises(Incomplete) as refused:
        detention.record_release(
            session, worker, case.id, a_release(NOON - timedelta(days=1)), now=NOON
        )

    assert refused.value.gaps[0].code == "release_before_detention"


def test_details_are_sealed_and_open_only_to_those_who_see_sensitive_parts(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    detention.record_detention(session, worker, case.id, a_detention(), now=NOON)

    row = session.exec(select(DetentionRow)).one()

    assert b"Cell 2" not in row.sensitive
    assert detention.detentions_of(session, worker, case.id, now=NOON)[0].details
    for stranger in (a_caseworker(), a_caseworker(OTHER_OFFICE)):
        with pytest.raises(NotThere):
            detention.detentions_of(session, stranger, case.id, now=NOON)


def test_a_child_of_a_closed_case_found_in_detention_alarms_the_supervisors(
    session: Session,
) -> None:
    case = a_registered_case(session, state=CaseState.CLOSED)

    detention.record_detention(session, a_caseworker(), case.id, a_detention(), now=NOON)

    topics = [row.topic for row in session.exec(select(OutboxRow)).all()]
    assert topics == ["detention.closed_case"]
