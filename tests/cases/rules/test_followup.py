"""Plans, visits and what a case waits for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.rules.followup import (
    Aspect,
    ConcernLevel,
    Recommend,
    Scale,
    after_visit,
    next_due,
    visit_report,
)
from cases.rules.machine import CaseState
from cases.rules.participation import PlanVoice
from cases.rules.plans import Action, ActionKind, ActionStatus, agreement, completion
from cases.rules.waiting import Progress, Stage, waiting
from core.errors import Answer
from core.worktime import Limit, Unit, WorkingCalendar
from tests.builders.assessments import TODAY, a_visit


def an_action(**changed: Any) -> Action:
    return Action(
        **{"id": "a", "kind": ActionKind.EDUCATION, "owner": "worker", "due_on": TODAY, **changed}
    )


def codes(found: Answer) -> list[str]:
    return [gap.code for gap in found.gaps]


def test_a_plan_needs_actions_with_owner_and_date_and_a_review():
    empty = agreement([], voice=PlanVoice.AGREES, age_years=10, review_on=None)
    vague = agreement(
        [an_action(owner="", due_on=None)], voice=PlanVoice.AGREES, age_years=10, review_on=TODAY
    )

    assert codes(empty) == ["plan_actions_missing", "plan_review_missing"]
    assert codes(vague) == ["action_owner_missing", "action_due_missing"]


def test_follow_up_waits_until_each_action_is_done_or_replaced_with_a_reason():
    done = an_action(status=ActionStatus.DONE)
    dropped = an_action(status=ActionStatus.REPLACED)
    replaced = an_action(status=ActionStatus.REPLACED, replaced_because=True)

    assert codes(completion([done, dropped], placement_recorded=True)) == ["actions_open"]
    assert codes(completion([done, replaced], placement_recorded=True)) == []
    assert codes(completion([done], placement_recorded=False)) == ["placement_or_receipt_missing"]


def test_nothing_planned_is_not_everything_done():
    nowhere = completion([], placement_recorded=False, needs_placement=False)

    assert codes(nowhere) == ["plan_actions_missing"]
    assert codes(completion([], placement_recorded=True)) == []
    assert waiting(CaseState.IMPLEMENTING, Progress(nothing_planned=True)).holder == "caseworker"


def test_a_visit_says_whether_the_child_was_seen_alone_and_what_the_child_said():
    assert codes(visit_report(a_visit())) == []
    assert codes(visit_report(a_visit(seen_alone=False))) == ["not_alone_reason_missing"]
    assert codes(visit_report(a_visit(views_recorded=False))) == ["visit_views_missing"]


def test_a_concern_is_explained():
    scales = {**dict.fromkeys(Aspect, Scale.OK), Aspect.CARE: Scale.SERIOUS}

    assert codes(visit_report(a_visit(scales=scales))) == ["visit_aspect_unexplained"]
    explained = a_visit(scales=scales, aspects_written=frozenset({Aspect.CARE}))
    assert codes(visit_report(explained)) == []


ZAMBIA = WorkingCalendar("Africa/Lusaka", frozenset({1, 2, 3, 4, 5}), lambda _day: False)


@pytest.mark.parametrize(
    ("limit", "days"),
    [(Limit(72, Unit.HOURS), 3), (Limit(2, Unit.WEEKS), 14), (Limit(5, Unit.WORKING_DAYS), 7)],
)
def test_visits_and_reports_follow_the_limits_of_the_country(limit, days):
    start = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    assert next_due(start, limit, ZAMBIA) == TODAY + timedelta(days=days)


def test_new_harm_prompts_for_an_emergency_action_and_for_reopening():
    calm = after_visit(ConcernLevel.NO_ACTION, Recommend.CONTINUE, new_harm=False)
    harm = after_visit(ConcernLevel.ONGOING_MONITORING, Recommend.MORE, new_harm=True)
    urgent = after_visit(ConcernLevel.URGENT_INTERVENTION, Recommend.MORE, new_harm=False)

    assert (calm.alert, calm.emergency_prompt, calm.reopening) == (False, False, False)
    assert (harm.alert, harm.emergency_prompt, harm.reopening) == (True, True, True)
    assert (urgent.alert, urgent.emergency_prompt, urgent.reopening) == (True, False, False)


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_names_the_act_it_waits_for(state):
    assert waiting(state, Progress()).name


def test_the_names_people_know():
    review = Progress(assessment="pending_review")

    assert waiting(CaseState.BIA_IN_PROGRESS, review).name == "Awaiting BIA approval"
    assert waiting(CaseState.BID_IN_SITTING, Progress()).name == "Awaiting panel decision"
    assert waiting(CaseState.CLOSED, Progress()).stage is Stage.DONE
