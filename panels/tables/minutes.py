"""Minutes in versions, with the copy that was sealed and the signatures under it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class MinutesRow(Versioned, table=True):
    """One version of a sitting's minutes. Source: DOM-4.5, DOM-R22.

    ``restricted`` holds the sealed record and the text, under the sitting's own key; both name
    people and children by id only.
    """

    __tablename__ = "minutes"
    __table_args__ = (sa.UniqueConstraint("sitting_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    sitting_id: str = Field(foreign_key="sitting.id", max_length=36)
    number: int
    corrects_id: str | None = Field(
        default=None, foreign_key="minutes.id", max_length=36, unique=True
    )
    state: str = Field(max_length=12)
    content_hash: str = Field(max_length=64)
    drafted_by: str = Field(max_length=36)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes


class MinutesSignatureRow(SQLModel, table=True):
    """The chair's or the secretary's signature; two roles, two people."""

    __tablename__ = "minutes_signature"
    __table_args__ = (
        sa.UniqueConstraint("minutes_id", "role", name="uq_minutes_signature_role"),
        sa.UniqueConstraint("minutes_id", "person_id", name="uq_minutes_signature_person"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    minutes_id: str = Field(foreign_key="minutes.id", max_length=36)
    role: str = Field(max_length=12)
    person_id: str = Field(max_length=36)
    content_hash: str = Field(max_length=64)
    signed_at: datetime = Field(sa_type=UtcDateTime)
