"""Answer forms that were printed, and scans of filled-in ones. Source: DOM-5.9, EXP-10, decision 0020."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class AnswerFormRow(Versioned, table=True):
    """An answer form with its check code, for one message of ours, and who printed it; the same one is kept once."""

    __tablename__ = "answer_form"
    __table_args__ = (sa.UniqueConstraint("code", "printed_by"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(foreign_key="issued_paper.code", max_length=12)
    sheet: str = Field(max_length=8)
    country: str = Field(max_length=2)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36, index=True)
    message_id: str = Field(foreign_key="transfer_message.id", max_length=36)
    printed_by: str = Field(max_length=36)
    printed_at: datetime = Field(sa_type=UtcDateTime)


class PaperAnswerRow(Versioned, table=True):
    """A scan of a filled-in form: a proposal, until an officer has looked at it and confirmed what it says.

    ``restricted`` seals the name of the file and what was made of each box. The scan lies sealed under ``id``, the
    straightened picture of it under ``picture_id``. A form counts once: ``code`` is there once among what waits or
    was confirmed.
    """

    __tablename__ = "paper_answer"
    __table_args__ = (
        sa.Index(
            "uq_paper_answer_code", "code", unique=True,
            sqlite_where=sa.text("state <> 'set_aside'"),
            postgresql_where=sa.text("state <> 'set_aside'"),
        ),
    )  # fmt: skip

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    country: str = Field(max_length=2)
    transfer_id: str = Field(foreign_key="transfer.id", max_length=36, index=True)
    message_id: str = Field(foreign_key="transfer_message.id", max_length=36)
    code: str = Field(max_length=12)
    sheet: str = Field(max_length=8)
    media: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=43)
    chunks: int
    picture_id: str = Field(default_factory=new_id, max_length=36)
    brought_by: str = Field(max_length=36)
    came_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=12)
    settled_by: str = Field(default="", max_length=36)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_why: str = Field(default="", max_length=24)
    restricted: bytes
