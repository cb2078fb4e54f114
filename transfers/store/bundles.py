"""Queries for the evidence of one transfer: what of the exchange belongs to it."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from transfers.tables.delivery import (
    DeliveryInRow,
    DeliveryOutRow,
    RecallRow,
    ReceiptGivenRow,
    ReceiptTakenRow,
)
from transfers.tables.transfer import TransferRow


def by_ref(session: Session, ref: str) -> TransferRow | None:
    """Return the transfer both countries know by this reference."""
    return session.exec(select(TransferRow).where(TransferRow.ref == ref)).first()


def sent(session: Session, transfer_id: str) -> Sequence[DeliveryOutRow]:
    """Return every delivery of ours for a transfer, the oldest first."""
    query = select(DeliveryOutRow).where(DeliveryOutRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(DeliveryOutRow.number))).all()


def came(session: Session, transfer_id: str) -> Sequence[DeliveryInRow]:
    """Return every delivery of theirs that was found to be for a transfer, the oldest first."""
    query = select(DeliveryInRow).where(DeliveryInRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(DeliveryInRow.offered_at), DeliveryInRow.id)).all()


def recalls(session: Session, partner: str, packages: Collection[str]) -> Sequence[RecallRow]:
    """Return the recalls of packages between a partner and us, the oldest first."""
    query = select(RecallRow).where(
        RecallRow.partner == partner, col(RecallRow.package_id).in_(sorted(packages))
    )
    return session.exec(query.order_by(col(RecallRow.at), RecallRow.id)).all()


def given(session: Session, partner: str, subjects: Collection[str]) -> Sequence[ReceiptGivenRow]:
    """Return our receipts to a partner about these deliveries and notices."""
    query = select(ReceiptGivenRow).where(
        ReceiptGivenRow.partner == partner, col(ReceiptGivenRow.subject).in_(sorted(subjects))
    )
    return session.exec(query.order_by(col(ReceiptGivenRow.number))).all()


def given_about(session: Session, subjects: Collection[str]) -> Sequence[ReceiptGivenRow]:
    """Return our receipts about these deliveries and notices, whoever sent them."""
    query = select(ReceiptGivenRow).where(col(ReceiptGivenRow.subject).in_(sorted(subjects)))
    return session.exec(query.order_by(col(ReceiptGivenRow.number))).all()


def taken(session: Session, subjects: Collection[str]) -> Sequence[ReceiptTakenRow]:
    """Return their receipts about these deliveries and notices."""
    query = select(ReceiptTakenRow).where(col(ReceiptTakenRow.subject).in_(sorted(subjects)))
    return session.exec(query.order_by(col(ReceiptTakenRow.number))).all()


def not_genuine(session: Session, partner: str) -> Sequence[ReceiptTakenRow]:
    """Return what came in a partner's name and did not hold."""
    query = select(ReceiptTakenRow).where(
        ReceiptTakenRow.partner == partner, ReceiptTakenRow.standing == "unverified"
    )
    return session.exec(query.order_by(col(ReceiptTakenRow.number))).all()


def numbers_given(session: Session, chain: str, first: int, last: int) -> Sequence[int]:
    """Return the numbers of a chain of ours that are in use, in order."""
    query = select(DeliveryOutRow.seq).where(
        DeliveryOutRow.chain == chain, col(DeliveryOutRow.seq).between(first, last)
    )
    return session.exec(query.distinct().order_by(col(DeliveryOutRow.seq))).all()


def numbers_come(
    session: Session, partner: str, chain: str, first: int, last: int
) -> Sequence[int]:
    """Return the numbers of a chain of theirs that have arrived, in order."""
    query = select(DeliveryInRow.seq).where(
        DeliveryInRow.partner == partner,
        DeliveryInRow.chain == chain,
        col(DeliveryInRow.seq).between(first, last),
    )
    return session.exec(query.distinct().order_by(col(DeliveryInRow.seq))).all()
