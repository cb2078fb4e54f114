"""Cases over HTTP: from an alert to an allocated case, and what a stranger never learns."""

from typing import Any

import pytest

from core.actors import Role
from tests.api.desks import OFFICE, Desks, desks
from tests.api.desks import OTHER_OFFICE as OTHER
from tests.api.test_accounts_sign_in import Desk

ALERT = {"office": OFFICE, "source": "border", "in_danger": "no", "in_detention": "no"}
CHILD = {
    "names": {"given": "Amani", "family": "Mutombo"},
    "sex": "female",
    "age_years": 13,
    "age_basis": "stated",
    "nationalities": ["CD"],
    "languages": ["sw"],
    "accompaniment": "unaccompanied",
    "sensitive": {"trafficking": "was promised work"},
}
NEW = {"alert": ALERT, "child": CHILD, "consent_not_asked": "unwell"}


__all__ = ["desks"]


@pytest.fixture
def worker(desks: Desks) -> Desk:
    return desks.of("worker", Role.CASEWORKER)


def registered(worker: Desk, **changes: Any) -> dict[str, Any]:
    answer = worker.send("POST", "/cases/registered", {**NEW, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_from_an_alert_to_an_allocated_case(worker: Desk, desks: Desks) -> None:
    opened = worker.send("POST", "/cases", ALERT).json()
    done = worker.send(
        "POST", f"/cases/{opened['case_id']}/registration",
        {"child": CHILD, "consent_not_asked": "unwell", "priority": "high"},
        **{"If-Match": str(opened["version"])},
    ).json()  # fmt: skip
    assert done["local_number"] == "ZM-07-LIV/2026/00001"
    supervisor = desks.of("supervisor", Role.SUPERVISOR)

    answer = supervisor.send(
        "POST", f"/cases/{opened['case_id']}/allocation", {"owner_person": worker.who.person_id}
    )

    assert answer.status_code == 200, answer.text
    file = worker.send("GET", f"/cases/{opened['case_id']}").json()
    assert (file["row"]["state"], file["row"]["priority"]) == ("bia_in_progress", "high")
    assert file["sensitive"]["trafficking"] == "was promised work"


def test_what_is_missing_is_said_in_words_a_worker_understands(worker: Desk) -> None:
    answer = worker.send("POST", "/cases/registered", {"alert": ALERT, "child": {"age_years": 9}})

    assert answer.status_code == 409
    assert [gap["code"] for gap in answer.json()["missing"]] == [
        "consent_or_reason_missing",
        "age_basis_missing",
    ]
    assert "choose why" in answer.json()["missing"][0]["detail"]


def test_nothing_of_a_refused_registration_is_kept(worker: Desk) -> None:
    worker.send("POST", "/cases/registered", {"alert": ALERT, "child": {"age_years": 9}})

    assert worker.send("GET", "/cases").json()["items"] == []


@pytest.mark.rule("R51")
def test_a_foreign_case_and_a_missing_one_answer_alike(worker: Desk, desks: Desks) -> None:
    case_id = registered(worker)["case_id"]
    stranger = desks.of("stranger", Role.CASEWORKER, OTHER)
    nowhere = "11111111-2222-4333-8444-555555555555"

    for path in ("", "/history", "/consents", "/guardians", "/attachments", "/merges"):
        foreign = stranger.send("GET", f"/cases/{case_id}{path}")
        missing = stranger.send("GET", f"/cases/{nowhere}{path}")

        assert foreign.status_code == missing.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**missing.json(), "instance": ""}


def test_a_colleague_sees_the_coded_row_only(worker: Desk, desks: Desks) -> None:
    case_id = registered(worker)["case_id"]

    file = desks.of("colleague", Role.CASEWORKER).send("GET", f"/cases/{case_id}").json()

    assert (file["facts"], file["sensitive"], file["local_number"]) == ({}, {}, None)
    assert file["row"]["sex"] == "female"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STATISTICIAN, Role.IMMIGRATION])
def test_administrator_statistician_and_police_see_no_case(
    worker: Desk, desks: Desks, role: Role
) -> None:
    case_id = registered(worker)["case_id"]
    person = desks.of("other", role, None)

    assert person.send("GET", f"/cases/{case_id}").status_code == 404
    assert person.send("GET", "/cases").json()["items"] == []


@pytest.mark.rule("R46")
def test_police_are_refused_a_search_in_words(worker: Desk, desks: Desks) -> None:
    registered(worker)
    police = desks.of("police", Role.IMMIGRATION)

    answer = police.send("POST", "/cases/search", {"name": "Mutombo"})

    assert (answer.status_code, answer.json()["type"]) == (
        403,
        "/problems/search-not-for-enforcement",
    )


