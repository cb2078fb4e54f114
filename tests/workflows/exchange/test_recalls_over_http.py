"""Officers take a message back and answer one that was taken back, over HTTP, between two installations."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from api.dependencies import acting
from cases.service.access import bar
from core.actors import Actor, Role
from tests.builders.cases import a_caseworker, a_person_of_the_country
from tests.builders.installations import Installation
from tests.builders.line import rows
from tests.builders.transfers import Office, an_enquiry
from tests.workflows.exchange.conftest import Both
from transfers.service import matching, viewing
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow
from transfers.tables.transfer import MessageRow

WHY = {"reason": "consent_withdrawn"}


@pytest.fixture(autouse=True)
def nobody_stays_signed_in(both: Both) -> Iterator[None]:
    yield
    for one in (both.zambia, both.namibia):
        one.app.dependency_overrides.pop(acting, None)


def ask(one: Installation, actor: Actor, method: str, path: str, body: Any = None) -> Any:
    def who(request: Request) -> Actor:
        request.state.actor = actor
        return actor

    one.app.dependency_overrides[acting] = who
    return TestClient(one.app).request(method, path, json=body)


def an_officer(one: Installation, role: Role = Role.SECRETARIAT) -> Actor:
    return a_person_of_the_country(role, country=one.country)


def read_there(both: Both) -> tuple[str, str]:
    """An enquiry that was sent and read; the message as each side knows it."""
    _, _, message = both.zambia.do(an_enquiry)
    both.zambia.run()
    (came,) = rows(both.namibia.database, DeliveryInRow)
    both.namibia.do(
        lambda office: viewing.note_viewed(office.session, [came.message_id], now=both.namibia.now)
    )
    return message, came.message_id


@pytest.mark.threat("TT53")
def test_what_was_read_is_taken_back_closed_at_once_and_answered(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    ours, theirs = read_there(both)

    said = ask(zambia, an_officer(zambia), "POST", f"/messages/{ours}/recalls", WHY)
    zambia.run()
    officer = an_officer(namibia)
    (asked,) = ask(namibia, officer, "GET", "/recalls?only_open=true").json()["items"]
    closed = ask(namibia, officer, "GET", f"/transfers/{asked['transfer_id']}/messages").json()
    done = ask(namibia, officer, "POST", f"/recalls/{asked['id']}/answers", {})
    namibia.run()

    assert said.json() == {"state": "recall_sent"}
    assert (asked["installation"], asked["reason"]) == (zambia.name, "consent_withdrawn")
    assert [one["body"] for one in closed["items"]] == [None]
    assert done.status_code == 204
    assert ask(namibia, officer, "GET", "/recalls?only_open=true").json() == {"items": []}
    assert rows(zambia.database, DeliveryOutRow)[0].state == "recalled"
    kept = [one for one in rows(namibia.database, MessageRow) if one.id == theirs]
    assert [one.restricted for one in kept] == [b""]


@pytest.mark.threat("TT53")
def test_what_may_be_kept_is_open_again_and_a_made_up_reason_keeps_nothing(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    ours, _ = read_there(both)
    ask(zambia, an_officer(zambia), "POST", f"/messages/{ours}/recalls", WHY)
    zambia.run()
    officer = an_officer(namibia)
    (asked,) = ask(namibia, officer, "GET", "/recalls?only_open=true").json()["items"]
    path = f"/recalls/{asked['id']}/answers"

    wrong = ask(namibia, officer, "POST", path, {"declined": "we_like_it"})
    done = ask(namibia, officer, "POST", path, {"declined": "court_order"})
    namibia.run()

    assert (wrong.status_code, done.status_code) == (422, 204)
    assert rows(zambia.database, DeliveryOutRow)[0].state == "recall_declined"
    for one in (zambia, namibia):
        (told,) = ask(one, an_officer(one), "GET", "/recalls").json()["items"]
        assert (told["state"], told["kept_for"]) == ("declined", "court_order")
    again = ask(namibia, officer, "POST", path, {})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")


@pytest.mark.threat("TT67")
@pytest.mark.rule("R14")
def test_nobody_else_takes_back_or_answers_or_learns_of_it(both: Both) -> None:
    zambia, namibia = both.zambia, both.namibia
    ours, _ = read_there(both)
    strangers = [
        an_officer(zambia, Role.ADMINISTRATOR),
        a_caseworker(),
        an_officer(namibia),
    ]

    refused = [ask(zambia, one, "POST", f"/messages/{ours}/recalls", WHY) for one in strangers]
    ask(zambia, an_officer(zambia), "POST", f"/messages/{ours}/recalls", WHY)
    zambia.run()
    officer, barred = an_officer(namibia), an_officer(namibia)
    (asked,) = ask(namibia, officer, "GET", "/recalls?only_open=true").json()["items"]

    def open_and_bar(office: Office) -> None:
        session, transfer = office.session, asked["transfer_id"]
        case_id = matching.open_case(session, officer, transfer, office="NA-CA", now=namibia.now)
        bar(
            session, officer, case_id=case_id, person_id=barred.person_id, ref="item",
            ground="recused", now=namibia.now,
        )  # fmt: skip

    namibia.do(open_and_bar)
    path = f"/recalls/{asked['id']}/answers"
    others = [barred, an_officer(namibia, Role.ADMINISTRATOR), an_officer(zambia)]

    assert {one.status_code for one in refused} == {404}
    assert {ask(namibia, one, "POST", path, {}).status_code for one in others} == {404}
    listed = [ask(namibia, one, "GET", "/recalls?only_open=true") for one in others]
    assert listed[0].json()["items"] == []
    assert [one.status_code for one in listed[1:]] == [404, 404]
    assert ask(namibia, officer, "POST", path, {}).status_code == 204
