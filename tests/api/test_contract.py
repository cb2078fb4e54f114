"""The OpenAPI document is kept: requests made from it meet no bug, and every answer is one it names.

Schemathesis makes requests that fit the document and requests that break it. A few of each for every operation
at a desk; ``BID_FUZZ=20`` makes twenty times as many, new ones each time.
"""

import copy
import json
import os
from collections.abc import Iterator
from typing import Any, Final, cast

import hypothesis.strategies as st
import pytest
import schemathesis
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from api.dependencies import signed_in
from cases.rules.access import Basis, Level
from cases.service.access import grant_access
from core.accounts.authenticate import Signed
from core.actors import Actor, Grant, Role, ScopeKind
from core.db import Database, Session
from core.ids import new_id
from migrations.metadata import load_tables
from tests.api.examples import example_of
from tests.api.test_access_matrix import TABLE_OF, VALUES, actors, routes
from tests.builders.cases import a_person_of_the_country
from tests.builders.decided import told
from tests.builders.messages import a_body
from tests.builders.sittings import Court
from tests.builders.transfers import WRITTEN
from tests.conftest import NOON
from transfers.rules.codes import MessageType, Round, TransferKind, TransferReason
from transfers.service import drafting, messages
from transfers.service.drafting import NewTransfer

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    pytest.mark.timeout(1800),
]
FUZZ: Final = int(os.environ.get("BID_FUZZ", "1"))  # how many times more than at a desk
CHECKS: Final = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.negative_data_rejection,
]  # fmt: skip
EDGES: Final[tuple[Any, ...]] = (
    "\ud800", "a\u202eb", "\t", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "2026-03-02T12:00:00", "2026-02-31", "\u00df\u0130\u0149" * 60, "x" * 20_000, "%s%n{}{0}", 2**63, -(2**63) - 1,
    10**40, -1, 0, 1.5, True, None, [], {}, [[]], {"a": {"b": 1}},
)  # fmt: skip


class Scene:
    """A child who was told what a panel decided, and the ids of everything that services made on the way."""

    def __init__(self, session: Session) -> None:
        decided = told(session)
        self.court, self.case_id = decided.court, decided.case_id
        _told_abroad(session, decided.court, decided.case_id)
        tables = load_tables().tables
        found = {
            name: session.execute(sa.select(tables[table].c.id).limit(1)).scalar()
            for name, table in TABLE_OF.items()
        }
        self.ids = VALUES | {name: str(one) for name, one in found.items() if one is not None}


def _told_abroad(session: Session, court: Court, case_id: str) -> None:
    """An enquiry about the child that is being written, with a message beside it."""
    assert court.team is not None
    officer = a_person_of_the_country(Role.SECRETARIAT)
    new = NewTransfer(
        "CD", Round.ENQUIRY, TransferKind.FAMILY_REUNIFICATION, TransferReason.BETTER_PLACED
    )
    made = drafting.open_transfer(session, court.team.coordinator, case_id, new, now=NOON)
    drafting.write_summary(session, officer, made, WRITTEN, now=NOON)
    said = MessageType.RESPONSIBILITY_CHANGE
    messages.write(session, officer, made, said, a_body(said), now=NOON)


@pytest.fixture
def scene(database: Database) -> Scene:
    """The scene, stored."""
    with database.unit_of_work() as session:
        return Scene(session)


@pytest.fixture
def people(app: FastAPI, scene: Scene, database: Database) -> dict[str, Any]:
    """Whoever sends the next request: those around the case, a few with nothing to do with it."""
    team, court = scene.court.team, scene.court
    assert team is not None
    wide = frozenset(
        Grant(role, ScopeKind.COUNTRY, "ZM")
        for role in (Role.CASEWORKER, Role.SUPERVISOR, Role.COORDINATOR, Role.ASSESSOR, Role.SECRETARIAT_HEAD)
    ) | {Grant(role, ScopeKind.PANEL, court.panel_id) for role in (Role.SECRETARY, Role.CHAIR)}  # fmt: skip
    wide_one = Actor(new_id(), new_id(), "ZM", wide)
    with database.unit_of_work() as session:
        grant_access(
            session, team.supervisor, case_id=scene.case_id, person_id=wide_one.person_id, basis=Basis.OWNER,
            level=Level.SENSITIVE, now=NOON,
        )  # fmt: skip
    near = [
        wide_one,
        team.worker,
        team.supervisor,
        team.coordinator,
        court.secretary,
        court.people["chair"],
    ]
    found: dict[str, Any] = {"near": near, "all": [*near, *actors()], "now": near[0]}
    app.dependency_overrides[signed_in] = lambda: Signed(found["now"], None, None)
    return found


