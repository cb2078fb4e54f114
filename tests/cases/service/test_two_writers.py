"""Two people or two runners at the same moment: exactly one wins, nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlmodel import Session, select

from cases.rules.machine import CaseState
from cases.service import clocks, closing, effects, emergency, movement, steps, tasks
from cases.tables.clock import DeadlineNoticeRow
from cases.tables.emergency import EmergencyActionRow
from core.db import Database
from core.errors import DomainError
from core.outbox import OutboxRow
from tests.builders.case_life import a_closing, an_emergency
from tests.builders.cases import a_caseworker, a_registered_case, a_supervisor
from tests.conftest import NOON


def _both(database: Database, act: Callable[[Session], object]) -> list[object]:
    """Do the same thing twice at once, each in a unit of work of its own."""
    start = Barrier(2)

    def once(_: int) -> object:
        start.wait()
        try:
            with database.unit_of_work() as session:
                return act(session)
        except DomainError as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(once, range(2)))


def test_two_sweeps_raise_a_level_once(database: Database) -> None:
    with database.unit_of_work() as session:
        case = a_registered_case(session, priority="emergency")
        clock = clocks.open_clock(session, case.id, "D4", started_at=NOON)
    late = NOON + timedelta(hours=25)

    raised = _both(database, lambda s: clocks.raise_level(s, clock, 100, now=late))

    with database.unit_of_work() as session:
        notices = session.exec(select(DeadlineNoticeRow)).all()
        keys = [row.key for row in session.exec(select(OutboxRow)).all()]
    assert sorted(raised, key=str) == [False, True]
    assert len(notices) == 1
    assert keys.count(f"reminder:{clock}:100") == 1


def test_two_runners_claim_an_effect_once(database: Database) -> None:
    with database.unit_of_work() as session:
        case_id = a_registered_case(session).id

    mine = _both(database, lambda s: effects.once(s, case_id, "invite", now=NOON))

    assert sorted(mine, key=str) == [False, True]


def test_two_supervisors_who_approve_at_once_close_a_case_once(database: Database) -> None:
    worker = a_caseworker()
    with database.unit_of_work() as session:
        case_id = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP).id
        closing.ask_to_close(session, worker, case_id, a_closing(), now=NOON)

    answers = _both(
        database, lambda s: closing.approve_closing(s, a_supervisor(), case_id, now=NOON)
    )

    with database.unit_of_work() as session:
        assert steps.lock(session, case_id).state == CaseState.CLOSED
    assert sorted(answers, key=str) == [None, "NotThere"]


def test_two_officers_who_act_at_once_are_both_on_record(database: Database) -> None:
    worker = a_caseworker()
    with database.unit_of_work() as session:
        case_id = a_registered_case(session, owner=worker).id

    _both(
        database,
        lambda s: emergency.record_emergency_action(s, worker, case_id, an_emergency(), now=NOON),
    )

    with database.unit_of_work() as session:
        numbers = [row.n for row in session.exec(select(EmergencyActionRow)).all()]
        clocks_open = clocks.next_occurrence(session, case_id, "D4")
    assert sorted(numbers) == [1, 2]
    assert clocks_open == 2


def test_the_same_task_and_the_same_reason_stand_once(database: Database) -> None:
    worker = a_caseworker()
    with database.unit_of_work() as session:
        case_id = a_registered_case(session, owner=worker).id

    asked = _both(
        database, lambda s: tasks.open_task(s, case_id, "visit", key="v", actor=worker, now=NOON)
    )
    stood = _both(database, lambda s: movement.hold(s, case_id, "danger", actor=worker, now=NOON))

    assert asked[0] == asked[1]
    assert sorted(stood, key=str) == [False, True]
