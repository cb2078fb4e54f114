"""Times a child was locked up. Counted, never a placement. Source: DOM-4.1/in_detention, DOM-R27."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class DetentionRow(Versioned, table=True):
    """One spell of detention. ``open_case`` holds the case id while it lasts: one at a time."""

    __tablename__ = "detention"
    __table_args__ = (
        sa.UniqueConstraint("open_case", name="uq_detention_open_case"),
        sa.Index("ix_detention_case", "case_id", "since"),
        sa.Index("ix_detention_released", "released_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    open_case: str | None = Field(default=None, max_length=36)
    place_type: str = Field(max_length=24)
    since: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=36)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_to: str = Field(default="", max_length=24)
    release_recorded_by: str | None = Field(default=None, max_length=36)
    sensitive: bytes = Field(default=b"")
    release_sensitive: bytes = Field(default=b"")
