"""The end of a case: who asked, who approved, what stood against it, and who was looked for in vain.

Source: DOM-3.3/T18, DOM-3.3/T19, DOM-R55.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ClosingRow(Versioned, table=True):
    """A request to close and its answer. ``open_case`` holds the case id until it is answered."""

    __tablename__ = "closing_request"
    __table_args__ = (
        sa.UniqueConstraint("open_case", name="uq_closing_request_open_case"),
        sa.Index("ix_closing_request_case", "case_id", "asked_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    open_case: str | None = Field(default=None, max_length=36)
    reason: str = Field(max_length=32)
    last_visit_on: date | None = Field(default=None)
    last_contact_on: date | None = Field(default=None)
    no_view_reason: str = Field(default="", max_length=32)
    asked_by: str = Field(max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answer: str = Field(default="", max_length=12)
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")
    answer_restricted: bytes = Field(default=b"")


class ReopeningRow(SQLModel, table=True):
    """A case that was opened again, why, and what is new (sealed)."""

    __tablename__ = "reopening"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    n: int = Field(default=1)
    reason: str = Field(max_length=32)
    reopened_by: str = Field(max_length=36)
    reopened_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")


class ContactAttemptRow(SQLModel, table=True):
    """One attempt to reach a child. Source: DOM-R55."""

    __tablename__ = "contact_attempt"
    __table_args__ = (sa.Index("ix_contact_attempt_case", "case_id", "tried_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    tried_at: datetime = Field(sa_type=UtcDateTime)
    method: str = Field(max_length=16)
    reached: bool = Field(default=False)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")


class BlockerRow(SQLModel, table=True):
    """Something of another part of the system that must end before the case can. Source: DOM-R55."""

    __tablename__ = "case_blocker"
    __table_args__ = (
        sa.UniqueConstraint("open_key", name="uq_case_blocker_open_key"),
        sa.Index("ix_case_blocker_case", "case_id", "cleared_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    code: str = Field(max_length=32)
    ref: str = Field(default="", max_length=64)
    open_key: str | None = Field(default=None, max_length=140)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    cleared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
