"""Rows of family tracing."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class TracingRow(Versioned, table=True):
    """One search for one person. ``sensitive`` holds whether tracing is safe, and why."""

    __tablename__ = "tracing"
    __table_args__ = (sa.Index("ix_tracing_case", "case_id", "opened_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    status: str = Field(max_length=20)
    requester_person: str = Field(max_length=36)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes
    sensitive: bytes


class TracingActionRow(SQLModel, table=True):
    """One step of a search; never changed."""

    __tablename__ = "tracing_action"
    __table_args__ = (sa.UniqueConstraint("tracing_id", "no"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    tracing_id: str = Field(foreign_key="tracing.id", max_length=36)
    no: int
    done_on: date
    result: str = Field(max_length=20)
    by_person: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes
