"""Queries about recipients without an installation. Takes the session first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from transfers.rules.guests import GuestState, ReplyState
from transfers.tables.guest import (
    GuestItemRow,
    GuestLinkRow,
    GuestReplyRow,
    GuestRow,
    GuestSessionRow,
    GuestUploadRow,
)

Row = TypeVar("Row", bound=SQLModel)


def guest(session: Session, guest_id: str, *, lock: bool = False) -> GuestRow | None:
    """Return a recipient."""
    query = select(GuestRow).where(GuestRow.id == guest_id)
    return session.exec(_locked(query) if lock else query).first()


def guest_of_account(session: Session, account_id: str) -> GuestRow | None:
    """Return whose account this is."""
    return session.exec(select(GuestRow).where(GuestRow.account_id == account_id)).first()


def guests(session: Session, country: str) -> Sequence[GuestRow]:
    """Return all recipients of an installation, by country, the newest first."""
    query = select(GuestRow).where(GuestRow.country == country)
    return session.exec(query.order_by(GuestRow.of_country, col(GuestRow.proposed_at).desc())).all()


def is_anybody_verified(session: Session, country: str, of_country: str, *, on: date) -> bool:
    """Whether somebody of a country can be given anything today."""
    query = select(GuestRow.id).where(
        GuestRow.country == country,
        GuestRow.of_country == of_country,
        GuestRow.state == GuestState.VERIFIED,
        GuestRow.ends_on >= on,
    )
    return session.exec(query.limit(1)).first() is not None


def item(session: Session, item_id: str, *, lock: bool = False) -> GuestItemRow | None:
    """Return an item."""
    query = select(GuestItemRow).where(GuestItemRow.id == item_id)
    return session.exec(_locked(query) if lock else query).first()


def open_item(session: Session, guest_id: str, message_id: str) -> GuestItemRow | None:
    """Return the item by which a recipient has a message."""
    query = select(GuestItemRow).where(
        GuestItemRow.guest_id == guest_id,
        GuestItemRow.message_id == message_id,
        col(GuestItemRow.ended_at).is_(None),
    )
    return session.exec(query).first()


def items_of_guest(session: Session, guest_id: str, *, on: date) -> Sequence[GuestItemRow]:
    """Return what a recipient may read today, the newest first."""
    query = select(GuestItemRow).where(
        GuestItemRow.guest_id == guest_id,
        col(GuestItemRow.ended_at).is_(None),
        GuestItemRow.ends_on >= on,
    )
    return session.exec(query.order_by(col(GuestItemRow.given_at).desc(), GuestItemRow.id)).all()


def items_of_transfer(session: Session, transfer_id: str) -> Sequence[GuestItemRow]:
    """Return everything that was given of a transfer, ended items too."""
    query = select(GuestItemRow).where(GuestItemRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(GuestItemRow.given_at), GuestItemRow.id)).all()


def link_by_token(session: Session, token_hash: str) -> GuestLinkRow | None:
    """Return a link by the hash of its secret and hold it, so that codes are counted one by one."""
    query = select(GuestLinkRow).where(GuestLinkRow.token_hash == token_hash)
    return session.exec(_locked(query)).first()


def link(session: Session, link_id: str) -> GuestLinkRow | None:
    """Return a link."""
    return session.get(GuestLinkRow, link_id)


def live_link(session: Session, item_id: str, *, lock: bool = False) -> GuestLinkRow | None:
    """Return the link of an item that nobody used, locked or ended."""
    query = select(GuestLinkRow).where(
        GuestLinkRow.item_id == item_id, col(GuestLinkRow.ended_at).is_(None)
    )
    return session.exec(_locked(query) if lock else query).first()


def newest_link(
    session: Session, item_id: str, *, by: datetime | None = None
) -> GuestLinkRow | None:
    """Return the last link that was made to an item, or the last one by a moment."""
    query = select(GuestLinkRow).where(GuestLinkRow.item_id == item_id)
    if by is not None:
        query = query.where(GuestLinkRow.made_at <= by)
    newest = query.order_by(col(GuestLinkRow.made_at).desc(), GuestLinkRow.id)
    return session.exec(newest.limit(1)).first()


def links_past(session: Session, *, now: datetime, limit: int) -> Sequence[GuestLinkRow]:
    """Return links that are over and not yet noted so."""
    query = select(GuestLinkRow).where(
        col(GuestLinkRow.ended_at).is_(None), GuestLinkRow.ends_at <= now
    )
    found = query.order_by(col(GuestLinkRow.ends_at)).limit(limit)
    return session.exec(found.with_for_update(skip_locked=True)).all()


def visit_by_cookie(session: Session, token_hash: str) -> GuestSessionRow | None:
    """Return the visit a cookie belongs to."""
    query = select(GuestSessionRow).where(GuestSessionRow.token_hash == token_hash)
    return session.exec(query).first()


def end_visits(session: Session, item_id: str, *, now: datetime) -> None:
    """End every visit by a link to an item."""
    links = select(GuestLinkRow.id).where(GuestLinkRow.item_id == item_id)
    session.exec(
        sa.update(GuestSessionRow)
        .where(col(GuestSessionRow.link_id).in_(links), col(GuestSessionRow.ended_at).is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )


def reply(session: Session, reply_id: str, *, lock: bool = False) -> GuestReplyRow | None:
    """Return an answer."""
    query = select(GuestReplyRow).where(GuestReplyRow.id == reply_id)
    return session.exec(_locked(query) if lock else query).first()


def reply_by_no(session: Session, no: str) -> GuestReplyRow | None:
    """Return an answer by the id its form had."""
    return session.exec(select(GuestReplyRow).where(GuestReplyRow.no == no)).first()


def replies_of_item(session: Session, item_id: str) -> Sequence[GuestReplyRow]:
    """Return the answers to one item, oldest first."""
    query = select(GuestReplyRow).where(GuestReplyRow.item_id == item_id)
    return session.exec(query.order_by(col(GuestReplyRow.came_at), GuestReplyRow.id)).all()


def replies_waiting(session: Session, country: str, *, limit: int) -> Sequence[GuestReplyRow]:
    """Return answers nobody has looked at, oldest first."""
    query = select(GuestReplyRow).where(
        GuestReplyRow.country == country, GuestReplyRow.state == ReplyState.WAITING
    )
    return session.exec(query.order_by(col(GuestReplyRow.came_at)).limit(limit)).all()


def upload(session: Session, upload_id: str, *, lock: bool = False) -> GuestUploadRow | None:
    """Return a paper that came."""
    query = select(GuestUploadRow).where(GuestUploadRow.id == upload_id)
    return session.exec(_locked(query) if lock else query).first()


def uploads_of_item(session: Session, item_id: str) -> Sequence[GuestUploadRow]:
    """Return the papers that came to one item, oldest first."""
    query = select(GuestUploadRow).where(GuestUploadRow.item_id == item_id)
    return session.exec(query.order_by(col(GuestUploadRow.came_at), GuestUploadRow.id)).all()


def uploads_waiting(session: Session, country: str, *, limit: int) -> Sequence[GuestUploadRow]:
    """Return papers nobody has looked at, oldest first."""
    query = select(GuestUploadRow).where(
        GuestUploadRow.country == country, GuestUploadRow.state == ReplyState.WAITING
    )
    return session.exec(query.order_by(col(GuestUploadRow.came_at)).limit(limit)).all()


def _locked(query: SelectOfScalar[Row]) -> SelectOfScalar[Row]:
    return query.with_for_update().execution_options(populate_existing=True)
