"""Questions that every act in a sitting asks several times: built once, answered with plain values.

Building a query and making row objects of its answer takes longer than the database does.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel


def table(kind: type[SQLModel]) -> sa.Table:
    """Return the table of a row class."""
    found: sa.Table = kind.__table__  # type: ignore[attr-defined]
    return found


def values(session: Session, query: sa.Select[Any], **given: Any) -> Sequence[sa.Row[Any]]:
    """Ask a query over tables; what this unit of work has changed is written first."""
    session.flush()
    return session.execute(query, given).all()
