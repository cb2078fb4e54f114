"""Queries about the day of travel."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from transfers.tables.transfer import MessageRow
from transfers.tables.travel import PackageViewRow, TravelFactRow


def last_facts(session: Session, transfer_id: str) -> Mapping[str, TravelFactRow]:
    """Return the last answer to each question of the checklist."""
    return {row.fact: row for row in facts(session, transfer_id)}


def facts(session: Session, transfer_id: str) -> list[TravelFactRow]:
    """Return every answer, oldest first; of two given in one moment, the one that keeps the child here is the later."""
    query = select(TravelFactRow).where(TravelFactRow.transfer_id == transfer_id)
    strictest_last = col(TravelFactRow.answer).desc()  # yes, unsure, no
    order = (col(TravelFactRow.recorded_at), strictest_last, col(TravelFactRow.id))
    return list(session.exec(query.order_by(*order)))


def newest_signed(session: Session, transfer_id: str, type_: str) -> MessageRow | None:
    """Return the newest signed message of ours of a type."""
    query = select(MessageRow).where(
        MessageRow.transfer_id == transfer_id,
        MessageRow.type == type_,
        col(MessageRow.is_ours).is_(True),
        col(MessageRow.signed_at).is_not(None),
    )
    return session.exec(query.order_by(col(MessageRow.signed_at).desc()).limit(1)).first()


def is_viewed(session: Session, message_id: str) -> bool:
    """Whether an officer of the other country opened a message of ours."""
    return session.get(PackageViewRow, message_id) is not None
