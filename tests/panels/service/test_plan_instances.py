"""What a plan of sittings is made of: the record as it is, without a name."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from cases.rules.access import Basis
from cases.service import access, clocks
from cases.service.interpreters import NewInterpreter, assign_interpreter
from core.actors import Role
from panels.rules.conflicts import Ground
from panels.rules.planning import BusyKind
from panels.service import (
    busy_times,
    conflicts,
    listing,
    plan_accepting,
    sittings,
)
from panels.service.busy_times import Hours
from panels.store import item as items
from tests.builders.plan_views import case_in, instance_of, member_in, shown
from tests.builders.planning import (
    a_draft,
    a_planned_court,
    waiting_children,
)
from tests.builders.procedure import a_ready_report
from tests.builders.sittings import (
    INVITED_BOTH,
    Court,
    a_sitting,
    of_panel,
)
from tests.conftest import NOON

NEXT = NOON + timedelta(hours=1)
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


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
