"""Determinations, the signatures under them, and the dissents kept with them.

What a determination says is never changed: a correction is a further row that names the one it
corrects. Only its standing moves: recorded, sealed, replaced or taken back before it was sealed.
"""

from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event, inspect
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime, Versioned
from core.ids import new_id


class DeterminationRow(Versioned, table=True):
    """One version of the decision about exactly one child. Source: DOM-4.6, DOM-R2, DOM-R22.

    ``pending_case`` repeats the case id while signatures are awaited and ``current_case`` while
    the sealed decision is in force: their uniqueness leaves one of each for a child.
    ``restricted`` holds every word of it, under the case's key.
    """

    __tablename__ = "determination"
    __table_args__ = (
        sa.UniqueConstraint("root_id", "number"),
        sa.Index("ix_determination_case", "case_id", "decided_at"),
        sa.Index("ix_determination_sitting", "sitting_id", "state"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(max_length=36)
    item_id: str | None = Field(
        default=None, foreign_key="agenda_item.id", max_length=36, index=True
    )
    sitting_id: str | None = Field(default=None, foreign_key="sitting.id", max_length=36)
    root_id: str = Field(max_length=36)
    number: int = Field(default=1)
    corrects_id: str | None = Field(
        default=None, foreign_key="determination.id", max_length=36, unique=True
    )
    supersedes_id: str | None = Field(
        default=None, foreign_key="determination.id", max_length=36, index=True
    )
    pending_case: str | None = Field(default=None, max_length=36, unique=True)
    current_case: str | None = Field(default=None, max_length=36, unique=True)
    state: str = Field(max_length=12)
    report_id: str = Field(max_length=36)
    outcome: str = Field(max_length=32)
    secondary: str = Field(default="", max_length=32)
    destination: str = Field(max_length=2)
    is_abroad: bool
    care_type: str = Field(default="", max_length=32)
    option_ref: str = Field(max_length=20)
    views_weight: str = Field(max_length=20)
    gives_sibling_reason: bool = Field(default=False)
    rule_used: str = Field(max_length=20)
    votes_for: int = Field(default=0)
    votes_other: int = Field(default=0)
    abstained: int = Field(default=0)
    voters: list[str] = Field(sa_type=sa.JSON)
    quorum_ref: str = Field(default="", max_length=36)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    decided_on: date
    valid_until: date = Field(index=True)
    review_on: date
    content_hash: str = Field(max_length=64)
    recorded_by: str = Field(max_length=36)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    sealed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restricted: bytes


MAY_CHANGE: Final = frozenset({"state", "sealed_at", "pending_case", "current_case", "version"})


@event.listens_for(DeterminationRow, "before_update")
def _keep(_mapper: Any, _connection: Any, row: DeterminationRow) -> None:
    """Refuse to change what a decision says. Source: DOM-R22."""
    changed = {name for name, found in inspect(row).attrs.items() if found.history.has_changes()}
    if changed - MAY_CHANGE:
        msg = "what a determination says is never changed"
        raise RuntimeError(msg)


class DissentRow(SQLModel, table=True):
    """One member's disagreement, as it stood when the decision was recorded; never changed.

    ``restricted`` holds the words, under the case's key. Source: DOM-R18, DOM-4.6/decision.dissents.
    """

    __tablename__ = "determination_dissent"
    __table_args__ = (sa.UniqueConstraint("determination_id", "person_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    determination_id: str = Field(foreign_key="determination.id", max_length=36)
    case_id: str = Field(max_length=36)
    person_id: str = Field(max_length=36)
    restricted: bytes


class SignatureRow(SQLModel, table=True):
    """One member's signature under exactly these words; never changed. Source: DOM-4.6."""

    __tablename__ = "determination_signature"
    __table_args__ = (sa.UniqueConstraint("determination_id", "person_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    determination_id: str = Field(foreign_key="determination.id", max_length=36)
    person_id: str = Field(max_length=36)
    content_hash: str = Field(max_length=64)
    signed_at: datetime = Field(sa_type=UtcDateTime)


class FullPanelDemandRow(SQLModel, table=True):
    """Somebody who demanded the full panel instead of the simplified procedure. Source: DOM-3.4."""

    __tablename__ = "full_panel_demand"
    __table_args__ = (sa.UniqueConstraint("case_id", "by", "person_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(max_length=36, index=True)
    by: str = Field(max_length=12)
    person_id: str = Field(max_length=36)
    demanded_at: datetime = Field(sa_type=UtcDateTime)


@event.listens_for(DeterminationRow, "before_delete")
@event.listens_for(DissentRow, "before_update")
@event.listens_for(DissentRow, "before_delete")
@event.listens_for(SignatureRow, "before_update")
@event.listens_for(SignatureRow, "before_delete")
def _never(_mapper: Any, _connection: Any, _row: Any) -> None:
    """Refuse to change or remove what was decided, signed or dissented. Source: DOM-R18, DOM-R22."""
    msg = "a decision, a signature and a dissent are never changed or removed"
    raise RuntimeError(msg)
