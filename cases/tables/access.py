"""Who may open a case and who may not: access rows, bars, and grants waiting for an approver."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class CaseAccessRow(SQLModel, table=True):
    """One person's access to one case, for one reason. Closed, never deleted."""

    __tablename__ = "case_access"
    __table_args__ = (
        sa.Index("ix_case_access_person", "person_id", "closed_at", "case_id"),
        sa.Index("ix_case_access_case", "case_id", "person_id"),
        sa.Index("ix_case_access_ref", "ref", "basis"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    person_id: str = Field(max_length=36)
    basis: str = Field(max_length=20)
    level: int
    ref: str = Field(default="", max_length=64)
    sections: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    purpose: str = Field(default="", max_length=32)
    from_at: datetime = Field(sa_type=UtcDateTime)
    until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    granted_by: str = Field(max_length=36)
    restricted: bytes = Field(default=b"")


class CaseBarRow(SQLModel, table=True):
    """A person who may see nothing of a case while the bar stands. Source: DOM-R14."""

    __tablename__ = "case_bar"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "person_id", "ref", name="uq_case_bar_once"),
        sa.Index("ix_case_bar_person", "person_id", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    person_id: str = Field(max_length=36)
    ref: str = Field(default="", max_length=64)
    ground: str = Field(max_length=40)
    barred_by: str = Field(max_length=36)
    barred_at: datetime = Field(sa_type=UtcDateTime)
    lifted_by: str | None = Field(default=None, max_length=36)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SensitiveRequestRow(SQLModel, table=True):
    """Somebody asks for highly sensitive parts; somebody else answers. Source: DOM-R45, DOM-2.3."""

    __tablename__ = "sensitive_request"
    __table_args__ = (sa.Index("ix_sensitive_request_open", "case_id", "answered_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    asked_by: str = Field(max_length=36)
    person_id: str = Field(max_length=36)
    sections: list[str] = Field(sa_type=sa.JSON)
    purpose: str = Field(max_length=32)
    ref: str = Field(default="", max_length=64)
    until_at: datetime = Field(sa_type=UtcDateTime)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved: bool | None = Field(default=None)
    restricted: bytes = Field(default=b"")
