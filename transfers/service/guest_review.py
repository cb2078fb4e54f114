"""Officers look at what recipients sent back, and confirm it into the record or set it aside.

Confirming is the same as typing in a letter: the answer is read by the same rules, under ``<country>.paper``, and
takes the step it means. Whoever gave the recipient the item, or was shown what lets one in as the recipient, does not
also confirm its answer: nobody can answer for the other country and take the answer in alone.

Source: EXP-10, DOM-2.3, DOM-5.7, DOM-5.9, DOM-R36, DOM-R44.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from cases.service import filestore
from core.accounts import invitations
from core.actors import Actor
from core.errors import NotThere, WrongState
from core.vault import unseal
from transfers.errors import SecondOfficerNeeded
from transfers.rules.codes import MessageType
from transfers.rules.guests import PAPER, ReplyState, SetAside
from transfers.service import evidence, guests, receiving, record
from transfers.service.bodies import read_message
from transfers.service.guest_answers import reply_place, upload_place
from transfers.service.receiving import Arrived
from transfers.store import guests as store
from transfers.tables.guest import GuestItemRow, GuestReplyRow, GuestUploadRow
from transfers.tables.transfer import TransferRow

PAGE: Final = 200


@dataclass(frozen=True)
class ReplyView:
    """An answer as officers see it: what the recipient states."""

    id: str
    item_id: str
    transfer_id: str
    type: MessageType
    came_at: datetime
    state: ReplyState
    body: dict[str, Any]


@dataclass(frozen=True)
class PaperView:
    """A paper as officers see it before they open it."""

    id: str
    item_id: str
    transfer_id: str
    name: str
    media: str
    size: int
    came_at: datetime
    state: ReplyState


@dataclass(frozen=True)
class Waiting:
    """What recipients sent and nobody has looked at, oldest first."""

    answers: tuple[ReplyView, ...]
    papers: tuple[PaperView, ...]


@dataclass(frozen=True)
class PaperContent:
    """A paper opened: its name, format and bytes, piece by piece."""

    name: str
    media: str
    size: int
    pieces: tuple[bytes, ...]


def list_waiting(session: Session, actor: Actor, *, now: datetime) -> Waiting:
    """Return what waits for an officer; what belongs to a transfer that is closed to the reader is left out.

    Raises:
        RoleMayNot: not an officer of the secretariat.
    """
    guests.require_officer(actor)
    answers, papers = [], []
    for reply in store.replies_waiting(session, actor.country, limit=PAGE):
        row = _seen(session, actor, reply.transfer_id, now=now)
        if row is not None:
            record.note(session, actor, row, "guest.answer_read", now=now)
            answers.append(_reply(session, row, reply))
    for paper in store.uploads_waiting(session, actor.country, limit=PAGE):
        row = _seen(session, actor, paper.transfer_id, now=now)
        if row is not None:
            papers.append(_paper(session, row, paper))
    return Waiting(tuple(answers), tuple(papers))


def confirm(session: Session, actor: Actor, reply_id: str, *, now: datetime) -> str:
    """Take an answer into the record, as a letter is taken in; returns the state of the transfer then.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        WrongState: confirmed or set aside before.
        SecondOfficerNeeded: the officer gave the recipient what it answers, or was shown what lets one in as the
            recipient: link and code, or the token of the account.
        Incomplete: what its step needs is not there.
    """
    reply, row = _held(session, actor, reply_id, now=now)
    item = store.item(session, reply.item_id)
    if item is None or item.given_by == actor.person_id:
        raise SecondOfficerNeeded("guest_giver_confirms")
    if actor.person_id in _holders(session, item, reply.came_at):
        raise SecondOfficerNeeded("guest_holder_confirms")
    _settle(session, actor, reply, ReplyState.CONFIRMED, now=now)
    raw = _raw(session, row, reply)
    guest = store.guest(session, item.guest_id)
    if guest is None:
        raise NotThere("answer")
    arrived = Arrived(f"{guest.of_country}.{PAPER}", guest.of_country, raw.encode(), None, "")
    receiving.take_in(session, actor, arrived, now=now)
    record.note(
        session, actor, row, "guest.answer_confirmed", now=now,
        codes={"item": item.id, "type": reply.type},
    )  # fmt: skip
    evidence.note(
        session, "guest.answer-confirmed", subject=item.id, actor=actor.person_id, now=now,
        detail={"message": reply.no, "stated_by": "recipient"},
    )  # fmt: skip
    return row.state


def set_aside(
    session: Session, actor: Actor, reply_id: str, why: SetAside, *, now: datetime
) -> None:
    """Note that an answer does not go into the record, and why; it is kept.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        WrongState: confirmed or set aside before.
    """
    reply, row = _held(session, actor, reply_id, now=now)
    reply.settled_why = why.value
    _settle(session, actor, reply, ReplyState.SET_ASIDE, now=now)
    record.note(session, actor, row, "guest.answer_set_aside", now=now, codes={"why": why.value})


def open_paper(
    session: Session, actor: Actor, upload_id: str, *, folder: Path, now: datetime
) -> PaperContent:
    """Open a paper of a recipient, on record.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        Unreadable: the file was changed or is gone.
    """
    paper, row = _held_paper(session, actor, upload_id, now=now)
    owner = record.owner_of(row)
    pieces = tuple(
        filestore.read_chunk(
            session, folder, case_id=owner, attachment_id=paper.id, number=number,
            chunks=paper.chunks,
        )
        for number in range(paper.chunks)
    )  # fmt: skip
    record.note(session, actor, row, "guest.paper_opened", now=now, codes={"paper": paper.id})
    return PaperContent(_name(session, row, paper), paper.media, paper.size, pieces)


def settle_paper(
    session: Session, actor: Actor, upload_id: str, *, is_kept: bool, now: datetime
) -> None:
    """Say that a paper was looked at, and whether it belongs to the transfer; it is kept either way.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        WrongState: settled before.
    """
    paper, row = _held_paper(session, actor, upload_id, now=now)
    state = ReplyState.CONFIRMED if is_kept else ReplyState.SET_ASIDE
    _settle(session, actor, paper, state, now=now)
    record.note(
        session, actor, row, "guest.paper_settled", now=now,
        codes={"paper": paper.id, "kept": is_kept},
    )  # fmt: skip


def papers_of(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> Iterator[PaperView]:
    """Return every paper that came for a transfer, settled ones too."""
    row = record.seen(session, actor, transfer_id, now=now)
    for item in store.items_of_transfer(session, row.id):
        for paper in store.uploads_of_item(session, item.id):
            yield _paper(session, row, paper)


def _held(
    session: Session, actor: Actor, reply_id: str, *, now: datetime
) -> tuple[GuestReplyRow, TransferRow]:
    found = store.reply(session, reply_id)
    if found is None:
        raise NotThere("answer")
    row = record.held(session, actor, found.transfer_id, now=now)
    reply = store.reply(session, reply_id, lock=True)
    if reply is None or not guests.is_officer(actor):
        raise NotThere("answer")
    return reply, row


def _held_paper(
    session: Session, actor: Actor, upload_id: str, *, now: datetime
) -> tuple[GuestUploadRow, TransferRow]:
    found = store.upload(session, upload_id)
    if found is None:
        raise NotThere("paper")
    row = record.held(session, actor, found.transfer_id, now=now)
    paper = store.upload(session, upload_id, lock=True)
    if paper is None or not guests.is_officer(actor):
        raise NotThere("paper")
    return paper, row


def _holders(session: Session, item: GuestItemRow, at: datetime) -> frozenset[str]:
    """Return the officers who could have come in as the recipient at that moment.

    Each was shown the link and code, or the token of the account, that counted then. What was made later, or
    replaced before, let nobody in.
    """
    link = store.newest_link(session, item.id, by=at)
    guest = store.guest(session, item.guest_id)
    account = None if guest is None else guest.account_id
    handed = None if account is None else invitations.newest_of(session, account, by=at)
    return frozenset(one.made_by for one in (link, handed) if one is not None)


def _settle(
    session: Session,
    actor: Actor,
    row: GuestReplyRow | GuestUploadRow,
    state: ReplyState,
    *,
    now: datetime,
) -> None:
    if row.state != ReplyState.WAITING:
        raise WrongState("answer", row.state, "settle")
    row.state, row.settled_by, row.settled_at = state.value, actor.person_id, now
    session.add(row)
    session.flush()


def _seen(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> TransferRow | None:
    try:
        return record.seen(session, actor, transfer_id, now=now)
    except NotThere:
        return None


def _raw(session: Session, row: TransferRow, reply: GuestReplyRow) -> str:
    return str(
        unseal(
            session, owner=record.owner_of(row), place=reply_place(reply.id),
            sealed=reply.restricted,
        )
    )  # fmt: skip


def _reply(session: Session, row: TransferRow, reply: GuestReplyRow) -> ReplyView:
    said = read_message(_raw(session, row, reply).encode())
    return ReplyView(
        reply.id, reply.item_id, row.id, said.type, reply.came_at, ReplyState(reply.state),
        said.body.model_dump(mode="json"),
    )  # fmt: skip


def _paper(session: Session, row: TransferRow, paper: GuestUploadRow) -> PaperView:
    return PaperView(
        paper.id, paper.item_id, row.id, _name(session, row, paper), paper.media, paper.size,
        paper.came_at, ReplyState(paper.state),
    )  # fmt: skip


def _name(session: Session, row: TransferRow, paper: GuestUploadRow) -> str:
    told = unseal(
        session, owner=record.owner_of(row), place=upload_place(paper.id), sealed=paper.restricted
    )
    return str(told["name"])
