"""What planning needs beyond panels and sittings: half-days, times people are away, rooms used, and plans.

Ids, codes and hours are in clear; instances and plans are sealed, because together they tell of children.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class PlanningRow(Versioned, table=True):
    """How one panel wants its sittings planned. ``restricted`` holds place and link.

    Source: DOM-4.5/panel.rules (frequency).
    """

    __tablename__ = "panel_planning"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    panel_id: str = Field(foreign_key="panel.id", unique=True, max_length=36)
    wishes: dict[str, Any] = Field(sa_type=sa.JSON)
    restricted: bytes = Field(default=b"")
    set_by: str = Field(max_length=36)
    set_at: datetime = Field(sa_type=UtcDateTime)


class BusyTimeRow(SQLModel, table=True):
    """Hours at which a person or a room cannot be had; never why in words, never what an entry was called."""

    __tablename__ = "busy_time"
    __table_args__ = (sa.Index("ix_busy_time_owner", "owner_kind", "owner", "ends_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    owner_kind: str = Field(max_length=8)
    owner: str = Field(max_length=80)
    kind: str = Field(max_length=12)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class BusyCalendarRow(SQLModel, table=True):
    """Where a member's own calendar can be fetched; the address opens it and is sealed.

    ``member_id`` is the membership by whose panel's clock its hours are read.
    """

    __tablename__ = "busy_calendar"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    person_id: str = Field(unique=True, max_length=36)
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    restricted: bytes = Field(default=b"")
    set_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_at: datetime = Field(sa_type=UtcDateTime, index=True)
    failures: int = Field(default=0)


class SittingRoomRow(SQLModel, table=True):
    """Which room and which video bridge a planned sitting uses."""

    __tablename__ = "sitting_room"

    sitting_id: str = Field(foreign_key="sitting.id", primary_key=True, max_length=36)
    room: str = Field(max_length=80, index=True)
    bridge: str = Field(default="", max_length=40, index=True)


class PlanRow(Versioned, table=True):
    """One plan of one panel: asked for, made, and accepted or not.

    ``open_ask`` repeats the panel's id while the plan waits to be made: one waits at a time.
    ``restricted`` holds instance and plan, sealed under the plan's own key.
    """

    __tablename__ = "sitting_plan"
    __table_args__ = (
        sa.Index("ix_sitting_plan_panel", "panel_id", "asked_at"),
        sa.Index("ix_sitting_plan_state", "state", "asked_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    panel_id: str = Field(foreign_key="panel.id", max_length=36)
    state: str = Field(max_length=12)
    cause: str = Field(max_length=24)
    cause_ref: str = Field(default="", max_length=64)
    open_ask: str | None = Field(default=None, max_length=36, unique=True)
    asked_by: str = Field(max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    days: int
    seconds: int
    seed: int = Field(default=0)
    more: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    mass: str = Field(default="", max_length=80)
    fixed: list[dict[str, str]] = Field(default_factory=list, sa_type=sa.JSON)
    claimed_by: str | None = Field(default=None, max_length=64)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: str = Field(default="", max_length=24)
    digest: str = Field(default="", max_length=64)
    parts: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    numbers: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    bounds: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    proven: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, max_length=36)
    end_reason: str = Field(default="", max_length=40)
    restricted: bytes | None = Field(default=None)
