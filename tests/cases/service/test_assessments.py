"""People assess a child: who writes, who approves, who reads what."""

from typing import Any

import pytest
from sqlmodel import select

from cases.errors import AuthorApprovesOwn, NotTheAuthor, RoleMayNot, TriggerIsMandatory
from cases.rules.assessments import AssessmentKind
from cases.rules.machine import CaseState
from cases.rules.triggers import Trigger
from cases.service import assessments, procedure, steps, triggers
from cases.service.access import bar
from cases.service.files import Purpose
from cases.service.forms import plain
from cases.tables.assessment import AssessmentRow
from core import audit
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere, StaleWrite, WrongState
from tests.builders.assessments import an_assessment
from tests.builders.cases import OTHER_OFFICE, a_caseworker, a_person, a_supervisor
from tests.builders.procedure import a_team, an_approved_assessment


def begun(session: Any, team: Any, now: Any, kind: Any = AssessmentKind.COMPREHENSIVE) -> Any:
    return assessments.begin_assessment(session, team.worker, team.case_id, kind, now=now)


def filled(session: Any, team: Any, now: Any, **form: Any) -> Any:
    found = begun(session, team, now)
    return assessments.save_assessment(
        session, team.worker, team.case_id, found.id, plain(an_assessment(**form)), now=now
    )


def state_of(session: Any, team: Any) -> Any:
    return steps.lock(session, team.case_id).state


def test_everything_missing_is_listed_while_the_author_writes(session, now):
    team = a_team(session)

    view = begun(session, team, now)

    assert "child_views_missing" in {gap.code for gap in view.gaps}
    with pytest.raises(Incomplete):
        assessments.submit_assessment(session, team.worker, team.case_id, view.id, now=now)


def test_parts_are_kept_one_by_one(session, now):
    team = a_team(session)
    view = begun(session, team, now)

    assessments.save_assessment(
        session, team.worker, team.case_id, view.id, {"recommendation": "Stay."}, now=now
    )
    later = assessments.save_assessment(
        session, team.worker, team.case_id, view.id, {"purposes": ["family"]}, now=now
    )

    assert later.form.recommendation == "Stay."
    assert later.form.purposes == ("family",)


def test_words_are_sealed_and_never_stored_in_clear(session, now):
    team = a_team(session)
    filled(session, team, now, recommendation="Elephant garden")

    row = session.exec(select(AssessmentRow)).one()

    assert b"Elephant" not in row.restricted
    assert b"sleeping_rough" not in row.sensitive


def test_only_the_author_writes(session, now):
    team = a_team(session)
    view = begun(session, team, now)
    colleague = a_caseworker()

    with pytest.raises((NotTheAuthor, NotThere)):
        assessments.save_assessment(session, colleague, team.case_id, view.id, {}, now=now)


def test_a_part_the_form_does_not_have_is_refused(session, now):
    team = a_team(session)
    view = begun(session, team, now)

    with pytest.raises(BadInput):
        assessments.save_assessment(
            session, team.worker, team.case_id, view.id, {"score": 5}, now=now
        )


def test_a_second_writer_is_told(session, now):
    team = a_team(session)
    view = begun(session, team, now)
    assessments.save_assessment(
        session, team.worker, team.case_id, view.id, {"recommendation": "A"}, now=now
    )

    with pytest.raises(StaleWrite):
        assessments.save_assessment(
            session, team.worker, team.case_id, view.id, {"recommendation": "B"}, now=now,
            expected_version=view.version,
        )  # fmt: skip


def test_one_assessment_at_a_time(session, now):
    team = a_team(session)
    begun(session, team, now)

    with pytest.raises(WrongState):
        begun(session, team, now)


@pytest.mark.parametrize("state", [CaseState.REGISTERED, CaseState.CLOSED, CaseState.ON_HOLD])
def test_nobody_assesses_before_allocation_or_after_the_end(session, now, state):
    team = a_team(session, state)

    with pytest.raises(WrongState):
        begun(session, team, now)


def test_a_person_with_two_roles_never_approves_the_own_assessment(session, now):
    team = a_team(session)
    view = filled(session, team, now)
    assessments.submit_assessment(session, team.worker, team.case_id, view.id, now=now)
    same = a_person(Role.SUPERVISOR, Role.CASEWORKER, person_id=team.worker.person_id)

    with pytest.raises(AuthorApprovesOwn):
        assessments.approve_assessment(session, same, team.case_id, view.id, now=now)


def test_a_caseworker_does_not_approve(session, now):
    team = a_team(session)
    view = filled(session, team, now)
    assessments.submit_assessment(session, team.worker, team.case_id, view.id, now=now)

    with pytest.raises((RoleMayNot, NotThere)):
        assessments.approve_assessment(session, a_caseworker(), team.case_id, view.id, now=now)


