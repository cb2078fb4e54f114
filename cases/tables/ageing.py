"""Coming of age: when somebody must look, what was said, and the plan for the time after.

The birthday itself stays sealed in the case file; ``look_on`` is a first day of a month until the
month has come. Source: DOM-R49, DOM-R57.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ComingOfAgeRow(Versioned, table=True):
    """The watch over one child's eighteenth birthday."""

    __tablename__ = "coming_of_age"
    __table_args__ = (sa.Index("ix_coming_of_age_look", "look_on", "id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", unique=True, max_length=36)
    look_on: date | None = Field(default=None)
    raised: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    consent_moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime = Field(sa_type=UtcDateTime)


class TransitionPlanRow(SQLModel, table=True):
    """A plan for the time after majority: written by one person, approved by another."""

    __tablename__ = "transition_plan"
    __table_args__ = (sa.UniqueConstraint("case_id", "n", name="uq_transition_plan_n"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    n: int = Field(default=1)
    written_by: str = Field(max_length=36)
    written_at: datetime = Field(sa_type=UtcDateTime)
    agreed_by_young_person: bool = Field(default=False)
    approved_by: str | None = Field(default=None, max_length=36)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")
