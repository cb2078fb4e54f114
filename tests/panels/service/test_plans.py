"""Plans of sittings from the live record: what they are made of, how a person accepts one, what refuses it."""

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlmodel import Session, select

from cases.rules.access import Basis
from cases.rules.children import Relation
from cases.service import access, clocks
from cases.service.interpreters import NewInterpreter, assign_interpreter
from cases.service.links import link_children
from core.actors import PROCEDURE_ID, Actor, Role, procedure_actor
from core.db import Database
from core.errors import BadInput, DomainError, Incomplete, NotAllowed, NotThere, WrongState
from core.outbox import OutboxRow
from panels.planning.checker.check import check_plan
from panels.rules.conflicts import Ground
from panels.rules.planning import (
    BusyKind,
    Cause,
    Fixed,
    FixedKind,
    HalfDay,
    More,
    PlanState,
)
from panels.rules.sittings import SittingState, SittingType
from panels.service import (
    agenda,
    busy_times,
    conflicts,
    listing,
    plan_accepting,
    plan_making,
    plans,
    sittings,
)
from panels.service.busy_times import Hours
from panels.service.plan_wishes import set_wishes
from panels.service.plans import Asking, Task
from panels.store import item as items
from panels.store import panel as panel_store
from panels.store import planning as store
from panels.store import sitting as sitting_store
from panels.tables.planning import PlanRow, SittingRoomRow
from tests.builders.cases import OFFICE
from tests.builders.planning import (
    TUESDAY,
    a_draft,
    a_planned_court,
    made,
    the_wishes,
    waiting_children,
)
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import (
    INVITED_BOTH,
    STARTS,
    Court,
    a_court,
    a_sitting,
    of_panel,
)
from tests.conftest import NOON

NEXT = NOON + timedelta(hours=1)
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def instance_of(session: Session, court: Court) -> dict[str, Any]:
    """What a plan asked for now would be made of."""
    plans.ask_plan(session, court.secretary, court.panel_id, Asking(), now=NOON)
    task = plans.take_up(session, runner="test", now=NOON)
    assert isinstance(task, Task)
    return task.built.instance


