"""Role by route by somebody else's object: every foreign access answers as if the thing did not exist.

Generated from the OpenAPI document. A route that nobody classified, or whose ids nobody can make, fails here.
"""

import asyncio
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient, Response

from api import dependencies
from api.routing import Reach
from core.accounts.authenticate import Signed
from core.accounts.errors import NotSignedIn
from core.actors import Actor, Grant, Role, ScopeKind
from core.db import Database, Session, UtcDateTime
from core.ids import new_id
from migrations.metadata import load_tables
from tests.api.examples import example_of
from tests.builders.cases import OFFICE, a_registered_case
from tests.builders.sittings import Court, in_deliberation

# Access is decided in our code, not by the database: one database is enough for thousands of requests.
pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    pytest.mark.timeout(600),
]
ELSEWHERE: Final = "ZM-03-CHP"
OTHER_PANEL: Final = new_id()
OF_AN_OFFICE: Final = (
    Role.FIRST_LINE, Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR, Role.COORDINATOR, Role.IMMIGRATION,
)  # fmt: skip
OF_A_PANEL: Final = (Role.CHAIR, Role.MEMBER, Role.SECRETARY, Role.ADVISER)
OF_OWN_CASES: Final = (
    Role.GUARDIAN,
    Role.LAWYER,
    Role.INTERPRETER,
    Role.ESCORT,
    Role.CARER,
    Role.PROVIDER,
)
OF_ANOTHER_COUNTRY: Final = (
    Role.SECRETARIAT, Role.SECRETARIAT_HEAD, Role.DATA_PROTECTION, Role.DETENTION_MONITOR, Role.AUDITOR,
)  # fmt: skip
WITHOUT_CASES: Final = (Role.ADMINISTRATOR, Role.STATISTICIAN)
# An administrator sets up the panels of the own country as bodies, not what they hear.
SET_UP_BY_ADMINISTRATORS: Final = {"panel_id", "member_id"}
# Which table an id in a path belongs to. An id this table does not name fails the build.
TABLE_OF: Final = {
    "determination_id": "determination", "appeal_id": "appeal", "review_id": "determination_review", "minutes_id": "minutes",
    "deferral_id": "deferral", "question_id": "deferral_question",
    "case_id": "case_file", "other_case_id": "case_file", "item_id": "agenda_item", "sitting_id": "sitting",
    "panel_id": "panel", "assessment_id": "assessment", "attachment_id": "attachment",
    "facility_id": "facility", "member_id": "panel_member", "tracing_id": "tracing", "visit_id": "follow_up_visit",
    "action_id": "plan_action", "conflict_id": "conflict", "consent_id": "consent", "withhold_id": "consent_withhold",
    "override_id": "consent_override", "guardian_id": "guardian", "interpreter_id": "interpreter",
    "merge_id": "case_merge", "request_id": "sensitive_request", "report_id": "follow_up_report",
    "placement_id": "placement", "entry_id": "attendance", "task_id": "task",
    "emergency_id": "emergency_action", "access_id": "case_access",
    "recall_id": "exchange_recall", "disagreement_id": "disagreement",
    "transfer_id": "transfer", "message_id": "transfer_message", "document_id": "document_in",
    "grant_id": "grant_given", "held_id": "grant_held", "arrival_id": "delivery_in",
    "plan_id": "sitting_plan", "busy_id": "busy_time",
    "guest_id": "guest", "guest_item_id": "guest_item", "answer_id": "guest_reply", "paper_id": "guest_upload",
    "paper_answer_id": "paper_answer",
}  # fmt: skip
VALUES: Final = {"trigger": "B1", "code": "D4", "origin": "ZM", "destination": "NA"}
TWICE_IS_ONCE: Final = {("DELETE", "/cases/{case_id}/linked-children/{other_case_id}")}
Answer = tuple[int, str]  # status and what was said
PUBLIC_DATA: Final = {"/facilities/{facility_id}"}  # the registry of facilities is no child's


def actors(administered: str = "ZM") -> list[Actor]:
    """People who have nothing to do with the child, one for each role and its widest reach.

    Args:
        administered: country of those who never see a case but set up and count what is in their country.
    """
    of_office = [_actor(role, ScopeKind.OFFICE, ELSEWHERE) for role in OF_AN_OFFICE]
    of_panel = [_actor(role, ScopeKind.PANEL, OTHER_PANEL) for role in OF_A_PANEL]
    of_own = [_actor(role, ScopeKind.OWN, "") for role in OF_OWN_CASES]
    abroad = [_actor(role, ScopeKind.COUNTRY, "NA", "NA") for role in OF_ANOTHER_COUNTRY]
    without = [
        _actor(role, ScopeKind.COUNTRY, administered, administered) for role in WITHOUT_CASES
    ]
    return of_office + of_panel + of_own + abroad + without


