"""Time limits of a case, everything that moved them, and every notice they raised.

Source: DOM-3.2.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class DeadlineRow(Versioned, table=True):
    """One limit of one case.

    ``next_level_at`` is when the sweep must speak, None when it has said everything. ``event_at``
    is the moment a limit runs up to, where it does (papers before a sitting). ``is_fixed``: the
    moment was set by a person or another rule and a new priority does not move it.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "code", "occurrence", name="uq_deadline_once"),
        sa.Index("ix_deadline_sweep", "next_level_at", "id"),
        sa.Index("ix_deadline_open", "case_id", "closed_at", "met_at"),
        sa.Index("ix_deadline_due", "closed_at", "met_at", "due_at", "id"),
        sa.Index("ix_deadline_code", "country", "code", "started_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    code: str = Field(max_length=4)
    occurrence: int = Field(default=0)
    started_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    country: str = Field(max_length=2)
    place: str = Field(default="", max_length=32)
    pack_version: int
    priority: str = Field(max_length=12)
    event_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_fixed: bool = Field(default=False)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_seconds: int = Field(default=0)
    pause_reason: str = Field(default="", max_length=32)
    pause_ref: str = Field(default="", max_length=64)
    pause_review_on: date | None = Field(default=None)
    met_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    level: int = Field(default=0)
    next_level_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeadlineChangeRow(SQLModel, table=True):
    """What moved a limit: opened, paused, resumed, recomputed, met, closed. Only ever added."""

    __tablename__ = "deadline_change"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    deadline_id: str = Field(foreign_key="deadline.id", index=True, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=16)
    reason: str = Field(default="", max_length=40)
    due_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_after: datetime = Field(sa_type=UtcDateTime)


class DeadlineNoticeRow(SQLModel, table=True):
    """A level that was raised; once for each limit and level, whoever runs the sweep."""

    __tablename__ = "deadline_notice"
    __table_args__ = (sa.UniqueConstraint("deadline_id", "level", name="uq_deadline_notice_level"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    deadline_id: str = Field(foreign_key="deadline.id", max_length=36)
    level: int
    raised_at: datetime = Field(sa_type=UtcDateTime)


class PackMoveRow(SQLModel, table=True):
    """A case that was moved to a newer version of its country's rules, and by whom."""

    __tablename__ = "pack_move"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    from_version: int
    to_version: int
    differences: int
    shown_hash: str = Field(max_length=64)
    clocks_recomputed: bool
    moved_by: str = Field(max_length=36)
    moved_at: datetime = Field(sa_type=UtcDateTime)
