"""Consent, guardian, interpreter, linked children and files over HTTP."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from core.actors import Role
from tests.api.desks import Desks, desks
from tests.api.test_accounts_sign_in import Desk
from tests.api.test_cases import CHILD, NEW, registered

__all__ = ["desks"]

PDF = b"%PDF-1.7 " + bytes(range(256)) * 9000  # more than two chunks


@pytest.fixture
def worker(desks: Desks) -> Desk:
    return desks.of("worker", Role.CASEWORKER)


@pytest.fixture
def case(worker: Desk) -> str:
    return f"/cases/{registered(worker)['case_id']}"


def announced(worker: Desk, case: str, **changes: Any) -> str:
    body = {
        "kind": "letter", "sensitivity": "res", "media_type": "application/pdf",
        "title": "Letter of the aunt", **changes,
    }  # fmt: skip
    made = worker.send("POST", f"{case}/attachments", body)
    assert made.status_code == 201, made.text
    return f"{case}/attachments/{made.json()['id']}/content"


def sent(worker: Desk, path: str, data: bytes) -> Any:
    headers = {
        "X-CSRF-Token": worker.csrf,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/octet-stream",
    }
    return worker.client.put(path, content=data, headers=headers)


def test_a_file_is_sent_sealed_listed_and_read_back(worker: Desk, case: str, app: FastAPI) -> None:
    path = announced(worker, case)

    assert sent(worker, path, PDF).status_code == 204

    stored = [p for p in Path(app.state.settings.files_dir).rglob("*") if p.is_file()]
    assert len(stored) == 1
    assert b"%PDF" not in stored[0].read_bytes()
    listed = worker.send("GET", f"{case}/attachments").json()
    assert [(a["title"], a["size"]) for a in listed] == [("Letter of the aunt", len(PDF))]
    opened = worker.client.get(path)
    assert opened.content == PDF
    assert opened.headers["cache-control"] == "no-store"
    assert opened.headers["content-disposition"] == "attachment"


def test_a_file_is_sent_once_and_only_by_who_announced_it(
    worker: Desk, case: str, desks: Desks
) -> None:
    path = announced(worker, case)
    supervisor = desks.of("supervisor", Role.SUPERVISOR)

    assert sent(supervisor, path, PDF).status_code == 404
    assert sent(worker, path, PDF).status_code == 204
    again = sent(worker, path, PDF)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")


def test_a_file_larger_than_allowed_or_not_what_it_says_leaves_nothing_behind(
    worker: Desk, case: str, app: FastAPI
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"max_file_mib": 1})

    too_large = sent(worker, announced(worker, case), PDF)
    wrong_kind = sent(worker, announced(worker, case), b"MZ")

    assert (too_large.status_code, wrong_kind.status_code) == (422, 422)
    assert worker.send("GET", f"{case}/attachments").json() == []


def test_a_broken_transmission_is_simply_sent_again(worker: Desk, case: str, app: FastAPI) -> None:
    path = announced(worker, case)
    settings = app.state.settings
    app.state.settings = settings.model_copy(update={"max_file_mib": 1})
    sent(worker, path, PDF)
    app.state.settings = settings

    assert sent(worker, path, PDF).status_code == 204
    assert worker.client.get(path).content == PDF


def test_somebody_not_signed_in_sends_and_reads_nothing(
    worker: Desk, case: str, app: FastAPI
) -> None:
    path = announced(worker, case)
    stranger = TestClient(app)
    octets = {"Content-Type": "application/octet-stream"}

    assert stranger.put(path, content=PDF, headers=octets).status_code == 401
    assert stranger.get(path).status_code == 401


def test_a_consent_is_given_shown_and_withdrawn(worker: Desk, case: str, now: datetime) -> None:
    body = {"given_by": "child", "assent": "yes", "given_on": now.date().isoformat(),
            "purposes": ["tracing"], "share_with": ["family"], "words": "only my aunt"}  # fmt: skip
    made = worker.send("POST", f"{case}/consents", body).json()["id"]

    shown = worker.send("GET", f"{case}/consents").json()["consents"][0]
    gone = worker.send("POST", f"{case}/consents/{made}/withdrawal", **{"If-Match": "1"})

    assert (shown["words"], shown["withdrawn_at"]) == ("only my aunt", None)
    assert gone.status_code == 204
    assert worker.send("GET", f"{case}/consents").json()["consents"][0]["withdrawn_at"]


@pytest.mark.rule("R48")
def test_an_override_is_asked_by_one_and_answered_by_another(
    worker: Desk, case: str, desks: Desks, now: datetime
) -> None:
    supervisor = desks.of("supervisor", Role.SUPERVISOR)
    body = {"purpose": "tracing", "receiver": "NA", "legal_basis": "vital_interests",
            "reason": "mother is ill there", "child_told": True,
            "expires_on": now.date().isoformat()}  # fmt: skip
    made = supervisor.send("POST", f"{case}/overrides", body).json()["id"]

    alone = supervisor.send("POST", f"{case}/overrides/{made}/answer", {"approve": True})
    second = desks.of("second", Role.SUPERVISOR)
    other = second.send("POST", f"{case}/overrides/{made}/answer", {"approve": True})

    assert (alone.status_code, other.status_code) == (403, 204)
    shown = worker.send("GET", f"{case}/consents").json()["overrides"][0]
    assert (shown["approved"], shown["reason"]) == (True, "mother is ill there")


def test_withheld_items_are_noted_and_released(worker: Desk, case: str) -> None:
    body = {"item": "family_links", "from_whom": "NA", "reason": "fear_of_harm"}
    made = worker.send("POST", f"{case}/withheld", body).json()["id"]

    shown = worker.send("GET", f"{case}/consents").json()["withheld"]
    assert worker.send("DELETE", f"{case}/withheld/{made}").status_code == 204

    assert [(w["item"], w["from_whom"]) for w in shown] == [("family_links", "NA")]
    assert worker.send("GET", f"{case}/consents").json()["withheld"] == []


def test_adviser_then_guardian_then_nobody(
    worker: Desk, case: str, desks: Desks, now: datetime
) -> None:
    body = {"kind": "stop_gap_adviser", "name": "Sister Agnes", "contact": "mission",
            "appointed_by": "office", "from_on": now.date().isoformat(),
            "independent": True}  # fmt: skip
    assert worker.send("POST", f"{case}/guardians", body).status_code == 201
    supervisor = desks.of("supervisor", Role.SUPERVISOR)
    appointed = {**body, "kind": "guardian", "name": "Grace"}
    made = supervisor.send("POST", f"{case}/guardians", appointed).json()["id"]

    shown = worker.send("GET", f"{case}/guardians").json()
    ended = supervisor.send("POST", f"{case}/guardians/{made}/end", {"reason": "moved"})

    assert {g["name"]: g["ended_on"] is None for g in shown} == {
        "Sister Agnes": False,
        "Grace": True,
    }
    assert ended.status_code == 204
    refused = supervisor.send("POST", f"{case}/guardians", {**body, "independent": False})
    assert refused.json()["type"] == "/problems/guardian-not-independent"


@pytest.mark.rule("R10")
def test_a_child_who_needs_an_interpreter_is_allocated_once_one_is_assigned(
    worker: Desk, desks: Desks, now: datetime
) -> None:
    done = registered(worker, child={**CHILD, "interpreter_needed": True})
    case = f"/cases/{done['case_id']}"
    supervisor = desks.of("supervisor", Role.SUPERVISOR)
    owner = {"owner_person": worker.who.person_id}
    refused = supervisor.send("POST", f"{case}/allocation", owner)
    today = now.date().isoformat()
    body = {"name": "Yusuf", "languages": ["sw"], "undertaking_on": today,
            "undertaking_until": today, "is_tied": False}  # fmt: skip

    made = worker.send("POST", f"{case}/interpreters", body)

    assert [gap["code"] for gap in refused.json()["missing"]] == ["interpreter_missing"]
    assert supervisor.send("POST", f"{case}/allocation", owner).status_code == 200
    assert worker.send("GET", f"{case}/interpreters").json()[0]["name"] == "Yusuf"
    ended = worker.send("POST", f"{case}/interpreters/{made.json()['id']}/end")
    assert ended.status_code == 204


def test_a_legal_representative_is_offered(worker: Desk, case: str, now: datetime) -> None:
    body = {"procedure": "asylum", "offered_on": now.date().isoformat(), "answer": "later"}

    assert worker.send("POST", f"{case}/legal-offers", body).status_code == 201
    assert worker.send("GET", f"{case}/legal-offers").json()[0]["answer"] == "later"


def test_two_sisters_are_linked_in_both_files(worker: Desk) -> None:
    one, other = (registered(worker)["case_id"] for _ in range(2))
    body = {"other_case_id": other, "relation": "sibling"}

    assert worker.send("POST", f"/cases/{one}/linked-children", body).status_code == 204
    shown = worker.send("GET", f"/cases/{other}/linked-children").json()
    assert [(link["case_id"], link["relation"]) for link in shown] == [(one, "sibling")]
    gone = worker.send("DELETE", f"/cases/{one}/linked-children/{other}")
    assert gone.status_code == 204
    assert worker.send("GET", f"/cases/{other}/linked-children").json() == []


@pytest.mark.rule("R47")
def test_a_danger_flag_is_set_by_the_worker_and_lifted_by_a_supervisor(
    worker: Desk, case: str, desks: Desks
) -> None:
    body = {"reason": "an uncle searches for her"}

    assert worker.send("PUT", f"{case}/danger-flag", body).status_code == 204
    assert worker.send("DELETE", f"{case}/danger-flag").status_code == 403
    supervisor = desks.of("supervisor", Role.SUPERVISOR)
    assert supervisor.send("DELETE", f"{case}/danger-flag").status_code == 204


@pytest.mark.rule("R45")
def test_highly_sensitive_parts_are_asked_for_and_answered(
    worker: Desk, case: str, desks: Desks
) -> None:
    supervisor = desks.of("supervisor", Role.SUPERVISOR)
    body = {"sections": ["trafficking"], "purpose": "care", "reason": "for the referral",
            "until": "2026-03-03T12:00:00Z"}  # fmt: skip
    made = worker.send("POST", f"{case}/sensitive-requests", body).json()["id"]
    path = f"{case}/sensitive-requests/{made}/answer"

    answers = [supervisor.send("POST", path, {"approve": True}).status_code for _ in range(2)]

    assert answers == [204, 409]
    shown = supervisor.send("GET", f"{case}/sensitive-requests").json()[0]
    assert (shown["approved"], shown["reason"]) == (True, "for the referral")


def test_the_registration_of_the_examples_is_a_valid_body(worker: Desk) -> None:
    assert registered(worker, **NEW)["priority"] == "medium"