def _actor(role: Role, scope: ScopeKind, ref: str, country: str = "ZM") -> Actor:
    return Actor(new_id(), new_id(), country, frozenset({Grant(role, scope, ref)}))


class World:
    """Somebody else's child with something of every kind, and the ids of all of it."""

    def __init__(self, session: Session, court: Court) -> None:
        assert court.team is not None
        self.court = court
        self.case_id = court.team.case_id
        self.metadata = load_tables()
        self.ids = {
            "case_file": self.case_id, "agenda_item": court.item_id, "sitting": court.sitting_id,
            "panel": court.panel_id, "panel_member": next(iter(court.members.values())),
        }  # fmt: skip
        for name in sorted(set(TABLE_OF.values()) - set(self.ids)):
            self.ids[name] = self._some_row(session, self.metadata.tables[name])
        session.commit()

    def id_for(self, parameter: str) -> str:
        """Return an id that exists and belongs to this child."""
        return VALUES.get(parameter) or self.ids[TABLE_OF[parameter]]

    def _some_row(self, session: Session, table: sa.Table) -> str:
        found = session.execute(sa.select(table.c.id).limit(1)).scalar()
        if found is not None:
            return str(found)
        row = {c.name: self._value(session, c) for c in table.columns if not c.nullable}
        if "case_id" in table.c:
            row["case_id"] = self.case_id
        if table.name == "conflict":  # one that was ruled to be none, so that it closes nothing
            row |= {"item_id": self.court.item_id, "state": "dismissed"}
        if table.name == "case_merge":
            row["losing_id"] = a_registered_case(session, office=OFFICE).id
        session.execute(sa.insert(table).values(**row))
        return str(row["id"])

    def _value(self, session: Session, column: sa.Column[Any]) -> Any:
        if column.name == "id":
            return new_id()
        for key in column.foreign_keys:
            table = key.column.table
            return self.ids.get(table.name) or self._some_row(session, table)
        kind = datetime if isinstance(column.type, UtcDateTime) else _python_type(column.type)
        fixed: dict[type, Any] = {
            str: "x", int: 1, bool: True, bytes: b"", datetime: datetime.fromisoformat("2026-03-02T12:00:00+00:00"),
            date: date(2026, 3, 2), dict: {}, list: [], float: 1.0,
        }  # fmt: skip
        return fixed[kind]


def _python_type(kind: Any) -> type:
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, sa.JSON):
        return dict
    found: type = kind.python_type
    return found


@pytest.fixture
def world(database: Database) -> World:
    """A case on the table of a sitting, in deliberation."""
    with Session(database.engine, expire_on_commit=False) as session:
        session.info["vault"] = database.vault
        return World(session, in_deliberation(session))


def routes(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every operation: method, path, description."""
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _parameters(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


def _about_children(app: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    wanted = {Reach.CASE, Reach.PANEL, Reach.OFFICE}
    return [
        (method, path, operation)
        for method, path, operation in routes(app)
        if operation.get("x-reach") in wanted and _parameters(path) and path not in PUBLIC_DATA
    ]


def _body(operation: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return {"json": example_of(content["application/json"]["schema"], components)}
    return (
        {"content": b"x", "headers": {"content-type": "application/octet-stream"}}
        if content
        else {}
    )


def _send(
    client: TestClient, method: str, path: str, ids: dict[str, str], body: dict[str, Any]
) -> Answer:
    return _plain(client.request(method, path.format(**ids), **body), ids)


def _plain(answer: Response, ids: dict[str, str]) -> Answer:
    text = re.sub(r'"instance":"[^"]*"', "", answer.text)
    for value in ids.values():
        text = text.replace(value, "ID")
    return answer.status_code, text


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign in whom a test names, where the application asks who it is: an override would rebuild each route."""
    monkeypatch.setattr(dependencies, "actor_of", lambda *_args, **_named: _signed(Somebody.is_now))
    Somebody.is_now = None


class Somebody:
    """Who sends the next request."""

    is_now: Actor | None = None


def _signed(actor: Actor | None) -> Signed:
    if actor is None:
        raise NotSignedIn
    return Signed(actor, None, None)


def _as(actor: Actor) -> None:
    Somebody.is_now = actor


def test_every_route_says_whom_it_is_for(app: FastAPI) -> None:
    found = list(routes(app))

    missing = [(m, p) for m, p, operation in found if operation.get("x-reach") not in set(Reach)]

    assert len(found) > 100
    assert missing == []


def test_every_id_in_a_path_is_known_to_the_matrix(app: FastAPI) -> None:
    unknown = {
        name
        for _, path, _ in _about_children(app)
        for name in _parameters(path)
        if name not in TABLE_OF and name not in VALUES
    }

    assert unknown - {"child_code"} == set()


def test_everything_but_what_is_public_needs_somebody_signed_in(
    app: FastAPI, client: TestClient
) -> None:
    components = app.openapi()["components"]["schemas"]
    for method, path, operation in routes(app):
        if operation["x-reach"] == Reach.PUBLIC:
            continue
        ids = (
            {name: new_id() for name in _parameters(path)} | VALUES | {"child_code": "KQ7M-3RTX-9A"}
        )
        body = _body(operation, components)
        status, _ = _send(client, method, path, ids, body)
        assert status in {401, 422}, f"{method} {path} answered {status} to a stranger"


def test_a_foreign_object_answers_exactly_like_one_that_does_not_exist(
    app: FastAPI, client: TestClient, world: World
) -> None:
    assert client.get("/healthz").status_code == 200

    routes_asked, understood = asyncio.run(_ask_everything(app, world))

    not_understood = routes_asked - understood
    assert len(routes_asked) > 100
    assert len(not_understood) <= len(routes_asked) // 20, (
        f"bodies nobody accepts: {sorted(not_understood)}"
    )


