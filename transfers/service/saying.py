"""What was said on a transfer, read back: by which side, in which order, and what still waits for an answer.

Source: DOM-5.2.
"""

from collections.abc import Iterator
from typing import Final

from sqlmodel import Session

from transfers.rules.codes import MessageType
from transfers.rules.delivery import InState, OutState
from transfers.service import record
from transfers.service.bodies import Body, Message, read_message
from transfers.store import deliveries
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferRow

WRITTEN, SIGNED, DISCARDED = "written", "signed", "discarded"
"""Standing of a message of ours."""
KEPT: Final = "kept"
"""Signed, and never to leave: the other country does not know of this transfer."""
ADMITTED, CROSSED = "admitted", "crossed"
"""Standing of a message of theirs: taken, or taken too late to change anything."""
SAID: Final = frozenset({SIGNED, KEPT, ADMITTED})
_TAKEN_BACK: Final = frozenset(
    {OutState.CANCELLED, OutState.RECALL_SENT, OutState.RECALLED, OutState.RECALL_DECLINED}
)
ASKING: Final = frozenset(
    {MessageType.INFO_REQUEST.value, MessageType.ENQUIRY.value, MessageType.REQUEST.value}
)


def said_in(session: Session, row: TransferRow, message: MessageRow) -> Message:
    """Return what a message says; a draft of an enquiry or request says nothing yet."""
    raw = record.open_in_message(session, row, message, "restricted", message.restricted)
    return read_message(str(raw).encode())


def is_taken_back(session: Session, message: MessageRow) -> bool:
    """Whether the side that said it took it back, whatever the other side answered: nothing is built on it any more.

    One of theirs that an officer kept, for a reason the protocol names, is said still. Source: EXP-9, EXP-TT53.
    """
    if not message.is_ours:
        came = deliveries.for_message(session, [message.id])
        return any(one.state in {InState.RECALL_PENDING, InState.RECALLED} for one in came)
    sent = deliveries.out_of_message(session, message.id)
    never_left = message.package_id is not None and not sent
    return never_left or any(one.state in _TAKEN_BACK for one in sent)


def bodies_of(session: Session, row: TransferRow) -> Iterator[Body]:
    """Return what both sides said, in order; what was not signed, or came too late, is not in it."""
    for message in store.messages(session, row.id):
        if message.standing in SAID:
            yield said_in(session, row, message).body


def bodies_of_type(session: Session, row: TransferRow, type_: MessageType) -> Iterator[Body]:
    """Return what both sides said by one type of message, in order; no other message is opened."""
    for message in store.messages(session, row.id):
        if message.type == type_ and message.standing in SAID:
            yield said_in(session, row, message).body


def open_questions(session: Session, row: TransferRow) -> list[str]:
    """Return ids of messages of either side that wait for an answer."""
    return [
        one.id
        for one in store.messages(session, row.id)
        if one.type in ASKING and one.standing in SAID and one.answered_at is None
    ]
