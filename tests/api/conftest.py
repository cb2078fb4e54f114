"""The API over a test database, and people who are signed in to it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.dependencies import signed_in
from core.accounts.authenticate import Signed
from core.actors import Actor
from core.db import Database
from core.settings import Settings
from tests.markup import faults_of


@pytest.fixture(scope="session")
def built_app() -> FastAPI:
    """The application, built once: two hundred routes take seconds."""
    nowhere = Database("sqlite://")
    return create_app(Settings(secure_cookies=False, procedure_runner="off"), nowhere)


@pytest.fixture
def app(built_app: FastAPI, database: Database, tmp_path: Path, now: datetime) -> Iterator[FastAPI]:
    """The application over this test's database, its clock standing still at ``now``."""
    settings = Settings(data_dir=tmp_path / "data", secure_cookies=False, procedure_runner="off")
    built_app.state.database, built_app.state.settings = database, settings
    built_app.state.clock = lambda: now
    yield built_app
    built_app.dependency_overrides.clear()


@pytest.fixture(autouse=True)
def _pages_are_valid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold every page that any test of the API meets against the standard of HTML, in whatever state it is."""
    met: dict[str, tuple[str, ...]] = {}
    plain = TestClient.request

    def request(self: TestClient, method: str, url: str, **named: Any) -> Any:
        answer = plain(self, method, url, **named)
        if answer.headers.get("content-type", "").startswith("text/html") and answer.text:
            met[f"{method} {url}"] = faults_of(answer.text)
        return answer

    monkeypatch.setattr(TestClient, "request", request)
    yield
    assert [f"{page}: {fault}" for page, faults in met.items() for fault in faults] == []


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser or machine that is not signed in."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def later(app: FastAPI, now: datetime) -> Callable[[timedelta], datetime]:
    """Move the application's clock."""

    def move(by: timedelta) -> datetime:
        app.state.clock = lambda: now + by
        return now + by

    return move


As = Callable[[Actor], TestClient]


@pytest.fixture
def acting(app: FastAPI, client: TestClient) -> As:
    """Let the next requests be those of this person."""

    def become(actor: Actor) -> TestClient:
        app.dependency_overrides[signed_in] = lambda: Signed(actor, None, None)
        return client

    return become
