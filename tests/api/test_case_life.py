"""The edges of a case's life through the API: what a person sends and what they read back."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.dependencies import signed_in
from api.problems.catalogue import gap_words
from cases.rules.closing import Blocker
from cases.rules.machine import CaseState
from cases.service import clocks
from core.accounts.authenticate import Signed
from core.actors import Actor, Role
from core.db import Database
from tests.builders.cases import (
    OTHER_OFFICE,
    a_caseworker,
    a_person,
    a_person_of_the_country,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON

EMERGENCY = {
    "danger": "violence",
    "measure": "place_of_safety",
    "acted_at": "2026-03-02T11:00:00Z",
}


def _as(app: FastAPI, actor: Actor) -> None:
    signed = Signed(actor, None, None)
    app.dependency_overrides[signed_in] = lambda: signed


@pytest.mark.rule("R4")
def test_urgent_protection_is_saved_at_once_also_for_a_closed_case(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    worker = a_caseworker()
    with database.unit_of_work() as session:
        case_id = a_registered_case(session, owner=worker, state=CaseState.CLOSED).id
    _as(app, worker)

    saved = client.post(f"/cases/{case_id}/emergency-actions", json=EMERGENCY)

    assert saved.status_code == 201
    read = client.get(f"/cases/{case_id}/emergency-actions").json()
    assert [action["case_state"] for action in read] == ["closed"]
    tasks = client.get("/tasks").json()["items"]
    assert [task["code"] for task in tasks] == ["short_assessment_after_emergency"]
    done = client.post(f"/tasks/{tasks[0]['id']}/completion")
    assert done.json()["outcome"] == "done"


@pytest.mark.rule("R4")
def test_a_first_line_officer_saves_it_by_the_childs_code(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    with database.unit_of_work() as session:
        code = a_registered_case(session).child_code
    _as(app, a_person(Role.FIRST_LINE, office=OTHER_OFFICE))

    saved = client.post("/emergency-actions", json={**EMERGENCY, "child_code": code})
    unknown = client.post("/emergency-actions", json={**EMERGENCY, "child_code": "AAAA-AAAA"})

    assert saved.status_code == 201
    assert set(saved.json()) == {"id"}
    assert unknown.status_code == 404


def test_what_stands_against_closing_is_said_in_words(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    worker = a_caseworker()
    with database.unit_of_work() as session:
        case_id = a_registered_case(session, owner=worker, state=CaseState.FOLLOW_UP).id
    _as(app, worker)
    body = {"reason": "goal_met", "words": ""}

    refused = client.post(f"/cases/{case_id}/closing-requests", json=body)
    checked = client.post(f"/cases/{case_id}/closing-check", json=body)

    assert refused.status_code == 409
    codes = [gap["code"] for gap in refused.json()["missing"]]
    assert codes == [item["code"] for item in checked.json()]
    assert "closing_words_missing" in codes
    assert all(gap["detail"].endswith(".") for gap in refused.json()["missing"])


def test_hold_detention_journey_and_reopening_run_through_the_api(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    boss = a_supervisor()
    with database.unit_of_work() as session:
        case_id = a_registered_case(session, supervisor=boss).id
        closed = a_registered_case(session, supervisor=boss, state=CaseState.CLOSED).id
    _as(app, boss)
    case = f"/cases/{case_id}"

    answers = [
        client.post(f"{case}/holds", json={"reason": "insecurity", "review_on": "2026-03-20"}),
        client.post(f"{case}/hold-review", json={"review_on": "2026-03-25", "words": "Still."}),
        client.post(f"{case}/resumption", json={}),
        client.post(
            f"{case}/detentions",
            json={"since": "2026-03-01T08:00:00Z", "place_type": "police_cell"},
        ),
        client.post(
            f"{case}/release",
            json={"released_at": "2026-03-02T10:00:00Z", "released_to": "family"},
        ),
        client.post(f"{case}/movement-holds", json={"reason": "danger"}),
        client.post(f"{case}/movement-releases", json={"reason": "danger"}),
        client.post(
            f"{case}/transition-plans", json={"words": "A room.", "agreed_by_young_person": True}
        ),
        client.post(
            f"{case}/contact-attempts",
            json={"tried_at": "2026-03-01T08:00:00Z", "method": "call", "reached": False},
        ),
        client.post(
            f"/cases/{closed}/reopening", json={"reason": "carer_died", "what_is_new": "Died."}
        ),
    ]
    reads = [
        client.get(f"{case}/{name}")
        for name in (
            "holds", "detentions", "movement-holds", "transition-plans", "closing-requests",
            "clocks", "tasks", "pack-moves", "emergency-actions",
        )
    ]  # fmt: skip

    assert [a.status_code for a in answers] == [201, 204, 200, 201, 200, 201, 200, 201, 201, 201]
    assert [read.status_code for read in reads] == [200] * 9
    assert answers[4].json() == {"days": 1, "hours": 2}


def test_a_case_moves_to_newer_rules_after_the_difference_was_read(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    boss = a_supervisor()
    with database.unit_of_work() as session:
        case_id = a_registered_case(session, supervisor=boss, pack_version=1).id
    _as(app, boss)

    shown = client.get(f"/cases/{case_id}/pack-difference", params={"to": 2}).json()
    moved = client.post(
        f"/cases/{case_id}/pack-moves",
        json={"to_version": 2, "fingerprint": shown["fingerprint"], "recompute_clocks": True},
    )
    stale = client.post(
        f"/cases/{case_id}/pack-moves", headers={"If-Match": '"1"'},
        json={"to_version": 2, "fingerprint": shown["fingerprint"], "recompute_clocks": True},
    )  # fmt: skip

    assert shown["changes"]
    assert moved.status_code == 201
    assert stale.status_code == 409


def test_what_is_late_is_read_page_by_page(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    boss = a_supervisor()
    with database.unit_of_work() as session:
        for n in range(3):
            case = a_registered_case(session, supervisor=boss, priority="emergency")
            clocks.open_clock(session, case.id, "D4", started_at=NOON - timedelta(days=5 + n))
    _as(app, boss)

    first = client.get("/late", params={"limit": 2}).json()
    second = client.get("/late", params={"limit": 2, "cursor": first["cursor"]}).json()

    assert (len(first["items"]), len(second["items"]), second["cursor"]) == (2, 1, None)
    assert first["items"][0]["due"]["timezone"] == "Africa/Lusaka"


@pytest.mark.rule("R60")
def test_a_statistician_reads_numbers_and_no_case(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    with database.unit_of_work() as session:
        ids = [a_registered_case(session).id for _ in range(6)]
    _as(app, a_person_of_the_country(Role.STATISTICIAN))

    table = client.get("/statistics/indicator", params={"indicator": "I1", "period": "2026"})
    others = [
        client.get("/statistics/detention-days", params={"period": "2026-Q1"}),
        client.get("/statistics/times", params={"clock": "D4", "period": "2026-03"}),
        client.get("/statistics/workload"),
        client.get("/statistics/backlog"),
    ]

    assert table.json()["children"] == 6
    assert table.json()["is_suppressed"] is True
    assert [answer.status_code for answer in others] == [200] * 4
    assert client.get(f"/cases/{ids[0]}/clocks").status_code == 404
    assert (
        client.get("/statistics/indicator", params={"indicator": "I1", "period": "x"}).status_code
        == 422
    )


@pytest.mark.parametrize("blocker", list(Blocker))
def test_every_blocker_has_words(blocker: Blocker) -> None:
    assert f"blocked_by_{blocker}" in gap_words()
