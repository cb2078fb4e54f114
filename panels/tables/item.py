"""Agenda items: one child, one item; who is invited, who got the papers, who read them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ItemRow(Versioned, table=True):
    """One child's case on the agenda of one sitting.

    ``live_case`` repeats the case id while the item is unfinished and is empty afterwards: its
    uniqueness keeps a case off two agendas at once. ``calls`` counts how often the item was called
    (again after a lost quorum), ``round_no`` the rounds of voting begun.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("sitting_id", "case_id"),
        sa.Index("ix_agenda_item_order", "sitting_id", "position"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    sitting_id: str = Field(foreign_key="sitting.id", max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    live_case: str | None = Field(default=None, max_length=36, unique=True)
    position: int
    type: str = Field(max_length=20)
    state: str = Field(max_length=20)
    country: str = Field(max_length=2)
    priority: str = Field(max_length=12)
    sibling_group: str = Field(default="", max_length=36)
    slot_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    calls: int = Field(default=0)
    round_no: int = Field(default=0)
    behind_report: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    options: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    no_casting_on: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    listed_at: datetime = Field(sa_type=UtcDateTime)
    papers_released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    called_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finish_reason: str | None = Field(default=None, max_length=40)
    referred_to: str | None = Field(default=None, foreign_key="panel.id", max_length=36)
    flagged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    flag_reason: str | None = Field(default=None, max_length=40)
    flag_review_by: date | None = Field(default=None)


class InvitationRow(SQLModel, table=True):
    """Somebody asked to come for one item, never to vote. Source: DOM-4.5/item.invited."""

    __tablename__ = "item_invitation"
    __table_args__ = (sa.UniqueConstraint("item_id", "kind", "person_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36)
    kind: str = Field(max_length=20)
    person_id: str = Field(default="", max_length=36)
    invited_by: str = Field(max_length=36)
    invited_at: datetime = Field(sa_type=UtcDateTime)


class PaperRow(SQLModel, table=True):
    """Papers of one item released to one member, taken back, and read.

    Source: DOM-4.5/item.papers_released_at, read_by.
    """

    __tablename__ = "item_paper"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "member_id"),
        sa.Index("ix_item_paper_person", "person_id", "item_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36)
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    person_id: str = Field(max_length=36)
    released_at: datetime = Field(sa_type=UtcDateTime)
    recalled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    times_read: int = Field(default=0)
