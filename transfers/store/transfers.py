"""Queries about transfers, their history and messages."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from transfers.rules.codes import Side
from transfers.rules.responsibility import Ground, Span
from transfers.tables.transfer import (
    CorridorChangeRow,
    MessageRow,
    ResponsibilityRow,
    TransferHistoryRow,
    TransferRow,
)


def find(session: Session, transfer_id: str) -> TransferRow | None:
    """Return a transfer."""
    return session.get(TransferRow, transfer_id)


def lock(session: Session, transfer_id: str) -> TransferRow | None:
    """Return a transfer and hold it until the unit of work ends."""
    query = select(TransferRow).where(TransferRow.id == transfer_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def lock_by_ref(session: Session, ref: str, partner: str) -> TransferRow | None:
    """Return what one partner and we know by this reference, and hold it; another partner's is not there."""
    query = (
        select(TransferRow)
        .where(TransferRow.ref == ref, TransferRow.partner == partner)
        .with_for_update()
    )
    return session.exec(query.execution_options(populate_existing=True)).first()


def by_ref(session: Session, ref: str, partner: str) -> TransferRow | None:
    """Return what one partner and we know by this reference; another partner's is not there."""
    query = select(TransferRow).where(TransferRow.ref == ref, TransferRow.partner == partner)
    return session.exec(query).first()


def is_known_ref(session: Session, ref: str) -> bool:
    """Whether a reference is in use, whoever with."""
    return session.exec(select(TransferRow.id).where(TransferRow.ref == ref)).first() is not None


def of_case(session: Session, case_id: str) -> Sequence[TransferRow]:
    """Return the transfers of a case, oldest first."""
    query = select(TransferRow).where(TransferRow.case_id == case_id)
    return session.exec(query.order_by(col(TransferRow.opened_at), col(TransferRow.id))).all()


def history(session: Session, transfer_id: str) -> Sequence[TransferHistoryRow]:
    """Return the steps of a transfer in order."""
    query = select(TransferHistoryRow).where(TransferHistoryRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(TransferHistoryRow.seq))).all()


def next_seq(session: Session, transfer_id: str) -> int:
    """Return the number of the next step of a locked transfer."""
    query = select(sa.func.max(TransferHistoryRow.seq)).where(
        TransferHistoryRow.transfer_id == transfer_id
    )
    return (session.exec(query).one() or 0) + 1


def next_message(session: Session, transfer_id: str) -> int:
    """Return the number of the next message of a locked transfer."""
    query = select(sa.func.max(MessageRow.seq)).where(MessageRow.transfer_id == transfer_id)
    return (session.exec(query).one() or 0) + 1


def find_message(session: Session, message_id: str) -> MessageRow | None:
    """Return a message by its id here."""
    return session.get(MessageRow, message_id)


def message_by_no(session: Session, no: str) -> MessageRow | None:
    """Return a message by the id both sides know it by."""
    return session.exec(select(MessageRow).where(MessageRow.no == no)).first()


def messages(session: Session, transfer_id: str) -> Sequence[MessageRow]:
    """Return the messages of a transfer as they were written or came in."""
    query = select(MessageRow).where(MessageRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(MessageRow.seq))).all()


def spans(session: Session, transfer_id: str) -> tuple[Span, ...]:
    """Return who answered for the child, oldest first."""
    query = select(ResponsibilityRow).where(ResponsibilityRow.transfer_id == transfer_id)
    rows = session.exec(query.order_by(col(ResponsibilityRow.since))).all()
    return tuple(
        Span(Side(row.side), row.officer, row.since, row.until, Ground(row.ground), row.ref)
        for row in rows
    )


def current_span(session: Session, transfer_id: str) -> ResponsibilityRow | None:
    """Return the stretch that lasts."""
    query = select(ResponsibilityRow).where(
        ResponsibilityRow.transfer_id == transfer_id, col(ResponsibilityRow.until).is_(None)
    )
    return session.exec(query).first()


def last_change(
    session: Session, origin: str, destination: str, *, until: datetime
) -> CorridorChangeRow | None:
    """Return the last word on a corridor."""
    query = select(CorridorChangeRow).where(
        CorridorChangeRow.origin == origin,
        CorridorChangeRow.destination == destination,
        CorridorChangeRow.at <= until,
    )
    newest = query.order_by(col(CorridorChangeRow.at).desc(), col(CorridorChangeRow.id).desc())
    return session.exec(newest.limit(1)).first()
