"""Files kept with a case. The bytes lie sealed in the file store, named by id; titles are sealed too."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class AttachmentRow(SQLModel, table=True):
    """One file with its own class: restricted or highly sensitive. Source: DOM-4.4."""

    __tablename__ = "attachment"
    __table_args__ = (sa.Index("ix_attachment_case", "case_id", "removed_at", "added_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    kind: str = Field(max_length=32)
    sensitivity: str = Field(max_length=4)
    media_type: str = Field(max_length=80)
    size: int
    chunks: int
    is_complete: bool = Field(default=False)
    added_by: str = Field(max_length=36)
    added_at: datetime = Field(sa_type=UtcDateTime)
    removed_by: str | None = Field(default=None, max_length=36)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")
