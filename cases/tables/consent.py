"""Consent and assent, what the child wants withheld, and reasoned overrides. Source: DOM-4.2."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ConsentRow(Versioned, table=True):
    """One consent as it was given. A change of mind is a withdrawal and a new row."""

    __tablename__ = "consent"
    __table_args__ = (sa.Index("ix_consent_case", "case_id", "withdrawn_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    given_by: str = Field(max_length=16)
    assent: str = Field(max_length=12)
    assent_reason: str = Field(default="", max_length=40)
    purposes: list[str] = Field(sa_type=sa.JSON)
    share_with: list[str] = Field(sa_type=sa.JSON)
    partners: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    legal_basis: str = Field(max_length=32)
    language: str = Field(default="", max_length=8)
    explained_by: str = Field(max_length=36)
    given_on: date
    expires_on: date | None = Field(default=None)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=36)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=36)
    restricted: bytes = Field(default=b"")


class WithholdRow(SQLModel, table=True):
    """Something the child does not want told to somebody; codes in clear, the reason's words sealed."""

    __tablename__ = "consent_withhold"
    __table_args__ = (sa.Index("ix_consent_withhold_case", "case_id", "lifted_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    item: str = Field(max_length=40)
    from_whom: str = Field(max_length=40)
    reason: str = Field(max_length=24)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=36)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lifted_by: str | None = Field(default=None, max_length=36)
    restricted: bytes = Field(default=b"")


class OverrideRow(SQLModel, table=True):
    """A request to share without consent, and the answer of somebody else. Source: DOM-R48."""

    __tablename__ = "consent_override"
    __table_args__ = (sa.Index("ix_consent_override_case", "case_id", "answered_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    purpose: str = Field(max_length=32)
    receiver: str = Field(max_length=40)
    legal_basis: str = Field(max_length=32)
    child_told: bool
    asked_by: str = Field(max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    expires_on: date
    answered_by: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved: bool | None = Field(default=None)
    restricted: bytes = Field(default=b"")
