"""Deferrals and the questions that have to be answered before an item comes back."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class DeferralRow(SQLModel, table=True):
    """One deferral. ``number`` counts those of one report: two is the most. Source: DOM-R21.

    ``restricted`` holds the confirmed interim care, under the case's key.
    """

    __tablename__ = "deferral"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "number"),
        sa.Index("ix_deferral_case", "case_id", "deferred_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36, unique=True)
    sitting_id: str = Field(foreign_key="sitting.id", max_length=36, index=True)
    report_id: str = Field(max_length=36)
    number: int
    is_emergency: bool = Field(default=False)
    emergency_id: str | None = Field(default=None, max_length=36)
    deferred_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deferred_by: str = Field(max_length=36)
    restricted: bytes


class QuestionRow(Versioned, table=True):
    """One question of a deferral. ``restricted``: the question; ``answer``: the answer."""

    __tablename__ = "deferral_question"
    __table_args__ = (
        sa.UniqueConstraint("deferral_id", "number"),
        sa.Index("ix_deferral_question_owner", "owner_id", "answered_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    deferral_id: str = Field(foreign_key="deferral.id", max_length=36)
    case_id: str = Field(max_length=36)
    number: int
    owner_id: str = Field(max_length=36)
    due_on: date
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=36)
    restricted: bytes
    answer: bytes | None = Field(default=None)
