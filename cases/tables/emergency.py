"""Urgent protection, recorded beside the case in whatever state it is. Source: DOM-3.3/T3, DOM-5.9."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class EmergencyActionRow(Versioned, table=True):
    """One urgent act: codes in clear, what happened in words sealed."""

    __tablename__ = "emergency_action"
    __table_args__ = (sa.Index("ix_emergency_case", "case_id", "acted_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    n: int = Field(default=1)
    danger: str = Field(max_length=24)
    measure: str = Field(max_length=32)
    triggers: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    acted_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=36)
    decided_by: str = Field(max_length=36)
    case_state: str = Field(max_length=32)
    is_crossing: bool = Field(default=False, index=True)
    destination: str = Field(default="", max_length=2)
    our_officer: str = Field(default="", max_length=36)
    our_consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    their_consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    written_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")
