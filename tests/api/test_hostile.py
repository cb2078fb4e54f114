"""Broken and hostile requests: refused in words, nothing lost, nothing done twice, nobody's name let out."""

import base64
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import generate_latest

from api.dependencies import signed_in
from cases.service.cursors import write_cursor
from cases.tables.case_file import CaseRow
from core import idempotency
from core.accounts.authenticate import Signed
from core.actors import Role
from core.db import Database
from core.idempotency import IdempotencyRow
from tests.api.desks import OTHER_OFFICE, Desks, desks
from tests.api.examples import example_of
from tests.api.test_access_matrix import VALUES, World, routes, world
from tests.api.test_accounts_sign_in import Desk
from tests.api.test_cases import ALERT, CHILD, NEW
from tests.cases.playing import table_of
from tests.conftest import NOON

__all__ = ["desks", "world"]
# How a request is read does not depend on the database; where it does, a test runs on both.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NAME = "Zyxwvutsrq"  # a child's name that is no part of any word of ours
NOWHERE = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def worker(desks: Desks) -> Desk:
    """A caseworker at a desk."""
    return desks.of("worker", Role.CASEWORKER)


def count(database: Database) -> int:
    """How many cases there are."""
    with database.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(CaseRow)).scalar_one())


def raw(desk: Desk, content: bytes, kind: str = "application/json", path: str = "/cases") -> Any:
    """Send bytes as they are."""
    headers = {"X-CSRF-Token": desk.csrf, "Content-Type": kind}
    return desk.client.post(path, content=content, headers=headers)


def is_problem(answer: Any, *statuses: int) -> bool:
    """Whether an answer is a refusal in words with one of these statuses."""
    given = answer.headers["content-type"].startswith("application/problem+json")
    return given and answer.status_code in statuses and answer.json()["status"] in statuses


# ---- the shape of a request -------------------------------------------------------------------


@ONE
@pytest.mark.parametrize("declared", [True, False])
def test_ten_megabytes_are_too_much_whether_or_not_they_say_so(
    worker: Desk, database: Database, declared: bool
) -> None:
    body = json.dumps({**ALERT, "words": "x" * 10_000_000}).encode()
    headers = {"X-CSRF-Token": worker.csrf, "Content-Type": "application/json"}

    content: Any = body if declared else iter([body[:5_000_000], body[5_000_000:]])
    answer = worker.client.post("/cases", content=content, headers=headers)

    assert is_problem(answer, 413)
    assert count(database) == 0


@ONE
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/octet-stream"])
@pytest.mark.parametrize("path", ["/sign-in", "/cases"])
def test_ten_megabytes_are_too_much_whatever_they_are_called(
    worker: Desk, kind: str, path: str
) -> None:
    answer = raw(worker, b"x" * 10_000_000, kind, path)

    assert is_problem(answer, 413)


@ONE
def test_a_made_up_method_makes_no_series_of_its_own(worker: Desk, app: FastAPI) -> None:
    worker.client.request("ZYXWVUT", "/healthz")

    assert "ZYXWVUT" not in generate_latest(app.state.metrics.registry).decode()


@ONE
@pytest.mark.parametrize("depth", [200, 5_000, 400_000])
@pytest.mark.parametrize("shape", ["[", '{"a":'])
def test_nesting_without_end_is_refused(
    worker: Desk, database: Database, depth: int, shape: str
) -> None:
    closing = {"[": "]", '{"a":': "1}"}[shape]
    text = shape * depth + closing[:-1] + closing[-1] * depth

    answer = raw(worker, text.encode())

    assert is_problem(answer, 400, 422, 413)
    assert count(database) == 0


@ONE
@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b'"text"', b"1e400", b"NaN", b"{", b"\xff\xfe\x00\x01", b'{"office": "\xed\xa0\x80"}',
        b'{"office": "\\ud800"}', b'{"office": "ZM-07-LIV\\u0000"}', b'\xef\xbb\xbf{"office": 1}',
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_in_words(
    worker: Desk, database: Database, content: bytes
) -> None:
    assert is_problem(raw(worker, content), 400, 422)
    assert count(database) == 0


@ONE
@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "image/png", "", "a/b; charset=\x80"],
)  # fmt: skip
def test_content_of_another_kind_is_refused(worker: Desk, database: Database, kind: str) -> None:
    headers = {b"x-csrf-token": worker.csrf.encode(), b"content-type": kind.encode("latin-1")}

    answer = worker.client.post("/cases", content=json.dumps(ALERT).encode(), headers=headers)

    assert is_problem(answer, 400, 415, 422)
    assert count(database) == 0


@ONE
def test_a_member_given_twice_makes_one_case_of_the_last_word(
    worker: Desk, database: Database
) -> None:
    text = json.dumps(ALERT)[:-1] + ', "in_danger": "yes"}'

    answer = raw(worker, text.encode())

    assert answer.status_code == 201
    file = worker.send("GET", f"/cases/{answer.json()['case_id']}").json()
    assert file["row"]["priority"] == "emergency"
    assert count(database) == 1


@ONE
@pytest.mark.parametrize(
    "value", ["0001-01-01", "9999-12-31", "2026-02-31", "1899-12-31", "2201-01-01", "26-1-1", 10**40, -(2**63) - 1]
)  # fmt: skip
def test_days_at_the_ends_of_the_calendar_are_refused(
    worker: Desk, database: Database, value: Any
) -> None:
    for member in ("birth_date", "age_stated_on"):
        child = {**CHILD, member: value}
        answer = worker.send("POST", "/cases/registered", {**NEW, "child": child})
        assert is_problem(answer, 422)
        assert any(member in one["pointer"] for one in answer.json()["errors"])
    assert count(database) == 0


@ONE
@pytest.mark.parametrize(
    "value",
    ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2026-03-02T12:00:00", "9999-12-31T00:00:00Z"],
)  # fmt: skip
def test_moments_outside_the_calendar_or_without_a_zone_are_refused(
    worker: Desk, database: Database, value: str
) -> None:
    answer = worker.send("POST", "/cases", {**ALERT, "seen_at": value})

    assert is_problem(answer, 422)
    assert count(database) == 0
    listed = worker.send("GET", f"/panels/{NOWHERE}/sittings?since={value.replace('+', '%2B')}")
    assert is_problem(listed, 422)


# ---- what stands in headers and addresses -----------------------------------------------------


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


FORGED = (
    "x", "=", "0" * 200, "%F0%9F%92%A9", "%ED%A0%80", "..%2F..%2Fetc", "%27%20OR%201=1",
    _encoded("|"), _encoded("||"), _encoded(f"1|{NOON.isoformat()}"), _encoded(f"{NOON.isoformat()}|a\x00b"),
    _encoded(f"9999-12-31T23:59:59-23:59|{NOWHERE}"), _encoded(f"0001-01-01T00:00:00+23:59|{NOWHERE}"),
    _encoded(f"1|9999-12-31T23:59:59-23:59|{NOWHERE}"), _encoded(f"99999999999999999999|{NOON.isoformat()}|{NOWHERE}"),
    _encoded(f"1|2026-03-02T12:00:00|{NOWHERE}"), _encoded(f"1|{NOON.isoformat()}|a\x00b"),
    write_cursor(NOON, NOWHERE),
)  # fmt: skip


@pytest.mark.rule("R51")
def test_a_forged_cursor_opens_nothing(worker: Desk, desks: Desks, app: FastAPI) -> None:
    case_id = worker.send("POST", "/cases/registered", NEW).json()["case_id"]
    stranger = desks.of("stranger", Role.CASEWORKER, OTHER_OFFICE)
    lists = [
        path
        for method, path, operation in routes(app)
        if method == "GET" and any(one["name"] == "cursor" for one in operation.get("parameters", []))
    ]  # fmt: skip
    assert "/cases" in lists

    for path in lists:
        for cursor in FORGED:
            answer = stranger.send("GET", f"{path}?cursor={cursor}")
            assert answer.status_code in {200, 403, 404, 422}, f"{path} {cursor}: {answer.text}"
            assert case_id not in answer.text


@ONE
@pytest.mark.parametrize(
    "version", ['"1"x', "99999999999999999999", "-1", "", "*", 'W/"', "²", "1, 2", "\x80", "null"]
)  # fmt: skip
def test_a_version_nobody_can_have_read_is_refused(worker: Desk, version: str) -> None:
    case_id = worker.send("POST", "/cases/registered", NEW).json()["case_id"]
    headers = {b"x-csrf-token": worker.csrf.encode(), b"if-match": version.encode("latin-1")}

    answer = worker.client.patch(
        f"/cases/{case_id}", json={"languages": ["fr"]}, headers=headers
    )  # fmt: skip

    assert is_problem(answer, 409, 422)


@ONE
def test_whoever_read_an_old_version_changes_nothing(worker: Desk) -> None:
    opened = worker.send("POST", "/cases/registered", NEW).json()
    address = f"/cases/{opened['case_id']}"
    read = str(worker.send("GET", address).json()["row"]["version"])
    first = worker.send("PATCH", address, {"languages": ["fr"]}, **{"If-Match": read})
    assert first.status_code == 200, first.text
    before = worker.send("GET", address).json()

    answer = worker.send("PATCH", address, {"languages": ["pt"]}, **{"If-Match": read})

    assert is_problem(answer, 409)
    assert answer.json()["type"] == "/problems/stale-write"
    assert worker.send("GET", address).json() == before


@ONE
def test_an_id_of_the_wrong_form_is_answered_without_a_hint(
    app: FastAPI, client: TestClient, world: World
) -> None:
    worker = world.court.team.worker if world.court.team else None
    assert worker is not None
    app.dependency_overrides[signed_in] = lambda: Signed(worker, None, None)
    forms = (
        "1",
        "..%2F..%2Fetc%2Fpasswd",
        NOWHERE.upper(),
        NOWHERE + "0",
        "%F0%9F%92%A9",
        "%ED%A0%80",
        "'--",
        "%0A",
    )

    for method, path, _ in routes(app):
        names = re.findall(r"{(\w+)}", path)
        if not names or path.startswith(
            ("/problems", "/paper-checks")
        ):  # texts, answered whatever they are
            continue
        for form in forms:
            address = path.format(**{name: VALUES.get(name, form) for name in names})
            answer = client.request(method, address, json={})
            assert answer.status_code in {401, 404, 405, 422}, f"{method} {address}: {answer.text}"
            assert "Traceback" not in answer.text


# ---- the same request again -------------------------------------------------------------------


@ONE
def test_the_same_request_twice_makes_one_case_and_one_answer(
    worker: Desk, database: Database
) -> None:
    key = {"Idempotency-Key": "a key of our own"}

    first = worker.send("POST", "/cases/registered", NEW, **key)
    again = worker.send("POST", "/cases/registered", NEW, **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert count(database) == 1


@ONE
def test_a_key_is_not_good_for_another_request(worker: Desk, database: Database) -> None:
    key = {"Idempotency-Key": "a key of our own"}
    worker.send("POST", "/cases/registered", NEW, **key)

    other = worker.send("POST", "/cases/registered", {**NEW, "priority": "high"}, **key)
    elsewhere = worker.send("POST", "/cases", ALERT, **key)

    assert is_problem(other, 422)
    assert is_problem(elsewhere, 422)
    assert count(database) == 1


@ONE
def test_another_persons_key_is_not_ones_own(
    worker: Desk, desks: Desks, database: Database
) -> None:
    key = {"Idempotency-Key": "a key of our own"}
    first = worker.send("POST", "/cases/registered", NEW, **key)
    colleague = desks.of("colleague", Role.CASEWORKER)

    other = colleague.send("POST", "/cases/registered", NEW, **key)

    assert other.json()["case_id"] != first.json()["case_id"]
    assert count(database) == 2


@ONE
@pytest.mark.parametrize("key", ["short", "x" * 81, "", "\x80"])
def test_a_key_of_the_wrong_form_is_refused(worker: Desk, database: Database, key: str) -> None:
    headers = {b"x-csrf-token": worker.csrf.encode(), b"idempotency-key": key.encode("latin-1")}

    answer = worker.client.post("/cases", json=ALERT, headers=headers)

    assert is_problem(answer, 422)
    assert count(database) == 0


def test_the_same_request_twice_at_the_same_moment_has_one_effect(
    worker: Desk, database: Database
) -> None:
    key = {"Idempotency-Key": "a key of our own"}

    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(worker.send, "POST", "/cases/registered", NEW, **key) for _ in range(4)]
        answers = [one.result() for one in sent]

    assert count(database) == 1
    done = [answer for answer in answers if answer.status_code == 201]
    assert done
    assert len({answer.json()["case_id"] for answer in done}) == 1
    assert all(is_problem(answer, 409) for answer in answers if answer not in done)


