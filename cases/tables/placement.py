"""Rows of placements and home studies."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class HomeStudyRow(SQLModel, table=True):
    """Someone saw the home. ``restricted``: carer, household, findings, conditions. Never changed."""

    __tablename__ = "home_study"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    result: str = Field(max_length=30)
    studied_on: date
    valid_until: date
    by_person: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes


class PlacementRow(Versioned, table=True):
    """Where a child lives. A child has at most one running placement; address sealed apart."""

    __tablename__ = "placement"
    __table_args__ = (
        sa.Index("ix_placement_case", "case_id", "started_on"),
        sa.Index(
            "uq_placement_running",
            "case_id",
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    care: str = Field(max_length=30)
    facility_id: str | None = Field(
        default=None, foreign_key="facility.id", max_length=36, index=True
    )
    home_study_id: str | None = Field(default=None, foreign_key="home_study.id", max_length=36)
    decision_id: str | None = Field(default=None, max_length=36, index=True)
    started_on: date
    started_at: datetime = Field(sa_type=UtcDateTime)
    started_by_person: str = Field(max_length=36)
    review_due: date
    background: str | None = Field(default=None, max_length=20)
    no_family_care: str | None = Field(default=None, max_length=40)
    exception_inspected_on: date | None = Field(default=None)
    exception_by_person: str | None = Field(default=None, max_length=36)
    measure_until: date | None = Field(default=None)
    ended_on: date | None = Field(default=None)
    end_reason: str | None = Field(default=None, max_length=20)
    ended_by_person: str | None = Field(default=None, max_length=36)
    restricted: bytes
    sensitive: bytes | None = Field(default=None)


class FacilityExceptionRow(SQLModel, table=True):
    """A supervisor's exception: this child, this unauthorised facility, seen on that day."""

    __tablename__ = "facility_exception"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36, index=True)
    facility_id: str = Field(foreign_key="facility.id", max_length=36, index=True)
    inspected_on: date
    granted_by_person: str = Field(max_length=36)
    granted_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes
