"""Fresh databases to measure on: a folder that vanishes, SQLite in it, PostgreSQL beside it."""

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from core.db import Database
from core.vault import MasterKeys, Vault
from tests.databases import _server_address, create_schema

DIALECTS = ("sqlite", "postgresql")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that vanishes with what is in it."""
    with tempfile.TemporaryDirectory(prefix="bid-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def fresh(dialect: str) -> Iterator[Database]:
    """An empty database with every table."""
    with folder() as within, _address(dialect, within) as address:
        database = Database(address, Vault(MasterKeys.fresh()))
        create_schema(database.engine)
        try:
            yield database
        finally:
            database.dispose()


def versions() -> Sequence[str]:
    """Return the version of PostgreSQL that was measured on."""
    engine = sa.create_engine(_quietly(), poolclass=sa.NullPool)
    with engine.connect() as connection:
        number = connection.exec_driver_sql("SHOW server_version").scalar_one()
    return [f"PostgreSQL {str(number).split()[0]}"]


@contextmanager
def _address(dialect: str, within: Path) -> Iterator[str]:
    if dialect == "sqlite":
        yield f"sqlite:///{within / 'bid.sqlite3'}"
        return
    base, name = make_url(_quietly()), f"bid_bench_{uuid4().hex[:12]}"
    admin = sa.create_engine(base, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    try:
        yield base.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _quietly() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _server_address()
