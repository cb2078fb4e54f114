"""Calendar addresses over HTTP."""

from fastapi import FastAPI
from fastapi.testclient import TestClient
from icalendar import Calendar

from api.public_calls import PublicCalls
from core.actors import Role
from tests.api.desks import Desks, desks

__all__ = ["desks"]


def test_a_private_address_is_fetched_without_signing_in_until_it_is_ended(
    desks: Desks, app: FastAPI
) -> None:
    member = desks.of("member", Role.MEMBER)
    made = member.send("POST", "/me/calendar-address")
    path = "/calendars/" + made.json()["address"].rpartition("/")[2]
    stranger = TestClient(app)

    fetched = stranger.get(path)
    ended = member.send("DELETE", "/me/calendar-address")
    afterwards = stranger.get(path)
    guessed = stranger.get("/calendars/" + "x" * 43 + ".ics")

    assert (made.status_code, ended.status_code) == (201, 204)
    assert fetched.headers["content-type"] == "text/calendar; charset=utf-8"
    assert str(Calendar.from_ical(fetched.content)["x-wr-calname"]) == "Panel sittings"
    assert afterwards.status_code == guessed.status_code == 404
    assert afterwards.json()["type"] == guessed.json()["type"]


def test_an_address_that_asks_too_often_is_not_answered(desks: Desks, app: FastAPI) -> None:
    app.state.calendars = PublicCalls(2)
    member = desks.of("member", Role.MEMBER)
    made = member.send("POST", "/me/calendar-address").json()["address"]
    path = "/calendars/" + made.rpartition("/")[2]

    answers = [TestClient(app).get(path).status_code for _ in range(3)]
    app.state.calendars = PublicCalls()

    assert answers == [200, 200, 404]
