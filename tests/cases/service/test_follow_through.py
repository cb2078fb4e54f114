"""From plan to follow-up: actions, visits, prompts, and what the procedure does by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import NoSuchStep, RoleMayNot
from cases.rules.followup import Aspect, ConcernLevel, MissedReason, Recommend, Scale, VisitMethod
from cases.rules.machine import CaseState, Step
from cases.rules.participation import PlanVoice
from cases.rules.plans import ActionKind
from cases.service import followup, guardians, placements, plans, procedure, steps, tasks
from cases.service.followup import VisitReport
from cases.service.guardians import GuardianKind, NewGuardian
from cases.service.plans import NewAction
from cases.tables.clock import DeadlineRow
from cases.tables.plan import PlanActionRow, PlanRow
from core.actors import Role, procedure_actor
from core.errors import Incomplete, NotThere, StaleWrite, WrongState
from tests.builders.assessments import TODAY
from tests.builders.cases import a_caseworker, a_person
from tests.builders.procedure import (
    CHILD,
    a_ready_report,
    a_team,
    an_agreed_plan,
    an_approved_assessment,
)
from tests.cases.service.test_placements import a_home, a_request

DECISION = "4f0d6a50-0000-4000-8000-00000000000d"
ENGINE = procedure_actor("ZM")


def state_of(session: Any, team: Any) -> Any:
    return steps.lock(session, team.case_id).state


def a_planned_case(session: Any, now: Any, **columns: Any) -> Any:
    team = a_team(session, **columns)
    actions = [
        {
            "kind": "education",
            "what": "Enrol",
            "owner": team.worker.person_id,
            "due_on": "2026-03-16",
        }
    ]
    an_approved_assessment(session, team, actions=actions)
    procedure.settle_assessment(session, team.case_id, now=now)
    return team


def an_order(team: Any, kind: Any = ActionKind.PLACEMENT) -> Any:
    return NewAction(kind, "Place with Mrs B", team.worker.person_id, TODAY + timedelta(days=7))


def a_report_of_a_visit(**changed: Any) -> Any:
    ordinary = VisitReport(
        done_on=TODAY,
        method=VisitMethod.VISIT,
        seen_alone=True,
        views="I like school.",
        scales=dict.fromkeys(Aspect, Scale.OK),
        concern=ConcernLevel.NO_ACTION,
        recommend=Recommend.CONTINUE,
    )
    return replace(ordinary, **changed)


def a_visit_due(session: Any, now: Any) -> Any:
    team = a_team(session, CaseState.FOLLOW_UP)
    placements.start_placement(
        session, team.worker, team.case_id, a_request(a_home(session, now)), now=now
    )
    procedure.plan_visits(session, team.case_id, now=now)
    [visit] = followup.list_visits(session, team.worker, team.case_id, now=now)
    return team, visit


def tasks_of(session: Any, team: Any, now: Any) -> Any:
    return {task.code for task in tasks.tasks_of(session, team.supervisor, team.case_id, now=now)}


def test_the_plan_begins_with_the_actions_of_the_assessment(session, now):
    team = a_planned_case(session, now)

    plan = plans.read_plan(session, team.worker, team.case_id, now=now)

    assert [action.what for action in plan.actions] == ["Enrol"]
    assert plan.status == "draft"


def test_an_agreed_plan_is_begun_once_and_its_owner_hears_of_it(session, now):
    team = a_planned_case(session, now)

    assert not procedure.begin_plan(session, team.case_id, now=now)
    an_agreed_plan(session, team)

    assert procedure.begin_plan(session, team.case_id, now=now)
    assert not procedure.begin_plan(session, team.case_id, now=now)
    assert state_of(session, team) == CaseState.IMPLEMENTING
    assert "plan_action" in tasks_of(session, team, now)


def test_a_young_person_signs_the_plan_or_says_no(session, now):
    team = a_planned_case(session, now, restricted={**CHILD, "age_years": 16})
    agree = {"child_words": "", "review_on": TODAY + timedelta(days=30), "now": now}

    with pytest.raises(Incomplete) as refused:
        plans.agree_plan(session, team.supervisor, team.case_id, voice=PlanVoice.NOT_ASKED, **agree)
    plan = plans.agree_plan(
        session, team.supervisor, team.case_id, voice=PlanVoice.DISAGREES, **agree
    )

    assert [gap.code for gap in refused.value.gaps] == ["plan_child_word_missing"]
    assert plan.child_voice == "disagrees"


def test_follow_up_begins_when_all_is_done_or_replaced(session, now):
    team = a_planned_case(session, now)
    plan = an_agreed_plan(session, team)
    procedure.begin_plan(session, team.case_id, now=now)

    assert not procedure.enter_follow_up(session, team.case_id, now=now)
    plans.complete_action(
        session, team.worker, team.case_id, plan.actions[0].id, "Enrolled.", now=now
    )

    assert procedure.enter_follow_up(session, team.case_id, now=now)
    assert state_of(session, team) == CaseState.FOLLOW_UP


def test_an_action_is_never_dropped_without_a_reason(session, now):
    team = a_planned_case(session, now)
    plan = an_agreed_plan(session, team)
    procedure.begin_plan(session, team.case_id, now=now)
    action = plan.actions[0]

    with pytest.raises(Incomplete):
        plans.replace_action(session, team.worker, team.case_id, action.id, " ", by=None, now=now)
    done = plans.replace_action(
        session, team.worker, team.case_id, action.id, "School closed.",
        by=an_order(team, ActionKind.EDUCATION), now=now,
    )  # fmt: skip

    assert done.replaced_by is not None
    assert plans.open_actions(session, team.case_id) == 1


def test_an_action_is_settled_once_and_a_stale_reader_is_told(session, now):
    team = a_planned_case(session, now)
    action = an_agreed_plan(session, team).actions[0]

    with pytest.raises(StaleWrite):
        plans.complete_action(
            session, team.worker, team.case_id, action.id, "x", now=now, expected_version=7
        )
    plans.complete_action(session, team.worker, team.case_id, action.id, "Enrolled.", now=now)
    with pytest.raises(WrongState):
        plans.complete_action(session, team.worker, team.case_id, action.id, "Again.", now=now)


def test_a_stranger_settles_nothing(session, now):
    team = a_planned_case(session, now)
    action = an_agreed_plan(session, team).actions[0]

    with pytest.raises((NotThere, RoleMayNot)):
        plans.complete_action(session, a_caseworker(), team.case_id, action.id, "Done.", now=now)


def a_decided_case(session: Any, now: Any) -> Any:
    team = a_ready_report(session)
    panel = a_person(Role.CHAIR, Role.SECRETARY)
    for to, step in (
        (CaseState.BID_LISTED, Step.LIST),
        (CaseState.BID_IN_SITTING, Step.CALL),
        (CaseState.BID_DECIDED, Step.DECIDE),
    ):
        steps.move(session, team.case_id, to, transition=step, actor=panel, now=now)
    return team


def test_the_actions_of_a_decision_are_issued_once(session, now):
    team = a_decided_case(session, now)
    issue = {"decision_id": DECISION, "actor": ENGINE, "now": now}

    first = plans.issue_actions(session, team.case_id, [an_order(team)], **issue)
    again = plans.issue_actions(session, team.case_id, [an_order(team)], **issue)

    assert first == again
    assert len(session.exec(select(PlanActionRow)).all()) == 1


@pytest.mark.rule("R9")
@pytest.mark.parametrize(
    "state", [s for s in CaseState if s not in {"communicated", "under_appeal", "planned"}]
)
def test_nothing_is_carried_out_before_the_child_was_told(session, now, state):
    team = a_team(session, state)

    with pytest.raises(NoSuchStep):
        plans.begin_implementation(session, team.case_id, actor=ENGINE, now=now)


@pytest.mark.rule("R9")
def test_a_decision_is_carried_out_after_the_child_was_told(session, now):
    team = a_decided_case(session, now)
    plans.issue_actions(
        session, team.case_id, [an_order(team)], decision_id=DECISION, actor=ENGINE, now=now
    )
    steps.move(
        session, team.case_id, CaseState.COMMUNICATED, transition=Step.COMMUNICATE,
        actor=team.worker, now=now,
    )  # fmt: skip

    plans.begin_implementation(session, team.case_id, actor=team.coordinator, now=now)

    assert state_of(session, team) == CaseState.IMPLEMENTING
    assert procedure.waiting_for(session, team.case_id).name == "Awaiting actions of the plan"


def test_a_placement_that_was_ordered_must_be_on_file_before_follow_up(session, now):
    team = a_team(session, CaseState.IMPLEMENTING)
    [action] = plans.issue_actions(
        session, team.case_id, [an_order(team)], decision_id=DECISION, actor=ENGINE, now=now
    )
    plans.complete_action(session, team.worker, team.case_id, action, "Moved in.", now=now)

    assert not procedure.enter_follow_up(session, team.case_id, now=now)
    placements.start_placement(
        session, team.worker, team.case_id, a_request(a_home(session, now)), now=now
    )

    assert procedure.enter_follow_up(session, team.case_id, now=now)


def test_visits_are_planned_one_after_the_other_with_their_limits(session, now):
    team, first = a_visit_due(session, now)
    assert not procedure.plan_visits(session, team.case_id, now=now)

    followup.record_visit(
        session, team.worker, team.case_id, first.id, a_report_of_a_visit(), now=now
    )
    procedure.plan_visits(session, team.case_id, now=now)

    visits = followup.list_visits(session, team.worker, team.case_id, now=now)
    limits = {row.code for row in session.exec(select(DeadlineRow))}
    assert [visit.status for visit in visits] == ["done", "planned"]
    assert visits[1].due_on == TODAY + timedelta(days=14)
    assert limits == {"D18", "D19", "D20"}


def test_a_missed_visit_names_its_reason_and_another_is_planned(session, now):
    team, visit = a_visit_due(session, now)

    followup.miss_visit(
        session, team.worker, team.case_id, visit.id, MissedReason.NO_FUEL, words="", now=now
    )
    procedure.plan_visits(session, team.case_id, now=now)

    visits = followup.list_visits(session, team.worker, team.case_id, now=now)
    first = session.exec(select(DeadlineRow).where(DeadlineRow.code == "D18")).one()
    assert [(v.status, v.missed_reason) for v in visits] == [
        ("missed", "no_fuel"),
        ("planned", None),
    ]
    assert first.met_at is None


def test_a_visit_that_leaves_questions_open_is_refused(session, now):
    team, visit = a_visit_due(session, now)

    with pytest.raises(Incomplete) as refused:
        followup.record_visit(
            session, team.worker, team.case_id, visit.id,
            a_report_of_a_visit(seen_alone=False, views=""), now=now,
        )  # fmt: skip

    assert [gap.code for gap in refused.value.gaps] == [
        "not_alone_reason_missing", "visit_views_missing",
    ]  # fmt: skip


@pytest.mark.rule("R4")
def test_new_harm_alerts_people_and_asks_for_an_emergency_action(session, now):
    team, visit = a_visit_due(session, now)
    harm = a_report_of_a_visit(
        concern=ConcernLevel.URGENT_INTERVENTION, new_harm="The carer beat him."
    )

    followup.record_visit(session, team.worker, team.case_id, visit.id, harm, now=now)

    assert {"urgent_intervention", "emergency_action_new_harm", "reopen_new_harm"} <= tasks_of(
        session, team, now
    )
    assert state_of(session, team) == CaseState.FOLLOW_UP


def test_harm_is_hidden_from_who_may_not_see_it(session, now):
    team, visit = a_visit_due(session, now)
    harm = a_report_of_a_visit(new_harm="The carer beat him.")
    followup.record_visit(session, team.worker, team.case_id, visit.id, harm, now=now)

    by_supervisor = followup.list_visits(session, a_person(Role.SUPERVISOR), team.case_id, now=now)
    by_worker = followup.list_visits(session, team.worker, team.case_id, now=now)

    assert (by_supervisor[0].has_new_harm, by_supervisor[0].new_harm) == (True, "")
    assert by_worker[0].new_harm == "The carer beat him."


def test_a_report_that_is_due_is_written_once(session, now):
    team, _ = a_visit_due(session, now)
    [due] = followup.list_reports(session, team.worker, team.case_id, now=now)
    assert followup.has_open_report(session, team.case_id)

    followup.write_report(session, team.worker, team.case_id, due.id, "All well.", now=now)

    assert not followup.has_open_report(session, team.case_id)
    with pytest.raises(WrongState):
        followup.write_report(session, team.worker, team.case_id, due.id, "Again.", now=now)


def test_limits_of_guardian_and_assessments_start_once(session, now):
    team = a_team(session, CaseState.REGISTERED)

    assert procedure.open_assessment_clocks(session, team.case_id, now=now)
    assert not procedure.open_assessment_clocks(session, team.case_id, now=now)
    assert {row.code for row in session.exec(select(DeadlineRow))} == {"D3", "D4", "D5", "D23"}


@pytest.mark.parametrize("guardian_first", [True, False])
def test_the_limit_for_a_guardian_is_met_whoever_came_first(session, now, guardian_first):
    team = a_team(session, CaseState.REGISTERED)
    acts = [
        lambda: guardians.appoint_guardian(
            session, team.supervisor, team.case_id,
            NewGuardian(
                GuardianKind.GUARDIAN, "Grace", "here", "court", now.date(), independent=True
            ),
            now=now,
        ),
        lambda: procedure.open_assessment_clocks(session, team.case_id, now=now),
    ]  # fmt: skip

    for act in acts if guardian_first else reversed(acts):
        act()

    limit = session.exec(select(DeadlineRow).where(DeadlineRow.code == "D3")).one()
    assert limit.met_at == now


@pytest.mark.parametrize("state", list(CaseState))
def test_every_case_can_say_what_it_waits_for(session, now, state):
    team = a_team(session, state)

    assert procedure.waiting_for(session, team.case_id).name


def test_the_wait_follows_the_assessment(session, now):
    team = a_team(session)
    assert procedure.waiting_for(session, team.case_id).name == "Awaiting BIA"

    an_approved_assessment(session, team)

    assert procedure.waiting_for(session, team.case_id).name == "BIA approved, moving on"


def test_no_step_does_anything_for_a_case_that_has_ended(session, now):
    team = a_team(session, CaseState.CLOSED)

    for name in (
        "open_assessment_clocks", "settle_assessment", "offer_for_listing", "begin_plan",
        "enter_follow_up", "plan_visits",
    ):  # fmt: skip
        assert getattr(procedure, name)(session, team.case_id, now=now) is False


def test_a_plan_of_a_decision_replaces_the_one_before_and_keeps_it_readable(session, now):
    team = a_planned_case(session, now)
    plans.issue_actions(
        session, team.case_id, [an_order(team)], decision_id=DECISION, actor=ENGINE, now=now
    )

    assert {row.status for row in session.exec(select(PlanRow))} == {"superseded", "agreed"}
