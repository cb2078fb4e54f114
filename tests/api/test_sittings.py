"""A sitting over HTTP: papers, declarations, votes; and what a recused member never learns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.dependencies import acting
from core.actors import Actor
from core.db import Database
from tests.builders.sittings import STARTS, Court, a_head, convened
from tests.conftest import NOON

Send = Callable[..., Any]


@pytest.fixture
def court(database: Database) -> Court:
    with database.unit_of_work() as session:
        return convened(session)


@pytest.fixture
def send(app: FastAPI, client: TestClient, court: Court) -> Send:
    """Send a request as one of the panel's people; signing in is tested elsewhere."""
    everybody: dict[str, Actor] = court.people | {
        "secretary": court.secretary,
        "head": court.head,
        "stranger": a_head("NA"),
    }
    machine = {"machine": replace(court.people["chair"], is_human=False)}
    known = everybody | machine

    def who(request: Request) -> Actor:
        return known[request.headers["x-person"]]

    app.dependency_overrides[acting] = who
    app.state.clock = lambda: STARTS + timedelta(minutes=10)

    def go(person: str, method: str, path: str, **body: Any) -> Any:
        json = body or None
        return client.request(method, path, json=json, headers={"x-person": person})

    return go


def in_hand(send: Send, court: Court) -> str:
    """Everybody comes, declares, and the item is in deliberation; returns the item's address."""
    sitting, item = f"/sittings/{court.sitting_id}", f"/agenda-items/{court.item_id}"
    for name, member in court.members.items():
        came = send(
            "secretary", "POST", f"{sitting}/attendance", member_id=member, movement="present"
        )
        assert came.status_code == 201, (name, came.text)
    assert send("chair", "POST", f"{sitting}/open").status_code == 204
    for name in court.people:
        assert send(name, "GET", f"{item}/papers").status_code == 200
        assert send(name, "POST", f"{item}/no-conflict").status_code == 204
    assert send("chair", "POST", f"{item}/call").status_code == 204
    assert send("chair", "POST", f"{item}/deliberation").status_code == 204
    return item


def test_a_sitting_from_arrival_to_opened_votes(send: Send, court: Court) -> None:
    item = in_hand(send, court)

    for name in court.people:
        cast = send(name, "POST", f"{item}/votes", option="O1")
        assert cast.status_code == 201, cast.text
    seen = send("police", "GET", f"{item}/round").json()

    assert cast.json()["all_voted"]
    assert (seen["rule_used"], seen["option"], seen["tally"]) == ("consensus", "O1", {"O1": 5})
    log = send("secretary", "GET", f"/sittings/{court.sitting_id}/quorum").json()
    assert {"open", "call", "deliberation", "vote"} <= {row["moment"] for row in log}
    events = send("secretary", "GET", f"/sittings/{court.sitting_id}/events").json()
    assert [row["seq"] for row in events] == list(range(1, len(events) + 1))


@pytest.mark.rule("R18")
def test_before_the_last_vote_nobody_reads_any(send: Send, court: Court) -> None:
    item = in_hand(send, court)
    send("chair", "POST", f"{item}/votes", option="O2")

    for person in ("chair", "police", "secretary"):
        seen = send(person, "GET", f"{item}/round").json()
        assert (seen["is_sealed"], seen["ballots"], seen["tally"]) == (True, [], {})


@pytest.mark.rule("R14")
def test_to_a_recused_member_the_item_does_not_exist(send: Send, court: Court) -> None:
    item = in_hand(send, court)
    nothing = "/agenda-items/00000000-0000-4000-8000-00000000dead"
    assert send("police", "POST", f"{item}/conflicts", ground="relative").status_code == 201

    for method, path, body in (
        ("GET", "papers", {}),
        ("GET", "conflicts", {}),
        ("GET", "round", {}),
        ("POST", "votes", {"option": "O1"}),
        ("POST", "no-conflict", {}),
    ):
        barred = send("police", method, f"{item}/{path}", **body)
        unknown = send("police", method, f"{nothing}/{path}", **body)
        assert barred.status_code == unknown.status_code == 404
        assert barred.json()["detail"] == unknown.json()["detail"]
    agenda = send("police", "GET", f"/sittings/{court.sitting_id}/items").json()
    assert agenda == []


@pytest.mark.rule("R17")
def test_without_quorum_the_answer_says_in_words_who_is_missing(send: Send, court: Court) -> None:
    sitting = f"/sittings/{court.sitting_id}"
    send(
        "secretary",
        "POST",
        f"{sitting}/attendance",
        member_id=court.members["chair"],
        movement="present",
    )

    refused = send("chair", "POST", f"{sitting}/open")

    assert refused.status_code == 409
    missing = {one["code"]: one["detail"] for one in refused.json()["missing"]}
    assert missing["voters_missing"].startswith("1 voting members are present")


@pytest.mark.rule("R20")
def test_a_machine_may_not_vote(send: Send, court: Court) -> None:
    item = in_hand(send, court)

    assert send("machine", "POST", f"{item}/votes", option="O1").status_code == 403


def test_a_stranger_gets_the_same_answer_everywhere(send: Send, court: Court) -> None:
    for path in (
        f"/panels/{court.panel_id}",
        f"/panels/{court.panel_id}/members",
        f"/sittings/{court.sitting_id}",
        f"/sittings/{court.sitting_id}/items",
        f"/agenda-items/{court.item_id}/papers",
    ):
        assert send("stranger", "GET", path).status_code == 404


def test_the_head_of_the_secretariat_sets_up_a_panel(send: Send, court: Court) -> None:
    made = send(
        "head", "POST", "/panels",
        code="ZM-NEW", name="New", kind="district", countries=["ZM"], district="ZM-07-LIV",
        terms="Terms.", seats=[{"role": "chair", "agency": "welfare", "sector": "social_welfare", "country": "ZM"}],
    )  # fmt: skip
    assert made.status_code == 201, made.text
    address = f"/panels/{made.json()['id']}"

    laxer = send("head", "PUT", f"{address}/rules", voters=1, agencies=1, needs=[])
    terms = send("head", "PUT", f"{address}/terms", text="Better terms.")
    shown = send("head", "GET", address).json()

    assert laxer.status_code == 409
    assert terms.json() == {"number": 2}
    assert (shown["terms"], shown["seats"][0]["role"]) == ("Better terms.", "chair")
    assert send("chair", "GET", "/panels").json()["items"][0]["id"] == court.panel_id
    assert NOON < STARTS
