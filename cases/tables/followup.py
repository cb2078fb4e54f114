"""Rows of follow-up visits and written reports."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class VisitRow(Versioned, table=True):
    """One planned visit, numbered through the life of the case. New harm is sealed apart."""

    __tablename__ = "follow_up_visit"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "no"),
        sa.Index("ix_follow_up_visit_due", "status", "due_on"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    placement_id: str | None = Field(default=None, foreign_key="placement.id", max_length=36)
    no: int
    due_on: date
    planned_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(max_length=20)
    done_on: date | None = Field(default=None)
    recorded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    visitor_person: str | None = Field(default=None, max_length=36)
    method: str | None = Field(default=None, max_length=20)
    seen_alone: bool | None = Field(default=None)
    missed_reason: str | None = Field(default=None, max_length=30)
    concern: str | None = Field(default=None, max_length=30)
    recommend: str | None = Field(default=None, max_length=20)
    has_new_harm: bool = Field(default=False)
    restricted: bytes | None = Field(default=None)
    sensitive: bytes | None = Field(default=None)


class FollowUpReportRow(Versioned, table=True):
    """One written report on how the child fares."""

    __tablename__ = "follow_up_report"
    __table_args__ = (sa.UniqueConstraint("case_id", "no"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    no: int
    due_on: date
    written_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by_person: str | None = Field(default=None, max_length=36)
    restricted: bytes | None = Field(default=None)
