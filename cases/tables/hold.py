"""Times during which a case stood still, each with a review date. Source: DOM-3.1, DOM-3.2."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class HoldRow(Versioned, table=True):
    """One hold. ``open_case`` holds the case id while it lasts: one at a time."""

    __tablename__ = "case_hold"
    __table_args__ = (
        sa.UniqueConstraint("open_case", name="uq_case_hold_open_case"),
        sa.Index("ix_case_hold_case", "case_id", "since"),
        sa.Index("ix_case_hold_review", "open_case", "review_on"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    open_case: str | None = Field(default=None, max_length=36)
    reason: str = Field(max_length=24)
    previous_state: str = Field(max_length=32)
    since: datetime = Field(sa_type=UtcDateTime)
    review_on: date
    reviews: int = Field(default=0)
    reminded_for: date | None = Field(default=None)
    missing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    police_told: bool = Field(default=False)
    guardian_told: bool = Field(default=False)
    held_by: str = Field(max_length=36)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, max_length=36)
    ended_as: str = Field(default="", max_length=16)
    restricted: bytes = Field(default=b"")
