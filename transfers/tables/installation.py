"""This installation towards others: its name, its keys, the statements it made about them.

Private keys are sealed, each under a data key of its own, which is destroyed with it. The anchor's private half is
never here. Source: EXP-3.1.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned


class InstallationRow(Versioned, table=True):
    """Who we are to other installations; one row."""

    __tablename__ = "installation"

    id: str = Field(primary_key=True, max_length=43)
    anchor: dict[str, Any] = Field(sa_type=sa.JSON)
    next_anchor: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    base_url: str | None = Field(default=None, max_length=480)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str = Field(max_length=36)


class ExchangeKeyRow(Versioned, table=True):
    """One key of ours. ``sealed`` is its private half; emptied when it is destroyed."""

    __tablename__ = "exchange_key"

    kid: str = Field(primary_key=True, max_length=43)
    use: str = Field(max_length=3)
    jwk: dict[str, Any] = Field(sa_type=sa.JSON)
    sealed: bytes | None = Field(default=None)
    made_at: datetime = Field(sa_type=UtcDateTime)
    begins_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    retires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = Field(default=None, max_length=12)
    compromised_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    destroyed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OwnStatementRow(SQLModel, table=True):
    """A statement we made about our keys, word for word. Never changed; the newest is published."""

    __tablename__ = "own_statement"
    __table_args__ = (sa.UniqueConstraint("seq", "anchor_kid"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(sa_type=sa.BigInteger)
    anchor_kid: str = Field(max_length=43)
    text: str = Field(sa_type=sa.Text)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
