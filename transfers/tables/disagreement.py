"""Two countries that see a child's interests differently: the ladder they are on, and what each of them said."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class DisagreementRow(Versioned, table=True):
    """One disagreement about one transfer; ``open_key`` repeats the transfer while it is open: one at a time.

    Source: DOM-5.8.
    """

    __tablename__ = "disagreement"
    __table_args__ = (sa.Index("ix_disagreement_of", "transfer_id", "begun_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    open_key: str | None = Field(default=None, max_length=36, unique=True)
    rung: str = Field(max_length=24)
    rung_since: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    begun_by: str = Field(max_length=36)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=36)
    outcome: str = Field(default="", max_length=32)


class DisagreementEntryRow(SQLModel, table=True):
    """What one side wrote, or what a meeting said, on one rung. Never changed. Source: DOM-5.8."""

    __tablename__ = "disagreement_entry"
    __table_args__ = (sa.UniqueConstraint("disagreement_id", "seq"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    disagreement_id: str = Field(foreign_key="disagreement.id", max_length=36)
    seq: int
    rung: str = Field(max_length=24)
    kind: str = Field(max_length=12)
    held_on: date | None = Field(default=None)
    guardian_heard: bool = Field(default=False)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=36)
    restricted: bytes
