"""People who stand beside a child: guardian or adviser, lawyer, interpreter. Names are sealed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class GuardianRow(Versioned, table=True):
    """A guardian, or a stop-gap adviser until there is one. Source: DOM-4.7."""

    __tablename__ = "guardian"
    __table_args__ = (
        sa.Index("ix_guardian_case", "case_id", "ended_on"),
        sa.Index("ix_guardian_person", "person_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    kind: str = Field(max_length=24)
    person_id: str | None = Field(default=None, max_length=36)
    agency: str = Field(default="", max_length=40)
    independent: bool
    appointed_by: str = Field(max_length=32)
    from_on: date
    ended_on: date | None = Field(default=None)
    end_reason: str = Field(default="", max_length=40)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")


class LegalOfferRow(SQLModel, table=True):
    """That a legal representative was offered, and what the child answered. Source: DOM-R12."""

    __tablename__ = "legal_offer"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    procedure: str = Field(max_length=24)
    offered_on: date
    answer: str = Field(max_length=16)
    person_id: str | None = Field(default=None, max_length=36)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")


class InterpreterRow(SQLModel, table=True):
    """An interpreter assigned to a child, with the undertaking of confidentiality. Source: DOM-R10."""

    __tablename__ = "interpreter"
    __table_args__ = (sa.Index("ix_interpreter_case", "case_id", "ended_on"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    person_id: str | None = Field(default=None, max_length=36)
    languages: list[str] = Field(sa_type=sa.JSON)
    undertaking_on: date
    undertaking_until: date
    child_aware: bool
    from_on: date
    ended_on: date | None = Field(default=None)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")
