"""The day of travel and children from abroad over HTTP; the rules themselves are tested elsewhere."""

from typing import Any

import pytest

from tests.api.transferring import CAME, Desk, desk
from tests.builders.messages import VALUES
from transfers.rules.codes import MessageType
from transfers.rules.travel_gate import LINES

__all__ = ["desk"]
WHOLE_CHILD = {
    "child_code": "KQ7M-3RTX-9A", "age_band": "10-12", "age_basis": "stated", "sex": "female",
    "languages": ["en"], "accompaniment": "separated",
}  # fmt: skip
SUMMARY = CAME | {
    "ref": "PAPER-0001", "summary_version": 1, "child": WHOLE_CHILD, "asked": ["home_study"],
    "reply_due": "2026-07-01", "contacts": [{"office": "Ministry", "role": "A15"}], "withheld": [],
}  # fmt: skip
PAPER: dict[str, Any] = {
    "schema": "bidx-message/1", "type": "ENQUIRY", "ref": "PAPER-0001",
    "no": "33333333-2222-4333-8444-555555555555", "reply_to": None,
    "body": VALUES[MessageType.ENQUIRY],
}  # fmt: skip


@pytest.mark.rule("R33")
def test_the_checklist_says_line_by_line_why_not(desk: Desk) -> None:
    path = desk.sent()

    found = desk.done("head", "GET", f"{path}/checklist?on=2026-04-01")

    assert found["may_travel"] is False
    assert [line["number"] for line in found["lines"]] == list(range(1, 15))
    assert len({line["says"] for line in found["lines"]}) == LINES
    missing = [one["detail"] for line in found["lines"] for one in line["missing"]]
    assert "There is no determination for this movement." in missing
    assert all(line["holds"] is not bool(line["missing"]) for line in found["lines"])
    assert desk.refused("head", "POST", f"{path}/clearances", {"on": "2026-04-01"}) == (
        409, "not-our-step",
    )  # fmt: skip
    assert desk.refused("writer", "POST", f"{path}/departures")[0] == 409
    assert desk.refused("writer", "DELETE", f"{path}/clearances")[0] == 409


def test_what_somebody_found_out_stays_with_their_name(desk: Desk) -> None:
    path = desk.sent()
    fact = {
        "fact": "escort_checked",
        "answer": "yes",
        "found_on": "2026-03-01",
        "words": "Card seen.",
    }

    desk.done("writer", "POST", f"{path}/facts", fact)
    desk.done("second", "POST", f"{path}/facts", fact | {"answer": "no", "words": None})

    items = desk.done("head", "GET", f"{path}/facts")["items"]
    assert [(one["answer"], one["by"]) for one in items] == [
        ("yes", desk.people["writer"].person_id), ("no", desk.people["second"].person_id),
    ]  # fmt: skip
    for wrong in (
        {"fact": "anything"},
        {"fact": "document:anything"},
        {"answer": "unsure"},
        {"found_on": "2027-01-01"},
    ):
        assert desk.refused("writer", "POST", f"{path}/facts", fact | wrong)[0] == 422
    assert desk.on_record(path.rpartition("/")[2])[-2:] == [
        "travel.fact_recorded",
        "travel.facts_read",
    ]


@pytest.mark.rule("R53")
def test_a_child_from_abroad_is_matched_by_an_officer(desk: Desk) -> None:
    path = desk.inbound()
    names = {"names": {"given": "Amani", "family": "Mwila"}}

    found = desk.done("writer", "POST", f"{path}/candidates", names)
    desk.done("writer", "PUT", f"{path}/case", {"case_id": desk.case_id})

    assert isinstance(found["items"], list)
    of_case = desk.done("worker", "GET", f"/cases/{desk.case_id}/transfers")["items"]
    assert f"/transfers/{of_case[0]['id']}" == path
    assert desk.refused("writer", "POST", f"{path}/cases", {"office": "ZM-07-LIV"})[0] == 409


def test_a_case_is_opened_for_a_child_nobody_knows(desk: Desk) -> None:
    path = desk.inbound()
    assert desk.refused("writer", "POST", f"{path}/cases", {"office": "ZM-99-XX"})[0] == 422

    made = desk.done("writer", "POST", f"{path}/cases", {"office": "ZM-07-LIV"})

    assert desk.done("head", "GET", f"/cases/{made['id']}/transfers")["items"]


def test_paper_is_taken_in_as_it_was_typed_or_not_at_all(desk: Desk) -> None:
    body = {"country": "NA", "message": PAPER, "summary": SUMMARY}

    made = desk.done("writer", "POST", "/paper-messages", body)

    found = desk.done("head", "GET", f"/transfers/{made['id']}")
    assert found["line"]["state"] == "delivered"
    assert desk.done("writer", "POST", "/paper-messages", body) == made
    for wrong in (
        {"message": PAPER | {"more": 1}}, {"message": {"a": 1.5}}, {"country": "ZM"},
        {"summary": SUMMARY | {"name": "x"}},
    ):  # fmt: skip
        assert desk.refused("writer", "POST", "/paper-messages", body | wrong)[0] == 422
    assert desk.refused("worker", "POST", "/paper-messages", body)[0] == 403


@pytest.mark.threat("TT67")
@pytest.mark.parametrize("person", ["administrator", "abroad", "stranger"])
def test_others_find_nothing(desk: Desk, person: str) -> None:
    path = desk.sent()
    inbound = desk.inbound()
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"{path}/checklist?on=2026-04-01", None),
        ("GET", f"{path}/facts", None),
        (
            "POST",
            f"{path}/facts",
            {"fact": "child_told", "answer": "yes", "found_on": "2026-03-01"},
        ),
        ("POST", f"{path}/clearances", {"on": "2026-04-01"}),
        ("DELETE", f"{path}/clearances", None),
        ("POST", f"{path}/departures", None),
        ("POST", f"{inbound}/candidates", {}),
        ("PUT", f"{inbound}/case", {"case_id": desk.case_id}),
        ("POST", f"{inbound}/cases", {"office": "ZM-07-LIV"}),
    ]

    assert {desk.refused(person, *call) for call in calls} == {(404, "not-there")}
