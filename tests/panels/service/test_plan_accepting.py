"""A person accepts a plan of sittings: all of it or nothing, and only of the record it was made of."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from cases.service import access
from core.actors import PROCEDURE_ID, Actor, Role, procedure_actor
from core.errors import Incomplete, NotAllowed, NotThere, WrongState
from panels.rules.planning import (
    BusyKind,
    Cause,
    PlanState,
)
from panels.rules.sittings import SittingState, SittingType
from panels.service import (
    busy_times,
    plan_accepting,
    plans,
    sittings,
)
from panels.service.busy_times import Hours
from panels.service.plan_wishes import set_wishes
from panels.store import item as items
from panels.store import planning as store
from panels.store import sitting as sitting_store
from panels.tables.planning import PlanRow, SittingRoomRow
from tests.builders.cases import OFFICE
from tests.builders.plan_views import shown, topics
from tests.builders.planning import (
    a_draft,
    a_planned_court,
    made,
    the_wishes,
    waiting_children,
)
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import (
    Court,
    a_sitting,
    of_panel,
)
from tests.conftest import NOON

NEXT = NOON + timedelta(hours=1)
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_accepting_plans_sittings_lists_the_children_and_tells_the_members(
    session: Session,
) -> None:
    court = a_planned_court(session, rooms=("A",))
    teams = waiting_children(session, 3)
    plan_id = a_draft(session, court)

    done = plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    [sitting_id] = done.planned
    sitting = sitting_store.find(session, sitting_id)
    assert sitting is not None
    assert (sitting.state, sitting.type) == (SittingState.DRAFT, SittingType.ORDINARY)
    assert {one.case_id for one in items.of_sitting(session, sitting_id)} == {
        one.case_id for one in teams
    }
    room = session.get(SittingRoomRow, sitting_id)
    assert room is not None
    assert room.room == f"{OFFICE}/A"
    assert topics(session).count("sitting.planned") == len(
        sitting_store.roster(session, sitting_id)
    )
    assert session.get(PlanRow, plan_id).state == PlanState.ACCEPTED  # type: ignore[union-attr]


@ON_ONE
def test_an_accepted_sitting_can_be_convened_as_it_is(session: Session) -> None:
    court = a_planned_court(session)
    waiting_children(session, 2)
    done = plan_accepting.accept_plan(session, court.secretary, a_draft(session, court), now=NEXT)

    warnings = sittings.convene_sitting(session, court.secretary, done.planned[0], now=NEXT)

    assert warnings == ()


@ON_ONE
def test_only_a_person_who_keeps_the_panels_agenda_accepts(session: Session) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)
    plan_id = a_draft(session, court)
    machine = procedure_actor("ZM")
    grants = court.secretary.grants
    as_machine = Actor(machine.account_id, PROCEDURE_ID, "ZM", grants, is_human=False)

    for actor, refusal in (
        (court.people["police"], NotThere),
        (of_panel("another", Role.SECRETARY), NotThere),
        (as_machine, NotAllowed),
    ):
        with pytest.raises(refusal):
            plan_accepting.accept_plan(session, actor, plan_id, now=NEXT)
    assert session.get(PlanRow, plan_id).state == PlanState.DRAFT  # type: ignore[union-attr]


@ON_ONE
@pytest.mark.parametrize("change", ["child", "absence", "wishes", "sitting"])
def test_a_plan_of_another_record_is_refused_and_says_what_moved(
    session: Session, change: str
) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)
    plan_id = a_draft(session, court)
    parts = {
        "child": "children_who_wait", "absence": "members_or_their_absences",
        "wishes": "rules_or_half_days", "sitting": "agendas",
    }  # fmt: skip
    if change == "child":
        a_ready_report(session)
    if change == "absence":
        away = Hours(NOON + timedelta(days=1), NOON + timedelta(days=2))
        busy_times.add_busy_time(
            session, court.secretary, court.members["chair"], BusyKind.DUTY, away, now=NOON
        )
    if change == "wishes":
        wishes = the_wishes(opening_minutes=30)
        set_wishes(session, court.secretary, court.panel_id, wishes, now=NOON)
    if change == "sitting":
        a_sitting(session, court)

    with pytest.raises(Incomplete) as refused:
        plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    assert parts[change] in {gap.facts.get("part") for gap in refused.value.gaps}
    assert store.to_come(session, court.panel_id, now=NOON) == (
        [] if change != "sitting" else [sitting_store.find(session, court.sitting_id)]
    )


@ON_ONE
def test_a_plan_whose_papers_would_come_too_late_is_refused(session: Session) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)
    plan_id = a_draft(session, court)

    with pytest.raises(Incomplete) as refused:
        plan_accepting.accept_plan(session, court.secretary, plan_id, now=NOON + timedelta(days=7))

    assert {gap.facts["rule"] for gap in refused.value.gaps} == {"release"}


@ON_ONE
def test_a_plan_is_accepted_once(session: Session) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)
    first, second = a_draft(session, court), a_draft(session, court)
    plan_accepting.accept_plan(session, court.secretary, first, now=NEXT)

    for plan_id in (first, second):
        with pytest.raises(WrongState):
            plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)


@ON_ONE
@pytest.mark.rule("R14")
def test_whoever_is_barred_from_a_child_sees_the_plan_without_it_and_does_not_accept_it(
    session: Session,
) -> None:
    court = a_planned_court(session)
    team, other = waiting_children(session, 2)
    plan_id = a_draft(session, court)
    access.bar(
        session, team.supervisor, case_id=team.case_id, person_id=court.secretary.person_id,
        ref="x", ground="relative", now=NOON,
    )  # fmt: skip

    view = shown(session, court, plan_id)

    assert team.case_id not in str(view.document)
    assert other.case_id in str(view.document)
    with pytest.raises(NotThere):
        plans.explain(session, court.secretary, plan_id, team.case_id, now=NOON)
    with pytest.raises(NotAllowed):
        plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)


@ON_ONE
def test_an_emergency_gets_an_extraordinary_sitting_that_is_convened_at_once(
    session: Session,
) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    team.row.priority = "emergency"
    session.add(team.row)
    session.flush()

    done = plan_accepting.accept_plan(session, court.secretary, a_draft(session, court), now=NEXT)

    sitting = sitting_store.find(session, done.planned[0])
    assert sitting is not None
    assert (sitting.type, sitting.state) == (SittingType.EXTRAORDINARY, SittingState.CONVENED)
    assert sitting.starts_at - NOON < timedelta(hours=72)


def listed_and_convened(session: Session, court: Court, children: int) -> tuple[str, list[Any]]:
    """A sitting of an accepted plan, convened: families and members were told."""
    teams = waiting_children(session, children)
    done = plan_accepting.accept_plan(session, court.secretary, a_draft(session, court), now=NOON)
    sittings.convene_sitting(session, court.secretary, done.planned[0], now=NOON)
    return done.planned[0], teams


@ON_ONE
def test_a_convened_sitting_stays_and_takes_nobody_else(session: Session) -> None:
    court = a_planned_court(session)
    sitting_id, teams = listed_and_convened(session, court, 1)
    [late] = waiting_children(session, 1)

    plan_id = a_draft(session, court, now=NEXT)
    view = plans.show_plan(session, court.secretary, plan_id, now=NEXT)
    done = plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    assert view.document["changes"] == []
    assert [one.case_id for one in items.of_sitting(session, sitting_id)] == [teams[0].case_id]
    assert {one.case_id for one in items.of_sitting(session, done.planned[0])} == {late.case_id}


def test_a_family_that_was_told_moves_only_for_a_rule_that_is_named(session: Session) -> None:
    court = a_planned_court(session)
    sitting_id, [team] = listed_and_convened(session, court, 1)
    sitting = sitting_store.find(session, sitting_id)
    assert sitting is not None
    for name in ("chair", "deputy"):
        away = Hours(sitting.starts_at - timedelta(hours=1), sitting.ends_at)
        busy_times.add_busy_time(
            session, court.secretary, court.members[name], BusyKind.LEAVE, away, now=NOON
        )

    plan_id = made(session, now=NEXT)  # nobody asked: the absence did
    view = plans.show_plan(session, court.secretary, plan_id, now=NEXT)
    done = plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    [change] = view.document["changes"]
    assert view.plan.cause == Cause.ABSENCE
    assert (change["case"], change["reason"]["code"]) == (team.case_id, "quorum")
    assert done.cancelled == [sitting_id]
    assert sitting.state == SittingState.CANCELLED
    item = items.live_of_case(session, team.case_id)
    assert item is not None
    assert item.sitting_id == done.planned[0]
    assert "sitting.called_off" in topics(session)


@ON_ONE
def test_a_move_no_rule_asks_for_is_refused(session: Session) -> None:
    court = a_planned_court(session)
    _, [team] = listed_and_convened(session, court, 1)
    waiting_children(session, 1)
    plan_id = a_draft(session, court, now=NEXT)
    row = session.get(PlanRow, plan_id)
    assert row is not None
    kept = plans.opened(session, row)
    kept["plan"]["changes"] = [
        {"case": team.case_id, "from": "a", "to": "b", "reason": {"code": "order", "text": ""}}
    ]

    with pytest.raises(Incomplete) as refused:
        plan_accepting._require_named(kept)

    assert refused.value.gaps[0].code == "move_not_forced"
