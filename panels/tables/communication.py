"""The talk in which a child was told, and the appeal window it opened."""

from datetime import datetime

from sqlmodel import Field

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class CommunicationRow(Versioned, table=True):
    """One decision explained to the child. Source: DOM-3.3 (T14), DOM-R9.

    ``restricted`` holds who was present and interpreted, the reaction in words, and the note.
    """

    __tablename__ = "communication"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    determination_id: str = Field(foreign_key="determination.id", max_length=36, unique=True)
    case_id: str = Field(max_length=36, index=True)
    told_at: datetime = Field(sa_type=UtcDateTime)
    language: str = Field(max_length=20)
    explained_by: str = Field(max_length=36)
    reaction: str = Field(max_length=20)
    window_ends_at: datetime = Field(sa_type=UtcDateTime)
    waived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    waived_by: str | None = Field(default=None, max_length=36)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes
