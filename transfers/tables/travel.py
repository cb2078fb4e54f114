"""What officers found on the day of travel and before: the facts behind the checklist."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class TravelFactRow(SQLModel, table=True):
    """One fact somebody found out, for example that the escort was checked. Never changed; the last one counts.

    ``restricted`` holds what was said about it. Source: DOM-4.9/travel, DOM-5.10.
    """

    __tablename__ = "travel_fact"
    __table_args__ = (sa.Index("ix_travel_fact", "transfer_id", "fact", "recorded_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    fact: str = Field(max_length=60)
    answer: str = Field(max_length=12)
    found_on: date
    by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")


class PackageViewRow(SQLModel, table=True):
    """A named officer of the other country opened a message of ours. Never changed. Source: DOM-5.10, line 13."""

    __tablename__ = "package_view"

    message_id: str = Field(primary_key=True, foreign_key="transfer_message.id", max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    ref: str = Field(default="", max_length=64)
