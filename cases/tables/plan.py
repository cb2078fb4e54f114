"""Rows of case plans and their actions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class PlanRow(Versioned, table=True):
    """A case plan. At most one is current; an older one stays readable as ``superseded``."""

    __tablename__ = "case_plan"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "no"),
        sa.Index(
            "uq_case_plan_current",
            "case_id",
            unique=True,
            sqlite_where=sa.text("status <> 'superseded'"),
            postgresql_where=sa.text("status <> 'superseded'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    no: int
    status: str = Field(max_length=20)
    decision_id: str | None = Field(default=None, max_length=36, index=True)
    author_person: str = Field(max_length=36)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    agreed_by_person: str | None = Field(default=None, max_length=36)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    child_voice: str = Field(default="not_asked", max_length=20)
    review_on: date | None = Field(default=None)
    restricted: bytes | None = Field(default=None)


class PlanActionRow(Versioned, table=True):
    """One action: who does it by when. ``restricted`` holds what, and how or why it was settled."""

    __tablename__ = "plan_action"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "no"),
        sa.Index("ix_plan_action_open", "case_id", "status", "due_on"),
        sa.Index("ix_plan_action_owner", "owner_person", "status"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    plan_id: str = Field(foreign_key="case_plan.id", max_length=36)
    no: int
    kind: str = Field(max_length=30)
    owner_person: str = Field(default="", max_length=36)
    due_on: date | None = Field(default=None)
    status: str = Field(default="open", max_length=20)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by_person: str | None = Field(default=None, max_length=36)
    replaced_by: str | None = Field(default=None, foreign_key="plan_action.id", max_length=36)
    restricted: bytes
