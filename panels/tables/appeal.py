"""Appeals against decisions."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class AppealRow(Versioned, table=True):
    """One appeal. ``open_case`` repeats the case id until it is decided: one at a time.

    ``restricted`` holds the grounds and why it is late; ``answer`` the reasons of the result.

    Source: DOM-3.3 (T15), DOM-4.6/appeal.
    """

    __tablename__ = "appeal"
    __table_args__ = (sa.Index("ix_appeal_case", "case_id", "received_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    determination_id: str = Field(foreign_key="determination.id", max_length=36, index=True)
    case_id: str = Field(max_length=36)
    open_case: str | None = Field(default=None, max_length=36, unique=True)
    by: str = Field(max_length=12)
    received_at: datetime = Field(sa_type=UtcDateTime)
    is_late: bool = Field(default=False)
    suspensive: bool
    lodged_by: str = Field(max_length=36)
    lodged_at: datetime = Field(sa_type=UtcDateTime)
    result: str = Field(default="", max_length=12)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=36)
    hearers: list[str] = Field(sa_type=sa.JSON)
    replacement_id: str | None = Field(default=None, foreign_key="determination.id", max_length=36)
    restricted: bytes
    answer: bytes | None = Field(default=None)
