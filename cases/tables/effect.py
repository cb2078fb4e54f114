"""What the procedure has done for a case: one row for each step and occurrence, so it is done once."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class EffectRow(SQLModel, table=True):
    """One effect of the procedure. The unique key is what makes a step safe to run twice."""

    __tablename__ = "effect"
    __table_args__ = (sa.UniqueConstraint("case_id", "step", "occurrence", name="uq_effect_once"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    step: str = Field(max_length=48)
    occurrence: int = Field(default=0)
    done_at: datetime = Field(sa_type=UtcDateTime)
