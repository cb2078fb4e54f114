"""The one statement the two databases spell through different modules: insert or, on conflict, something else."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(session: Session) -> Callable[[Any], Any]:
    """Return the ``insert`` of this session's database, which has ``on_conflict_do_…``."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
