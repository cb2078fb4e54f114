"""Who holds the seats of a panel, until when, and what they have signed and learnt."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class MemberRow(Versioned, table=True):
    """One person's term in a seat, or as alternate for it (rank 1, 2, ...)."""

    __tablename__ = "panel_member"
    __table_args__ = (
        sa.UniqueConstraint("seat_id", "person_id", "term_from"),
        sa.Index("ix_panel_member_person", "person_id", "panel_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    panel_id: str = Field(foreign_key="panel.id", max_length=36, index=True)
    seat_id: str = Field(foreign_key="panel_seat.id", max_length=36, index=True)
    person_id: str = Field(max_length=36)
    alternate_rank: int = Field(default=0)
    term_from: date
    term_to: date | None = Field(default=None)


class UndertakingRow(SQLModel, table=True):
    """A signed undertaking of confidentiality. Source: DOM-R16, DOM-4.5/member.undertaking."""

    __tablename__ = "panel_undertaking"
    __table_args__ = (sa.Index("ix_panel_undertaking_member", "member_id", "valid_until"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    signed_on: date
    valid_until: date
    document_sha256: str = Field(max_length=64)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class TrainingRow(SQLModel, table=True):
    """A training a member completed. Source: DOM-4.5/member.training."""

    __tablename__ = "panel_training"
    __table_args__ = (sa.UniqueConstraint("member_id", "subject", "completed_on"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    subject: str = Field(max_length=40)
    completed_on: date
