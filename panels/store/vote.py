"""Queries about rounds, votes and written dissents. Choices stay sealed here."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from panels.tables.vote import OpinionRow, RoundRow, VoteRow


def rounds(session: Session, item_id: str) -> Sequence[RoundRow]:
    """Return the rounds of an item in order."""
    query = select(RoundRow).where(RoundRow.item_id == item_id)
    query = query.order_by(col(RoundRow.round_no))
    return session.exec(query.execution_options(populate_existing=True)).all()


def votes(session: Session, item_id: str, round_no: int) -> Sequence[VoteRow]:
    """Return the votes of one round, by seat: their order must not tell who voted first."""
    query = select(VoteRow).where(VoteRow.item_id == item_id, VoteRow.round_no == round_no)
    return session.exec(query.order_by(col(VoteRow.seat_id))).all()


def opinions(session: Session, item_id: str, round_no: int) -> Sequence[OpinionRow]:
    """Return the dissents written after votes were opened."""
    query = select(OpinionRow).where(OpinionRow.item_id == item_id, OpinionRow.round_no == round_no)
    return session.exec(query.order_by(col(OpinionRow.member_id))).all()
