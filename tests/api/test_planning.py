"""Planning over HTTP: a secretary presses Plan, reads it, asks why, accepts; others find nothing there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.dependencies import acting
from core.actors import Role
from core.db import Database
from tests.builders.planning import made, waiting_children
from tests.builders.sittings import Court, a_court, of_panel
from tests.conftest import NOON
from tests.core.test_calendars import a_calendar

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
Send = Callable[..., Any]
WISHES = {
    "half_days": [{"weekday": 1, "starts": "09:00", "minutes": 180}],
    "timezone": "Africa/Lusaka",
    "place": "Boma",
    "rooms": ["A"],
}


@pytest.fixture
def court(database: Database) -> Court:
    with database.unit_of_work() as session:
        court = a_court(session)
        waiting_children(session, 2)
        return court


@pytest.fixture
def send(app: FastAPI, client: TestClient, court: Court) -> Send:
    known = court.people | {
        "secretary": court.secretary,
        "other": of_panel("another", Role.SECRETARY),
    }

    def who(request: Request) -> Any:
        return known[request.headers["x-person"]]

    app.dependency_overrides[acting] = who

    def go(person: str, method: str, path: str, **body: Any) -> Any:
        return client.request(method, path, json=body or None, headers={"x-person": person})

    return go


def test_from_wishes_to_an_accepted_plan(send: Send, court: Court, database: Database) -> None:
    panel = f"/panels/{court.panel_id}"
    assert send("secretary", "GET", f"{panel}/planning").status_code == 404
    assert send("secretary", "PUT", f"{panel}/planning", **WISHES).status_code == 204
    assert send("secretary", "GET", f"{panel}/planning").json()["place"] == "Boma"
    member = court.members["police"]
    ics = a_calendar("DTSTART:20260310T080000Z\r\nDURATION:PT2H").decode()
    read = send("police", "PUT", f"/panels/members/{member}/calendar", ics=ics)
    assert read.json() == {"busy_times": 1}

    asked = send("secretary", "POST", f"{panel}/sitting-plans", seconds=1)
    assert asked.status_code == 202, asked.text
    plan = f"/sitting-plans/{asked.json()['id']}"
    assert send("secretary", "GET", plan).json()["state"] == "asked"
    assert send("secretary", "POST", f"{plan}/accept").status_code == 409
    with database.unit_of_work() as session:
        made(session)

    shown = send("secretary", "GET", plan).json()
    assert (shown["state"], shown["status"]) == ("draft", "optimal")
    assert set(shown["numbers"]) >= {"unscheduled", "tardiness", "cost"}
    case_id = shown["sittings"][0]["agenda"][0]["case"]
    why = send("secretary", "GET", f"{plan}/cases/{case_id}/why").json()
    assert why["slots"][0]["codes"] == ["release"]
    for person in ("other", "police"):
        assert send(person, "GET", plan).status_code == 404
        assert send(person, "POST", f"{plan}/accept").status_code == 404

    done = send("secretary", "POST", f"{plan}/accept")
    assert done.status_code == 200, done.text
    assert len(done.json()["listed"]) == 2
    [line] = send("secretary", "GET", f"{panel}/sittings").json()
    assert line["state"] == "draft"
    assert send("secretary", "GET", f"{panel}/sitting-plans").json()[0]["state"] == "accepted"


def test_a_plan_of_another_record_is_refused_in_words(
    send: Send, court: Court, database: Database
) -> None:
    panel = f"/panels/{court.panel_id}"
    send("secretary", "PUT", f"{panel}/planning", **WISHES)
    plan = send("secretary", "POST", f"{panel}/sitting-plans", seconds=1).json()["id"]
    with database.unit_of_work() as session:
        made(session)
    starts = (NOON + timedelta(days=2)).isoformat()
    ends = (NOON + timedelta(days=3)).isoformat()
    member = court.members["chair"]
    away = send(
        "chair", "POST", f"/panels/members/{member}/busy-times", starts_at=starts, ends_at=ends
    )
    assert away.status_code == 201

    refused = send("secretary", "POST", f"/sitting-plans/{plan}/accept")

    assert refused.status_code == 409
    assert [one["detail"] for one in refused.json()["missing"]] == [
        "Since this plan was made something changed: members or their absences. Ask for a new plan."
    ]
    assert send("secretary", "POST", f"/sitting-plans/{plan}/set-aside").status_code == 204


def test_rooms_absences_and_the_year_are_kept_by_those_who_may(send: Send, court: Court) -> None:
    panel, member = f"/panels/{court.panel_id}", court.members["police"]
    send("secretary", "PUT", f"{panel}/planning", **WISHES)
    hours = {
        "starts_at": (NOON + timedelta(days=2)).isoformat(),
        "ends_at": (NOON + timedelta(days=3)).isoformat(),
    }

    closed = send("secretary", "POST", f"{panel}/rooms/closed", room="A", **hours)
    entry = send("police", "POST", f"/panels/members/{member}/busy-times", kind="duty", **hours)
    others = send("chair", "GET", f"/panels/members/{member}/busy-times")
    [mine] = send("police", "GET", f"/panels/members/{member}/busy-times").json()
    gone = send("police", "DELETE", f"/panels/busy-times/{entry.json()['id']}")
    year = send("secretary", "GET", f"{panel}/load")

    assert (closed.status_code, entry.status_code, gone.status_code) == (201, 201, 204)
    assert (mine["kind"], others.status_code) == ("duty", 403)
    assert year.json()["sittings"] == 0
    assert send("police", "GET", f"{panel}/load").status_code == 403
