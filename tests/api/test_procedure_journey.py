"""From assessment to follow-up over HTTP: what people send and read, and how refusals sound."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cases.rules.machine import CaseState
from cases.service import procedure
from cases.service.forms import plain
from core.actors import Role
from core.db import Database
from tests.api.conftest import As
from tests.builders.assessments import a_report, an_assessment
from tests.builders.cases import OFFICE, a_person_of_the_country
from tests.builders.procedure import Team, a_case_at_report, a_ready_report, a_team


def kept(database: Database, make: Callable[..., Team], *args: Any) -> Team:
    with database.unit_of_work() as session:
        return make(session, *args)


def codes(answer: Any) -> set[str]:
    assert answer.status_code == 409, answer.text
    return {item["code"] for item in answer.json()["missing"]}


def test_an_assessment_goes_from_author_to_supervisor(database: Database, acting: As) -> None:
    team = kept(database, a_team)
    path = f"/cases/{team.case_id}/assessments"

    begun = acting(team.worker).post(path, json={"kind": "comprehensive"}).json()
    own = f"{path}/{begun['id']}"
    refused = acting(team.worker).post(f"{own}/submission")
    saved = acting(team.worker).patch(own, json=plain(an_assessment()))
    submitted = acting(team.worker).post(f"{own}/submission")
    approved = acting(team.supervisor).post(f"{own}/approval")

    assert "child_views_missing" in codes(refused)
    assert saved.json()["missing"] == []
    assert submitted.json()["status"] == "pending_review"
    assert approved.json()["status"] == "completed"


def test_a_stale_change_is_refused_and_shown(database: Database, acting: As) -> None:
    team = kept(database, a_team)
    path = f"/cases/{team.case_id}/assessments"
    begun = acting(team.worker).post(path, json={"kind": "short"}).json()
    own, first = f"{path}/{begun['id']}", {"If-Match": f'"{begun["version"]}"'}

    one = acting(team.worker).patch(own, json={"recommendation": "A"}, headers=first)
    two = acting(team.worker).patch(own, json={"recommendation": "B"}, headers=first)

    assert (one.status_code, two.status_code) == (200, 409)
    assert two.json()["type"] == "/problems/stale-write"


@pytest.mark.rule("R20")
@pytest.mark.parametrize("body", [{"score": 3}, {"options": [{"ref": "O1", "rank": 1}]}])
def test_a_score_is_no_part_of_a_report(database: Database, acting: As, body: Any) -> None:
    team = kept(database, a_case_at_report)

    answer = acting(team.assessor).patch(f"/cases/{team.case_id}/report", json=body)

    assert answer.status_code == 422


def test_a_report_is_written_checked_and_read_by_the_panel(database: Database, acting: As) -> None:
    team = kept(database, a_case_at_report)
    path = f"/cases/{team.case_id}/report"

    refused = acting(team.assessor).post(f"{path}/submission")
    acting(team.assessor).patch(path, json=plain(a_report()))
    submitted = acting(team.assessor).post(f"{path}/submission")
    passed = acting(team.coordinator).post(f"{path}/quality-check")
    papers = acting(team.coordinator).get(f"/cases/{team.case_id}/papers")

    assert "options_missing" in codes(refused)
    assert submitted.status_code == 200, submitted.text
    assert passed.json()["status"] == "ready"
    assert papers.json()["snapshot_hash"] == submitted.json()["snapshot_hash"]


@pytest.mark.rule("R3")
def test_a_mandatory_trigger_cannot_be_taken_back(database: Database, acting: As) -> None:
    team = kept(database, a_team)
    path = f"/cases/{team.case_id}/assessments"
    begun = acting(team.worker).post(path, json={"kind": "comprehensive"}).json()
    form = {**plain(an_assessment()), "considered": ["movement_abroad"], "bid_required": True}
    acting(team.worker).patch(f"{path}/{begun['id']}", json=form)
    acting(team.worker).post(f"{path}/{begun['id']}/submission")
    acting(team.supervisor).post(f"{path}/{begun['id']}/approval")

    stands = acting(team.supervisor).get(f"/cases/{team.case_id}/triggers")
    answer = acting(team.supervisor).delete(f"/cases/{team.case_id}/triggers/B5")

    assert stands.json() == {"is_required": True, "mandatory": ["B5"], "added": []}
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/trigger-is-mandatory"


def test_a_child_is_placed_followed_and_moved(
    database: Database, acting: As, now: datetime
) -> None:
    team = kept(database, a_team, CaseState.FOLLOW_UP)
    keeper = a_person_of_the_country(Role.SECRETARIAT)
    home = acting(keeper).post("/facilities", json=_a_home()).json()
    case = f"/cases/{team.case_id}"

    refused = acting(team.worker).post(f"{case}/placements", json=_a_move(home["id"]))
    placed = acting(team.worker).post(
        f"{case}/placements", json={**_a_move(home["id"]), "no_family_care": "no_foster_family"}
    )
    with database.unit_of_work() as session:
        procedure.plan_visits(session, team.case_id, now=now)
    [visit] = acting(team.worker).get(f"{case}/visits").json()
    done = acting(team.worker).post(f"{case}/visits/{visit['id']}/report", json=_a_visit())
    ended = acting(team.worker).post(
        f"{case}/placements/{placed.json()['id']}/end",
        json={"ended_on": "2026-03-02", "reason": "moved"},
    )

    assert codes(refused) == {"no_family_care_reason_missing"}
    assert placed.status_code == 201, placed.text
    assert done.json()["status"] == "done"
    assert ended.json()["end_reason"] == "moved"
    assert acting(keeper).get(f"/facilities/{home['id']}").json()["free"] == 2


@pytest.mark.rule("R27")
@pytest.mark.parametrize("care", ["detention", "police_cell", "closed_centre"])
def test_detention_is_no_care_type(database: Database, acting: As, care: str) -> None:
    team = kept(database, a_team)

    answer = acting(team.worker).post(
        f"/cases/{team.case_id}/placements", json={**_a_move(None), "care": care}
    )

    assert answer.status_code == 422


def test_a_plan_is_drafted_agreed_and_done(database: Database, acting: As) -> None:
    team = kept(database, a_team, CaseState.IMPLEMENTING)
    path = f"/cases/{team.case_id}/plan"
    action = {
        "kind": "education", "what": "Enrol", "owner": team.worker.person_id, "due_on": "2026-03-20",
    }  # fmt: skip

    drafted = acting(team.worker).post(path, json={"actions": [action]}).json()
    agreed = acting(team.supervisor).post(
        f"{path}/agreement", json={"voice": "agrees", "review_on": "2026-05-01"}
    )
    own = f"{path}/actions/{drafted['actions'][0]['id']}"
    done = acting(team.worker).post(f"{own}/completion", json={"result": "Enrolled."})
    waiting = acting(team.worker).get(f"/cases/{team.case_id}/waiting")

    assert agreed.json()["status"] == "agreed"
    assert done.json()["status"] == "done"
    assert waiting.json()["name"] == "All actions done, moving on"


def test_a_search_is_opened_and_ended(database: Database, acting: As) -> None:
    team = kept(database, a_team)
    path = f"/cases/{team.case_id}/tracing"
    begun = {"sought": "The aunt", "safe": "yes", "because": "The child asks for her."}
    step = {"done_on": "2026-03-01", "place": "Village", "what": "Asked.", "result": "nothing"}

    found = acting(team.worker).post(path, json=begun).json()
    refused = acting(team.worker).post(
        f"{path}/{found['id']}/closing", json={"result": "closed_no_result"}
    )
    acting(team.worker).post(f"{path}/{found['id']}/actions", json=step)
    ended = acting(team.worker).post(
        f"{path}/{found['id']}/closing", json={"result": "closed_no_result"}
    )

    assert codes(refused) == {"tracing_never_tried"}
    assert ended.json()["status"] == "closed_no_result"


def test_a_check_of_a_destination_is_kept_for_those_who_may_see_it(
    database: Database, acting: As
) -> None:
    team = kept(database, a_ready_report)
    path = f"/cases/{team.case_id}/destination-checks"
    check = {
        "destination": "NA", "result": "cleared", "basis": "Report.", "qualification": "lawyer",
        "checked_on": "2026-03-02",
    }  # fmt: skip

    made = acting(team.assessor).post(path, json=check)
    without = acting(team.assessor).get(path)
    read = acting(team.assessor).get(path, params={"purpose": "determination"})

    assert made.json()["valid_until"] == "2026-03-16"
    assert without.status_code == 404
    assert read.json()[0]["result"] == "cleared"


def _a_home() -> dict[str, Any]:
    return {
        "name": "Sunrise home", "place": OFFICE, "regime": "open", "capacity": 2,
        "registry_number": "R-7", "authorised_until": "2027-01-01",
    }  # fmt: skip


def _a_move(facility: str | None) -> dict[str, Any]:
    return {
        "care": "residential_small", "started_on": "2026-03-02", "review_due": "2026-05-20",
        "facility_id": facility,
    }  # fmt: skip


def _a_visit() -> dict[str, Any]:
    aspects = ("safety", "care", "school", "health", "papers", "contact_with_sender_side")
    return {
        "done_on": "2026-03-02", "method": "visit", "seen_alone": True, "views": "I like it.",
        "scales": dict.fromkeys(aspects, "ok"), "concern": "no_action", "recommend": "continue",
    }  # fmt: skip
