"""Rows of best interests assessments and of the triggers that call for a determination."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class AssessmentRow(Versioned, table=True):
    """One BIA. ``restricted`` holds the form, ``sensitive`` its risk part; at most one is open."""

    __tablename__ = "assessment"
    __table_args__ = (
        sa.Index("ix_assessment_case", "case_id", "no"),
        sa.UniqueConstraint("case_id", "no"),
        sa.Index(
            "uq_assessment_open",
            "case_id",
            unique=True,
            sqlite_where=sa.text("status <> 'completed'"),
            postgresql_where=sa.text("status <> 'completed'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    no: int
    kind: str = Field(max_length=20)
    status: str = Field(max_length=30)
    author_person: str = Field(max_length=36, index=True)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approver_person: str | None = Field(default=None, max_length=36, index=True)
    returns: int = Field(default=0)
    immediate_concern: str | None = Field(default=None, max_length=20)
    priority_result: str | None = Field(default=None, max_length=20)
    bid_required: bool | None = Field(default=None)
    restricted: bytes
    sensitive: bytes | None = Field(default=None)


class AssessmentReturnRow(SQLModel, table=True):
    """The points with which a supervisor returned a BIA to its author; never changed."""

    __tablename__ = "assessment_return"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    assessment_id: str = Field(foreign_key="assessment.id", max_length=36, index=True)
    by_person: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes


class CaseTriggerRow(SQLModel, table=True):
    """One reason why a determination is required. Closed when a report takes it up.

    ``is_mandatory``: follows from the facts on file, computed; otherwise a supervisor added it.
    """

    __tablename__ = "case_trigger"
    __table_args__ = (
        sa.Index(
            "uq_case_trigger_open",
            "case_id",
            "code",
            unique=True,
            sqlite_where=sa.text("report_id IS NULL"),
            postgresql_where=sa.text("report_id IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    code: str = Field(max_length=20)
    is_mandatory: bool
    by_person: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    report_id: str | None = Field(
        default=None, foreign_key="bid_report.id", max_length=36, index=True
    )
