"""The evidence log, and every token sent or received, word for word beside it. Only ever added to."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id
from transfers.rules.evidence_chain import BEGINNING, Entry


class EvidenceRow(SQLModel, table=True):
    """One thing that happened between us and another installation. Source: EXP-8."""

    __tablename__ = "evidence"
    __table_args__ = (sa.Index("ix_evidence_subject", "subject", "n"),)

    n: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    prev: str = Field(max_length=43)
    at: int = Field(sa_type=sa.BigInteger)
    type: str = Field(max_length=60)
    subject: str = Field(max_length=64)
    actor: str = Field(max_length=64)
    obj: str | None = Field(default=None, max_length=43, index=True)
    detail: str = Field(sa_type=sa.Text)
    hash: str = Field(max_length=43)

    def to_entry(self) -> Entry:
        """Return the value the rules use."""
        return Entry(self.n, self.at, self.type, self.subject, self.actor, self.obj, self.detail)


class EvidenceHeadRow(SQLModel, table=True):
    """The last number and hash of the log; locked while a row is added."""

    __tablename__ = "evidence_head"

    id: int = Field(default=1, primary_key=True)
    n: int = Field(default=0, sa_type=sa.BigInteger)
    hash: str = Field(default=BEGINNING, max_length=43)


class TokenRow(SQLModel, table=True):
    """A token as it was sent or received; kept whether or not it was taken, never twice."""

    __tablename__ = "exchange_token"
    __table_args__ = (sa.Index("ix_exchange_token_key", "issuer", "kid", "direction", "kept_at"),)

    sha256: str = Field(primary_key=True, max_length=43)
    kind: str = Field(max_length=24)
    direction: str = Field(max_length=8)
    standing: str = Field(max_length=12)
    issuer: str = Field(max_length=43)
    kid: str = Field(max_length=43)
    subject: str = Field(max_length=64)
    text: str = Field(sa_type=sa.Text)
    n: int = Field(sa_type=sa.BigInteger)
    kept_at: datetime = Field(sa_type=UtcDateTime)


class CheckpointRow(SQLModel, table=True):
    """What an installation signed about the length and head of a log: ours about ours, partners' about theirs."""

    __tablename__ = "checkpoint"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "n", "head"),
        sa.Index("ix_checkpoint_latest", "issuer", "issued_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    issuer: str = Field(max_length=43)
    n: int = Field(sa_type=sa.BigInteger)
    head: str = Field(max_length=43)
    issued_at: int = Field(sa_type=sa.BigInteger)
    token: str = Field(max_length=43)


class StampRow(SQLModel, table=True):
    """What a time-stamping authority answered about one checkpoint of ours, as it came. Never changed."""

    __tablename__ = "checkpoint_stamp"

    token: str = Field(primary_key=True, max_length=43)
    answer: bytes
    stamped_at: datetime = Field(sa_type=UtcDateTime)
    kept_at: datetime = Field(sa_type=UtcDateTime)