def test_a_child_is_found_by_the_sound_of_the_name(worker: Desk) -> None:
    done = registered(worker)

    found = worker.send("POST", "/cases/search", {"name": "Moutombo"}).json()

    assert [row["id"] for row in found] == [done["case_id"]]


@pytest.mark.rule("R53")
def test_a_possible_duplicate_is_shown_before_saving_and_after(worker: Desk) -> None:
    first = registered(worker)

    before = worker.send("POST", "/cases/duplicate-hints", {"child": CHILD, "district": OFFICE})
    second = registered(worker)

    assert before.json()["seen"][0]["row"]["child_code"] == first["child_code"]
    assert second["hints"]["seen"][0]["row"]["child_code"] == first["child_code"]


def test_the_second_of_two_editors_is_told(worker: Desk) -> None:
    done = registered(worker)
    path, version = f"/cases/{done['case_id']}", str(done["version"])

    first = worker.send("PATCH", path, {"languages": ["fr"]}, **{"If-Match": version})
    second = worker.send("PATCH", path, {"languages": ["en"]}, **{"If-Match": version})

    assert first.json()["version"] > done["version"]
    assert (second.status_code, second.json()["type"]) == (409, "/problems/stale-write")
    assert worker.send("GET", path).json()["facts"]["languages"] == ["fr"]


def test_an_alert_sent_twice_with_one_key_opens_one_case(worker: Desk) -> None:
    sent = [
        worker.send("POST", "/cases", ALERT, **{"Idempotency-Key": "alert-0001"}) for _ in range(2)
    ]

    assert sent[0].json() == sent[1].json()
    assert len(worker.send("GET", "/cases").json()["items"]) == 1


def test_a_list_goes_on_where_the_page_before_ended(worker: Desk) -> None:
    ids = {worker.send("POST", "/cases", ALERT).json()["case_id"] for _ in range(3)}

    first = worker.send("GET", "/cases?limit=2").json()
    rest = worker.send("GET", f"/cases?limit=2&cursor={first['cursor']}").json()

    assert {row["id"] for row in first["items"] + rest["items"]} == ids
    assert rest["cursor"] is None
    assert worker.send("GET", "/cases?cursor=nonsense").status_code == 422


def test_a_supervisor_states_a_purpose_for_highly_sensitive_parts(
    worker: Desk, desks: Desks
) -> None:
    path = f"/cases/{registered(worker)['case_id']}"
    supervisor = desks.of("supervisor", Role.SUPERVISOR)

    closed = supervisor.send("GET", path).json()
    opened = supervisor.send("GET", f"{path}?purpose=review").json()

    assert (closed["closed_parts"], closed["sensitive"]) == ("purpose_needed", {})
    assert opened["sensitive"]["trafficking"] == "was promised work"


@pytest.mark.rule("R53")
def test_two_people_merge_and_both_codes_resolve(worker: Desk, desks: Desks) -> None:
    first, second = registered(worker), registered(worker)
    supervisor = desks.of("supervisor", Role.SUPERVISOR)
    path = f"/cases/{second['case_id']}/merges"
    merge = supervisor.send("POST", path, {"kept_case_id": first["case_id"]}).json()["id"]

    alone = supervisor.send("POST", f"/cases/merges/{merge}/answer", {"approve": True})
    other = desks.of("other", Role.SUPERVISOR)
    together = other.send("POST", f"/cases/merges/{merge}/answer", {"approve": True})

    assert (alone.status_code, together.status_code) == (403, 204)
    for done in (first, second):
        code = worker.send("GET", f"/cases/by-code/{done['child_code']}").json()
        assert code == {"case_id": done["case_id"]}


def test_breaking_the_glass_over_http(worker: Desk, desks: Desks) -> None:
    done = registered(worker)
    chair = desks.of("chair", Role.CHAIR, OTHER)
    assert chair.send("GET", f"/cases/{done['case_id']}").status_code == 404

    answer = chair.send(
        "POST", "/cases/break-glass",
        {"child_code": done["child_code"], "reason": "the child may be taken tonight"},
    )  # fmt: skip

    assert answer.json() == {"case_id": done["case_id"]}
    opened = chair.send("GET", f"/cases/{done['case_id']}").json()
    assert opened["sensitive"]["trafficking"] == "was promised work"


@pytest.mark.parametrize(
    "body",
    [
        {"office": "nowhere"},
        {"office": OFFICE, "surprise": 1},
        {"office": OFFICE, "in_danger": "perhaps"},
        {"office": OFFICE, "words": "x" * 5001},
        {"office": OFFICE, "seen_at": "2026-03-02T12:00:00"},
        {"office": "ZM-99"},
    ],
)
def test_an_alert_that_cannot_be_read_is_refused_with_the_place_named(
    worker: Desk, body: dict[str, Any]
) -> None:
    answer = worker.send("POST", "/cases", body)

    assert answer.status_code == 422
