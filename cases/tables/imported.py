"""Which row of which other system became which case, by keyed hashes only."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class ImportedRow(SQLModel, table=True):
    """One row of another system that was taken. A second import of it changes nothing."""

    __tablename__ = "imported_row"
    __table_args__ = (sa.UniqueConstraint("country", "system", "source_key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    system: str = Field(max_length=40)
    source_key: str = Field(max_length=32)
    content_key: str = Field(max_length=32)
    mapping: str = Field(max_length=40)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    imported_at: datetime = Field(sa_type=UtcDateTime)
