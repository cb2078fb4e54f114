"""Recipients without an installation: who they are, what they were given, how they get to it, what they answered.

Names, offices and numbers are sealed under the recipient; what a recipient says or uploads is sealed under the
transfer it is about. Secrets of links, codes and sessions are kept as hashes. Source: EXP-10, EXP-TT66.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class GuestRow(Versioned, table=True):
    """A named person of an office abroad, verified by two officers of ours.

    ``country`` is ours, ``of_country`` theirs. ``restricted`` seals name, office, post and the office's known number.
    """

    __tablename__ = "guest"
    __table_args__ = (sa.Index("ix_guest_of_country", "country", "of_country", "state"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    of_country: str = Field(max_length=2)
    state: str = Field(max_length=12)
    account_id: str | None = Field(
        default=None, foreign_key="account.id", max_length=36, unique=True
    )
    proposed_by: str = Field(max_length=36)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    verified_by: str = Field(default="", max_length=36)
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    verified_how: str = Field(default="", max_length=24)
    ends_on: date
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=36)
    restricted: bytes


class GuestItemRow(Versioned, table=True):
    """One message of ours that one recipient may read. Source: EXP-10."""

    __tablename__ = "guest_item"
    __table_args__ = (
        sa.Index("ix_guest_item_of", "guest_id", "ended_at"),
        sa.Index("ix_guest_item_transfer", "transfer_id", "given_at"),
        sa.Index(
            "uq_guest_item_open", "guest_id", "message_id", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    guest_id: str = Field(foreign_key="guest.id", max_length=36)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36)
    message_id: str = Field(foreign_key="transfer_message.id", max_length=36)
    purpose: str = Field(max_length=24)
    view_only: bool = Field(default=True)
    given_by: str = Field(max_length=36)
    given_at: datetime = Field(sa_type=UtcDateTime)
    ends_on: date
    viewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    downloaded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str = Field(default="", max_length=36)


class GuestLinkRow(Versioned, table=True):
    """A one-time link to one item, and the code that goes another way. Both are kept as hashes. Source: EXP-10."""

    __tablename__ = "guest_link"
    __table_args__ = (
        sa.Index(
            "uq_guest_link_live", "item_id", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_guest_link_ends", "ended_at", "ends_at"),
    )  # fmt: skip

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="guest_item.id", max_length=36)
    token_hash: str = Field(max_length=64, unique=True)
    code_hash: str = Field(max_length=64)
    link_channel: str = Field(max_length=24)
    code_channel: str = Field(max_length=24)
    made_by: str = Field(max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    code_ends_at: datetime = Field(sa_type=UtcDateTime)
    wrong_codes: int = Field(default=0)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_why: str = Field(default="", max_length=12)


class GuestSessionRow(SQLModel, table=True):
    """A link was opened at one device; the cookie is kept as a hash. Source: EXP-10, EXP-10.1."""

    __tablename__ = "guest_session"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    link_id: str = Field(foreign_key="guest_link.id", max_length=36, index=True)
    token_hash: str = Field(max_length=64, unique=True)
    device_hash: str = Field(max_length=64)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GuestReplyRow(Versioned, table=True):
    """What a recipient answered: a statement, until an officer of ours confirms it into the record.

    ``restricted`` seals the message as it would be taken in; ``reply_id`` is the message it became.
    """

    __tablename__ = "guest_reply"
    __table_args__ = (sa.Index("ix_guest_reply", "country", "state", "came_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    item_id: str = Field(foreign_key="guest_item.id", max_length=36, index=True)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36, index=True)
    no: str = Field(max_length=36, unique=True)
    type: str = Field(max_length=24)
    came_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=12)
    settled_by: str = Field(default="", max_length=36)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_why: str = Field(default="", max_length=24)
    restricted: bytes


class GuestUploadRow(Versioned, table=True):
    """A paper a recipient sent back. It lies sealed and closed until an officer of ours has looked at it.

    ``restricted`` seals the name it came under. Source: EXP-5.2, EXP-10.
    """

    __tablename__ = "guest_upload"
    __table_args__ = (sa.Index("ix_guest_upload", "country", "state", "came_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    item_id: str = Field(foreign_key="guest_item.id", max_length=36, index=True)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36, index=True)
    media: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=43)
    chunks: int
    came_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=12)
    settled_by: str = Field(default="", max_length=36)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes
