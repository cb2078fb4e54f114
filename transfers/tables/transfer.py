"""Transfers between two countries, their messages, and who answered for the child."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class TransferRow(Versioned, table=True):
    """One enquiry or request about one child, as this country keeps it; the other keeps its own.

    ``ref`` is shared by both countries and built from nothing about the child. ``case_id`` is empty while an
    inbound transfer is not matched to a child here. ``interrupted`` is the state to go back to after a suspension
    or while a child is missing. ``taken_back_at``: since when what was asked is taken
    back. ``restricted`` holds what people wrote: terms, carer, conditions, contacts.
    ``open_case`` repeats case and round while it is open: one at a time to one country.

    Source: DOM-4.8, DOM-5.2.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        sa.Index("ix_transfer_case", "case_id", "opened_at"),
        sa.Index("ix_transfer_board", "country", "is_open", "state", "state_since", "id"),
        sa.Index("ix_transfer_corridor", "country", "origin", "destination", "opened_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    ref: str = Field(max_length=32, unique=True)
    country: str = Field(max_length=2)
    direction: str = Field(max_length=8)
    origin: str = Field(max_length=2)
    destination: str = Field(max_length=2)
    corridor_version: int
    partner: str = Field(default="", max_length=43)
    case_id: str | None = Field(default=None, foreign_key="case_file.id", max_length=36)
    open_case: str | None = Field(default=None, max_length=60, unique=True)
    round: str = Field(max_length=8)
    kind: str = Field(max_length=24)
    reason: str = Field(max_length=24)
    state: str = Field(max_length=24)
    interrupted: str | None = Field(default=None, max_length=24)
    is_open: bool = Field(default=True)
    state_since: datetime = Field(sa_type=UtcDateTime)
    priority: str = Field(max_length=12)
    reply_due: date | None = Field(default=None)
    responsibility: str = Field(max_length=20)
    determination_id: str | None = Field(default=None, max_length=36)
    decision_sha256: str = Field(default="", max_length=43)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    opened_by: str = Field(max_length=36)
    requested_by: str = Field(default="", max_length=36)
    cleared_by: str = Field(default="", max_length=36)
    cleared_for: date | None = Field(default=None)
    accepted_until: date | None = Field(default=None)
    receiver_checked_by: str = Field(default="", max_length=36)
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")


class TransferHistoryRow(SQLModel, table=True):
    """One step of a transfer: whose act, who, by which message. Never changed. Source: DOM-5.2."""

    __tablename__ = "transfer_history"
    __table_args__ = (sa.UniqueConstraint("transfer_id", "seq"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    seq: int
    at: datetime = Field(sa_type=UtcDateTime)
    step: str = Field(max_length=24)
    source: str = Field(max_length=24)
    state: str = Field(max_length=24)
    side: str = Field(max_length=8)
    person_id: str = Field(default="", max_length=36)
    message_id: str | None = Field(default=None, max_length=36)


class MessageRow(Versioned, table=True):
    """One message, ours or theirs. What it says never changes once it is signed; a correction is another message.

    ``no`` is the id both sides know it by, ``seq`` its place among the messages of the transfer here.
    ``restricted`` holds the body; ``summary`` the case summary of an enquiry
    or request. ``view_only``: over there its documents are read and not kept.
    ``written_by``, ``checked_by`` and ``signed_by`` are persons of ours; two of them at least differ.

    Source: DOM-5.2, EXP-5.
    """

    __tablename__ = "transfer_message"
    __table_args__ = (
        sa.UniqueConstraint("transfer_id", "seq"),
        sa.Index("ix_transfer_message_ready", "standing", "written_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    no: str = Field(default_factory=new_id, max_length=36, unique=True)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    seq: int
    is_ours: bool
    type: str = Field(max_length=24)
    standing: str = Field(max_length=12)
    reply_to: str | None = Field(default=None, max_length=36)
    redaction: str = Field(default="R0", max_length=2)
    written_by: str = Field(default="", max_length=36)
    written_at: datetime = Field(sa_type=UtcDateTime)
    checked_by: str = Field(default="", max_length=36)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    signed_by: str = Field(default="", max_length=36)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    package_id: str | None = Field(default=None, max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes
    summary: bytes | None = Field(default=None)
    view_only: bool = Field(default=True)


class ResponsibilityRow(SQLModel, table=True):
    """Who answered for the child, from when to when. Only the end is ever written. Source: DOM-5.6, DOM-R37."""

    __tablename__ = "responsibility"
    __table_args__ = (
        sa.Index("ix_responsibility_of", "transfer_id", "since"),
        sa.Index(
            "uq_responsibility_now",
            "transfer_id",
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    side: str = Field(max_length=8)
    officer: str = Field(max_length=64)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ground: str = Field(max_length=24)
    ref: str = Field(default="", max_length=200)


class CorridorChangeRow(SQLModel, table=True):
    """An officer opened, narrowed or closed a corridor. Never changed; the last one counts. Source: DOM-5.9."""

    __tablename__ = "corridor_change"
    __table_args__ = (sa.Index("ix_corridor_change", "origin", "destination", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    origin: str = Field(max_length=2)
    destination: str = Field(max_length=2)
    status: str = Field(max_length=12)
    reason: str = Field(max_length=300)
    by: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
