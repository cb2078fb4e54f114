"""Planning anew after something happened: a proposal is made once, tells the secretary, and moves nothing."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.outbox import OutboxRow
from panels.rules.planning import BusyKind, Cause, PlanState
from panels.rules.sittings import SittingState
from panels.service import busy_times, plan_accepting, plans, procedure, proposals, sittings
from panels.service.busy_times import Hours
from panels.service.plans import Task
from panels.store import planning as store
from panels.store import sitting as sitting_store
from panels.tables.planning import PlanRow
from panels.tables.sitting import SittingRow
from tests.builders.planning import a_draft, a_planned_court, made, waiting_children
from tests.builders.sittings import Court, a_court, a_sitting
from tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def causes(session: Session) -> list[str]:
    return sorted(session.exec(select(PlanRow.cause).where(PlanRow.state == PlanState.ASKED)).all())


def a_planned_sitting(session: Session) -> tuple[Court, SittingRow]:
    """A panel with one sitting of an accepted plan, and a child on its agenda."""
    court = a_planned_court(session)
    waiting_children(session, 1)
    done = plan_accepting.accept_plan(session, court.secretary, a_draft(session, court), now=NOON)
    sitting = sitting_store.find(session, done.planned[0])
    assert sitting is not None
    return court, sitting


@pytest.mark.parametrize(("priority", "asked"), [("emergency", 1), ("high", 1), ("medium", 0)])
def test_a_child_who_cannot_wait_has_the_sittings_planned_anew(
    session: Session, priority: str, asked: int
) -> None:
    a_planned_court(session)
    [team] = waiting_children(session, 1)
    team.row.priority = priority
    session.add(team.row)

    procedure.tell_secretaries(session, team.case_id, now=NOON)
    procedure.tell_secretaries(session, team.case_id, now=NOON)

    assert causes(session) == [Cause.URGENT_CASE] * asked


def test_a_panel_nobody_plans_here_gets_no_proposals(session: Session) -> None:
    court = a_sitting(session, a_court(session))

    sittings.cancel_sitting(session, court.secretary, court.sitting_id, "strike", now=NOON)

    assert causes(session) == []


def test_a_cancelled_sitting_is_made_good_by_a_proposal_and_an_accepted_plan_asks_for_none(
    session: Session,
) -> None:
    court, sitting = a_planned_sitting(session)
    assert causes(session) == []

    sittings.cancel_sitting(session, court.secretary, sitting.id, "strike", now=NOON)

    topics = session.exec(select(OutboxRow.topic)).all()
    assert causes(session) == [Cause.BROKEN_SITTING]
    assert topics.count("sitting.called_off") == topics.count("sitting.planned") > 0


def test_a_proposal_moves_nothing_and_tells_the_secretary_once(session: Session) -> None:
    court, sitting = a_planned_sitting(session)
    away = Hours(sitting.starts_at, sitting.ends_at)
    busy_times.add_busy_time(
        session, court.secretary, court.members["chair"], BusyKind.DUTY, away, now=NOON
    )

    plan_id = made(session)

    row = session.get(PlanRow, plan_id)
    assert row is not None
    told = session.exec(select(OutboxRow).where(OutboxRow.topic == "plan.proposed")).all()
    assert (row.state, row.cause) == (PlanState.DRAFT, Cause.ABSENCE)
    assert sitting.state == SittingState.DRAFT
    assert [one.payload["panel"] for one in told] == [court.panel_id]


def test_one_proposal_waits_at_a_time_and_a_newer_one_takes_the_place_of_an_older(
    session: Session,
) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)
    for ref in ("a", "b"):
        proposals.propose(session, court.panel_id, Cause.BROKEN_SITTING, ref, now=NOON)
    assert causes(session) == [Cause.BROKEN_SITTING]
    first = made(session)

    proposals.propose(session, court.panel_id, Cause.HOLIDAY, "c", now=NOON)
    second = made(session)

    states = {one: session.get(PlanRow, one).state for one in (first, second)}  # type: ignore[union-attr]
    assert states == {first: PlanState.SET_ASIDE, second: PlanState.DRAFT}


def test_a_holiday_decreed_later_and_a_lost_quorum_are_seen_once(session: Session) -> None:
    court = a_planned_court(session)
    a_sitting(
        session, court, starts_at=NOON.replace(month=3, day=9, hour=8)
    )  # Women's Day, kept on Monday
    waiting_children(session, 1)

    first = proposals.look_at_sittings(session, now=NOON)
    made(session)
    again = proposals.look_at_sittings(session, now=NOON)

    assert (first, again) == (1, 0)
    assert store.was_proposed(session, court.panel_id, Cause.HOLIDAY, court.sitting_id)


def test_a_sitting_without_quorum_by_absences_is_seen_by_the_look_at_sittings(
    session: Session,
) -> None:
    court = a_planned_court(session)
    a_sitting(session, court)
    sitting = sitting_store.find(session, court.sitting_id)
    assert sitting is not None
    for name in ("chair", "deputy"):
        member = court.members[name]
        away = Hours(sitting.starts_at, sitting.ends_at)
        busy_times.add_busy_time(session, court.secretary, member, BusyKind.LEAVE, away, now=NOON)
    for row in session.exec(select(PlanRow)).all():
        session.delete(row)
    session.flush()

    assert proposals.look_at_sittings(session, now=NOON) == 1
    assert causes(session) == [Cause.ABSENCE]


def test_a_plan_that_cannot_be_made_says_why_and_waits_no_longer(session: Session) -> None:
    court = a_planned_court(session)
    proposals.propose(session, court.panel_id, Cause.BROKEN_SITTING, "x", now=NOON)

    found = plans.take_up(session, runner="test", now=NOON)

    [row] = session.exec(select(PlanRow)).all()
    assert found == row.id
    assert (row.state, row.end_reason) == (PlanState.FAILED, "nobody_waits")


def test_a_proposal_that_cannot_be_made_is_told_to_the_secretary(session: Session) -> None:
    court, _ = a_planned_sitting(session)
    proposals.propose(session, court.panel_id, Cause.ABSENCE, "m-1", now=NOON)

    for hours in range(plans.MOST_ATTEMPTS + 1):
        plans.take_up(session, runner="test", now=NOON + hours * (plans.LEASE * 2))

    rows = session.exec(select(OutboxRow).where(OutboxRow.topic == "plan.not_made")).all()
    assert [(one.payload["role"], one.payload["cause"]) for one in rows] == [
        ("secretary", "absence")
    ]


def test_a_plan_whose_worker_died_is_taken_up_again_three_times_at_most(session: Session) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)
    proposals.propose(session, court.panel_id, Cause.BROKEN_SITTING, "x", now=NOON)
    moments = [NOON + timedelta(hours=hour) for hour in range(4)]

    found = [plans.take_up(session, runner="test", now=moment) for moment in moments]

    assert [isinstance(one, Task) for one in found] == [True, True, True, False]
    [row] = session.exec(select(PlanRow)).all()
    assert (row.state, row.end_reason) == (PlanState.FAILED, "tried_too_often")


def test_a_plan_that_was_set_aside_meanwhile_is_not_kept(session: Session) -> None:
    from panels.service import plan_making

    court = a_planned_court(session)
    waiting_children(session, 1)
    plan_id = plans.ask_plan(session, court.secretary, court.panel_id, plans.Asking(), now=NOON)
    task = plans.take_up(session, runner="test", now=NOON)
    assert isinstance(task, Task)
    plans.set_aside(session, court.secretary, plan_id, now=NOON)

    done = plan_making.make(task.built.instance, seconds=1, seed=0)

    assert plans.keep(session, task, done, now=NOON) is False