@ONE
def test_a_refused_request_takes_no_key(worker: Desk, database: Database) -> None:
    key = {"Idempotency-Key": "a key of our own"}
    wrong = worker.send(
        "POST", "/cases/registered", {"alert": ALERT, "child": {"age_years": 9}}, **key
    )
    assert is_problem(wrong, 409)

    right = worker.send("POST", "/cases/registered", NEW, **key)

    assert right.status_code == 201, right.text
    assert count(database) == 1


# ---- what never leaves ------------------------------------------------------------------------


def _marked(value: Any) -> Any:
    """Put the name into every word of a request body."""
    if isinstance(value, dict):
        return {key: _marked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_marked(one) for one in value]
    return f"{value} {NAME}" if isinstance(value, str) else value


@ONE
@pytest.mark.rule("R49", "R51")
def test_no_refusal_and_no_log_line_ever_holds_a_childs_name(
    worker: Desk, desks: Desks, app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    alert = {**ALERT, "where": NAME, "reported_by": NAME, "words": NAME}
    child = {
        **CHILD,
        "names": dict.fromkeys(("given", "family", "other", "nickname"), NAME),
        "sensitive": {"trafficking": NAME},
    }
    made = worker.send("POST", "/cases/registered", {**NEW, "alert": alert, "child": child})
    assert made.status_code == 201, made.text
    case_id, code = made.json()["case_id"], made.json()["child_code"]
    people = [
        worker, desks.of("supervisor", Role.SUPERVISOR), desks.of("stranger", Role.CASEWORKER, OTHER_OFFICE),
        desks.of("police", Role.IMMIGRATION), desks.of("coordinator", Role.COORDINATOR),
    ]  # fmt: skip
    refusals = 0

    for method, path, operation in routes(app):
        if "{case_id}" not in path or method == "GET":
            continue
        ids = (
            dict.fromkeys(re.findall(r"{(\w+)}", path), NOWHERE)
            | VALUES
            | {"case_id": case_id, "child_code": code}
        )
        for person in people:
            for body in (_body_of(app, operation), _marked(_body_of(app, operation))):
                answer = person.send(method, path.format(**ids), body, **{"If-Match": "77"})
                if answer.status_code >= 400:
                    refusals += 1
                    assert NAME not in answer.text, f"{method} {path}: {answer.text}"

    assert refusals > 200
    assert NAME not in caplog.text
    assert not [one for one in caplog.records if NAME in repr(vars(one))]


def _body_of(app: FastAPI, operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return (
        example_of(content["schema"], app.openapi()["components"]["schemas"]) if content else None
    )


@ONE
@pytest.mark.rule("R49")
def test_a_kept_answer_is_forgotten_after_a_day(worker: Desk, database: Database) -> None:
    worker.send("POST", "/cases/registered", NEW, **{"Idempotency-Key": "a key of our own"})

    with database.unit_of_work() as session:
        assert idempotency.forget_old(session, now=NOON + 2 * idempotency.KEPT_FOR) == 1

    with database.engine.connect() as connection:
        assert not connection.execute(sa.select(table_of(IdempotencyRow))).all()
