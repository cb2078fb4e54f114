"""Keeping accounts, roles and machine tokens over HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from core.actors import Role
from core.db import Database
from tests.api.test_accounts_sign_in import Desk, known, seated
from tests.builders.accounts import PASSWORD, Known, country_wide, in_office

WORKER = {"role": "caseworker", "scope": "office", "ref": "ZM-07-LIV"}
NOBODY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def administrator(client: TestClient, database: Database, now: datetime) -> Desk:
    """The administrator, signed in."""
    return seated(client, known(database, now, "admin", country_wide(Role.ADMINISTRATOR)), now)


def _opened(administrator: Desk, login: str = "t.zimba") -> dict[str, str]:
    body = {"login": login, "name": "Thandiwe Zimba", "email": "t@example.org"}
    answer = administrator.send("POST", "/accounts", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_from_invitation_to_first_sign_in(
    administrator: Desk, app: FastAPI, now: datetime, later: Callable[[timedelta], datetime]
) -> None:
    opened = _opened(administrator)
    given = administrator.send("POST", f"/accounts/{opened['account_id']}/grants", WORKER)
    assert given.status_code == 201
    with TestClient(app) as newcomer:
        welcome = newcomer.post("/invitations/open", json={"token": opened["token"]}).json()
        code = pyotp.TOTP(welcome["secret"]).at(now)
        body = {"token": opened["token"], "password": PASSWORD, "code": code}
        accepted = newcomer.post("/invitations/accept", json=body)
        again = newcomer.post("/invitations/accept", json=body)

        assert len(accepted.json()["recovery_codes"]) == 10
        assert again.status_code == 404
        who = Known(welcome["login"], opened["account_id"], "", welcome["secret"])
        desk = seated(newcomer, who, later(timedelta(minutes=1)))
        assert desk.client.get("/me").json()["grants"] == [WORKER]


def test_an_administrator_cannot_give_themselves_a_role(administrator: Desk) -> None:
    answer = administrator.send("POST", f"/accounts/{administrator.who.account_id}/grants", WORKER)

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/grant-to-oneself"


def test_a_new_role_ends_the_session_of_who_receives_it(
    administrator: Desk, app: FastAPI, database: Database, now: datetime
) -> None:
    who = known(database, now, "t.zimba")
    with TestClient(app) as client:
        desk = seated(client, who, now)

        administrator.send("POST", f"/accounts/{who.account_id}/grants", WORKER)

        assert desk.client.get("/me").status_code == 401


def test_a_role_is_ended_once(administrator: Desk) -> None:
    account = _opened(administrator)["account_id"]
    grant = administrator.send("POST", f"/accounts/{account}/grants", WORKER).json()["id"]

    first = administrator.send("DELETE", f"/accounts/{account}/grants/{grant}")
    second = administrator.send("DELETE", f"/accounts/{account}/grants/{grant}")

    assert (first.status_code, second.status_code) == (204, 404)


def test_a_caseworker_finds_no_accounts_of_others(
    client: TestClient, database: Database, now: datetime
) -> None:
    other = known(database, now, "other")
    desk = seated(client, known(database, now, "worker", in_office(Role.CASEWORKER)), now)

    bodies = []
    for account in (other.account_id, NOBODY):
        for method, path, body in [
            ("GET", f"/accounts/{account}", None),
            ("POST", f"/accounts/{account}/invitation", None),
            ("POST", f"/accounts/{account}/reset", None),
            ("POST", f"/accounts/{account}/suspension", None),
            ("POST", f"/accounts/{account}/restoration", None),
            ("POST", f"/accounts/{account}/grants", WORKER),
        ]:
            answer = desk.send(method, path, body)
            assert answer.status_code == 404, path
            bodies.append({k: v for k, v in answer.json().items() if k != "instance"})

    assert all(body == bodies[0] for body in bodies)
    assert desk.client.get("/accounts").status_code == 403


def test_accounts_are_read_page_by_page(administrator: Desk) -> None:
    for number in range(3):
        _opened(administrator, f"person.{number}")

    first = administrator.client.get("/accounts", params={"limit": 3}).json()
    rest = administrator.client.get(
        "/accounts", params={"limit": 3, "cursor": first["next"]}
    ).json()

    logins = [item["login"] for item in first["items"] + rest["items"]]
    assert sorted(logins) == ["admin", "person.0", "person.1", "person.2"]
    assert rest["next"] is None


def test_a_suspension_read_from_an_older_version_is_refused(administrator: Desk) -> None:
    account = _opened(administrator)["account_id"]
    version = administrator.client.get(f"/accounts/{account}").json()["version"]
    done = administrator.send(
        "POST", f"/accounts/{account}/suspension", **{"If-Match": f'"{version}"'}
    )
    assert done.json()["state"] == "suspended"

    stale = administrator.send(
        "POST", f"/accounts/{account}/restoration", **{"If-Match": f'"{version}"'}
    )

    assert stale.status_code == 409
    assert stale.json()["type"] == "/problems/stale-write"


def test_an_invitation_asked_for_twice_with_one_key_is_made_once(administrator: Desk) -> None:
    body = {"login": "t.zimba", "name": "Thandiwe Zimba"}

    answers = [
        administrator.send("POST", "/accounts", body, **{"Idempotency-Key": "open-t-zimba"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


def test_names_of_colleagues_are_given_and_strangers_left_out(administrator: Desk) -> None:
    me = administrator.who.person_id

    found = administrator.client.get("/accounts/names", params={"person": [me, NOBODY]})

    assert found.json() == [{"person_id": me, "name": "Thandiwe Zimba"}]


def test_a_machine_token_works_until_it_is_revoked(
    client: TestClient, database: Database, app: FastAPI, now: datetime
) -> None:
    desk = seated(client, known(database, now, "worker", in_office(Role.CASEWORKER)), now)
    ends = (now + timedelta(days=90)).isoformat()
    made = desk.send("POST", "/tokens", {"name": "Import", "grants": [WORKER], "ends_at": ends})
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    with TestClient(app) as machine:
        me = machine.get("/me", headers=bearer).json()
        assert (me["is_human"], me["grants"]) == (False, [WORKER])
        listed = desk.client.get("/tokens").json()["items"]
        assert [item["name"] for item in listed] == ["Import"]
        assert made.json()["token"] not in str(listed)

        assert desk.send("DELETE", f"/tokens/{made.json()['id']}").status_code == 204

        assert machine.get("/me", headers=bearer).status_code == 401


def test_a_machine_makes_no_tokens_accounts_or_roles(
    client: TestClient, database: Database, app: FastAPI, now: datetime
) -> None:
    desk = seated(client, known(database, now, "worker", in_office(Role.CASEWORKER)), now)
    ends = (now + timedelta(days=90)).isoformat()
    body = {"name": "Import", "grants": [WORKER], "ends_at": ends}
    bearer = {"Authorization": f"Bearer {desk.send('POST', '/tokens', body).json()['token']}"}
    with TestClient(app) as machine:
        assert machine.post("/tokens", json=body, headers=bearer).status_code == 403
        account = {"login": "new", "name": "New"}
        assert machine.post("/accounts", json=account, headers=bearer).status_code == 403
        password = {"current_password": PASSWORD, "new_password": "seven goats on a slope"}
        assert machine.post("/me/password", json=password, headers=bearer).status_code == 404


@pytest.mark.parametrize("ends_at", ["2027-03-03T12:00:00Z", "2026-03-02T12:00:00Z"])
def test_a_token_for_longer_than_a_year_or_not_at_all_is_refused(
    client: TestClient, database: Database, now: datetime, ends_at: str
) -> None:
    desk = seated(client, known(database, now, "worker", in_office(Role.CASEWORKER)), now)

    body = {"name": "Import", "grants": [WORKER], "ends_at": ends_at}

    assert desk.send("POST", "/tokens", body).status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sign-in", {"login": "x"}),
        ("/sign-in", {"login": "x", "password": "y", "more": 1}),
        ("/sign-in", {"login": "x" * 201, "password": "y"}),
        ("/sign-in", {"login": ["x"], "password": "y"}),
        ("/sign-in/code", {"ticket": "x", "code": "1" * 41}),
        ("/invitations/open", {"token": ""}),
    ],
)
def test_a_badly_formed_sign_in_is_told_without_repeating_it(
    client: TestClient, path: str, body: dict[str, object]
) -> None:
    answer = client.post(path, json=body)

    assert answer.status_code == 422
    assert "1" * 41 not in answer.text


def test_a_role_for_a_panel_nobody_set_up_is_refused(administrator: Desk) -> None:
    account = _opened(administrator)["account_id"]

    answer = administrator.send(
        "POST",
        f"/accounts/{account}/grants",
        {"role": "secretary", "scope": "panel", "ref": NOBODY},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unknown_panel"
