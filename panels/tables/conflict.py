"""Conflicts of interest and the declarations that there is none, item by item."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ConflictRow(Versioned, table=True):
    """One member's conflict with one item. Source: DOM-4.6/recusal, DOM-R14.

    ``restricted`` holds the words of whoever raised it and of the ruling, under the case's key.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        sa.Index("ix_conflict_item", "item_id", "state"),
        sa.Index("ix_conflict_person", "person_id", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    person_id: str = Field(max_length=36)
    ground: str = Field(max_length=40)
    raised_as: str = Field(max_length=20)
    raised_by: str = Field(max_length=36)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=20)
    ruled_by: str | None = Field(default=None, max_length=36)
    ruled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    found_late: bool = Field(default=False)
    restricted: bytes | None = Field(default=None)
    ruling: bytes | None = Field(default=None)


class DeclarationRow(SQLModel, table=True):
    """A member's answer whether they have a conflict: at convening and each time an item is called.

    Source: DOM-3.5 (conflict of interest).
    """

    __tablename__ = "conflict_declaration"
    __table_args__ = (sa.UniqueConstraint("item_id", "member_id", "call_no"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36)
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    call_no: int
    has_conflict: bool
    declared_at: datetime = Field(sa_type=UtcDateTime)
