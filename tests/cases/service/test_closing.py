from datetime import date, timedelta

import pytest
from sqlmodel import Session

from cases.errors import NoSuchStep, RoleMayNot, SamePersonApproves
from cases.rules.closing import Blocker, ClosureReason, ContactMethod, ReopeningReason
from cases.rules.machine import CaseState
from cases.rules.movement import HoldOnMovement
from cases.service import (
    ageing,
    blockers,
    clocks,
    closing,
    contacts,
    detention,
    holding,
    movement,
    reopening,
    steps,
    tasks,
)
from cases.service.clock_views import clocks_of
from core.actors import Role
from core.errors import Incomplete, NotThere, WrongState
from tests.builders.case_life import a_closing, a_detention, a_hold
from tests.builders.cases import a_caseworker, a_person, a_registered_case, a_supervisor
from tests.conftest import NOON

DAY = timedelta(days=1)
ADULT = {"birth_date": "2007-01-15", "birth_precision": "day"}
CHILD = {"birth_date": "2013-01-15", "birth_precision": "day"}


def _gaps(refused: pytest.ExceptionInfo[Incomplete]) -> list[str]:
    return [gap.code for gap in refused.value.gaps]


def test_a_worker_asks_a_supervisor_approves_and_nothing_is_left_running(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(
        session, owner=worker, supervisor=boss, state=CaseState.FOLLOW_UP, restricted=CHILD
    )
    for code in ("D19", "D22"):
        clocks.open_clock(session, case.id, code, started_at=NOON)

    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)
    closing.approve_closing(session, boss, case.id, now=NOON)

    row = steps.lock(session, case.id)
    assert (row.state, row.is_open, row.closed_at) == (CaseState.CLOSED, False, NOON)
    assert {v.status for v in clocks_of(session, worker, case.id, now=NOON)} == {"closed"}
    assert all(task.done_at for task in tasks.tasks_of(session, worker, case.id, now=NOON))
    assert row.retain_until is not None
    assert row.retain_until > date(2031, 1, 1)


def test_nobody_approves_their_own_request(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss, state=CaseState.FOLLOW_UP)
    closing.ask_to_close(session, boss, case.id, a_closing(), now=NOON)

    with pytest.raises(SamePersonApproves):
        closing.approve_closing(session, boss, case.id, now=NOON)


def test_the_same_person_under_another_account_approves_nothing(session: Session) -> None:
    worker = a_caseworker()
    same = a_supervisor(person_id=worker.person_id)
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP)
    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)

    with pytest.raises(SamePersonApproves):
        closing.approve_closing(session, same, case.id, now=NOON)


def test_a_worker_approves_nothing(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP)
    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)

    with pytest.raises(RoleMayNot):
        closing.approve_closing(session, worker, case.id, now=NOON)


@pytest.mark.rule("R55")
@pytest.mark.parametrize(
    "code",
    [Blocker.OPEN_TRANSFER, Blocker.OPEN_APPEAL, Blocker.OPEN_REPORT, Blocker.UNSIGNED_DECISION],
)
def test_no_case_ends_with_something_open_that_another_part_registered(
    session: Session, code: Blocker
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP)
    blockers.block(session, case.id, code, "ref-1", now=NOON)

    with pytest.raises(Incomplete) as refused:
        closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)

    assert _gaps(refused) == [f"blocked_by_{code}"]
    blockers.clear(session, case.id, code, "ref-1", now=NOON)
    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)


@pytest.mark.rule("R55")
def test_no_case_ends_with_an_alarm_a_detention_or_a_dispute_open(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP, priority="high")
    clocks.open_clock(session, case.id, "D19", started_at=NOON - 30 * DAY)
    detention.record_detention(session, worker, case.id, a_detention(), now=NOON)
    movement.hold(session, case.id, HoldOnMovement.DISAGREEMENT, actor=worker, now=NOON)

    with pytest.raises(Incomplete) as refused:
        closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)

    assert _gaps(refused) == [
        "blocked_by_in_detention",
        "blocked_by_open_alarm",
        "blocked_by_open_transfer",
    ]


