"""Queries about disagreements between two countries."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from transfers.tables.disagreement import DisagreementEntryRow, DisagreementRow


def lock(session: Session, disagreement_id: str) -> DisagreementRow | None:
    """Return a disagreement, locked."""
    query = select(DisagreementRow).where(DisagreementRow.id == disagreement_id)
    return session.exec(
        query.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def of_transfer(session: Session, transfer_id: str) -> Sequence[DisagreementRow]:
    """Return the disagreements about a transfer, oldest first."""
    query = select(DisagreementRow).where(DisagreementRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(DisagreementRow.begun_at), DisagreementRow.id)).all()


def is_open(session: Session, transfer_id: str) -> bool:
    """Whether the two countries disagree about a transfer now."""
    query = select(DisagreementRow.id).where(DisagreementRow.open_key == transfer_id)
    return session.exec(query).first() is not None


def open_of(session: Session, transfer_id: str) -> DisagreementRow | None:
    """Return the disagreement that is open about a transfer, locked."""
    query = select(DisagreementRow).where(DisagreementRow.open_key == transfer_id)
    return session.exec(
        query.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def overdue(session: Session, now: datetime) -> Sequence[DisagreementRow]:
    """Return open disagreements whose rung should have been left, the longest waiting first."""
    query = select(DisagreementRow).where(
        col(DisagreementRow.open_key).is_not(None), col(DisagreementRow.due_at) <= now
    )
    return session.exec(query.order_by(col(DisagreementRow.due_at))).all()


def entries(session: Session, disagreement_id: str) -> Sequence[DisagreementEntryRow]:
    """Return what was said, in order."""
    query = select(DisagreementEntryRow).where(
        DisagreementEntryRow.disagreement_id == disagreement_id
    )
    return session.exec(query.order_by(col(DisagreementEntryRow.seq))).all()
