"""What somebody may do next with a case: a list to lead people, never a permission."""

import pytest

from cases.rules.access import Basis
from cases.rules.assessments import AssessmentKind
from cases.rules.machine import CaseState
from cases.service import assessments, possible
from cases.service.access import bar, grant_access
from cases.service.forms import plain
from cases.service.possible import Act
from core.actors import Actor, Role
from core.db import Session
from tests.builders.assessments import an_assessment
from tests.builders.cases import a_person_on_own_cases
from tests.builders.procedure import Team, a_case_at_report, a_submitted_report, a_team
from tests.conftest import NOON


def _acts(session: Session, actor: Actor, case_id: str) -> set[Act]:
    return {one.act for one in possible.possible_acts(session, actor, case_id, now=NOON)}


def _an_assessment_handed_in(session: Session) -> Team:
    team = a_team(session)
    begun = assessments.begin_assessment(
        session, team.worker, team.case_id, AssessmentKind.COMPREHENSIVE, now=NOON
    )
    form = plain(an_assessment())
    assessments.save_assessment(session, team.worker, team.case_id, begun.id, form, now=NOON)
    assessments.submit_assessment(session, team.worker, team.case_id, begun.id, now=NOON)
    return team


def test_an_assessment_is_judged_by_a_supervisor_and_not_by_its_author(session: Session) -> None:
    team = _an_assessment_handed_in(session)

    worker, supervisor = (
        _acts(session, one, team.case_id) for one in (team.worker, team.supervisor)
    )

    assert Act.JUDGE_ASSESSMENT in supervisor
    assert Act.JUDGE_ASSESSMENT not in worker
    assert Act.BEGIN_ASSESSMENT not in worker


def test_a_report_is_written_by_its_assessor_and_checked_by_a_coordinator(
    session: Session,
) -> None:
    team = a_case_at_report(session)
    before = _acts(session, team.assessor, team.case_id)

    a_submitted_report(session, team)

    assert Act.WRITE_REPORT in before
    assert Act.WRITE_REPORT not in _acts(session, team.assessor, team.case_id)
    assert Act.CHECK_REPORT in _acts(session, team.coordinator, team.case_id)


@pytest.mark.rule("R14")
def test_whom_a_conflict_bars_is_offered_nothing(session: Session) -> None:
    team = a_team(session)
    offered = _acts(session, team.worker, team.case_id)

    bar(
        session, team.supervisor, case_id=team.case_id, person_id=team.worker.person_id, ref="x",
        ground="relative", now=NOON,
    )  # fmt: skip

    assert offered
    assert _acts(session, team.worker, team.case_id) == set()


def test_a_guardian_is_offered_consent_and_not_what_the_office_does(session: Session) -> None:
    team = a_team(session)
    guardian = a_person_on_own_cases(Role.GUARDIAN)
    grant_access(
        session, team.supervisor, case_id=team.case_id, person_id=guardian.person_id,
        basis=Basis.GUARDIAN, now=NOON,
    )  # fmt: skip

    offered = _acts(session, guardian, team.case_id)

    assert Act.RECORD_CONSENT in offered
    assert not offered & {Act.WITHHOLD, Act.FACTS, Act.ASK_TO_CLOSE, Act.ALLOCATE, Act.HOLD}


def test_a_closed_case_can_be_opened_again_and_nothing_else_but_protection(
    session: Session,
) -> None:
    team = a_team(session, state=CaseState.CLOSED)

    offered = _acts(session, team.supervisor, team.case_id)

    assert offered == {Act.REOPEN, Act.EMERGENCY}
