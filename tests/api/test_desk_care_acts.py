"""Care, safety abroad and a panel's questions, as forms on a case."""

from datetime import timedelta

import pytest

from cases.service import (
    home_studies,
    non_refoulement,
)
from cases.service.files import Purpose
from core.db import Database, Session
from panels.rules.deferral import Draft, Question
from panels.service import deferrals
from tests.api.seats import Seat, at, seat, within
from tests.builders.decided import DAY, DECIDED
from tests.builders.procedure import (
    a_case_at_report,
    a_team,
)
from tests.builders.sittings import Court, in_deliberation
from tests.conftest import NOON

__all__ = ["seat"]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_question_of_the_panel_is_answered_by_whom_it_was_asked(
    seat: Seat, database: Database
) -> None:
    def put_off(session: Session) -> Court:
        court = in_deliberation(session)
        assert court.team is not None
        question = Question(
            "Is the aunt willing?", court.team.worker.person_id, DAY + timedelta(days=9)
        )
        wish = Draft((question,), "Foster family", interim_care_is_safe=True)
        deferrals.defer_item(session, court.people["chair"], court.item_id, wish, now=DECIDED)
        return court

    court = within(database, put_off)
    worker, case_id = seat(court.team.worker, DECIDED), court.team.case_id
    (path,) = [one for one in worker.acts(case_id) if "answer_question" in one]

    page = worker.client.get(path).text
    done = worker.send(path, {"answer": "She is willing."})
    supervisor = seat(court.team.supervisor, DECIDED)

    assert "Is the aunt willing?" in page
    assert done.status_code == 303
    assert [one for one in worker.acts(case_id) if "answer_question" in one] == []
    assert [one for one in supervisor.acts(case_id) if "answer_question" in one] == []


@pytest.mark.rule("R23")
def test_a_check_of_a_country_is_kept_by_an_assessor_and_offered_to_no_caseworker(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_case_at_report)
    path = f"/desk/cases/{team.case_id}/acts/check_destination"
    typed = {"destination": "NA", "result": "cleared", "basis": "Quiet.", "qualification": "country_expert", **at("checked_on", NOON)}  # fmt: skip
    assessor, worker = seat(team.assessor), seat(team.worker)

    done = assessor.send(path, typed)
    home = assessor.send(path, {**typed, "destination": "ZM"})

    (check,) = within(
        database,
        lambda session: non_refoulement.list_checks(
            session, team.assessor, team.case_id, now=NOON, purpose=Purpose.DETERMINATION
        ),
    )
    assert done.status_code == 303
    assert home.status_code == 409
    assert (check.destination, check.result) == ("NA", "cleared")
    assert path not in worker.acts(team.case_id)


@pytest.mark.rule("R27")
def test_a_child_moves_in_only_when_nothing_stands_against_it(
    seat: Seat, database: Database
) -> None:
    team = within(database, a_team)
    worker = seat(team.worker)
    path = f"/desk/cases/{team.case_id}/acts/placement"
    typed = {"care": "foster", "carer": "Grace Banda", **at("started_on", NOON), **at("review_due", NOON + timedelta(days=60))}  # fmt: skip

    refused = worker.send(path, typed)
    study = {"carer": "Grace Banda", "findings": "A room of her own.", "result": "positive", **at("studied_on", NOON - timedelta(days=3)), **at("valid_until", NOON + timedelta(days=80))}  # fmt: skip
    worker.send(f"/desk/cases/{team.case_id}/acts/home_study", study)
    (seen,) = within(
        database,
        lambda session: home_studies.list_home_studies(
            session, team.worker, team.case_id, now=NOON
        ),
    )
    done = worker.send(path, {**typed, "home_study_id": seen.id, "background": "clear"})

    assert refused.status_code == 409
    assert "Grace Banda" in refused.text
    assert done.status_code == 303, done.text
    assert any("/acts/end_placement/" in one for one in worker.acts(team.case_id))