@pytest.mark.rule("R55")
def test_what_opens_after_the_request_stops_the_approval(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP)
    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)
    blockers.block(session, case.id, Blocker.OPEN_APPEAL, "appeal-1", now=NOON)

    with pytest.raises(Incomplete):
        closing.approve_closing(session, boss, case.id, now=NOON)


def test_a_blocker_stands_once_and_is_cleared_once(session: Session) -> None:
    case = a_registered_case(session)

    stood = [blockers.block(session, case.id, "open_appeal", "a", now=NOON) for _ in range(2)]
    found = blockers.blockers(session, case.id)
    cleared = [blockers.clear(session, case.id, "open_appeal", "a", now=NOON) for _ in range(2)]

    assert stood == [True, False]
    assert found == ("open_appeal",)
    assert cleared == [True, False]
    assert blockers.block(session, case.id, "open_appeal", "a", now=NOON)


@pytest.mark.rule("R55")
def test_a_child_who_cannot_be_found_is_looked_for_three_months_and_three_times(
    session: Session,
) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP)
    last = NOON.date()
    request = a_closing(
        reason=ClosureReason.NOT_CONTACTABLE, last_contact_on=last, last_visit_on=None
    )

    def tried(day: int) -> None:
        contacts.record_contact_attempt(
            session, worker, case.id, tried_at=NOON + day * DAY, method=ContactMethod.VISIT,
            reached=False, now=NOON + day * DAY,
        )  # fmt: skip

    tried(20)
    tried(50)
    with pytest.raises(Incomplete) as two_attempts:
        closing.ask_to_close(session, worker, case.id, request, now=NOON + 95 * DAY)
    tried(80)
    with pytest.raises(Incomplete) as day_89:
        closing.ask_to_close(session, worker, case.id, request, now=NOON + 89 * DAY)
    closing.ask_to_close(session, worker, case.id, request, now=NOON + 95 * DAY)

    assert _gaps(two_attempts) == ["contact_attempts_missing"]
    assert _gaps(day_89) == ["not_contactable_too_early"]


@pytest.mark.rule("R57")
def test_nobody_is_closed_at_eighteen_without_an_approved_plan(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(
        session, owner=worker, supervisor=boss, state=CaseState.FOLLOW_UP, restricted=ADULT
    )
    request = a_closing(reason=ClosureReason.TURNED_18)
    with pytest.raises(Incomplete) as no_plan:
        closing.ask_to_close(session, worker, case.id, request, now=NOON)
    ageing.write_transition_plan(
        session,
        worker,
        case.id,
        words="A room and a course.",
        agreed_by_young_person=True,
        now=NOON,
    )
    with pytest.raises(Incomplete):
        closing.ask_to_close(session, worker, case.id, request, now=NOON)

    ageing.approve_transition_plan(session, boss, case.id, now=NOON)
    closing.ask_to_close(session, worker, case.id, request, now=NOON)
    closing.approve_closing(session, boss, case.id, now=NOON)

    assert _gaps(no_plan) == ["transition_plan_missing"]
    assert steps.lock(session, case.id).state == CaseState.CLOSED
    assert closing.requests_of(session, worker, case.id, now=NOON)[0].words  # the file stays


@pytest.mark.rule("R57")
def test_a_child_is_not_closed_as_grown_up(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP, restricted=CHILD)

    with pytest.raises(Incomplete) as refused:
        closing.ask_to_close(
            session, worker, case.id, a_closing(reason=ClosureReason.TURNED_18), now=NOON
        )

    assert _gaps(refused) == ["not_yet_adult", "transition_plan_missing"]


def test_transferred_needs_the_receipt(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP)

    with pytest.raises(Incomplete) as refused:
        closing.ask_to_close(
            session, worker, case.id, a_closing(reason=ClosureReason.TRANSFERRED), now=NOON
        )

    assert _gaps(refused) == ["receipt_not_signed"]


def test_an_empty_form_lists_everything_at_once(session: Session) -> None:
    worker = a_caseworker()
    case = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP)
    empty = a_closing(words=" ", last_visit_on=None, child_view="")

    gaps = closing.closing_gaps(session, worker, case.id, empty, now=NOON)

    assert [gap.code for gap in gaps] == [
        "closing_words_missing",
        "last_visit_missing",
        "child_view_on_closing_missing",
    ]


