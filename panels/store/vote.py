"""Queries about rounds, votes and written dissents. Choices stay sealed here."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from panels.store.values import table, values
from panels.tables.vote import OpinionRow, RoundRow, VoteRow

_O: Final = table(OpinionRow)
_WROTE: Final = sa.select(_O.c.member_id).where(
    _O.c.item_id == sa.bindparam("item"), _O.c.round_no == sa.bindparam("no")
)
_ROUNDS: Final = (
    select(RoundRow)
    .where(RoundRow.item_id == sa.bindparam("item"))
    .order_by(col(RoundRow.round_no))
    .execution_options(populate_existing=True)
)
_VOTES: Final = (
    select(VoteRow)
    .where(VoteRow.item_id == sa.bindparam("item"), VoteRow.round_no == sa.bindparam("no"))
    .order_by(col(VoteRow.seat_id))
)


def rounds(session: Session, item_id: str) -> Sequence[RoundRow]:
    """Return the rounds of an item in order."""
    return session.exec(_ROUNDS, params={"item": item_id}).all()


def votes(session: Session, item_id: str, round_no: int) -> Sequence[VoteRow]:
    """Return the votes of one round, by seat: their order must not tell who voted first."""
    return session.exec(_VOTES, params={"item": item_id, "no": round_no}).all()


def who_wrote(session: Session, item_id: str, round_no: int) -> frozenset[str]:
    """Return the members who wrote a dissent after votes were opened."""
    return frozenset(row.member_id for row in values(session, _WROTE, item=item_id, no=round_no))


def opinions(session: Session, item_id: str, round_no: int) -> Sequence[OpinionRow]:
    """Return the dissents written after votes were opened."""
    query = select(OpinionRow).where(OpinionRow.item_id == item_id, OpinionRow.round_no == round_no)
    return session.exec(query.order_by(col(OpinionRow.member_id))).all()
