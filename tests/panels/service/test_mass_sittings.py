"""Mass sittings: one item for each child, by the rules of the day, and whoever a rule takes out is heard apart."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from cases.rules.movement import HoldOnMovement
from cases.service import movement
from cases.service.access import bar
from core.actors import Role
from core.errors import Incomplete, NotAllowed, WrongState
from core.outbox import OutboxRow
from panels.rules.mass import Apart
from panels.rules.sittings import SittingType
from panels.service import mass, plan_accepting, plans, sittings
from panels.store import item as items
from panels.store import sitting as sitting_store
from tests.builders.cases import a_person
from tests.builders.planning import a_draft, a_planned_court, waiting_children
from tests.builders.procedure import Team
from tests.builders.sittings import Court, a_sitting
from tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NEXT = NOON + timedelta(hours=1)


def an_exercise(session: Session, children: int, **wishes: Any) -> tuple[Court, list[Team], str]:
    """A panel and its children in one situation; returns the situation too."""
    court = a_planned_court(session, **wishes)
    teams = waiting_children(session, children)
    found = mass.waiting_groups(session, a_person(Role.COORDINATOR), court.panel_id, now=NOON)
    [group] = found.groups
    assert group.children == children
    return court, teams, group.situation


def is_unwilling(session: Session, team: Team) -> None:
    movement.hold(
        session, team.case_id, HoldOnMovement.CHILD_UNWILLING, actor=team.worker, now=NOON, ref="x"
    )


def test_each_child_has_an_item_of_its_own_and_nobody_hears_more_than_the_cap(
    session: Session,
) -> None:
    court, teams, situation = an_exercise(session, 5, minutes={"default": 8})

    plan_id = a_draft(session, court, mass=situation, days=14)
    done = plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    listed = [items.live_of_case(session, team.case_id) for team in teams]
    types = {sitting_store.find(session, one).type for one in done.planned}  # type: ignore[union-attr]
    assert len({one.id for one in listed if one}) == len(teams)
    assert types == {SittingType.AD_HOC_BATCH}
    instance = plans.opened(session, plans.plan_seen(session, court.secretary, plan_id, now=NOON))[
        "instance"
    ]
    assert {one["max_cases_per_sitting"] for one in instance["panels"]} == {12}
    assert {one["batch"] for one in instance["cases"]} == {situation}
    assert sittings.convene_sitting(session, court.secretary, done.planned[0], now=NEXT) == ()


def test_an_exercise_leaves_the_calendar_as_it_is(session: Session) -> None:
    court, _, situation = an_exercise(session, 2)
    a_sitting(session, court, starts_at=NOON + timedelta(days=8))

    plan_id = a_draft(session, court, mass=situation, days=14)
    done = plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    assert done.cancelled == []
    assert sitting_store.find(session, court.sitting_id).state == "draft"  # type: ignore[union-attr]


def test_a_child_who_objects_is_not_planned_and_one_who_objects_later_is_taken_out(
    session: Session,
) -> None:
    court, teams, situation = an_exercise(session, 3)
    is_unwilling(session, teams[0])
    plan_id = a_draft(session, court, mass=situation, days=14)
    done = plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)
    assert len(done.listed) == 2

    is_unwilling(session, teams[1])
    out = mass.take_out(session, court.secretary, done.planned[0], now=NEXT)

    assert out == {teams[1].case_id: (Apart.CHILD_UNWILLING,)}
    assert items.live_of_case(session, teams[1].case_id) is None
    assert items.live_of_case(session, teams[2].case_id) is not None


def test_a_child_whose_file_is_closed_to_the_secretary_is_left_to_a_colleague_and_the_others_come_off(
    session: Session,
) -> None:
    court, teams, situation = an_exercise(session, 2)
    done = plan_accepting.accept_plan(
        session, court.secretary, a_draft(session, court, mass=situation, days=14), now=NEXT
    )
    for team in teams:
        is_unwilling(session, team)
    bar(
        session, court.head, case_id=teams[0].case_id, person_id=court.secretary.person_id,
        ref="item", ground="relative", now=NEXT,
    )  # fmt: skip

    out = mass.take_out(session, court.secretary, done.planned[0], now=NEXT)

    assert set(out) == {teams[1].case_id}
    assert items.live_of_case(session, teams[1].case_id) is None
    told = session.exec(select(OutboxRow).where(OutboxRow.topic == "mass.left_to_colleague")).all()
    assert [row.payload["role"] for row in told] == ["coordinator"]


def test_a_plan_of_an_exercise_is_refused_when_a_child_objects_meanwhile(session: Session) -> None:
    court, teams, situation = an_exercise(session, 2)
    plan_id = a_draft(session, court, mass=situation, days=14)
    is_unwilling(session, teams[0])

    with pytest.raises(Incomplete) as refused:
        plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    assert refused.value.gaps[0].facts["part"] == "children_who_wait"


def test_what_reports_recommend_is_for_the_coordinator_and_ordinary_sittings_have_nobody_taken_out(
    session: Session,
) -> None:
    court, _, _ = an_exercise(session, 1)
    a_sitting(session, court)

    with pytest.raises(NotAllowed):
        mass.waiting_groups(session, court.secretary, court.panel_id, now=NOON)
    with pytest.raises(WrongState):
        mass.take_out(session, court.secretary, court.sitting_id, now=NOON)
