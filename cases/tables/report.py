"""Rows of BID reports, of what was said about them, and of checks of a destination's safety."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ReportRow(Versioned, table=True):
    """One BID report, a new one for each time a determination is required."""

    __tablename__ = "bid_report"
    __table_args__ = (sa.UniqueConstraint("case_id", "no"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    no: int
    status: str = Field(max_length=20)
    triggers: list[str] = Field(sa_type=sa.JSON)
    assessor_person: str = Field(max_length=36, index=True)
    named_by_person: str = Field(max_length=36)
    named_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checker_person: str | None = Field(default=None, max_length=36, index=True)
    ready_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snapshot_hash: str | None = Field(default=None, max_length=64)
    restricted: bytes


class ReportSnapshotRow(SQLModel, table=True):
    """Every frozen copy of a report, one for each submission; never changed."""

    __tablename__ = "bid_report_snapshot"
    __table_args__ = (sa.UniqueConstraint("report_id", "no"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    report_id: str = Field(foreign_key="bid_report.id", max_length=36, index=True)
    no: int
    at: datetime = Field(sa_type=UtcDateTime)
    by_person: str = Field(max_length=36)
    hash: str = Field(max_length=64)
    restricted: bytes


class ReportNoteRow(SQLModel, table=True):
    """What was said about a report: returned with points, passed, or a panel's questions answered."""

    __tablename__ = "bid_report_note"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    report_id: str = Field(foreign_key="bid_report.id", max_length=36, index=True)
    kind: str = Field(max_length=20)
    by_person: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes


class NonRefoulementRow(SQLModel, table=True):
    """One check whether a child can be sent to a country. Its result is highly sensitive: sealed."""

    __tablename__ = "non_refoulement_check"
    __table_args__ = (sa.Index("ix_non_refoulement_case", "case_id", "destination", "checked_on"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    destination: str = Field(max_length=2)
    checked_on: date
    valid_until: date
    by_person: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    sensitive: bytes
