"""What happened to a case: every step, every merge, every erasure. Rows are only ever added."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class CaseHistoryRow(SQLModel, table=True):
    """One step of the case machine. ``n`` counts the steps of one case without holes."""

    __tablename__ = "case_history"
    __table_args__ = (sa.UniqueConstraint("case_id", "n", name="uq_case_history_n"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    n: int
    at: datetime = Field(sa_type=UtcDateTime)
    transition: str = Field(max_length=32)
    from_state: str | None = Field(default=None, max_length=32)
    to_state: str = Field(max_length=32)
    person_id: str = Field(max_length=36)
    is_human: bool = Field(default=True)
    facts: dict[str, str | int | bool | None] = Field(sa_type=sa.JSON)


class CaseMergeRow(SQLModel, table=True):
    """A proposal that two files are one child, and the word of the second person. Source: DOM-R53."""

    __tablename__ = "case_merge"
    __table_args__ = (
        # One open or confirmed proposal for a pair: two workers cannot both win.
        sa.UniqueConstraint("losing_id", "kept_id", "attempt", name="uq_case_merge_pair"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    losing_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    kept_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    attempt: int = Field(default=1)
    asked_by: str = Field(max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    signals: list[str] = Field(sa_type=sa.JSON)
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed: bool | None = Field(default=None)


class CaseErasureRow(SQLModel, table=True):
    """A request to destroy the key of a case, and the word of the second person. Source: DOM-R54."""

    __tablename__ = "case_erasure"
    __table_args__ = (sa.UniqueConstraint("case_id", "attempt", name="uq_case_erasure_attempt"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    attempt: int = Field(default=1)
    ground: str = Field(max_length=32)
    asked_by: str = Field(max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved: bool | None = Field(default=None)
