"""What a recipient sees and does with one item: read, download where that is allowed, say that it came.

Every opening is on record here and in the evidence log. What the recipient says of itself is noted as stated by the
recipient: it proves less than a receipt, and consents to nothing.

Source: EXP-10, DOM-R34, DOM-R50, EXP-TT47.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlmodel import Session

from core import audit
from core.accounts import sessions
from core.accounts.authenticate import actor_of
from core.accounts.credentials import csrf_token_of
from core.accounts.errors import NotSignedIn
from core.accounts.tables import GUEST
from core.actors import Actor, Role
from core.errors import NotThere
from core.exchange.opening import private_file
from core.exchange.packages import PlainPart
from transfers.errors import NoKeyCounts, NotSent, NotSetUp, VisitOver
from transfers.rules.codes import MessageType, Round
from transfers.rules.guests import VISIT_IDLE, answers_open
from transfers.rules.machine import ACCEPTANCE_STANDS, WITH_RECEIVER, TransferState
from transfers.service import (
    evidence,
    guest_items,
    guest_links,
    guests,
    leaving,
    officers,
    record,
    sealing,
    travel,
)
from transfers.service.guests import Identity
from transfers.service.saying import said_in
from transfers.store import guests as store
from transfers.store import transfers as transfer_store
from transfers.tables.guest import GuestItemRow, GuestRow
from transfers.tables.transfer import MessageRow, TransferRow

STATED: Final = "recipient"
_TAKEN_BACK: Final = frozenset(
    {TransferState.WITHDRAWN, TransferState.CANCELLED, TransferState.WRONG_RECIPIENT}
)
_SAYING_SO: Final = frozenset({MessageType.WITHDRAW, MessageType.WRONG_RECIPIENT_NOTICE})
_BEFORE_LEAVING: Final = (
    WITH_RECEIVER
    | ACCEPTANCE_STANDS
    | {TransferState.NO_ANSWER_ESCALATED, TransferState.SUSPENDED}
    | {TransferState.ANSWERED_POSITIVE, TransferState.ANSWERED_NEGATIVE}
    | {TransferState.DECLINED, TransferState.EXPIRED}
)
"""The child is still here, also where the other country has answered and nothing is expected of it any more."""
_THING: Final = "guest_item"


@dataclass(frozen=True)
class Visitor:
    """A recipient who is here now.

    Args:
        guest_id: who.
        identity: name and office, written on every page.
        actor: under which the reading is on record; it holds no role.
        only: the one item a link opens; None for an account, which opens all of its own.
        form_token: every form of this visit carries it.
    """

    guest_id: str
    of_country: str
    identity: Identity
    actor: Actor
    only: str | None
    form_token: str


@dataclass(frozen=True)
class Shown:
    """One item in the list of a recipient."""

    id: str
    type: MessageType
    ref: str
    given_at: datetime
    ends_on: date
    is_new: bool
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class PartShown:
    """One part that could be downloaded."""

    number: int
    name: str
    media: str
    size: int


@dataclass(frozen=True)
class Sent:
    """Something the recipient sent back to this item."""

    what: str
    came_at: datetime
    state: str


@dataclass(frozen=True)
class Opened:
    """One item opened: what it says, and what can be done with it.

    Args:
        summary: the case summary, for an enquiry or request.
        says: the message itself.
        parts: empty where it is for reading only.
        answers: what the recipient can answer now.
        sent: what it sent back already.
    """

    shown: Shown
    purpose: str
    view_only: bool
    summary: Mapping[str, Any] | None
    says: Mapping[str, Any]
    parts: tuple[PartShown, ...]
    answers: tuple[MessageType, ...]
    sent: tuple[Sent, ...]


def visitor(session: Session, cookie: str | None, *, device: str, now: datetime) -> Visitor:
    """Return who is here by a cookie.

    Raises:
        VisitOver: nobody, whatever the reason.
    """
    if not cookie:
        raise VisitOver
    visit = guest_links.visit_of(session, cookie, device=device, now=now)
    if visit is not None:
        item, guest = visit
        actor = Actor(guest.id, guest.id, guest.of_country)
        return _visitor(session, guest, actor, item.id, cookie)
    try:
        signed = actor_of(session, cookie=cookie, bearer=None, now=now, device=device, kind=GUEST)
    except NotSignedIn:
        raise VisitOver from None
    guest_row = store.guest_of_account(session, signed.actor.account_id)
    if guest_row is None or not guests.counts(guest_row, now=now):
        raise VisitOver
    return _visitor(session, guest_row, signed.actor, None, cookie)


def leave(session: Session, here: Visitor, cookie: str, *, now: datetime) -> None:
    """End the visit."""
    if here.only is None:
        sessions.end_by_cookie(session, cookie, why="signed_out", now=now)
    else:
        guest_links.end_visit(session, cookie, now=now)
    audit.record(session, here.actor, "guest.left", thing="guest", thing_id=here.guest_id, now=now)


def list_items(session: Session, here: Visitor, *, now: datetime) -> tuple[Shown, ...]:
    """Return what the recipient may read today, the newest first."""
    found = []
    for item in store.items_of_guest(session, here.guest_id, on=now.date()):
        about = _about(session, item, now=now) if here.only in {None, item.id} else None
        if about is not None:
            found.append(_shown(item, *about))
    audit.record(
        session, here.actor, "guest.items_listed", thing="guest", thing_id=here.guest_id, now=now,
        codes={"count": len(found)},
    )  # fmt: skip
    return tuple(found)


def open_item(
    session: Session, here: Visitor, item_id: str, *, files: Path, now: datetime
) -> Opened:
    """Open one item, and note that it was opened.

    Args:
        session: the unit of work.
        here: who reads.
        item_id: which item.
        files: where sealed files of cases lie; documents are listed from there.
        now: when.

    Raises:
        NotThere: no such item, not for this recipient, or taken back.
    """
    item, row, message = loaded(session, here, item_id, now=now)
    opened = _opened(session, item, row, message, files)
    _note_opened(session, here, item, row, message, now=now)
    return opened


def download(
    session: Session, here: Visitor, item_id: str, number: int, *, files: Path, now: datetime
) -> tuple[PartShown, BinaryIO]:
    """Return one part to be kept over there; the reader has said what for.

    The content is in a file without a name that vanishes when it is closed.

    Args:
        session: the unit of work.
        here: who reads.
        item_id: which item.
        number: of the part, from 1.
        files: where sealed files of cases lie.
        now: when.

    Raises:
        NotThere: no such item or part, or it is for reading only.
    """
    item, row, message = loaded(session, here, item_id, now=now)
    parts = _to_keep(session, item, row, message, files)
    if not 1 <= number <= len(parts):
        raise NotThere("part")
    part = parts[number - 1]
    content = private_file()
    shutil.copyfileobj(part.content, content)
    size = content.tell()
    content.seek(0)
    if item.downloaded_at is None:
        item.downloaded_at = now
        session.add(item)
    _note(session, here, item, row, "guest.downloaded", now=now, codes={"part": number})
    evidence.note(
        session, "guest.downloaded", subject=item.id, actor=here.guest_id, now=now,
        detail={"part": number, "purpose": item.purpose, "stated_by": STATED},
    )  # fmt: skip
    return PartShown(number, part.name, part.media, size), content


def acknowledge(session: Session, here: Visitor, item_id: str, *, now: datetime) -> None:
    """Note that the recipient says it came; sealed by a checkpoint of ours, weaker than a receipt. Twice is once.

    Raises:
        NotThere: no such item, or not for this recipient.
    """
    item, row, message = loaded(session, here, item_id, now=now)
    if item.acknowledged_at is not None:
        return
    item.acknowledged_at = now
    session.add(item)
    _note(session, here, item, row, "guest.acknowledged", now=now)
    _tell(session, "guest.acknowledged", item, now=now)
    evidence.note(
        session, "guest.acknowledged", subject=item.id, actor=here.guest_id, now=now,
        detail={"message": message.no, "stated_by": STATED},
    )  # fmt: skip
    try:
        evidence.sign_checkpoint(session, now=now)
    except (NoKeyCounts, NotSetUp):  # the next daily one covers it
        return


def answers_of(row: TransferRow) -> tuple[MessageType, ...]:
    """Return what a recipient of the other side can answer now."""
    return answers_open(TransferState(row.state), record.their_side(row), Round(row.round))


def loaded(
    session: Session, here: Visitor, item_id: str, *, now: datetime
) -> tuple[GuestItemRow, TransferRow, MessageRow]:
    """Return an item of a recipient with what it is about.

    Raises:
        NotThere: no such item, not for this recipient, or taken back.
    """
    is_theirs = here.only in {None, item_id}
    item = store.item(session, item_id, lock=True) if is_theirs else None
    guest = store.guest(session, here.guest_id)
    if item is None or item.guest_id != here.guest_id:
        raise NotThere("item")
    about = _about(session, item, now=now)
    if about is None or not guest_items.is_open(item, guest, now=now):
        raise NotThere("item")
    row, message = about
    return item, row, message


def _about(
    session: Session, item: GuestItemRow, *, now: datetime
) -> tuple[TransferRow, MessageRow] | None:
    """Return what an item is about; None when that country may not read it now.

    Until the child has left it is asked at every reading: a consent withdrawn or a fear told closes it at once,
    and so does a request that was taken back, but for the message that says so.
    """
    row = transfer_store.find(session, item.transfer_id)
    message = transfer_store.find_message(session, item.message_id)
    if row is None or message is None:
        return None
    type_, state = MessageType(message.type), TransferState(row.state)
    if state in _TAKEN_BACK and type_ not in _SAYING_SO:
        return None
    if state in _BEFORE_LEAVING:
        try:
            leaving.require(session, row, message, now=now)
        except NotSent:
            return None
    return row, message


def _opened(
    session: Session, item: GuestItemRow, row: TransferRow, message: MessageRow, files: Path
) -> Opened:
    summary = None
    if message.summary is not None:
        summary = record.open_in_message(session, row, message, "summary", message.summary)
    return Opened(
        shown=_shown(item, row, message), purpose=item.purpose, view_only=item.view_only,
        summary=summary,
        says=said_in(session, row, message).body.model_dump(mode="json"),
        parts=_shown_parts(_to_keep(session, item, row, message, files)),
        answers=answers_of(row),
        sent=_sent(session, item),
    )  # fmt: skip


def _sent(session: Session, item: GuestItemRow) -> tuple[Sent, ...]:
    replies = [
        Sent(one.type, one.came_at, one.state) for one in store.replies_of_item(session, item.id)
    ]
    papers = [
        Sent("paper", one.came_at, one.state) for one in store.uploads_of_item(session, item.id)
    ]
    return tuple(sorted(replies + papers, key=lambda one: one.came_at))


def _to_keep(
    session: Session, item: GuestItemRow, row: TransferRow, message: MessageRow, files: Path
) -> tuple[PlainPart, ...]:
    """What a recipient may keep: nothing of an item for reading, no documents of a message that is for reading."""
    if item.view_only:
        return ()
    return sealing.parts_of(session, row, message, files=files, only_words=message.view_only)


def _shown_parts(parts: Sequence[PlainPart]) -> tuple[PartShown, ...]:
    return tuple(
        PartShown(number, part.name, part.media, part.content.seek(0, os.SEEK_END))
        for number, part in enumerate(parts, start=1)
    )


def _note_opened(
    session: Session,
    here: Visitor,
    item: GuestItemRow,
    row: TransferRow,
    message: MessageRow,
    *,
    now: datetime,
) -> None:
    """Note a reading; turning back to a page within a quarter of an hour is the same one in the evidence."""
    is_same = item.seen_at is not None and now - item.seen_at < VISIT_IDLE
    if item.viewed_at is None and here.only is None:  # a link told of itself when it was opened
        _tell(session, "guest.opened", item, now=now)
    item.viewed_at, item.seen_at = item.viewed_at or now, now
    session.add(item)
    travel.note_viewed(session, message.id, ref=item.id, now=now)
    _note(session, here, item, row, "guest.viewed", now=now)
    if not is_same:
        evidence.note(
            session, "guest.viewed", subject=item.id, actor=here.guest_id, now=now,
            detail={"message": message.no},
        )  # fmt: skip


def _tell(session: Session, topic: str, item: GuestItemRow, *, now: datetime) -> None:
    officers.tell(
        session, topic=topic, subject=item.id, occasion=item.id, now=now, persons=(item.given_by,),
        role=Role.SECRETARIAT, facts={"country": item.country, "transfer": item.transfer_id},
    )  # fmt: skip


def _note(
    session: Session,
    here: Visitor,
    item: GuestItemRow,
    row: TransferRow,
    action: str,
    *,
    now: datetime,
    codes: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    audit.record(
        session, here.actor, action, thing=_THING, thing_id=item.id, case_id=row.case_id, now=now,
        codes={"guest": here.guest_id, **(codes or {})},
    )  # fmt: skip


def _shown(item: GuestItemRow, row: TransferRow, message: MessageRow) -> Shown:
    return Shown(
        item.id, MessageType(message.type), row.ref, item.given_at, item.ends_on,
        item.viewed_at is None, item.acknowledged_at,
    )  # fmt: skip


def _visitor(
    session: Session, guest: GuestRow, actor: Actor, only: str | None, cookie: str
) -> Visitor:
    identity = guests.identity_of(session, guest)
    return Visitor(guest.id, guest.of_country, identity, actor, only, csrf_token_of(cookie))
