"""Somebody who holds the database and goes round our code, its guards included."""

import sqlalchemy as sa
from sqlmodel import Session

from panels.tables.guards import drop_statements


def behind_our_back(session: Session, statement: str, **values: str) -> None:
    """Take the guards off and change rows; the guards stay off until the unit of work is rolled back."""
    connection = session.connection()
    for drop in drop_statements(connection.dialect.name):
        connection.execute(sa.text(drop))
    connection.execute(sa.text(statement), values)
    session.expire_all()
