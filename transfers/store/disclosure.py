"""Queries about documents that travel and about grants, ours and theirs."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from transfers.tables.disclosure import (
    DocumentInRow,
    DocumentOutRow,
    GrantGivenRow,
    GrantHeldRow,
)
from transfers.tables.transfer import MessageRow


def documents_of(session: Session, message_id: str) -> Sequence[DocumentOutRow]:
    """Return the documents of a message of ours, in their order."""
    query = select(DocumentOutRow).where(DocumentOutRow.message_id == message_id)
    return session.exec(query.order_by(col(DocumentOutRow.number))).all()


def forget_documents(session: Session, message_id: str) -> None:
    """Take all documents off a message nobody has signed."""
    session.execute(sa.delete(DocumentOutRow).where(col(DocumentOutRow.message_id) == message_id))
    session.flush()


def arrived(session: Session, transfer_id: str) -> Sequence[DocumentInRow]:
    """Return the documents the other country sent on a transfer, as they came."""
    query = select(DocumentInRow).where(DocumentInRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(DocumentInRow.came_at), col(DocumentInRow.part))).all()


def of_delivery(session: Session, delivery_id: str) -> Sequence[DocumentInRow]:
    """Return the documents of one delivery of theirs, in their order."""
    query = select(DocumentInRow).where(DocumentInRow.delivery_id == delivery_id)
    return session.exec(query.order_by(col(DocumentInRow.part))).all()


def document(session: Session, document_id: str) -> DocumentInRow | None:
    """Return a document that came."""
    return session.get(DocumentInRow, document_id)


def given(session: Session, grant_id: str, *, lock: bool = False) -> GrantGivenRow | None:
    """Return a grant of ours."""
    query = select(GrantGivenRow).where(GrantGivenRow.id == grant_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def given_for(session: Session, message_id: str) -> GrantGivenRow | None:
    """Return the grant whose redeeming made a message of ours."""
    return session.exec(select(GrantGivenRow).where(GrantGivenRow.content_id == message_id)).first()


def sent_under(session: Session, grant: GrantGivenRow) -> Sequence[str]:
    """Return the signed messages of ours that told what a grant names, by id."""
    query = select(MessageRow.id).where(
        MessageRow.standing == "signed",
        sa.or_(
            col(MessageRow.id) == grant.content_id,
            col(MessageRow.id).in_(
                select(DocumentOutRow.message_id).where(DocumentOutRow.grant_id == grant.id)
            ),
        ),
    )
    return session.exec(query.order_by(MessageRow.id)).all()


def given_on(session: Session, transfer_id: str) -> Sequence[GrantGivenRow]:
    """Return the grants of ours on a transfer, oldest first."""
    query = select(GrantGivenRow).where(GrantGivenRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(GrantGivenRow.proposed_at), GrantGivenRow.id)).all()


def given_open(session: Session, transfer_ids: Collection[str]) -> Sequence[GrantGivenRow]:
    """Return the grants on transfers that somebody could still use or give, locked."""
    query = select(GrantGivenRow).where(
        col(GrantGivenRow.transfer_id).in_(list(transfer_ids)),
        col(GrantGivenRow.state).in_(["proposed", "issued"]),
    )
    query = query.order_by(GrantGivenRow.id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).all()


def held(session: Session, row_id: str, *, lock: bool = False) -> GrantHeldRow | None:
    """Return a grant of theirs by its id here."""
    query = select(GrantHeldRow).where(GrantHeldRow.id == row_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def held_named(
    session: Session, partner: str, grant_id: str, *, lock: bool = False
) -> GrantHeldRow | None:
    """Return a grant of one partner by the id in its token; another partner's is not there."""
    query = select(GrantHeldRow).where(
        GrantHeldRow.partner == partner, GrantHeldRow.grant_id == grant_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def held_on(session: Session, transfer_id: str) -> Sequence[GrantHeldRow]:
    """Return the grants of theirs on a transfer, oldest first."""
    query = select(GrantHeldRow).where(GrantHeldRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(GrantHeldRow.came_at), GrantHeldRow.id)).all()


def to_redeem(session: Session, partner: str, *, now: datetime) -> Sequence[GrantHeldRow]:
    """Return the grants of a partner an officer wants redeemed, to be tried now."""
    query = select(GrantHeldRow).where(
        GrantHeldRow.partner == partner,
        GrantHeldRow.state == "asked",
        GrantHeldRow.next_try_at <= now,
        GrantHeldRow.expires_at > now,
    )
    return session.exec(query.order_by(col(GrantHeldRow.asked_at), GrantHeldRow.id)).all()


def held_waiting(session: Session) -> Sequence[GrantHeldRow]:
    """Return every grant of theirs that is to be redeemed and was not yet."""
    query = select(GrantHeldRow).where(GrantHeldRow.state == "asked")
    return session.exec(query.order_by(col(GrantHeldRow.asked_at), GrantHeldRow.id)).all()