def _ready(app: FastAPI) -> Any:
    document = copy.deepcopy(app.openapi())
    for operations in document["paths"].values():
        for operation in operations.values():  # keys belong to who signed in: test_hostile has them
            kept = [
                one for one in operation.get("parameters", []) if one["name"] != "Idempotency-Key"
            ]
            operation["parameters"] = kept
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    return schema


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_the_document_names(
    app: FastAPI, scene: Scene, people: dict[str, Any], mode: GenerationMode
) -> None:
    client = asgi.get_client(cast("Any", app))
    seen: set[int] = set()
    sent: set[str] = set()

    for found in _ready(app).get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=2 * FUZZ, database=None, deadline=None, derandomize=FUZZ == 1,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(
            case=operation.as_strategy(generation_mode=mode),
            who=st.sampled_from(people["all"]),
            near=st.booleans(),
        )
        def try_it(case: Any, who: Actor, near: bool) -> None:
            people["now"] = people["near"][0] if near else who
            if near and mode is GenerationMode.POSITIVE:
                _point_at_what_exists(case, scene)
            answer = case.call(session=client)
            seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)
            sent.add(case.operation.label)

        try:
            try_it()
        except Unsatisfiable:  # nothing about this operation can be said wrongly
            assert mode is GenerationMode.NEGATIVE

    assert len(sent) > 200
    assert {404, 422} <= seen
    assert (200 in seen) is (mode is GenerationMode.POSITIVE) or mode is GenerationMode.NEGATIVE


def _point_at_what_exists(case: Any, scene: Scene) -> None:
    for name in list(case.path_parameters or {}):
        case.path_parameters[name] = scene.ids.get(name, case.path_parameters[name])


def test_an_edge_value_in_any_member_of_any_request_meets_no_bug(
    app: FastAPI, scene: Scene, people: dict[str, Any]
) -> None:
    components = app.openapi()["components"]["schemas"]
    client = asgi.get_client(cast("Any", app))
    sent = 0

    for number, (method, path, operation) in enumerate(routes(app)):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        whole = whole_of(content["schema"], components)
        address = path.format_map(_Ids(scene.ids))
        for place, where in enumerate(members_of(whole)):
            for value in _edges(number + place):
                people["now"] = people["near"][0]
                body = put(whole, where, value)
                answer = client.request(
                    method,
                    address,
                    data=json.dumps(body).encode(),
                    headers={"content-type": "application/json"},
                )
                assert answer.status_code < 500, f"{method} {path} {where} {value!r:.60}"
                sent += 1

    assert sent > 500


class _Ids(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return new_id()


def _edges(number: int) -> Iterator[Any]:
    """A share of the values at a desk, another for each member; all of them in a long run."""
    share = len(EDGES) if FUZZ > 1 else 2
    yield from (EDGES[(number * share + one) % len(EDGES)] for one in range(share))


def whole_of(schema: dict[str, Any], components: dict[str, Any], depth: int = 0) -> Any:
    """Return a value with every member there is, optional ones too."""
    while "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        choice = next(
            (one for one in schema["anyOf"] if one.get("type") != "null"), schema["anyOf"][0]
        )
        return whole_of(choice, components, depth)
    if schema.get("type") == "object" and "properties" in schema and depth < 6:
        return {
            name: whole_of(one, components, depth + 1) for name, one in schema["properties"].items()
        }
    if schema.get("type") == "array" and depth < 6:
        count = max(1, schema.get("minItems", 0))
        return [whole_of(schema.get("items", {}), components, depth + 1) for _ in range(count)]
    return example_of(schema, components)


def members_of(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every member of a value, the value itself first."""
    yield where
    if isinstance(value, dict):
        for name, one in value.items():
            yield from members_of(one, (*where, name))
    elif isinstance(value, list) and value:
        yield from members_of(value[0], (*where, 0))


def put(whole: Any, where: tuple[Any, ...], value: Any) -> Any:
    """Return a copy with one member replaced."""
    if not where:
        return value
    changed = copy.deepcopy(whole)
    found = changed
    for step in where[:-1]:
        found = found[step]
    found[where[-1]] = value
    return changed
