"""Cases brought to a point of their way by the people who would have done it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from cases.rules.access import Basis
from cases.rules.assessments import AssessmentKind
from cases.rules.machine import CaseState
from cases.rules.participation import PlanVoice
from cases.service import assessments, plans, procedure, reports
from cases.service.access import grant_access
from cases.service.forms import plain
from cases.tables.case_file import CaseRow
from core.actors import Actor, Role
from tests.builders.assessments import TODAY, a_report, an_assessment
from tests.builders.cases import a_caseworker, a_person, a_registered_case, a_supervisor
from tests.conftest import NOON

CHILD = {
    "names": {"given": "Amani"},
    "languages": ["swa"],
    "age_years": 14,
    "age_stated_on": "2026-01-10",
}


@dataclass(frozen=True)
class Team:
    """A case with the people around it."""

    row: CaseRow
    worker: Actor
    supervisor: Actor
    assessor: Actor
    coordinator: Actor

    @property
    def case_id(self) -> str:
        """The case."""
        return self.row.id


def a_team(session: Session, state: CaseState = CaseState.BIA_IN_PROGRESS, **columns: Any) -> Team:
    """A case in a state, with worker, supervisor, assessor and coordinator who see it."""
    worker, supervisor = a_caseworker(), a_supervisor()
    row = a_registered_case(
        session,
        owner=worker,
        supervisor=supervisor,
        state=state,
        restricted=columns.pop("restricted", CHILD),
        **columns,
    )
    coordinator = a_person(Role.COORDINATOR)
    grant_access(
        session,
        supervisor,
        case_id=row.id,
        person_id=coordinator.person_id,
        basis=Basis.COORDINATOR,
        now=NOON,
    )
    return Team(row, worker, supervisor, a_person(Role.ASSESSOR), coordinator)


def an_approved_assessment(session: Session, team: Team, **form: Any) -> str:
    """Begin, fill in, submit and approve a BIA; return its id."""
    begun = assessments.begin_assessment(
        session, team.worker, team.case_id, AssessmentKind.COMPREHENSIVE, now=NOON
    )
    changes = {**plain(an_assessment()), **form}
    assessments.save_assessment(session, team.worker, team.case_id, begun.id, changes, now=NOON)
    assessments.submit_assessment(session, team.worker, team.case_id, begun.id, now=NOON)
    assessments.approve_assessment(session, team.supervisor, team.case_id, begun.id, now=NOON)
    return begun.id


def a_case_at_report(session: Session, **form: Any) -> Team:
    """A case for which a determination is required and an assessor is named."""
    team = a_team(session)
    wanted = {"considered": ("durable_solution",), "bid_required": True, **form}
    an_approved_assessment(session, team, **wanted)
    procedure.settle_assessment(session, team.case_id, now=NOON)
    reports.name_assessor(session, team.supervisor, team.case_id, team.assessor.person_id, now=NOON)
    return team


def a_submitted_report(session: Session, team: Team, **changed: Any) -> None:
    """Write and submit a whole report."""
    reports.save_report(session, team.assessor, team.case_id, plain(a_report(**changed)), now=NOON)
    reports.submit_report(session, team.assessor, team.case_id, now=NOON)


def a_ready_report(session: Session, **changed: Any) -> Team:
    """A case whose report passed the quality check."""
    team = a_case_at_report(session)
    a_submitted_report(session, team, **changed)
    reports.pass_report(session, team.coordinator, team.case_id, now=NOON)
    return team


def an_agreed_plan(session: Session, team: Team) -> plans.PlanView:
    """Agree the plan that the approved BIA began."""
    plans.read_plan(session, team.supervisor, team.case_id, now=NOON)
    return plans.agree_plan(
        session,
        team.supervisor,
        team.case_id,
        voice=PlanVoice.AGREES,
        child_words="Yes.",
        review_on=TODAY + timedelta(days=60),
        now=NOON,
    )
