"""Whose turn it is: one of several equal processes does a thing, and another takes over when it stops."""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from core.db import UtcDateTime
from core.upsert import insert_for


class TurnRow(SQLModel, table=True):
    """Who does the named thing, and until when unless renewed."""

    __tablename__ = "turn"

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=64)
    until: datetime = Field(sa_type=UtcDateTime)


def take_turn(session: Session, name: str, *, holder: str, lease: timedelta, now: datetime) -> bool:
    """Take or keep the turn; False while another holder's has not run out."""
    table = TurnRow.__table__  # type: ignore[attr-defined]
    until = now + lease
    insert = insert_for(session)(table).values(name=name, holder=holder, until=until)
    statement = insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "until": until},
        where=(table.c.holder == holder) | (table.c.until < now),
    ).returning(
        table.c.name
    )  # the driver of PostgreSQL does not tell how many rows an insert wrote
    return session.execute(statement).first() is not None
