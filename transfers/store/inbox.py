"""Queries about what came from other countries and waits for a person, and about what stands still on its way."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from transfers.rules.delivery import InState, OutState
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, ReceiptGivenRow
from transfers.tables.transfer import MessageRow, TransferRow

STANDING_STILL = [
    OutState.NEEDS_ATTENTION.value, OutState.EXPIRED.value, OutState.REFUSED.value,
]  # fmt: skip


def unread(
    session: Session, country: str, *, barred: Collection[str], limit: int
) -> Sequence[tuple[MessageRow, TransferRow]]:
    """Return messages of theirs whose package was admitted and opened by nobody, the oldest first."""
    query = (
        select(MessageRow, TransferRow)
        .join(DeliveryInRow, col(DeliveryInRow.message_id) == col(MessageRow.id))
        .join(TransferRow, col(TransferRow.id) == col(MessageRow.transfer_id))
        .where(
            DeliveryInRow.state == InState.ADMITTED.value,
            TransferRow.country == country,
            _open_to(barred),
        )
        .order_by(col(MessageRow.written_at), col(MessageRow.id))
        .limit(limit)
    )
    return session.exec(query).all()


def standing_still(
    session: Session, country: str, *, barred: Collection[str], limit: int
) -> Sequence[tuple[DeliveryOutRow, TransferRow]]:
    """Return the newest delivery of each message of ours that does not go on by itself, on open transfers."""
    later = aliased(DeliveryOutRow)
    query = (
        select(DeliveryOutRow, TransferRow)
        .join(TransferRow, col(TransferRow.id) == col(DeliveryOutRow.transfer_id))
        .where(
            col(DeliveryOutRow.state).in_(STANDING_STILL),
            TransferRow.country == country,
            col(TransferRow.is_open).is_(True),
            _open_to(barred),
            ~sa.exists().where(
                col(later.message_id) == col(DeliveryOutRow.message_id),
                col(later.number) > col(DeliveryOutRow.number),
            ),
        )
        .order_by(col(DeliveryOutRow.state_since), col(DeliveryOutRow.id))
        .limit(limit)
    )
    return session.exec(query).all()


def last_receipt_held(session: Session) -> datetime | None:
    """Return when we signed the newest receipt a partner says it stored; it carries the head of our log."""
    query = select(ReceiptGivenRow.signed_at).where(col(ReceiptGivenRow.stored_at).is_not(None))
    return session.exec(query.order_by(col(ReceiptGivenRow.number).desc()).limit(1)).first()


def _open_to(barred: Collection[str]) -> sa.ColumnElement[bool]:
    if not barred:
        return sa.true()
    is_there = col(TransferRow.case_id).is_(None)
    return sa.or_(is_there, col(TransferRow.case_id).not_in(barred))
