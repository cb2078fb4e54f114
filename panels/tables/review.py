"""Reviews of decisions: new facts, dates that passed, conflicts found late, samples."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ReviewRow(Versioned, table=True):
    """One look at a decision again. ``open_key`` (decision and ground) leaves one of each open.

    ``restricted`` holds what is new; ``answer`` the reasons of the conclusion.

    Source: DOM-3.3 (reopening), DOM-3.5 (late conflict), DOM-R58.
    """

    __tablename__ = "determination_review"
    __table_args__ = (sa.Index("ix_determination_review_case", "case_id", "requested_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(max_length=36)
    determination_id: str = Field(foreign_key="determination.id", max_length=36, index=True)
    open_key: str | None = Field(default=None, max_length=80, unique=True)
    ground: str = Field(max_length=32)
    requested_by: str = Field(max_length=36)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    due_on: date | None = Field(default=None, index=True)
    conclusion: str = Field(default="", max_length=12)
    concluded_by: str | None = Field(default=None, max_length=36)
    concluded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reviewers: list[str] = Field(sa_type=sa.JSON)
    restricted: bytes
    answer: bytes | None = Field(default=None)
