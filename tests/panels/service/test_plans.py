"""Plans of sittings from the live record: asking why, fixing by hand, what more would change."""

from datetime import date, timedelta
from threading import Thread

import pytest
from sqlmodel import Session

from cases.rules.access import Basis
from cases.rules.children import Relation
from cases.service import access
from cases.service.links import link_children
from core.db import Database
from core.errors import BadInput, DomainError, Incomplete, NotThere, WrongState
from panels.planning.checker.check import check_plan
from panels.rules.planning import (
    Fixed,
    FixedKind,
    HalfDay,
    More,
    PlanState,
)
from panels.rules.sittings import SittingState, SittingType
from panels.service import (
    agenda,
    listing,
    plan_accepting,
    plan_making,
    plans,
)
from panels.service.plans import Asking
from panels.store import panel as panel_store
from panels.store import planning as store
from panels.store import sitting as sitting_store
from tests.builders.plan_views import case_in, instance_of, shown
from tests.builders.planning import (
    TUESDAY,
    a_draft,
    a_planned_court,
    the_wishes,
    waiting_children,
)
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import (
    INVITED_BOTH,
    STARTS,
    a_court,
    a_sitting,
)
from tests.conftest import NOON

NEXT = NOON + timedelta(hours=1)
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@ON_ONE
def test_asking_why_names_people_to_the_secretary_and_codes_only_where_they_may_be_seen(
    session: Session,
) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    plan_id = a_draft(session, court)

    found = plans.explain(session, court.secretary, plan_id, team.case_id, now=NOON)

    assert found["late_days"] == 0
    assert all(one["codes"] == ["release"] for one in found["slots"])
    assert [one["code"] for one in found["help"]]
    with pytest.raises(NotThere):
        plans.explain(session, court.people["chair"], plan_id, team.case_id, now=NOON)


@ON_ONE
def test_nobody_waiting_and_no_half_day_are_refused_in_words(session: Session) -> None:
    court = a_planned_court(session)
    bare = a_court(session)

    with pytest.raises(Incomplete) as nobody:
        plans.ask_plan(session, court.secretary, court.panel_id, Asking(), now=NOON)
    waiting_children(session, 1)
    with pytest.raises(Incomplete) as never:
        plans.ask_plan(session, bare.secretary, bare.panel_id, Asking(), now=NOON)

    assert nobody.value.gaps[0].code == "nobody_waits"
    assert never.value.gaps[0].code == "no_half_days"


@ON_ONE
def test_what_one_more_member_would_change_is_never_accepted(session: Session) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)

    plan_id = a_draft(session, court, more=More(sector="health"))

    view = shown(session, court, plan_id)
    assert view.plan.state == PlanState.WHAT_IF
    assert view.plan.numbers["unscheduled"] <= view.beside["unscheduled"]
    with pytest.raises(WrongState):
        plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)


@ON_ONE
def test_the_same_record_and_seed_give_the_same_plan_and_every_plan_is_lawful(
    session: Session,
) -> None:
    court = a_planned_court(session)
    waiting_children(session, 4)
    instance = instance_of(session, court)

    first = plan_making.make(instance, seconds=1, seed=3)
    second = plan_making.make(instance, seconds=1, seed=3)

    assert check_plan(instance, first.document) == []
    assert first.document["sittings"] == second.document["sittings"]


@ON_ONE
def test_siblings_are_heard_together(session: Session) -> None:
    court = a_planned_court(session)
    one, other = waiting_children(session, 2)
    access.grant_access(
        session, other.supervisor, case_id=other.case_id, person_id=one.supervisor.person_id,
        basis=Basis.SUPERVISOR, now=NOON,
    )  # fmt: skip
    link_children(
        session,
        one.supervisor,
        one.case_id,
        other_id=other.case_id,
        relation=Relation.SIBLING,
        now=NOON,
    )

    instance = instance_of(session, court)

    groups = {case_in(instance, team.case_id)["group"] for team in (one, other)}
    assert len(groups) == 1
    assert None not in groups


@ON_ONE
def test_a_case_that_was_taken_off_a_sitting_is_not_planned_back_to_it(session: Session) -> None:
    court = a_sitting(session, a_planned_court(session))
    team = a_ready_report(session)
    item_id = listing.list_case(
        session, court.secretary, court.sitting_id, team.case_id, invited=INVITED_BOTH, now=NOON
    )
    agenda.withdraw_item(session, court.secretary, item_id, "papers", now=NOON)

    found = case_in(instance_of(session, court), team.case_id)

    assert found["attendance"]["cannot"][0][0].startswith(STARTS.date().isoformat())


