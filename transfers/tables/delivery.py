"""Packages on their way out and in, receipts, recalls, and calls that were made once.

Sealed bytes lie in a folder of their own, named by ``id``; nothing here or there opens without a private key. Ids,
codes, hashes and times only: what a package says is kept where messages are. Source: EXP-4.1, EXP-7, EXP-9.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class ExchangeLifeRow(SQLModel, table=True):
    """One life of this database: ``mark`` also lies in the storage folder, beside how many numbers were given.

    Where the two differ the database was restored from a backup. ``looked_at`` is when the worker last looked at its
    clock; ``doubted_at`` when that had jumped.
    """

    __tablename__ = "exchange_life"

    id: int = Field(default=1, primary_key=True)
    mark: str = Field(max_length=36)
    given: int = Field(default=0, sa_type=sa.BigInteger)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    doubted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ExchangeChainRow(SQLModel, table=True):
    """Where our numbering towards one partner stands, in one life."""

    __tablename__ = "exchange_chain"

    chain: str = Field(primary_key=True, max_length=36)
    partner: str = Field(max_length=43)
    life: str = Field(max_length=36)
    seq: int = Field(default=0, sa_type=sa.BigInteger)
    prev: str | None = Field(default=None, max_length=43)

    __table_args__ = (sa.UniqueConstraint("partner", "life"),)


class DeliveryOutRow(Versioned, table=True):
    """A package of ours, sealed once; sealed anew it is another row with the same ``package_id``."""

    __tablename__ = "delivery_out"
    __table_args__ = (
        sa.UniqueConstraint("chain", "seq"),
        sa.Index("ix_delivery_out_due", "partner", "state", "next_try_at"),
        sa.Index("ix_delivery_out_package", "package_id"),
        sa.Index("ix_delivery_out_message", "message_id"),
        sa.Index("ix_delivery_out_number", "partner", "number"),
    )

    id: str = Field(primary_key=True, max_length=36)
    number: int = Field(sa_type=sa.BigInteger)
    package_id: str = Field(max_length=36)
    message_id: str = Field(foreign_key="transfer_message.id", max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    partner: str = Field(max_length=43)
    chain: str = Field(max_length=36)
    seq: int = Field(sa_type=sa.BigInteger)
    token: str = Field(sa_type=sa.Text)
    token_sha256: str = Field(max_length=43, unique=True)
    manifest_sha256: str = Field(max_length=43)
    sealed_to: str = Field(max_length=43)
    size: int = Field(sa_type=sa.BigInteger)
    sealed_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=16)
    state_since: datetime = Field(sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    unknown_tries: int = Field(default=0)
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    trouble: str = Field(default="", max_length=40)
    is_offered: bool = Field(default=False)


class DeliveryInRow(Versioned, table=True):
    """A package of theirs. ``box`` is sealed once more under a key of its own, which is destroyed with the content.

    ``fork`` tells deliveries with one number apart; all but the first wait for a person.
    """

    __tablename__ = "delivery_in"
    __table_args__ = (
        sa.UniqueConstraint("partner", "delivery_id"),
        sa.UniqueConstraint("partner", "chain", "seq", "fork"),
        sa.Index("ix_delivery_in_state", "state", "offered_at"),
        sa.Index("ix_delivery_in_package", "partner", "package_id"),
        sa.Index("ix_delivery_in_retain", "retain_until"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    partner: str = Field(max_length=43)
    delivery_id: str = Field(max_length=36)
    package_id: str = Field(max_length=36)
    chain: str = Field(max_length=36)
    seq: int = Field(sa_type=sa.BigInteger)
    prev: str | None = Field(default=None, max_length=43)
    fork: int = Field(default=0)
    token: str = Field(sa_type=sa.Text)
    token_sha256: str = Field(max_length=43, unique=True)
    box: bytes | None = Field(default=None)
    size: int = Field(sa_type=sa.BigInteger)
    state: str = Field(max_length=16)
    why: str = Field(default="", max_length=40)
    is_file: bool = Field(default=False)
    offered_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    scanned: str = Field(default="", max_length=12, sa_column_kwargs={"server_default": ""})
    manifest_sha256: str | None = Field(default=None, max_length=43)
    message_id: str | None = Field(default=None, max_length=36, index=True)
    transfer_id: str | None = Field(default=None, max_length=36)
    retain_until: date | None = Field(default=None)
    destroyed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PartInRow(SQLModel, table=True):
    """One sealed part of theirs; ``have`` bytes are on the disk and counted."""

    __tablename__ = "delivery_in_part"

    delivery_id: str = Field(foreign_key="delivery_in.id", primary_key=True, max_length=36)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    size: int = Field(sa_type=sa.BigInteger)
    sha256: str = Field(max_length=43)
    have: int = Field(default=0, sa_type=sa.BigInteger)


class CallMadeRow(SQLModel, table=True):
    """A call that was taken once; kept as long as its token could be shown again."""

    __tablename__ = "exchange_call"

    issuer: str = Field(primary_key=True, max_length=43)
    jti: str = Field(primary_key=True, max_length=36)
    until: datetime = Field(sa_type=UtcDateTime, index=True)


class ReceiptGivenRow(SQLModel, table=True):
    """A receipt of ours, signed once for each event, given again word for word. Only ``stored_at`` and tries change."""

    __tablename__ = "receipt_given"
    __table_args__ = (
        sa.UniqueConstraint("partner", "subject", "event"),
        sa.Index("ix_receipt_given_due", "partner", "stored_at", "next_try_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    partner: str = Field(max_length=43)
    subject: str = Field(max_length=36)
    event: str = Field(max_length=16)
    text: str = Field(sa_type=sa.Text)
    sha256: str = Field(max_length=43)
    number: int = Field(sa_type=sa.BigInteger)
    signed_at: datetime = Field(sa_type=UtcDateTime)
    stored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    next_try_at: datetime = Field(sa_type=UtcDateTime)


class ReceiptTakenRow(SQLModel, table=True):
    """A receipt of theirs; ``standing`` says whether it counts. Never changed."""

    __tablename__ = "receipt_taken"
    __table_args__ = (sa.Index("ix_receipt_taken_about", "subject", "number"),)

    sha256: str = Field(primary_key=True, max_length=43)
    partner: str = Field(max_length=43)
    jti: str = Field(default="", max_length=36)
    subject: str = Field(default="", max_length=36)
    event: str = Field(default="", max_length=16)
    reason: str = Field(default="", max_length=60)
    standing: str = Field(max_length=12)
    text: str = Field(sa_type=sa.Text)
    number: int = Field(sa_type=sa.BigInteger)
    taken_at: datetime = Field(sa_type=UtcDateTime)


class RecallRow(Versioned, table=True):
    """A package that was taken back: by us, or by them. One of theirs without ``delivery_id`` waits for the package."""

    __tablename__ = "exchange_recall"
    __table_args__ = (
        sa.UniqueConstraint("partner", "notice_id"),
        sa.Index("ix_exchange_recall_package", "partner", "package_id"),
        sa.Index("ix_exchange_recall_due", "is_ours", "state", "next_try_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    notice_id: str = Field(max_length=36)
    is_ours: bool
    partner: str = Field(max_length=43)
    package_id: str = Field(max_length=36)
    text: str = Field(sa_type=sa.Text)
    token_sha256: str = Field(max_length=43)
    reason: str = Field(max_length=60)
    action: str = Field(max_length=10)
    at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(default="", max_length=36)
    state: str = Field(max_length=16)
    due_on: date | None = Field(default=None)
    decided_by: str = Field(default="", max_length=36)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    next_try_at: datetime = Field(sa_type=UtcDateTime)


class LineRow(SQLModel, table=True):
    """How the line to one partner is: last contact, tries, how far the clocks are apart."""

    __tablename__ = "exchange_line"

    partner: str = Field(primary_key=True, max_length=43)
    heard_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    next_call_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    skew_seconds: int = Field(default=0)
    trouble: str = Field(default="", max_length=40)
    statement_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
