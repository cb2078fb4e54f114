"""No file is closed over a written follow-up report that is due."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import closing, followup, procedure
from cases.service.followup import WrittenReportView
from core.errors import Incomplete
from tests.builders.case_life import a_closing
from tests.builders.procedure import Team, a_team
from tests.conftest import NOON


def in_follow_up(session: Session) -> tuple[Team, WrittenReportView]:
    """A child who is followed up, with the first written report planned."""
    team = a_team(session, CaseState.FOLLOW_UP)
    procedure.plan_visits(session, team.case_id, now=NOON)
    [report] = followup.list_reports(session, team.worker, team.case_id, now=NOON)
    return team, report


@pytest.mark.rule("R55")
def test_a_report_whose_day_has_come_is_written_before_the_file_closes(session: Session) -> None:
    team, report = in_follow_up(session)
    [visit] = followup.list_visits(session, team.worker, team.case_id, now=NOON)
    due = NOON + (report.due_on - NOON.date())
    followup.miss_visit(
        session,
        team.worker,
        team.case_id,
        visit.id,
        followup.MissedReason.NO_STAFF,
        words="",
        now=due,
    )

    with pytest.raises(Incomplete) as refused:
        closing.ask_to_close(session, team.worker, team.case_id, a_closing(), now=due)
    followup.write_report(session, team.worker, team.case_id, report.id, "All well.", now=due)
    procedure.plan_visits(session, team.case_id, now=due)
    with pytest.raises(Incomplete) as later:
        closing.ask_to_close(session, team.worker, team.case_id, a_closing(), now=due)

    assert "blocked_by_open_report" in [gap.code for gap in refused.value.gaps]
    assert "blocked_by_open_report" not in [gap.code for gap in later.value.gaps]


@pytest.mark.rule("R55")
def test_a_report_that_falls_due_after_the_request_stops_the_approval(session: Session) -> None:
    team, report = in_follow_up(session)
    closing.ask_to_close(session, team.worker, team.case_id, a_closing(), now=NOON)
    due = NOON + (report.due_on - NOON.date()) - timedelta(hours=1)

    with pytest.raises(Incomplete) as refused:
        closing.approve_closing(session, team.supervisor, team.case_id, now=due)

    assert "blocked_by_open_report" in [gap.code for gap in refused.value.gaps]


def test_a_report_planned_for_later_stands_in_nobodys_way(session: Session) -> None:
    team, _ = in_follow_up(session)

    assert closing.ask_to_close(session, team.worker, team.case_id, a_closing(), now=NOON)