def test_half_days_follow_the_clock_on_the_wall() -> None:
    days = list(the_wishes().days(date(2026, 3, 2), date(2026, 3, 9)))

    assert [begin.isoformat() for begin, _ in days] == [
        "2026-03-03T09:00:00+02:00", "2026-03-05T14:00:00+02:00",
    ]  # fmt: skip
    assert TUESDAY.minutes == 180


@ON_ONE
def test_what_the_secretary_fixes_holds_and_is_compared_by_the_six_numbers(
    session: Session,
) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    first = shown(session, court, a_draft(session, court))
    [usual] = [one["slot"] for one in first.document["sittings"]]
    later = sorted(slot for slot in first.slots if slot > usual)[1]

    fixed = (
        Fixed(FixedKind.CASE_SLOT, later, case_id=team.case_id),
        Fixed(FixedKind.MEMBER_IN, later, member_id=court.members["school"]),
    )
    second = shown(session, court, a_draft(session, court, fixed=fixed))

    [sitting] = second.document["sittings"]
    assert sitting["slot"] == later
    assert court.members["school"] in sitting["members"]
    assert second.beside == first.plan.numbers
    assert (first.beside, second.plan.numbers["cost"] >= first.plan.numbers["cost"]) == ({}, True)
    done = plan_accepting.accept_plan(session, court.secretary, second.plan.id, now=NEXT)
    assert len(done.listed) == 1


@ON_ONE
def test_what_cannot_hold_together_is_named_and_the_calendar_stays(session: Session) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    slot = max(shown(session, court, a_draft(session, court)).slots)
    fixed = (
        Fixed(FixedKind.CASE_SLOT, slot, case_id=team.case_id),
        Fixed(FixedKind.SLOT_CLOSED, slot),
    )

    view = shown(session, court, a_draft(session, court, fixed=fixed))

    assert view.plan.state == PlanState.CONFLICT
    assert len(view.document["conflict"]) == 2
    with pytest.raises(WrongState):
        plan_accepting.accept_plan(session, court.secretary, view.plan.id, now=NEXT)
    nowhere = Asking(fixed=(Fixed(FixedKind.SLOT_CLOSED, "990101-0900"),))
    with pytest.raises(BadInput):
        plans.ask_plan(session, court.secretary, court.panel_id, nowhere, now=NOON)


def test_of_two_secretaries_who_accept_at_once_one_is_refused(database: Database) -> None:
    with database.unit_of_work() as session:
        court = a_planned_court(session)
        waiting_children(session, 2)
        both = [a_draft(session, court), a_draft(session, court, seed=1)]
    told: list[str] = []

    def accepts(plan_id: str) -> None:
        try:
            with database.unit_of_work() as session:
                plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)
            told.append("done")
        except DomainError as refusal:
            told.append(type(refusal).__name__)

    threads = [Thread(target=accepts, args=(plan_id,)) for plan_id in both]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(told) == ["WrongState", "done"]
    with database.unit_of_work() as session:
        assert len(store.to_come(session, court.panel_id, now=NOON)) == 1


@ON_ONE
def test_one_more_half_day_is_seen_to_bring_children_before_the_panel_in_time(
    session: Session,
) -> None:
    court = a_planned_court(session, half_days=(HalfDay(1, "09:00", 60),), days_ahead=28)
    waiting_children(session, 4)
    extra = More(half_day=HalfDay(3, "09:00", 180))

    view = shown(session, court, a_draft(session, court, more=extra, days=28))

    assert view.plan.numbers["unscheduled"] < view.beside["unscheduled"]


@ON_ONE
def test_a_panel_of_two_countries_sits_jointly_and_within_the_papers_timetable(
    session: Session,
) -> None:
    court = a_planned_court(session)
    panel = panel_store.find(session, court.panel_id)
    assert panel is not None
    panel.kind, panel.countries = "joint", ["ZM", "NA"]
    [team] = waiting_children(session, 1)
    team.row.priority = "emergency"
    session.add_all([panel, team.row])
    session.flush()

    done = plan_accepting.accept_plan(session, court.secretary, a_draft(session, court), now=NEXT)

    sitting = sitting_store.find(session, done.planned[0])
    assert sitting is not None
    assert (sitting.type, sitting.state) == (SittingType.JOINT, SittingState.DRAFT)
    assert sitting.starts_at >= NOON + timedelta(hours=24)
