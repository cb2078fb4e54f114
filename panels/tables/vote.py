"""Rounds of voting and the sealed votes cast in them. A stored vote is never changed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Field, SQLModel

from core.db import UtcDateTime
from core.ids import new_id


class RoundRow(SQLModel, table=True):
    """One round of deliberation and voting on one item; an annulled round counts for nothing."""

    __tablename__ = "vote_round"
    __table_args__ = (sa.UniqueConstraint("item_id", "round_no"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36)
    round_no: int
    facts_complete: bool = Field(default=False)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    opened_by: str = Field(max_length=36)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    annulled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    annul_reason: str | None = Field(default=None, max_length=40)


class VoteRow(SQLModel, table=True):
    """One person's vote: choice, reason and opinion in ``restricted``, under the case's key.

    One vote for each person and each seat of a round, whoever writes first.

    Source: DOM-4.6/vote, DOM-R18.
    """

    __tablename__ = "vote"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "round_no", "person_id", name="uq_vote_person"),
        sa.UniqueConstraint("item_id", "round_no", "seat_id", name="uq_vote_seat"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36)
    round_no: int
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    person_id: str = Field(max_length=36)
    seat_id: str = Field(foreign_key="panel_seat.id", max_length=36)
    cast_at: datetime = Field(sa_type=UtcDateTime)
    papers_unread: bool = Field(default=False)
    restricted: bytes


class OpinionRow(SQLModel, table=True):
    """What a dissenter wrote once votes were open, or that they declined to. Never changed.

    Source: DOM-4.6/vote.opinion, DOM-R18.
    """

    __tablename__ = "vote_opinion"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "round_no", "person_id", name="uq_vote_opinion_once"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    item_id: str = Field(foreign_key="agenda_item.id", max_length=36)
    round_no: int
    member_id: str = Field(foreign_key="panel_member.id", max_length=36)
    person_id: str = Field(max_length=36)
    written_at: datetime = Field(sa_type=UtcDateTime)
    restricted: bytes


@event.listens_for(OpinionRow, "before_update")
@event.listens_for(OpinionRow, "before_delete")
@event.listens_for(VoteRow, "before_update")
@event.listens_for(VoteRow, "before_delete")
def _keep(_mapper: Any, _connection: Any, _row: object) -> None:
    """Refuse in our own code what the database's triggers refuse to everyone. Source: DOM-R18."""
    msg = "a vote and a written dissent are never changed or removed"
    raise RuntimeError(msg)