def test_a_supervisor_of_another_office_finds_nothing(session, now):
    team = a_team(session)
    view = filled(session, team, now)
    stranger = a_supervisor(OTHER_OFFICE)

    with pytest.raises(NotThere):
        assessments.approve_assessment(session, stranger, team.case_id, view.id, now=now)
    with pytest.raises(NotThere):
        assessments.read_assessment(session, stranger, team.case_id, view.id, now=now)


def test_an_assessment_goes_back_with_points_and_comes_again(session, now):
    team = a_team(session)
    view = filled(session, team, now)
    assessments.submit_assessment(session, team.worker, team.case_id, view.id, now=now)

    back = assessments.return_assessment(
        session, team.supervisor, team.case_id, view.id, "Ask the aunt.", now=now
    )
    again = assessments.submit_assessment(session, team.worker, team.case_id, view.id, now=now)

    assert (back.status, back.points) == ("pending_recommendation", ("Ask the aunt.",))
    assert again.status == "pending_review"


def test_a_return_without_points_helps_nobody(session, now):
    team = a_team(session)
    view = filled(session, team, now)
    assessments.submit_assessment(session, team.worker, team.case_id, view.id, now=now)

    with pytest.raises(Incomplete):
        assessments.return_assessment(session, team.supervisor, team.case_id, view.id, " ", now=now)


def test_the_risk_part_opens_to_a_supervisor_only_with_a_purpose(session, now):
    team = a_team(session)
    view = filled(session, team, now)
    other = a_supervisor()

    without = assessments.read_assessment(session, other, team.case_id, view.id, now=now)
    with_it = assessments.read_assessment(
        session, other, team.case_id, view.id, now=now, purpose=Purpose.SAFETY
    )

    assert without.form.risk_factors == ()
    assert with_it.form.risk_factors == ("sleeping_rough",)


@pytest.mark.rule("R14")
def test_a_barred_person_finds_no_assessment(session, now):
    team = a_team(session)
    view = filled(session, team, now)
    bar(
        session, team.worker, case_id=team.case_id, person_id=team.supervisor.person_id, ref="item",
        ground="relative", now=now,
    )  # fmt: skip

    with pytest.raises(NotThere):
        assessments.read_assessment(session, team.supervisor, team.case_id, view.id, now=now)


@pytest.mark.rule("R50")
def test_every_reading_is_on_record(session, now):
    team = a_team(session)
    view = filled(session, team, now)

    assessments.read_assessment(session, team.worker, team.case_id, view.id, now=now)

    assert audit.recorded(session)[-1].action == "assessment.read"


def test_an_approved_assessment_without_trigger_leads_to_a_plan(session, now):
    team = a_team(session)
    an_approved_assessment(session, team)

    assert procedure.settle_assessment(session, team.case_id, now=now)
    assert state_of(session, team) == CaseState.PLANNED
    assert not procedure.settle_assessment(session, team.case_id, now=now)


@pytest.mark.rule("R3")
def test_a_trigger_leads_to_a_determination(session, now):
    team = a_team(session)
    an_approved_assessment(session, team, considered=("durable_solution",), bid_required=True)

    procedure.settle_assessment(session, team.case_id, now=now)

    assert state_of(session, team) == CaseState.BID_REQUIRED
    assert triggers.requirement_of(session, team.case_id).codes == ("B1",)


@pytest.mark.rule("R3")
def test_no_supervisor_waives_a_trigger_that_follows_from_the_facts(session, now):
    team = a_team(session)
    an_approved_assessment(session, team, considered=("movement_abroad",), bid_required=True)

    with pytest.raises(TriggerIsMandatory):
        triggers.waive_trigger(
            session, team.supervisor, team.case_id, Trigger.STATE_ARRANGED_MOVEMENT, now=now
        )


def test_a_supervisor_adds_a_determination_where_none_is_required(session, now):
    team = a_team(session)
    triggers.add_determination(
        session, team.supervisor, team.case_id, Trigger.EXCEPTIONAL_RISK, now=now
    )
    an_approved_assessment(session, team)

    procedure.settle_assessment(session, team.case_id, now=now)

    assert state_of(session, team) == CaseState.BID_REQUIRED


def test_a_later_assessment_takes_a_planned_case_to_the_panel(session, now):
    team = a_team(session, CaseState.PLANNED)
    an_approved_assessment(session, team, considered=("durable_solution",), bid_required=True)

    assert procedure.settle_assessment(session, team.case_id, now=now)
    assert state_of(session, team) == CaseState.BID_REQUIRED


def test_the_priority_found_becomes_the_priority_of_the_case(session, now):
    team = a_team(session)

    an_approved_assessment(session, team, priority_result="emergency")

    assert steps.lock(session, team.case_id).priority == "emergency"
