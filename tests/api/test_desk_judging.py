"""Assessments and reports in other hands than their author's: approved, passed, returned with points."""

import re
from typing import Final

import pytest

from cases.rules.assessments import AssessmentKind
from cases.service import assessments, reports
from cases.service.forms import plain
from core.db import Database, Session
from tests.api.seats import Seat, seat, within
from tests.builders.assessments import an_assessment
from tests.builders.procedure import Team, a_case_at_report, a_submitted_report, a_team
from tests.conftest import NOON

__all__ = ["seat"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POINTS: Final = "Ask the aunt & <the neighbour> too."


def _handed_in(session: Session) -> tuple[Team, str]:
    team = a_team(session)
    begun = assessments.begin_assessment(
        session, team.worker, team.case_id, AssessmentKind.COMPREHENSIVE, now=NOON
    )
    form = plain(an_assessment())
    assessments.save_assessment(session, team.worker, team.case_id, begun.id, form, now=NOON)
    return team, f"/desk/cases/{team.case_id}/assessments/{begun.id}"


@pytest.mark.rule("R3")
def test_an_assessment_is_handed_in_by_its_author_and_approved_by_somebody_else(
    seat: Seat, database: Database
) -> None:
    team, path = within(database, _handed_in)
    author, supervisor = seat(team.worker), seat(team.supervisor)

    handed = author.send(path, {"act": "submit"})
    own = author.send(path, {"act": "approve"})
    page = supervisor.client.get(path).text
    done = supervisor.send(path, {"act": "approve"})

    (view,) = within(
        database,
        lambda session: assessments.list_assessments(session, team.worker, team.case_id, now=NOON),
    )
    assert handed.status_code == 303
    assert own.status_code in {403, 409}
    assert "Approve the assessment" in page
    assert "What was found." in page
    assert done.status_code == 303
    assert (view.status, view.approver) == ("completed", team.supervisor.person_id)


def test_points_are_read_by_the_author_and_none_is_refused(seat: Seat, database: Database) -> None:
    team, path = within(database, _handed_in)
    author, supervisor = seat(team.worker), seat(team.supervisor)
    author.send(path, {"act": "submit"})

    empty = supervisor.send(path, {"act": "return", "points": ""})
    done = supervisor.send(path, {"act": "return", "points": POINTS})
    page = author.client.get(path).text

    assert empty.status_code == 409
    assert re.search(r"<details[^>]* open>", empty.text)
    assert done.status_code == 303
    assert "Ask the aunt &amp; &lt;the neighbour&gt; too." in page
    assert "Write or change" in page


def test_a_report_is_found_complete_by_a_coordinator_who_did_not_write_it(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_case_at_report)
    within(database, lambda session: a_submitted_report(session, team))
    coordinator = seat(team.coordinator)
    path = f"/desk/cases/{team.case_id}/report"

    waits = coordinator.client.get(f"/desk/cases/{team.case_id}").text
    done = coordinator.send(path, {"act": "approve"})

    view = within(
        database,
        lambda session: reports.read_report(session, team.coordinator, team.case_id, now=NOON),
    )
    assert f'class="govuk-button" href="{path}"' in waits
    assert done.status_code == 303
    assert (view.status, view.checker) == ("ready", team.coordinator.person_id)


def test_a_page_read_before_it_was_handed_in_again_hands_nothing_in(
    seat: Seat, database: Database
) -> None:
    team, path = within(database, _handed_in)

    stale = seat(team.worker).send(path, {"act": "submit"}, version="1")

    assert stale.status_code == 409
    (view,) = within(
        database,
        lambda session: assessments.list_assessments(session, team.worker, team.case_id, now=NOON),
    )
    assert view.status == "pending_recommendation"
