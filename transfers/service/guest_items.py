"""What a recipient was given: one message of ours at a time, for one purpose, until a day.

Only a message that is signed, and that the country may still learn today: a consent withdrawn or a fear told since
it was signed keeps it here. What was given is taken back at once, by any officer.

Source: EXP-10, DOM-R26, DOM-R46, DOM-R47, DOM-R48.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from core.actors import Actor
from core.errors import BadInput, NotThere, WrongState
from transfers.rules.codes import Direction, MessageType
from transfers.rules.guests import ITEM_DAYS, PAPER, Carrier, Ended
from transfers.service import evidence, guests, leaving, record
from transfers.service.saying import SIGNED, is_taken_back
from transfers.service.sealing import purpose_of
from transfers.store import guests as store
from transfers.store import transfers as transfer_store
from transfers.tables.guest import GuestItemRow, GuestLinkRow, GuestRow
from transfers.tables.transfer import MessageRow, TransferRow


@dataclass(frozen=True)
class LinkView:
    """The last link to an item: how it travels, and what became of it. Never its secret."""

    link_channel: Carrier
    code_channel: Carrier
    made_by: str
    made_at: datetime
    ends_at: datetime
    wrong_codes: int
    opened_at: datetime | None
    ended: Ended | None


@dataclass(frozen=True)
class ItemView:
    """One item as officers see it: what, for whom, and how far the recipient came."""

    id: str
    guest_id: str
    message_id: str
    purpose: str
    view_only: bool
    given_by: str
    given_at: datetime
    ends_on: date
    viewed_at: datetime | None
    downloaded_at: datetime | None
    acknowledged_at: datetime | None
    ended_at: datetime | None
    link: LinkView | None
    version: int


def give(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    guest_id: str,
    message_id: str,
    view_only: bool,
    ends_on: date,
    now: datetime,
) -> str:
    """Let a recipient read one message of ours; returns the item's id.

    Args:
        session: the unit of work.
        actor: an officer.
        transfer_id: which transfer.
        guest_id: verified, of the country the message is for.
        message_id: ours, and signed.
        view_only: it is read and not downloaded.
        ends_on: last day.
        now: when.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says; also for another transfer's message.
        BadInput: a country with an installation, a recipient elsewhere, a day too far ahead, given already.
        WrongState: the recipient is not verified, or the message is not signed or was taken back.
        NotSent: that country may not learn it now, or a document of it may not leave.
    """
    row = record.held(session, actor, transfer_id, now=now)
    guest = guests.held(session, actor, guest_id)
    message = transfer_store.find_message(session, message_id)
    if message is None or message.transfer_id != row.id or not message.is_ours:
        raise NotThere("message")
    if row.partner != f"{_other_country(row)}.{PAPER}":
        raise BadInput("/guest_id", "has_an_installation")
    if guest.of_country != _other_country(row):
        raise BadInput("/guest_id", "recipient_elsewhere")
    if not guests.counts(guest, now=now):
        raise WrongState("recipient", guest.state, "give_item")
    _require_said(session, message)
    if not now.date() < ends_on <= min(guest.ends_on, (now + timedelta(days=ITEM_DAYS)).date()):
        raise BadInput("/ends_on", "not_within_90_days")
    if store.open_item(session, guest.id, message.id) is not None:
        raise BadInput("/message_id", "given_already")
    type_ = MessageType(message.type)
    leaving.require(session, row, message, now=now)
    item = GuestItemRow(
        country=row.country, guest_id=guest.id, transfer_id=row.id, message_id=message.id,
        purpose=str(purpose_of(type_)), view_only=view_only, given_by=actor.person_id,
        given_at=now, ends_on=ends_on,
    )  # fmt: skip
    session.add(item)
    session.flush()
    record.note(
        session, actor, row, "guest.given", now=now, codes={"item": item.id, "guest": guest.id}
    )
    evidence.note(
        session, "guest.given", subject=item.id, actor=actor.person_id, now=now,
        detail={"guest": guest.id, "message": message.no, "view_only": view_only},
    )  # fmt: skip
    return item.id


def take_back(session: Session, actor: Actor, item_id: str, *, now: datetime) -> None:
    """Close an item for its recipient at once, with every link and visit to it.

    Raises:
        NotThere: no such item, or not yours.
        WrongState: taken back already.
    """
    item, row = held(session, actor, item_id, now=now)
    if item.ended_at is not None:
        raise WrongState("item", "ended", "take_back")
    _close(session, actor, item, now=now)
    record.note(session, actor, row, "guest.taken_back", now=now, codes={"item": item.id})


def close_all(
    session: Session, actor: Actor, row: TransferRow, message_id: str, *, now: datetime
) -> bool:
    """Close a message for every recipient because it was taken back; returns whether anybody had read it.

    The caller has locked the transfer and asked who may.

    Source: EXP-9, EXP-TT53.
    """
    given = [
        one for one in store.items_of_transfer(session, row.id) if one.message_id == message_id
    ]
    for found in given:
        item = store.item(session, found.id, lock=True)
        if item is not None and item.ended_at is None:
            _close(session, actor, item, now=now)
            record.note(session, actor, row, "guest.taken_back", now=now, codes={"item": item.id})
    return any(one.viewed_at is not None for one in given)


def list_items(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[ItemView, ...]:
    """Return what was given of a transfer, and note that it was read."""
    row = record.seen(session, actor, transfer_id, now=now)
    record.note(session, actor, row, "guest.items_read", now=now)
    return tuple(_view(session, one) for one in store.items_of_transfer(session, row.id))


def held(
    session: Session, actor: Actor, item_id: str, *, now: datetime
) -> tuple[GuestItemRow, TransferRow]:
    """Lock an item with its transfer for an act of an officer.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
    """
    found = store.item(session, item_id)
    if found is None:
        raise NotThere("item")
    row = record.held(session, actor, found.transfer_id, now=now)
    item = store.item(session, item_id, lock=True)
    if item is None or not guests.is_officer(actor):
        raise NotThere("item")
    return item, row


def is_open(item: GuestItemRow, guest: GuestRow | None, *, now: datetime) -> bool:
    """Whether an item can be read now."""
    if guest is None or not guests.counts(guest, now=now):
        return False
    return item.ended_at is None and now.date() <= item.ends_on


def end_link(session: Session, link: GuestLinkRow, why: Ended, *, now: datetime) -> None:
    """Note that a link is worth nothing any more, and why."""
    link.ended_at, link.ended_why = now, why.value
    session.add(link)
    session.flush()


def _require_said(session: Session, message: MessageRow) -> None:
    """Refuse a message nobody has signed, or that was taken back."""
    if message.standing != SIGNED:
        raise WrongState("message", message.standing, "give_item")
    if is_taken_back(session, message):
        raise WrongState("message", "recalled", "give_item")


def _close(session: Session, actor: Actor, item: GuestItemRow, *, now: datetime) -> None:
    item.ended_at, item.ended_by = now, actor.person_id
    session.add(item)
    link = store.live_link(session, item.id, lock=True)
    if link is not None:
        end_link(session, link, Ended.REVOKED, now=now)
    store.end_visits(session, item.id, now=now)
    session.flush()
    evidence.note(
        session, "guest.taken-back", subject=item.id, actor=actor.person_id, now=now, detail={}
    )


def _other_country(row: TransferRow) -> str:
    return row.destination if row.direction == Direction.OUTBOUND else row.origin


def _view(session: Session, item: GuestItemRow) -> ItemView:
    link = store.newest_link(session, item.id)
    return ItemView(
        id=item.id, guest_id=item.guest_id, message_id=item.message_id, purpose=item.purpose,
        view_only=item.view_only, given_by=item.given_by, given_at=item.given_at,
        ends_on=item.ends_on, viewed_at=item.viewed_at, downloaded_at=item.downloaded_at,
        acknowledged_at=item.acknowledged_at, ended_at=item.ended_at,
        link=None if link is None else _link(link), version=item.version,
    )  # fmt: skip


def _link(link: GuestLinkRow) -> LinkView:
    return LinkView(
        Carrier(link.link_channel), Carrier(link.code_channel), link.made_by, link.made_at,
        link.ends_at, link.wrong_codes, link.opened_at,
        Ended(link.ended_why) if link.ended_why else None,
    )  # fmt: skip
