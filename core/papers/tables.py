"""Papers that were issued: enough to say whether one is genuine, and nothing about anybody."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime


class IssuedPaperRow(SQLModel, table=True):
    """One paper with its check code.

    ``record``, ``series`` and ``content`` are keyed hashes: of the record it prints, of that record in one language for
    one reader, and of what it says. Without the key of the installation nobody finds out which record or child a row
    belongs to. ``sha256`` is the hash of the printed bytes, ``dated_on`` the day printed on it.
    """

    __tablename__ = "issued_paper"
    __table_args__ = (sa.Index("ix_issued_paper_record", "record"),)

    code: str = Field(primary_key=True, max_length=12)
    kind: str = Field(max_length=40)
    record: str = Field(max_length=32)
    series: str = Field(max_length=32)
    edition: int
    content: str = Field(max_length=32)
    sha256: str = Field(max_length=43)
    dated_on: date
    issued_at: datetime = Field(sa_type=UtcDateTime)
    superseded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    superseded_by: str | None = Field(default=None, max_length=12)