def test_a_refused_request_leaves_the_case_and_another_may_follow(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(session, owner=worker, supervisor=boss, state=CaseState.FOLLOW_UP)
    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)
    with pytest.raises(WrongState):
        closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)

    closing.refuse_closing(session, boss, case.id, words="One more visit.", now=NOON)
    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)

    answers = [view.answer for view in closing.requests_of(session, boss, case.id, now=NOON)]
    assert sorted(answers) == ["", "refused"]
    assert steps.lock(session, case.id).state == CaseState.FOLLOW_UP


def test_a_held_case_that_closes_ends_its_hold(session: Session) -> None:
    worker, boss = a_caseworker(), a_supervisor()
    case = a_registered_case(session, owner=worker, supervisor=boss)
    holding.hold_case(session, worker, case.id, a_hold(), now=NOON)

    closing.ask_to_close(session, worker, case.id, a_closing(), now=NOON)
    closing.approve_closing(session, boss, case.id, now=NOON)

    assert holding.holds_of(session, boss, case.id, now=NOON)[0].ended_as == "closed"
    assert steps.lock(session, case.id).hold_review_on is None


def test_reopening_says_what_is_new_and_makes_a_short_assessment_due(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss, state=CaseState.CLOSED, priority="emergency")
    with pytest.raises(Incomplete) as refused:
        reopening.reopen_case(
            session, boss, case.id, ReopeningReason.CARER_DIED, what_is_new=" ", now=NOON
        )

    reopening.reopen_case(
        session, boss, case.id, ReopeningReason.CARER_DIED, what_is_new="The aunt died.", now=NOON
    )

    assert _gaps(refused) == ["what_is_new_missing"]
    assert steps.lock(session, case.id).state == CaseState.REOPENED
    assert [c.code for c in clocks_of(session, boss, case.id, now=NOON)] == ["D4"]
    due = [task.due_at for task in tasks.tasks_of(session, boss, case.id, now=NOON)]
    assert due == [NOON + DAY]


def test_only_supervisor_coordinator_and_head_of_secretariat_reopen(session: Session) -> None:
    case = a_registered_case(session, state=CaseState.CLOSED)

    with pytest.raises(RoleMayNot):
        reopening.reopen_case(
            session, a_caseworker(), case.id, ReopeningReason.OTHER, what_is_new="x", now=NOON
        )
    reopening.reopen_case(
        session,
        a_person(Role.COORDINATOR),
        case.id,
        ReopeningReason.OTHER,
        what_is_new="x",
        now=NOON,
    )


def test_a_case_that_waits_for_its_assessor_is_not_reopened(session: Session) -> None:
    boss = a_supervisor()
    case = a_registered_case(session, supervisor=boss, state=CaseState.BID_REQUIRED)

    with pytest.raises(NoSuchStep):
        reopening.reopen_case(
            session, boss, case.id, ReopeningReason.OTHER, what_is_new="x", now=NOON
        )


def test_a_stranger_neither_asks_nor_reads(session: Session) -> None:
    stranger = a_caseworker("ZM-03-CHP")
    case = a_registered_case(session, state=CaseState.FOLLOW_UP)

    with pytest.raises(NotThere):
        closing.ask_to_close(session, stranger, case.id, a_closing(), now=NOON)
    with pytest.raises(NotThere):
        closing.requests_of(session, stranger, case.id, now=NOON)
