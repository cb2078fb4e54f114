"""Officers trust an installation over HTTP; strangers learn our key statement and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.public_calls import CALLS_A_MINUTE, PublicCalls
from api.routing import Reach
from core.actors import Actor, Role
from core.db import Database
from core.exchange.keys import private_members
from core.exchange.published import statements_in
from core.exchange.statements import read_first
from core.ids import new_id
from tests.api.test_access_matrix import routes
from tests.builders.exchange import NAMIBIA, NOW, ZAMBIA, anchor_of
from tests.builders.partners import (
    OPERATOR,
    a_signing_key,
    a_statement,
    an_officer,
    as_file,
    last_groups,
    set_up,
)
from transfers.service import keys

As = Callable[[Actor], TestClient]
HEARD = list(last_groups(anchor_of(NAMIBIA)))
FIRST, SECOND = an_officer(), an_officer()


@pytest.fixture
def ours(database: Database, app: FastAPI) -> None:
    """Zambia's installation with its keys."""
    app.state.public_calls = PublicCalls()
    with database.unit_of_work() as session:
        set_up(session, NOW)


def propose(acting: As) -> str:
    answer = acting(FIRST).post("/partners", json={"statement": a_statement().text})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def confirm(client: TestClient, partner_id: str, channel: str, groups: list[str]) -> Any:
    body = {"channel": channel, "groups": groups}
    return client.post(f"/partners/{partner_id}/confirmations", json=body)


def state_of(acting: As, partner_id: str) -> str:
    return str(acting(FIRST).get(f"/partners/{partner_id}").json()["state"])


@pytest.mark.usefixtures("ours")
def test_two_officers_trust_one_suspends_two_resume_and_two_end(acting: As) -> None:
    partner_id = propose(acting)
    path = f"/partners/{partner_id}"

    assert confirm(acting(FIRST), partner_id, "letter", HEARD).json() == {"state": "half_confirmed"}
    assert confirm(acting(SECOND), partner_id, "video", HEARD).json() == {"state": "active"}
    why = {"reason": "suspicion"}
    assert acting(FIRST).post(f"{path}/revocation", json=why).status_code == 409
    assert acting(FIRST).post(f"{path}/suspension", json=why).json() == {"state": "suspended"}
    assert acting(FIRST).post(f"{path}/resumption").json() == {"state": "suspended"}
    assert acting(SECOND).post(f"{path}/resumption").json() == {"state": "active"}
    acting(SECOND).post(f"{path}/suspension", json=why)
    assert acting(FIRST).post(f"{path}/revocation", json=why).json() == {"state": "suspended"}
    assert acting(SECOND).post(f"{path}/revocation", json=why).json() == {"state": "revoked"}
    assert len(acting(FIRST).get(path).json()["steps"]) == 9


@pytest.mark.threat("TT21")
@pytest.mark.usefixtures("ours")
def test_one_officer_twice_and_another_fingerprint_are_refused_in_words(
    acting: As, database: Database
) -> None:
    partner_id = propose(acting)
    confirm(acting(FIRST), partner_id, "letter", HEARD)

    twice = confirm(acting(FIRST), partner_id, "video", HEARD)
    same_way = confirm(acting(SECOND), partner_id, "letter", HEARD)
    other = confirm(acting(SECOND), partner_id, "video", ["00000", "11111"])

    assert twice.status_code == 403
    assert "two people" in twice.json()["detail"]
    assert "two different ways" in same_way.json()["detail"]
    assert (other.status_code, other.json()["type"]) == (409, "/problems/fingerprint-differs")
    assert state_of(acting, partner_id) == "half_confirmed"
    with database.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT topic FROM outbox")).scalars().all()
    assert "partner.fingerprint_differs" in kept


