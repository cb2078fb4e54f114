"""Sittings, who is called to them, what happened in them, and every computation of quorum."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class SittingRow(Versioned, table=True):
    """One meeting of a panel; this row is the lock of everything that happens in it.

    ``restricted`` holds place and link, sealed under the sitting's own key.
    """

    __tablename__ = "sitting"
    __table_args__ = (sa.Index("ix_sitting_panel", "panel_id", "starts_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    panel_id: str = Field(foreign_key="panel.id", max_length=36)
    type: str = Field(max_length=20)
    mode: str = Field(max_length=20)
    state: str = Field(max_length=20, index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    timezone: str = Field(max_length=60)
    rules_number: int
    has_place: bool = Field(default=False)
    has_link: bool = Field(default=False)
    restricted: bytes | None = Field(default=None)
    presiding_id: str | None = Field(default=None, max_length=36)
    convened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_reason: str | None = Field(default=None, max_length=40)
    created_at: datetime = Field(sa_type=UtcDateTime)


class RosterRow(SQLModel, table=True):
    """One member called to one sitting, and what they answered; None while they have not.

    An answer counts nobody in or out: who is in the room is the attendance's. Source: DOM-4.5/sitting.roster.
    """

    __tablename__ = "sitting_roster"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "member_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    sitting_id: str = Field(foreign_key="sitting.id", max_length=36)
    member_id: str = Field(foreign_key="panel_member.id", max_length=36, index=True)
    comes: bool | None = Field(default=None)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SittingEventRow(SQLModel, table=True):
    """One thing that happened in a sitting, in order; the minutes are drawn from these rows.

    ``codes`` holds ids, codes and counts only.
    """

    __tablename__ = "sitting_event"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "seq"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    sitting_id: str = Field(foreign_key="sitting.id", max_length=36)
    seq: int
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=40)
    item_id: str | None = Field(default=None, max_length=36)
    person_id: str = Field(max_length=36)
    codes: dict[str, Any] = Field(sa_type=sa.JSON)


class QuorumLogRow(SQLModel, table=True):
    """One computation of quorum. Source: DOM-4.5/sitting.quorum_log, DOM-R17."""

    __tablename__ = "quorum_log"
    __table_args__ = (sa.Index("ix_quorum_log_sitting", "sitting_id", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    sitting_id: str = Field(foreign_key="sitting.id", max_length=36)
    item_id: str | None = Field(default=None, max_length=36, index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    moment: str = Field(max_length=20)
    eligible: list[str] = Field(sa_type=sa.JSON)
    met: bool
    missing: list[dict[str, Any]] = Field(sa_type=sa.JSON)