async def _ask_everything(
    app: FastAPI, world: World
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Send each route as everybody, about what is foreign and about what is nowhere; thousands of requests.

    In one event loop and without a socket: a test client crosses between threads eight times for each request.
    """
    components = app.openapi()["components"]["schemas"]
    understood: set[tuple[str, str]] = set()
    found = _about_children(app)
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://testserver") as browser:
        for method, path, operation in found:
            names = [n for n in _parameters(path) if n != "child_code"]
            foreign = {name: world.id_for(name) for name in names} | {"child_code": _code_of(world)}
            nowhere = {n: VALUES.get(n) or new_id() for n in names} | {"child_code": "QQQQ-3333-44"}
            body = _body(operation, components)
            set_up = set(_parameters(path)) <= SET_UP_BY_ADMINISTRATORS
            for actor in actors(administered="NA" if set_up else "ZM"):
                _as(actor)
                theirs, nothing = [
                    _plain(await browser.request(method, path.format(**ids), **body), ids)
                    for ids in (foreign, nowhere)
                ]
                role = next(iter(actor.grants)).role
                assert theirs == nothing, (
                    f"{role} learns from {method} {path}: {theirs} is not {nothing}"
                )
                assert theirs[0] >= 400, f"{role} reaches {method} {path}: {theirs[0]}"
                if theirs[0] != 422:
                    understood.add((method, path))
    return {(method, path) for method, path, _ in found}, understood


def test_ones_own_case_opens_no_door_to_parts_of_another(
    app: FastAPI, client: TestClient, world: World, database: Database
) -> None:
    with Session(database.engine, expire_on_commit=False) as session:
        session.info["vault"] = database.vault
        from tests.builders.procedure import a_team

        own = a_team(session)
        session.commit()
    components = app.openapi()["components"]["schemas"]
    _as(own.worker)
    assert client.get(f"/cases/{own.case_id}").status_code == 200

    for method, path, operation in _about_children(app):
        names = _parameters(path)
        if "case_id" not in names or len(names) < 2 or set(names) & set(VALUES):
            continue
        body = _body(operation, components)
        foreign = {n: world.id_for(n) for n in names} | {"case_id": own.case_id}
        nowhere = {n: new_id() for n in names} | {"case_id": own.case_id}
        theirs, nothing = (_send(client, method, path, ids, body) for ids in (foreign, nowhere))
        assert theirs == nothing, f"{method} {path}: {theirs} is not {nothing}"
        assert theirs[0] >= 400 or (method, path) in TWICE_IS_ONCE


@pytest.mark.rule("R14", "R46", "R49")
def test_a_recused_member_finds_nothing_of_that_item(
    app: FastAPI, client: TestClient, world: World, database: Database
) -> None:
    police = world.court.people["police"]
    before = _with(app, client, police, world)
    with Session(database.engine, expire_on_commit=False) as session:
        session.info["vault"] = database.vault
        from cases.service.access import bar
        from tests.conftest import NOON

        bar(
            session, world.court.people["chair"], case_id=world.case_id,
            person_id=police.person_id, ground="arrest_or_asylum", ref=world.court.item_id, now=NOON,
        )  # fmt: skip
        session.commit()

    after = _with(app, client, police, world)

    assert before == {200}
    assert after == {404}


def _with(app: FastAPI, client: TestClient, actor: Actor, world: World) -> set[int]:
    _as(actor)
    paths = (f"/agenda-items/{world.court.item_id}/papers", f"/cases/{world.case_id}/papers")
    return {client.get(path).status_code for path in paths}


def _code_of(world: World) -> str:
    assert world.court.team is not None
    return str(world.court.team.row.child_code)
