"""The steps of a case: every edge of the domain notes, no way round a decision, one writer."""

from collections import deque
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import NoSuchStep, RoleMayNot
from cases.rules.machine import ENDED, TRANSITIONS, CaseState, Step, edge, steps_from
from cases.service import steps
from cases.service.files import open_file
from cases.tables.history import CaseHistoryRow
from core import audit
from core.actors import Role, procedure_actor
from core.errors import NotThere, StaleWrite
from core.ids import new_id
from core.wakeups import WakeupRow
from tests.builders.cases import a_caseworker, a_person, a_registered_case, a_supervisor

S = CaseState
# DOM-3.1, column "Next", written out again.
PRINTED = {
    S.IDENTIFIED: {S.REGISTERED, S.NOT_ELIGIBLE, S.DUPLICATE},
    S.REGISTERED: {S.BIA_IN_PROGRESS},
    S.BIA_IN_PROGRESS: {S.PLANNED, S.BID_REQUIRED},
    S.PLANNED: {S.IMPLEMENTING},
    S.BID_REQUIRED: {S.BID_REPORT_DRAFT},
    S.BID_REPORT_DRAFT: {S.BID_QUALITY_CHECK},
    S.BID_QUALITY_CHECK: {S.BID_READY, S.BID_REPORT_DRAFT},
    S.BID_READY: {S.BID_LISTED},
    S.BID_LISTED: {S.BID_IN_SITTING, S.BID_READY},
    S.BID_IN_SITTING: {S.BID_DECIDED, S.BID_DEFERRED},
    S.BID_DEFERRED: {S.BID_QUALITY_CHECK},
    S.BID_DECIDED: {S.COMMUNICATED},
    S.COMMUNICATED: {S.IMPLEMENTING, S.UNDER_APPEAL},
    S.UNDER_APPEAL: {S.IMPLEMENTING, S.BID_REQUIRED},
    S.IMPLEMENTING: {S.FOLLOW_UP},
    S.FOLLOW_UP: {S.CLOSED, S.REOPENED},
    S.TRANSFERRED_OUT: {S.CLOSED},
    S.CLOSED: {S.REOPENED},
    S.REOPENED: {S.BIA_IN_PROGRESS},
}


@pytest.mark.parametrize("state", list(PRINTED))
def test_every_step_of_the_domain_notes_exists(state):
    assert PRINTED[state] <= {step.to for step in steps_from(state)}


def reachable(start: Any, without: Any = frozenset()) -> Any:
    seen, queue = {start}, deque([start])
    while queue:
        for step in steps_from(queue.popleft()):
            goals = {step.to} if step.to else set()
            for goal in goals - seen - without:
                seen.add(goal)
                queue.append(goal)
    return seen


@pytest.mark.rule("R9")
def test_once_a_determination_is_required_nothing_is_carried_out_before_the_child_is_told():
    past = {S.COMMUNICATED, S.CLOSED, S.REOPENED}

    assert S.IMPLEMENTING not in reachable(S.BID_REQUIRED, without=frozenset(past))


@pytest.mark.rule("R3")
def test_a_required_determination_is_never_put_back_to_a_plan_without_one():
    assert S.PLANNED not in reachable(S.BID_REQUIRED, without=frozenset({S.CLOSED, S.REOPENED}))


def test_an_ended_case_moves_only_by_reopening_or_as_a_duplicate():
    for state in ENDED:
        assert {step.code for step in steps_from(state)} <= {Step.REOPEN, Step.MERGE}


@pytest.mark.rule("R20")
def test_the_steps_of_a_person_are_not_the_engines():
    for code in (Step.SUBMIT_REPORT, Step.PASS_QUALITY_CHECK, Step.CLOSE, Step.REOPEN, Step.MERGE):
        assert Role.PROCEDURE not in TRANSITIONS[code].who


def test_a_step_unknown_or_from_elsewhere_does_not_exist():
    assert edge("T99", S.REGISTERED) is None
    assert edge(Step.CLOSE, S.BID_IN_SITTING) is None


def move(session: Any, row: Any, to: Any, code: Any, actor: Any, now: Any) -> Any:
    return steps.move(
        session, row.id, to, transition=code, actor=actor, now=now, facts=(("why", "x"),)
    )


def test_a_step_is_state_history_audit_and_wake_up_together(session, now):
    supervisor = a_supervisor()
    row = a_registered_case(session)

    move(session, row, S.BIA_IN_PROGRESS, Step.ALLOCATE, supervisor, now)

    kept = session.exec(select(CaseHistoryRow).where(CaseHistoryRow.case_id == row.id)).all()
    assert [(h.n, h.from_state, h.to_state) for h in sorted(kept, key=lambda h: h.n)] == [
        (1, None, "registered"),
        (2, "registered", "bia_in_progress"),
    ]
    assert audit.recorded(session)[-1].action == "case.moved"
    assert session.get(WakeupRow, row.id).is_pending


@pytest.mark.parametrize(
    ("code", "to"),
    [(Step.DECIDE, S.BID_DECIDED), ("T99", S.CLOSED), (Step.ALLOCATE, S.CLOSED)],
)
def test_a_step_that_does_not_exist_from_here_is_refused(session, now, code, to):
    with pytest.raises(NoSuchStep):
        move(session, a_registered_case(session), to, code, a_supervisor(), now)


def test_a_step_of_another_role_is_refused(session, now):
    with pytest.raises(RoleMayNot):
        move(
            session,
            a_registered_case(session),
            S.BIA_IN_PROGRESS,
            Step.ALLOCATE,
            a_caseworker(),
            now,
        )


def test_a_held_case_goes_back_where_it_came_from_and_nowhere_else(session, now):
    worker = a_caseworker()
    row = a_registered_case(session, state=S.BID_READY)
    move(session, row, S.ON_HOLD, Step.HOLD, worker, now)

    with pytest.raises(NoSuchStep):
        move(session, row, S.PLANNED, Step.RESUME, worker, now)
    moved = move(session, row, S.BID_READY, Step.RESUME, worker, now)

    assert (moved.state, moved.held_from) == ("bid_ready", None)


def test_closing_and_reopening_set_and_clear_the_closing_time(session, now):
    supervisor = a_supervisor()
    row = a_registered_case(session, state=S.FOLLOW_UP)

    closed = move(session, row, S.CLOSED, Step.CLOSE, supervisor, now)
    assert (closed.is_open, closed.closed_at) == (False, now)
    reopened = move(session, row, S.REOPENED, Step.REOPEN, supervisor, now)
    assert (reopened.is_open, reopened.closed_at) == (True, None)


def test_the_engine_moves_states_and_opens_no_file(session, now):
    engine = procedure_actor("ZM")
    row = a_registered_case(session, state=S.BIA_IN_PROGRESS)

    move(session, row, S.PLANNED, Step.APPROVE_ASSESSMENT, engine, now)

    with pytest.raises(NotThere):
        open_file(session, engine, row.id, now=now)


def test_a_case_that_is_not_there_cannot_be_locked_and_an_old_version_is_told(session, now):
    row = a_registered_case(session)

    with pytest.raises(NotThere):
        steps.lock(session, new_id())
    with pytest.raises(StaleWrite):
        steps.lock(session, row.id, expected_version=row.version + 1)


def test_every_role_named_in_a_step_is_a_person_or_the_engine(session):
    people = {role for step in TRANSITIONS.values() for role in step.who}

    assert not people & {Role.ADMINISTRATOR, Role.STATISTICIAN, Role.AUDITOR, Role.IMMIGRATION}
    assert a_person(Role.CHAIR).has(*TRANSITIONS[Step.DECIDE].who)
