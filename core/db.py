"""The database: SQLite by default, PostgreSQL by address. One unit of work per request or task."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Field, Session, SQLModel

from core.errors import StaleWrite
from core.gathering import GatheringSession

__all__ = [
    "Database",
    "Session",
    "UtcDateTime",
    "Versioned",
    "check_version",
    "is_sqlite",
    "make_engine",
]

if TYPE_CHECKING:
    from core.vault import Vault

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_MILLISECONDS: Final = 30_000


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC time; refuses naive values so that no local time is ever stored."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Store UTC; SQLite keeps no zone, so it gets the naive UTC value."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a time without a zone cannot be stored"
            raise ValueError(msg)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the UTC zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Versioned(SQLModel):
    """A row that two people may edit: the second of two writers is told instead of overwriting.

    Inherit before ``table=True``. SQLAlchemy raises on a lost update; ``unit_of_work`` turns that
    into ``StaleWrite``.
    """

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  SQLAlchemy passes the class
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def check_version(row: Versioned, kind: str, expected: int | None) -> None:
    """Refuse when the caller read an older version than the one stored; None does not ask.

    Raises:
        StaleWrite: somebody changed the record in between.
    """
    if expected is not None and row.version != expected:
        raise StaleWrite(kind=kind, expected=expected, actual=row.version)


def make_engine(address: str) -> Engine:
    """Return an engine with the settings both databases need."""
    if make_url(address).get_backend_name() == "sqlite":
        return _sqlite_engine(address)
    return sa.create_engine(
        address,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        connect_args={"options": "-c timezone=utc -c lock_timeout=30s"},
    )


def _sqlite_engine(address: str) -> Engine:
    engine = sa.create_engine(
        address, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # an answered request survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # Every act writes at least its audit row: taking the write lock first avoids the
        # read-then-upgrade failure that SQLite cannot wait out.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Database:
    """An engine with the vault that opens its sealed columns."""

    def __init__(self, address: str, vault: "Vault | None" = None) -> None:
        self.engine = make_engine(address)
        self.vault = vault

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """Give one session; commit when the block ends, roll everything back when it raises.

        Raises:
            StaleWrite: another writer changed one of the rows in between.
        """
        with GatheringSession(self.engine, expire_on_commit=False) as session:
            session.info["vault"] = self.vault
            try:
                yield session
                session.commit()
            except StaleDataError as error:
                session.rollback()
                raise StaleWrite(kind="record", expected=0, actual=0) from error
            except BaseException:
                session.rollback()
                raise

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def is_sqlite(session: Session) -> bool:
    """Whether this session talks to SQLite (which locks the whole database for a writer)."""
    return session.get_bind().dialect.name == "sqlite"
