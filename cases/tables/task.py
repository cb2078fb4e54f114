"""Work that waits for a person or a role."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class TaskRow(Versioned, table=True):
    """One piece of work. ``key`` makes asking for it twice the same as asking once."""

    __tablename__ = "task"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "key", name="uq_task_key"),
        sa.Index("ix_task_case", "case_id", "done_at"),
        sa.Index("ix_task_person", "person_id", "done_at", "due_at"),
        sa.Index("ix_task_role", "role", "done_at", "due_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    key: str = Field(max_length=120)
    code: str = Field(max_length=60)
    role: str = Field(default="", max_length=24)
    person_id: str | None = Field(default=None, max_length=36)
    ref: str = Field(default="", max_length=64)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: str | None = Field(default=None, max_length=36)
    outcome: str = Field(default="", max_length=24)