def case_in(instance: dict[str, Any], case_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {one["id"]: one for one in instance["cases"]}[case_id]
    return found


def member_in(instance: dict[str, Any], member_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {one["id"]: one for one in instance["members"]}[member_id]
    return found


def topics(session: Session) -> list[str]:
    return sorted(session.exec(select(OutboxRow.topic)).all())


def shown(session: Session, court: Court, plan_id: str) -> plans.PlanView:
    return plans.show_plan(session, court.secretary, plan_id, now=NOON)


@ON_ONE
def test_a_plan_is_made_of_the_children_who_wait_and_never_of_their_names(session: Session) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    due = clocks.open_clock(session, team.case_id, "D7", started_at=NOON)
    assert due

    instance = instance_of(session, court)

    found = case_in(instance, team.case_id)
    assert found["priority"] == team.row.priority
    assert found["deadline"].startswith("2026-04-01")
    assert found["minutes"] == 30
    assert "Amani" not in str(instance)
    assert {one["id"] for one in instance["members"]} == set(court.members.values())


@ON_ONE
def test_children_of_another_district_are_not_planned(session: Session) -> None:
    court = a_planned_court(session)
    [near] = waiting_children(session, 1)
    far = a_ready_report(session)
    far.row.office = far.row.district = "ZM-03-CHP"
    session.add(far.row)

    instance = instance_of(session, court)

    assert [one["id"] for one in instance["cases"]] == [near.case_id]


@ON_ONE
@pytest.mark.rule("R15")
def test_whoever_stands_behind_a_report_is_not_counted_on_for_it(session: Session) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    court.team = team
    row = store_member(session, court, "school")
    row.person_id = team.assessor.person_id
    session.add(row)

    found = case_in(instance_of(session, court), team.case_id)

    assert {"member": court.members["school"], "reason": "behind_report"} in found["recused"]


def store_member(session: Session, court: Court, name: str) -> Any:
    from panels.store import member as members

    return members.find(session, court.members[name])


@ON_ONE
@pytest.mark.rule("R14")
def test_a_conflict_declared_before_is_counted_in_the_next_plan(session: Session) -> None:
    court = a_sitting(session, a_planned_court(session))
    team = a_ready_report(session)
    item_id = listing.list_case(
        session, court.secretary, court.sitting_id, team.case_id, invited=INVITED_BOTH, now=NOON
    )
    sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
    conflicts.declare_conflict(
        session, court.people["health" if "health" in court.people else "deputy"], item_id,
        ground=Ground.RELATIVE, words="A cousin.", now=NOON,
    )  # fmt: skip

    found = case_in(instance_of(session, court), team.case_id)

    assert {"member": court.members["deputy"], "reason": "declared"} in found["recused"]


@ON_ONE
def test_members_the_record_hints_at_are_not_counted_on(session: Session) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    access.grant_access(
        session, team.supervisor, case_id=team.case_id,
        person_id=court.people["school"].person_id, basis=Basis.GUARDIAN, now=NOON,
    )  # fmt: skip

    found = case_in(instance_of(session, court), team.case_id)

    assert {"member": court.members["school"], "reason": "hinted"} in found["recused"]


@ON_ONE
def test_hints_that_would_leave_no_quorum_at_all_are_set_aside_and_told(session: Session) -> None:
    court = a_planned_court(session)
    [team] = waiting_children(session, 1)
    for name in ("chair", "deputy"):
        access.grant_access(
            session, team.supervisor, case_id=team.case_id,
            person_id=court.people[name].person_id, basis=Basis.GUARDIAN, now=NOON,
        )  # fmt: skip

    plan_id = a_draft(session, court)

    view = shown(session, court, plan_id)
    assert view.set_aside == [team.case_id]
    assert view.plan.numbers["unscheduled"] == 0


@ON_ONE
def test_leave_other_sittings_and_an_undertaking_that_ends_keep_members_away(
    session: Session,
) -> None:
    court = a_planned_court(session)
    waiting_children(session, 1)
    week = Hours(NOON + timedelta(days=7), NOON + timedelta(days=14))
    busy_times.add_busy_time(
        session, court.people["police"], court.members["police"], BusyKind.LEAVE, week, now=NOON
    )
    member = store_member(session, court, "school")
    member.term_to = date(2026, 3, 20)
    session.add(member)

    instance = instance_of(session, court)

    assert member_in(instance, court.members["police"])["unavailable"] == [
        ["2026-03-09T14:00:00+02:00", "2026-03-16T14:00:00+02:00"]
    ]
    assert member_in(instance, court.members["school"])["unavailable"][0][0] == (
        "2026-03-21T00:00:00+02:00"
    )
    assert member_in(instance, court.members["alternate"])["seat"] == court.seats["police"]


@ON_ONE
def test_an_alternate_in_the_seat_of_the_chair_leads_nothing(session: Session) -> None:
    from tests.builders.sittings import add_person

    court = a_planned_court(session)
    add_person(session, court, "vice", "chair", rank=1)
    waiting_children(session, 1)

    instance = instance_of(session, court)

    assert member_in(instance, court.members["vice"])["roles"] == []
    assert member_in(instance, court.members["chair"])["roles"] == ["chair"]


@ON_ONE
def test_who_interprets_for_the_child_is_booked_and_invited(session: Session) -> None:
    court = a_planned_court(session, on_call=())
    [team] = waiting_children(session, 1)
    needs_interpreter(session, team)
    speaker = of_panel(court.panel_id, Role.INTERPRETER).person_id
    new = NewInterpreter(
        "Speaker", ("swa",), NOON.date(), NOON.date() + timedelta(days=300),
        is_tied=False, person_id=speaker,
    )  # fmt: skip
    assign_interpreter(session, team.supervisor, team.case_id, new, now=NOON)

    plan_id = a_draft(session, court)
    plan_accepting.accept_plan(session, court.secretary, plan_id, now=NEXT)

    item = items.live_of_case(session, team.case_id)
    assert item is not None
    assert speaker in {one.person_id for one in items.invitations(session, item.id)}


def needs_interpreter(session: Session, team: Any) -> None:
    from cases.service import files

    known = files.restricted_of(session, team.row) | {"interpreter_needed": True}
    files.seal_into(session, team.row, restricted=known)
    session.add(team.row)
    session.flush()


@ON_ONE
def test_without_anybody_who_interprets_the_plan_says_so(session: Session) -> None:
    court = a_planned_court(session, on_call=())
    [team] = waiting_children(session, 1)
    needs_interpreter(session, team)

    view = shown(session, court, a_draft(session, court))

    [unheard] = view.document["unscheduled"]
    assert unheard["case"] == team.case_id
    assert "interpreter" in str(unheard["reasons"])
    assert [one["case"] for one in view.at_risk] == [team.case_id]


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
