"""Arrivals and departures of one sitting: appended, never changed."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class AttendanceRow(SQLModel, table=True):
    """One arrival or departure, or the correction of one. Source: DOM-4.5/sitting.attendance.

    ``restricted`` holds the reason of a correction, sealed under the sitting's key.
    """

    __tablename__ = "attendance"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "seq"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    sitting_id: str = Field(foreign_key="sitting.id", max_length=36)
    seq: int
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    kind: str = Field(max_length=20)
    at: datetime = Field(sa_type=UtcDateTime)
    corrects_id: str | None = Field(default=None, foreign_key="attendance.id", max_length=36)
    restricted: bytes | None = Field(default=None)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
