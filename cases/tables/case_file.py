"""The child's case file: one row for each child, and the keys by which it is found.

In clear: ids, codes, dates of acts (decision 0004). ``restricted`` and ``sensitive`` are sealed
under the case's own data key; nothing about the child can be read without it.

Source: DOM-4.1.
"""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id

TABLE: Final = "case_file"


class CaseRow(Versioned, table=True):
    """One child's case. ``child_code`` and the id stay for ever, also after merge and erasure."""

    __tablename__ = TABLE
    # No index begins with is_open or state alone: SQLite would take it for lists of own cases.
    __table_args__ = (
        sa.Index("ix_case_office_open", "office", "is_open", "priority_rank", "opened_at", "id"),
        sa.Index("ix_case_office_state", "office", "state", "priority_rank", "opened_at", "id"),
        sa.Index("ix_case_country_open", "country", "is_open", "priority_rank", "opened_at", "id"),
        sa.Index("ix_case_country_state", "country", "state", "priority_rank", "opened_at", "id"),
        sa.Index("ix_case_owner", "owner_person", "is_open", "priority_rank", "opened_at", "id"),
        sa.Index("ix_case_detained", "detained", "is_open", "detained_since"),
        sa.Index("ix_case_hold", "hold_review_on", "state"),
        sa.UniqueConstraint("country", "local_number", name="uq_case_file_local_number"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    child_code: str = Field(max_length=32, unique=True)
    local_number: str | None = Field(default=None, max_length=64)
    country: str = Field(max_length=2)
    office: str = Field(max_length=32)
    district: str = Field(default="", max_length=32)
    state: str = Field(max_length=32)
    held_from: str | None = Field(default=None, max_length=32)
    hold_review_on: date | None = Field(default=None)
    priority: str = Field(max_length=12)
    priority_rank: int = Field(default=3)
    is_open: bool = Field(default=True)
    sex: str = Field(default="not_stated", max_length=12)
    age_band: str = Field(default="unknown", max_length=16)
    accompaniment: str = Field(default="unknown", max_length=24)
    nationality_code: str = Field(default="undetermined", max_length=16)
    source: str = Field(default="other", max_length=20)
    pack_version: int = Field(default=0)
    owner_person: str | None = Field(default=None, max_length=36)
    supervisor_person: str | None = Field(default=None, max_length=36, index=True)
    detained: bool = Field(default=False)
    detained_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    registered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state_since: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: str = Field(max_length=36)
    changed_by: str = Field(max_length=36)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    retain_until: date | None = Field(default=None, index=True)
    merged_into: str | None = Field(default=None, foreign_key="case_file.id", index=True)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")
    sensitive: bytes = Field(default=b"")


class ChildLinkRow(SQLModel, table=True):
    """Two children who belong together, one row in each direction. Source: DOM-4.1."""

    __tablename__ = "child_link"
    __table_args__ = (sa.UniqueConstraint("case_id", "other_id", name="uq_child_link_pair"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    other_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    relation: str = Field(max_length=24)
    linked_by: str = Field(max_length=36)
    linked_at: datetime = Field(sa_type=UtcDateTime)


class ExternalIdRow(SQLModel, table=True):
    """The keyed hash of a number another system gave the child; the number itself is sealed."""

    __tablename__ = "case_external_id"
    __table_args__ = (
        sa.Index("ix_case_external_id_key", "kind", "key"),
        sa.UniqueConstraint("case_id", "kind", "key", name="uq_case_external_id_case"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=36)
    kind: str = Field(max_length=24)
    key: str = Field(max_length=32)


class LocalNumberRow(SQLModel, table=True):
    """The last case number an office gave in a year."""

    __tablename__ = "case_local_number"

    series: str = Field(primary_key=True, max_length=48)
    last: int = Field(default=0)
