"""How far each message came, rung by rung: written, signed, sealed, received, admitted, opened by a person.

A rung is reached when somebody signed for it: an officer of ours for the first two, an installation for the others.
None of them is a consent or an answer. Reading the ladder opens nothing, so the other country learns nothing of it.

Source: DOM-5.2/X2, DOM-R34, DOM-R50, EXP-7.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlmodel import Session

from core.actors import Actor
from core.exchange import tokens
from core.exchange.kinds import Kind
from transfers.rules.delivery import InState, OutState
from transfers.service import record, saying
from transfers.service.receipts_taken import VALID
from transfers.store import board as board_store
from transfers.store import deliveries as delivery_store
from transfers.store import disclosure as document_store
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryOutRow
from transfers.tables.transfer import MessageRow


class Rung(StrEnum):
    """One rung; those after ``SEALED`` are receipts and carry their names."""

    WRITTEN = "written"
    SIGNED = "signed"
    SEALED = "sealed"
    RECEIVED = "received"
    ADMITTED = "admitted"
    VIEWED = "viewed"
    REFUSED = "refused"
    EXPIRED = "expired"
    RECALL_RECEIVED = "recall-received"
    RECALL_DECLINED = "recall-declined"
    RECALLED = "recalled"
    DELETED = "deleted"


@dataclass(frozen=True)
class Reached:
    """A rung that was reached; ``is_known_there`` whether the sender of the message holds our receipt for it."""

    rung: Rung
    at: datetime
    is_known_there: bool = True


@dataclass(frozen=True)
class Head:
    """One message without what it says.

    Args:
        reached: the rungs it came to, in order.
        state: of the newest delivery of ours that carries it; None where none does.
        trouble: why that delivery does not go on.
        next_try_at, expires_at: of that delivery.
        is_unread: one of theirs that nobody here has opened.
        is_taken_back: the side that said it took it back.
        documents: how many travel with it.
    """

    id: str
    no: str
    type: str
    is_ours: bool
    standing: str
    reply_to: str | None
    written_by: str
    written_at: datetime
    signed_by: str
    signed_at: datetime | None
    answered_at: datetime | None
    reached: tuple[Reached, ...]
    state: OutState | None
    trouble: str
    next_try_at: datetime | None
    expires_at: datetime | None
    is_unread: bool
    is_taken_back: bool
    documents: int
    version: int

    @property
    def highest(self) -> Rung:
        """The last rung it came to."""
        return self.reached[-1].rung


def list_heads(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[Head, ...]:
    """Return the messages of a transfer with how far each came, without opening one, and note that this was read.

    Raises:
        NotThere: no such transfer, or not yours.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    record.note(session, actor, row, "message.ladder_read", now=now)
    arrived: dict[str, int] = {}
    for document in document_store.arrived(session, row.id):
        arrived[document.message_id] = arrived.get(document.message_id, 0) + 1
    return tuple(
        _ours(session, one) if one.is_ours else _theirs(session, one, arrived.get(one.id, 0))
        for one in store.messages(session, row.id)
    )


def newest_rungs(session: Session, transfer_ids: Collection[str]) -> Mapping[str, tuple[bool, str]]:
    """Return for each transfer whether its newest delivery is ours, and how far that came; nothing without one."""
    return board_store.newest_of_transfers(session, transfer_ids)


def _ours(session: Session, message: MessageRow) -> Head:
    sent = delivery_store.out_of_message(session, message.id)
    newest = sent[-1] if sent else None
    reached = [Reached(Rung.WRITTEN, message.written_at)]
    if message.signed_at is not None:
        reached.append(Reached(Rung.SIGNED, message.signed_at))
    if newest is not None:
        reached += [Reached(Rung.SEALED, newest.sealed_at), *_receipts(session, sent)]
    return _head(
        message, reached, documents=len(document_store.documents_of(session, message.id)),
        is_taken_back=saying.is_taken_back(session, message), delivery=newest,
    )  # fmt: skip


def _receipts(session: Session, sent: Collection[DeliveryOutRow]) -> list[Reached]:
    """Receipts that count, by the moment their signer wrote; a message sealed anew has those of every delivery."""
    found = [
        Reached(Rung(one.event), datetime.fromtimestamp(_signed_second(one.text), UTC))
        for delivery in sent
        for one in delivery_store.taken(session, delivery.id)
        if one.standing == VALID
    ]
    first = {one.rung: one for one in reversed(found)}
    return sorted(first.values(), key=lambda one: list(Rung).index(one.rung))


def _signed_second(text: str) -> int:
    return int(tokens.unverified_claims(text, Kind.RECEIPT)["iat"])  # verified when it was kept


def _theirs(session: Session, message: MessageRow, documents: int) -> Head:
    came = delivery_store.for_message(session, [message.id])
    reached = [
        Reached(Rung(one.event), one.signed_at, one.stored_at is not None)
        for delivery in came
        for one in delivery_store.given(session, delivery.partner, delivery.delivery_id)
        if one.event in set(Rung)
    ]
    if not reached:  # on paper, or by somebody without an installation: nobody signed a receipt
        reached = [Reached(Rung.RECEIVED, message.written_at)]
    return _head(
        message, reached, documents=documents,
        is_unread=any(one.state == InState.ADMITTED for one in came),
        is_taken_back=saying.is_taken_back(session, message),
    )  # fmt: skip


def _head(
    message: MessageRow,
    reached: list[Reached],
    *,
    documents: int,
    is_taken_back: bool,
    is_unread: bool = False,
    delivery: DeliveryOutRow | None = None,
) -> Head:
    return Head(
        id=message.id, no=message.no, type=message.type, is_ours=message.is_ours,
        standing=message.standing, reply_to=message.reply_to, written_by=message.written_by,
        written_at=message.written_at, signed_by=message.signed_by, signed_at=message.signed_at,
        answered_at=message.answered_at, reached=tuple(reached),
        state=None if delivery is None else OutState(delivery.state),
        trouble="" if delivery is None else delivery.trouble,
        next_try_at=None if delivery is None else delivery.next_try_at,
        expires_at=None if delivery is None else delivery.expires_at,
        is_unread=is_unread, is_taken_back=is_taken_back, documents=documents, version=message.version,
    )  # fmt: skip
