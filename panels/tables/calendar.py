"""The private address under which a member's calendar program fetches sittings."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class CalendarAddressRow(SQLModel, table=True):
    """One address of one person; only its hash is kept. Made anew, the one before no longer counts."""

    __tablename__ = "calendar_address"
    __table_args__ = (sa.UniqueConstraint("secret_hash"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    person_id: str = Field(max_length=36, unique=True)
    account_id: str = Field(max_length=36)
    country: str = Field(max_length=2)
    secret_hash: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    fetched_on: datetime | None = Field(default=None, sa_type=UtcDateTime)
