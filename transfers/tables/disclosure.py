"""Documents that travel with messages, and grants: ours to a partner, a partner's to us."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class DocumentOutRow(SQLModel, table=True):
    """A document of the child's file that travels with a message of ours, in its place. Source: EXP-5.2.

    ``grant_id`` is the grant a highly sensitive one leaves under.
    """

    __tablename__ = "document_out"
    __table_args__ = (sa.UniqueConstraint("message_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    message_id: str = Field(foreign_key="transfer_message.id", max_length=36)
    number: int
    attachment_id: str = Field(foreign_key="attachment.id", max_length=36)
    role: str = Field(max_length=12)
    grant_id: str | None = Field(default=None, max_length=36)
    chosen_by: str = Field(max_length=36)
    chosen_at: datetime = Field(sa_type=UtcDateTime)


class DocumentInRow(SQLModel, table=True):
    """A document another country sent. The bytes lie in its delivery; ``restricted`` holds the name it came under.

    ``reader`` is the only person who may open it, where a grant lets one person read. ``opened_at`` is the first time.
    """

    __tablename__ = "document_in"
    __table_args__ = (
        sa.UniqueConstraint("delivery_id", "part"),
        sa.Index("ix_document_in_transfer", "transfer_id", "came_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    delivery_id: str = Field(foreign_key="delivery_in.id", max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    message_id: str = Field(foreign_key="transfer_message.id", max_length=36)
    part: int
    role: str = Field(max_length=12)
    media: str = Field(max_length=120)
    size: int = Field(sa_type=sa.BigInteger)
    sha256: str = Field(max_length=43)
    hs_grant: str | None = Field(default=None, max_length=36)
    redaction: str = Field(max_length=2)
    purpose: str = Field(max_length=60)
    view_only: bool = Field(default=True)
    reader: str = Field(default="", max_length=36)
    came_at: datetime = Field(sa_type=UtcDateTime)
    opened_by: str = Field(default="", max_length=36)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes = Field(default=b"")


class GrantGivenRow(Versioned, table=True):
    """A grant of ours: proposed by one officer, given or refused by another. ``id`` is the id in the token.

    ``restricted`` holds the reason in words. ``message_id`` brings the token over; ``content_id`` is the message made
    when it was redeemed. Source: EXP-9, DOM-R45.
    """

    __tablename__ = "grant_given"
    __table_args__ = (sa.Index("ix_grant_given_transfer", "transfer_id", "state"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    partner: str = Field(max_length=43)
    asked_no: str | None = Field(default=None, max_length=36)
    office: str = Field(max_length=60)
    role: str = Field(max_length=60)
    scope: list[str] = Field(sa_type=sa.JSON)
    record_version: int
    redaction: str = Field(max_length=2)
    purpose: str = Field(max_length=60)
    uses: int
    state: str = Field(max_length=10)
    proposed_by: str = Field(max_length=36)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    answered_by: str = Field(default="", max_length=36)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: str | None = Field(default=None, foreign_key="transfer_message.id", max_length=36)
    token: str = Field(default="", sa_type=sa.Text)
    token_sha256: str = Field(default="", max_length=43)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used: int = Field(default=0)
    content_id: str | None = Field(default=None, foreign_key="transfer_message.id", max_length=36)
    redeemed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: str = Field(default="", max_length=36)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_for: str = Field(default="", max_length=60)
    restricted: bytes = Field(default=b"")


class GrantHeldRow(Versioned, table=True):
    """A grant another country gave us. ``asked_by`` had it redeemed, and alone reads what names a person."""

    __tablename__ = "grant_held"
    __table_args__ = (
        sa.UniqueConstraint("partner", "grant_id"),
        sa.Index("ix_grant_held_due", "partner", "state", "next_try_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    grant_id: str = Field(max_length=36)
    partner: str = Field(max_length=43)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    message_id: str = Field(foreign_key="transfer_message.id", max_length=36)
    token: str = Field(sa_type=sa.Text)
    token_sha256: str = Field(max_length=43)
    office: str = Field(max_length=60)
    role: str = Field(max_length=60)
    scope: list[str] = Field(sa_type=sa.JSON)
    record_version: int
    redaction: str = Field(max_length=2)
    purpose: str = Field(max_length=60)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    came_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=10)
    asked_by: str = Field(default="", max_length=36)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    trouble: str = Field(default="", max_length=40)
    delivery_id: str | None = Field(default=None, max_length=36)
