"""Keyed hashes under which a child's names are found. A name itself is never in clear."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.ids import new_id


class NameKeyRow(SQLModel, table=True):
    """One word of a name, as it is written (``exact``) or as it sounds (``sound``)."""

    __tablename__ = "case_name_key"
    __table_args__ = (
        sa.Index("ix_case_name_key_key", "key", "kind", "case_id"),
        sa.UniqueConstraint("case_id", "kind", "key", name="uq_case_name_key_case"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", max_length=36)
    kind: str = Field(max_length=5)
    key: str = Field(max_length=32)
