"""Reasons for which a child's movement abroad stands still. Source: DOM-R8, DOM-R26, DOM-R42, DOM-R47."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class MovementHoldRow(SQLModel, table=True):
    """One reason. ``open_key`` is set while it stands: the same reason and ref stand once."""

    __tablename__ = "movement_hold"
    __table_args__ = (
        sa.UniqueConstraint("open_key", name="uq_movement_hold_open_key"),
        sa.Index("ix_movement_hold_case", "case_id", "released_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    reason: str = Field(max_length=24)
    ref: str = Field(default="", max_length=64)
    open_key: str | None = Field(default=None, max_length=140)
    placed_by: str = Field(max_length=36)
    placed_at: datetime = Field(sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=36)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
