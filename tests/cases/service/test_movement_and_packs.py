from datetime import timedelta

import pytest
from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.movement import HoldOnMovement, may_contact_origin, may_move, may_send_information
from cases.service import clocks, movement, pack_moves, steps, tasks
from cases.service.access import bar
from core.actors import Role
from core.errors import Incomplete, NotAllowed, NotThere, WrongState
from tests.builders.cases import (
    OTHER_OFFICE,
    a_caseworker,
    a_person,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON

DAY = timedelta(days=1)


@pytest.mark.rule("R42")
def test_an_appeal_suspends_movement_until_that_very_appeal_ends(session: Session) -> None:
    case = a_registered_case(session)
    boss = a_supervisor()
    for ref in ("appeal-1", "appeal-2", "appeal-1"):
        movement.hold(session, case.id, "appeal", actor=boss, now=NOON, ref=ref)

    movement.release(session, case.id, "appeal", actor=boss, now=NOON, ref="appeal-1")

    holds = movement.open_holds(session, case.id)
    assert [hold.ref for hold in holds] == ["appeal-2"]
    assert not may_move(holds)


@pytest.mark.rule("R26")
def test_a_child_who_fears_return_is_not_spoken_of_to_the_country_of_origin(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)

    movement.suspend(session, worker, case.id, HoldOnMovement.FEAR_OF_RETURN, now=NOON)

    holds = movement.open_holds(session, case.id)
    assert not may_contact_origin(holds)
    assert may_send_information(holds)


@pytest.mark.rule("R47")
def test_danger_stops_every_sending_of_information(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)

    movement.suspend(session, worker, case.id, HoldOnMovement.DANGER, now=NOON)

    assert not may_send_information(movement.open_holds(session, case.id))


@pytest.mark.rule("R8")
def test_a_child_who_does_not_want_to_go_stays_until_somebody_answers_for_it(
    session: Session,
) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(session, owner=worker, supervisor=boss)
    movement.suspend(session, worker, case.id, HoldOnMovement.CHILD_UNWILLING, now=NOON)

    with pytest.raises(RoleMayNot):
        movement.lift(session, worker, case.id, HoldOnMovement.CHILD_UNWILLING, now=NOON)
    left = movement.lift(session, boss, case.id, HoldOnMovement.CHILD_UNWILLING, now=NOON)

    assert left == ()


def test_a_reason_can_stand_again_after_it_fell(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss)

    stood = [
        movement.hold(session, case.id, "danger", actor=boss, now=NOON),
        movement.release(session, case.id, "danger", actor=boss, now=NOON) == 1,
        movement.hold(session, case.id, "danger", actor=boss, now=NOON),
        movement.hold(session, case.id, "danger", actor=boss, now=NOON),
    ]

    assert stood == [True, True, True, False]


def test_nothing_is_lifted_that_does_not_stand(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss)

    with pytest.raises(NotThere):
        movement.lift(session, boss, case.id, HoldOnMovement.DANGER, now=NOON)


def test_a_case_moves_to_newer_rules_only_by_somebody_who_was_shown_the_difference(
    session: Session,
) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss, pack_version=1)
    shown = pack_moves.show_difference(session, boss, case.id, 2, now=NOON)

    with pytest.raises(Incomplete) as unseen:
        pack_moves.move_case(
            session, boss, case.id, 2, shown="0" * 64, recompute_clocks=False, now=NOON
        )
    pack_moves.move_case(
        session, boss, case.id, 2, shown=shown.fingerprint, recompute_clocks=False, now=NOON
    )

    assert [gap.code for gap in unseen.value.gaps] == ["pack_difference_not_shown"]
    assert shown.changes
    assert steps.lock(session, case.id).pack_version == 2
    moves = pack_moves.moves_of(session, boss, case.id, now=NOON)
    assert [(m.from_version, m.to_version, m.moved_by) for m in moves] == [(1, 2, boss.person_id)]


def test_a_case_never_moves_to_older_rules(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss, pack_version=2)
    shown = pack_moves.show_difference(session, boss, case.id, 1, now=NOON)

    with pytest.raises(Incomplete) as refused:
        pack_moves.move_case(
            session, boss, case.id, 1, shown=shown.fingerprint, recompute_clocks=True, now=NOON
        )

    assert [gap.code for gap in refused.value.gaps] == ["pack_not_newer"]


def test_running_limits_change_with_the_rules_only_when_somebody_says_so(session: Session) -> None:
    boss = a_supervisor()
    cases = [a_registered_case(session, supervisor=boss, pack_version=1) for _ in range(2)]
    versions = []
    for case, choice in zip(cases, (False, True), strict=True):
        clocks.open_clock(session, case.id, "D4", started_at=NOON)
        shown = pack_moves.show_difference(session, boss, case.id, 2, now=NOON)
        pack_moves.move_case(
            session, boss, case.id, 2, shown=shown.fingerprint, recompute_clocks=choice, now=NOON
        )
        from cases.service.clock_views import clocks_of

        versions.append(clocks_of(session, boss, case.id, now=NOON)[0].pack_version)

    assert versions == [1, 2]


def test_a_worker_does_not_change_the_rules_of_a_case(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, pack_version=1)

    with pytest.raises(NotAllowed):
        pack_moves.show_difference(session, worker, case.id, 2, now=NOON)


def test_a_task_asked_for_twice_is_one_and_finished_by_whom_it_is_for(session: Session) -> None:
    worker, colleague = a_caseworker(), a_caseworker()
    case = a_registered_case(session, owner=worker)
    for _ in range(2):
        tasks.open_task(
            session, case.id, "visit", key="v1", actor=worker, now=NOON, person_id=worker.person_id
        )
    task = tasks.my_tasks(session, worker, now=NOON).tasks[0]

    with pytest.raises(NotAllowed):
        tasks.finish_my_task(session, colleague, task.id, now=NOON)
    done = tasks.finish_my_task(session, worker, task.id, now=NOON)

    assert done.done_by == worker.person_id
    with pytest.raises(WrongState):
        tasks.finish_my_task(session, worker, task.id, now=NOON)
    assert tasks.my_tasks(session, worker, now=NOON).tasks == ()


def test_tasks_of_a_role_are_shown_page_by_page_to_those_who_see_the_case(
    session: Session,
) -> None:
    boss = a_supervisor()
    case = a_registered_case(session)
    for n in range(3):
        tasks.open_task(
            session, case.id, "answer", key=f"a{n}", actor=boss, now=NOON + n * DAY,
            role=Role.SUPERVISOR,
        )  # fmt: skip

    first = tasks.my_tasks(session, boss, now=NOON, limit=2)
    second = tasks.my_tasks(session, boss, now=NOON, limit=2, cursor=first.cursor)

    assert (len(first.tasks), len(second.tasks)) == (2, 1)
    assert tasks.my_tasks(session, a_supervisor(OTHER_OFFICE), now=NOON).tasks == ()
    assert tasks.my_tasks(session, a_person(Role.CASEWORKER), now=NOON).tasks == ()


@pytest.mark.rule("R14")
def test_a_barred_person_does_not_see_their_own_task_of_that_case(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker)
    task = tasks.open_task(
        session, case.id, "visit", key="v", actor=worker, now=NOON, person_id=worker.person_id
    )

    bar(
        session, a_supervisor(), case_id=case.id, person_id=worker.person_id, ref="", ground="x",
        now=NOON,
    )  # fmt: skip

    assert tasks.my_tasks(session, worker, now=NOON).tasks == ()
    with pytest.raises(NotThere):
        tasks.finish_my_task(session, worker, task, now=NOON)
