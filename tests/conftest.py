"""Databases for tests: every service test runs on SQLite and on PostgreSQL."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlmodel import Session

from core.accounts import passwords
from core.db import Database
from core.gathering import GatheringSession
from core.vault import MasterKeys, Vault
from migrations.metadata import VERSION_TABLE
from tests.databases import create_schema, make_quick, postgres_server

MASTER_KEYS = MasterKeys("test", {"test": bytes(range(32))})
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


def pytest_configure(config: pytest.Config) -> None:
    """Give each worker of a parallel run its own Prefect home."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    settings.register_profile(
        "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("busy machine")
    # Argon2id at its real cost in every test would take minutes; one test holds the real cost.
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def pytest_collection_finish() -> None:
    """Spare the collector what lives until the end: a tenth of the time of a run went into looking at it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an empty PostgreSQL database of this test worker."""
    with postgres_server(tmp_path_factory) as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = make_quick(Database(f"sqlite:///{path}"))
    create_schema(database.engine)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_database(postgres_address: str) -> Iterator[Database]:
    """A migrated PostgreSQL database shared by the tests of this worker."""
    database = make_quick(Database(postgres_address, Vault(MASTER_KEYS)))
    create_schema(database.engine)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Database]:
    """An empty database that really commits; for tests with two writers, edges or workers."""
    if request.param == "sqlite":
        path = tmp_path / "bid.sqlite3"
        path.write_bytes(sqlite_template.read_bytes())
        database = make_quick(Database(f"sqlite:///{path}", Vault(MASTER_KEYS)))
        yield database
        database.dispose()
        return
    database = request.getfixturevalue("postgres_database")
    yield database
    _empty(database)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One unit of work on an empty database; flushes but does not commit unless the test does."""
    with GatheringSession(database.engine, expire_on_commit=False) as session:
        session.info["vault"] = database.vault
        yield session
        session.rollback()


@pytest.fixture
def now() -> datetime:
    """A fixed moment: Monday 2 March 2026, noon UTC."""
    return NOON


@cache
def _which_are_filled(engine: sa.Engine) -> str:
    """Return the query that names the tables with rows; the tables of a worker stay the same."""
    names = [n for n in sa.inspect(engine).get_table_names() if n != VERSION_TABLE]
    return " UNION ALL ".join(f"SELECT '{n}' WHERE EXISTS (SELECT 1 FROM \"{n}\")" for n in names)


def _empty(database: Database) -> None:
    """Empty the tables that hold rows; most tests committed nothing, and truncating a hundred tables is slow."""
    filled = _which_are_filled(database.engine)
    with database.engine.begin() as connection:
        found = connection.execute(sa.text(filled)).scalars().all()
        if found:  # neither foreign keys nor our own guards are asked while emptying
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for name in found:
            connection.execute(sa.text(f'DELETE FROM "{name}"'))
