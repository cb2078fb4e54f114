"""What an urgent act leaves to do ends when it is done, and only then."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from cases.rules.assessments import AssessmentKind
from cases.rules.emergency import Danger, Measure
from cases.rules.machine import CaseState, Step
from cases.service import assessments, emergency, procedure, steps, tasks
from cases.service.clock_views import clocks_of
from cases.service.forms import plain
from core.actors import procedure_actor
from tests.builders.assessments import an_assessment
from tests.builders.case_life import a_crossing, an_emergency
from tests.builders.procedure import Team, a_team
from tests.conftest import NOON

HOUR = timedelta(hours=1)
ASSESS, DETERMINE = "short_assessment_after_emergency", "determination_after_emergency"


def an_act(session: Session, team: Team, *triggers: str, now: datetime = NOON) -> None:
    """Something was done at once."""
    request = an_emergency(acted_at=now, triggers=triggers)
    emergency.record_emergency_action(session, team.worker, team.case_id, request, now=now)


def handed_in(
    session: Session, team: Team, kind: AssessmentKind, at: datetime, **form: object
) -> str:
    """An assessment that lies with the supervisor."""
    case_id, worker = team.case_id, team.worker
    begun = assessments.begin_assessment(session, worker, case_id, kind, now=at)
    changes = {**plain(an_assessment()), **form}
    assessments.save_assessment(session, worker, case_id, begun.id, changes, now=at)
    assessments.submit_assessment(session, worker, case_id, begun.id, now=at)
    return begun.id


def approved(
    session: Session, team: Team, kind: AssessmentKind, at: datetime, **form: object
) -> None:
    """An assessment handed in and approved in the same hour."""
    done = handed_in(session, team, kind, at, **form)
    assessments.approve_assessment(session, team.supervisor, team.case_id, done, now=at)


def outcomes(session: Session, team: Team) -> dict[str, str]:
    """What became of each duty; empty while it is open."""
    rows = tasks.tasks_of(session, team.supervisor, team.case_id, now=NOON)
    return {task.code: task.outcome for task in rows if task.code in {ASSESS, DETERMINE}}


@pytest.mark.rule("R4")
@pytest.mark.parametrize("kind", list(AssessmentKind))
def test_assessment_after_an_urgent_act_is_done_once_it_is_approved(
    session: Session, kind: AssessmentKind
) -> None:
    team = a_team(session)
    an_act(session, team)
    done = handed_in(session, team, kind, NOON + HOUR)
    before = outcomes(session, team)

    assessments.approve_assessment(
        session, team.supervisor, team.case_id, done, now=NOON + 2 * HOUR
    )

    assert (before, outcomes(session, team)) == ({ASSESS: ""}, {ASSESS: "done"})


@pytest.mark.rule("R4")
def test_assessment_handed_in_before_the_urgent_act_says_nothing_about_it(
    session: Session,
) -> None:
    team = a_team(session)
    done = handed_in(session, team, AssessmentKind.SHORT, NOON)
    an_act(session, team, now=NOON + HOUR)

    assessments.approve_assessment(
        session, team.supervisor, team.case_id, done, now=NOON + 2 * HOUR
    )

    assert outcomes(session, team) == {ASSESS: ""}
    limits = clocks_of(session, team.worker, team.case_id, now=NOON + 2 * HOUR)
    assert [(one.code, one.status) for one in limits] == [("D4", "running")]


@pytest.mark.rule("R3", "R4")
def test_determination_stays_due_while_the_assessment_still_finds_a_trigger(
    session: Session,
) -> None:
    team = a_team(session)
    an_act(session, team, "B1")

    approved(
        session, team, AssessmentKind.SHORT, NOON + HOUR,
        considered=("durable_solution",), bid_required=True,
    )  # fmt: skip

    assert outcomes(session, team) == {ASSESS: "done", DETERMINE: ""}


@pytest.mark.rule("R4")
def test_determination_is_not_due_when_the_assessment_finds_no_trigger_left(
    session: Session,
) -> None:
    team = a_team(session)
    an_act(session, team, "B2")

    approved(session, team, AssessmentKind.SHORT, NOON + HOUR)

    assert outcomes(session, team) == {ASSESS: "done", DETERMINE: "no_trigger"}


@pytest.mark.rule("R4", "R33")
def test_child_taken_across_a_border_gets_a_determination_whatever_was_found(
    session: Session,
) -> None:
    team = a_team(session)
    request = an_emergency(
        danger=Danger.MEDICAL, measure=Measure.EMERGENCY_CROSSING, crossing=a_crossing()
    )
    emergency.record_emergency_action(session, team.worker, team.case_id, request, now=NOON)

    approved(session, team, AssessmentKind.SHORT, NOON + HOUR)

    assert outcomes(session, team) == {ASSESS: "done", DETERMINE: ""}


def called(session: Session, team: Team, at: datetime) -> None:
    """The panel takes the case up."""
    machine = procedure_actor("ZM")
    steps.move(
        session, team.case_id, CaseState.BID_IN_SITTING, transition=Step.CALL, actor=machine, now=at
    )


def decided(session: Session, team: Team, at: datetime) -> None:
    """The decision is signed."""
    machine = procedure_actor("ZM")
    steps.move(
        session, team.case_id, CaseState.BID_DECIDED, transition=Step.DECIDE, actor=machine, now=at
    )


@pytest.mark.rule("R4")
def test_determination_after_an_urgent_act_is_done_once_a_panel_has_decided(
    session: Session,
) -> None:
    team = a_team(session, CaseState.BID_LISTED)
    an_act(session, team, "B3")
    called(session, team, NOON + HOUR)
    before = outcomes(session, team)[DETERMINE]

    decided(session, team, NOON + 2 * HOUR)

    assert (before, outcomes(session, team)[DETERMINE]) == ("", "done")


@pytest.mark.rule("R4")
def test_urgent_act_the_panel_did_not_know_of_still_asks_for_a_determination(
    session: Session,
) -> None:
    team = a_team(session, CaseState.BID_LISTED)
    called(session, team, NOON + HOUR)
    an_act(session, team, "B3", now=NOON + 2 * HOUR)

    decided(session, team, NOON + 3 * HOUR)

    assert outcomes(session, team)[DETERMINE] == ""


def test_limit_opened_after_the_assessment_was_approved_is_met_at_once(session: Session) -> None:
    team = a_team(session)
    approved(session, team, AssessmentKind.COMPREHENSIVE, NOON + HOUR)

    procedure.open_assessment_clocks(session, team.case_id, now=NOON + 2 * HOUR)

    limits = clocks_of(session, team.worker, team.case_id, now=NOON + 2 * HOUR)
    assert {one.code: one.status for one in limits if one.code in {"D4", "D5"}} == {
        "D4": "met",
        "D5": "met",
    }