@pytest.mark.threat("TT20")
@pytest.mark.usefixtures("ours")
def test_a_refused_statement_is_answered_in_words_and_its_alarm_stays(
    acting: As, database: Database
) -> None:
    partner_id = propose(acting)
    confirm(acting(FIRST), partner_id, "letter", HEARD)
    confirm(acting(SECOND), partner_id, "video", HEARD)
    other = a_statement(seq=9, anchor=a_signing_key("somebody in between"))

    path = f"/partners/{partner_id}/statements"
    newer = acting(FIRST).post(path, json={"statement": a_statement(seq=2).text})
    refused = acting(FIRST).post(path, json={"statement": as_file(other).decode()})

    assert newer.json() == {"items": [{"is_new": True, "short_notice": [], "compromised": []}]}
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/statement-refused")
    assert "other_anchor" in refused.json()["detail"]
    assert state_of(acting, partner_id) == "suspended"
    with database.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT topic FROM outbox")).scalars().all()
    assert {"partner.statement_refused", "partner.suspended"} <= set(kept)
    assert acting(SECOND).get(f"/partners/{partner_id}/review").json() == {"items": []}


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.CHAIR, Role.STATISTICIAN])
def test_whoever_has_nothing_to_do_with_partners_finds_nothing(acting: As, role: Role) -> None:
    partner_id = propose(acting)
    client, why = acting(an_officer(role)), {"reason": "x"}

    answers = [
        client.get("/partners"),
        client.get(f"/partners/{partner_id}"),
        client.get(f"/partners/{partner_id}/review"),
        client.get("/installation"),
        client.get("/installation/keys"),
        client.post("/partners", json={"statement": "x"}),
        confirm(client, partner_id, "letter", HEARD),
        client.post(f"/partners/{partner_id}/suspension", json=why),
        client.post(f"/partners/{partner_id}/resumption"),
        client.post(f"/partners/{partner_id}/revocation", json=why),
        client.post(f"/partners/{partner_id}/statements", json={"statement": "x"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert state_of(acting, partner_id) == "proposed"


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECRETARIAT, Role.AUDITOR])
def test_those_who_read_partners_trust_nobody(acting: As, role: Role) -> None:
    partner_id = propose(acting)
    client = acting(an_officer(role))

    assert client.get(f"/partners/{partner_id}").status_code == 200
    assert client.get("/installation").json()["installation"] == ZAMBIA
    assert confirm(client, partner_id, "letter", HEARD).status_code == 404
    assert acting(FIRST).get(f"/partners/{new_id()}").status_code == 404


@pytest.mark.usefixtures("ours")
def test_anybody_learns_our_statement_and_can_check_it(client: TestClient) -> None:
    answer = client.get("/.well-known/bid-exchange")

    (text,) = statements_in(answer.content)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["versions"] == [1]
    assert read_first(text).anchor == anchor_of(ZAMBIA).public
    assert len(client.get("/.well-known/jwks.json").json()["keys"]) == 2


def test_an_installation_without_keys_says_that_it_exchanges_nothing(
    app: FastAPI, client: TestClient
) -> None:
    app.state.public_calls = PublicCalls()

    answer = client.get("/.well-known/bid-exchange")

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:bidx:problem:not-set-up"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.threat("TT14")
@pytest.mark.usefixtures("ours")
def test_one_address_that_asks_too_often_waits_and_others_do_not(app: FastAPI) -> None:
    def asks(address: str) -> int:
        with TestClient(app, client=(address, 50000)) as client:
            answer = client.get("/.well-known/bid-exchange")
        if answer.status_code == 429:
            assert answer.json()["type"] == "urn:bidx:problem:slow-down"
            assert answer.headers["retry-after"].isdigit()
        return answer.status_code

    app.state.public_calls = PublicCalls(3)

    assert [asks("192.0.2.10") for _ in range(5)] == [200, 200, 200, 429, 429]
    assert asks("198.51.100.7") == 200
    assert CALLS_A_MINUTE >= 60


@pytest.mark.threat("TT26")
def test_no_public_address_ever_shows_a_private_member(
    app: FastAPI, client: TestClient, database: Database, ours: None
) -> None:
    with database.unit_of_work() as session:
        keys.rotate(session, OPERATOR, a_signing_key("next"), anchor_of(ZAMBIA), now=NOW)
    public = [
        path
        for method, path, operation in routes(app)
        if method == "GET" and operation["x-reach"] == Reach.PUBLIC and "{" not in path
    ]

    shown = {path: client.get(path) for path in public}

    assert {"/.well-known/bid-exchange", "/.well-known/jwks.json"} <= set(public)
    for path, answer in shown.items():
        if "json" in answer.headers["content-type"]:
            assert list(private_members(answer.json())) == [], path
    statement = json.dumps(
        read_first(shown["/.well-known/bid-exchange"].json()["key_statement"]).claims
    )
    assert list(private_members(json.loads(statement))) == []
