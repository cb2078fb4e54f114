"""The one statement the two databases spell through different modules: insert or, on conflict, something else."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(session: Session) -> Callable[[Any], Any]:
    """Return the ``insert`` of this session's database, which has ``on_conflict_do_…``."""
    return insert_of(session.get_bind().dialect.name)


def insert_of(dialect: str) -> Callable[[Any], Any]:
    """Return the ``insert`` of a database by its name."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def insert_once(session: Session, table: Any, values: dict[str, Any], *, unique: list[str]) -> bool:
    """Insert a row unless one with the same unique columns exists; return whether it was inserted.

    Safe with two writers at once. ``rowcount`` is not asked: PostgreSQL's driver does not always tell it.
    """
    first = next(iter(table.primary_key.columns))
    statement = insert_for(session)(table).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=unique).returning(first)
    return session.execute(statement).first() is not None
