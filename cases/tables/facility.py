"""Rows of the registry of facilities. A facility is no child: its name and number are in clear."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class FacilityRow(Versioned, table=True):
    """One facility. The database itself refuses more children than places."""

    __tablename__ = "facility"
    __table_args__ = (
        sa.CheckConstraint("occupancy >= 0", name="occupancy_not_negative"),
        sa.CheckConstraint("occupancy <= capacity", name="occupancy_within_capacity"),
        sa.Index("ix_facility_place", "country", "place"),
        sa.UniqueConstraint("country", "name"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    place: str = Field(max_length=20)
    name: str = Field(max_length=120)
    registry_number: str = Field(default="", max_length=60)
    authorised_until: date | None = Field(default=None)
    regime: str = Field(max_length=10)
    immigration_control: bool = Field(default=False)
    specialised: str = Field(default="", max_length=60)
    capacity: int
    occupancy: int = Field(default=0)
    registered_at: datetime = Field(sa_type=UtcDateTime)


class FacilityStaffRow(SQLModel, table=True):
    """A person who works for a facility; read for hints about conflicts of interest."""

    __tablename__ = "facility_staff"
    __table_args__ = (sa.UniqueConstraint("facility_id", "person_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    facility_id: str = Field(foreign_key="facility.id", max_length=36, index=True)
    person_id: str = Field(max_length=36, index=True)
    since: date
    until: date | None = Field(default=None)
