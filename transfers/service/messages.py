"""Our own messages: written by one officer, signed by another, and only then said.

Signing takes the step of the machine that the message means; the exchange finds what is signed and delivers it. What is
signed never changes; a correction is another message.

Source: DOM-5.2, DOM-R36, DOM-R44, EXP-5.2.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, NotThere
from transfers.errors import NotOurStep, OneOfficerAlone
from transfers.rules.codes import MessageType, Round
from transfers.rules.machine import TransferState, Transition
from transfers.rules.sayable import UNSENT
from transfers.service import (
    consequences,
    documents,
    grants_counting,
    paper_series,
    record,
    viewing,
)
from transfers.service.bodies import (
    BODIES,
    Body,
    HandoverNotice,
    IncidentAlert,
    InfoReply,
    InfoRequest,
    write_message,
)
from transfers.service.saying import DISCARDED, KEPT, SIGNED, WRITTEN, said_in
from transfers.service.steps_of_messages import moves, step_of
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferRow

OWN_WAY: Final = frozenset({MessageType.ENQUIRY, MessageType.REQUEST, MessageType.SUMMARY})
"""Messages with a summary: drafted in ``drafting`` and sent in ``sending``, or made by a grant."""
WRITERS: Final = record.OFFICERS | {Role.ESCORT}
AT_HOME: Final = frozenset({MessageType.WITHDRAW, MessageType.RESPONSIBILITY_CHANGE})
"""What means something before the other country knows of it; it is kept here and goes nowhere."""


@dataclass(frozen=True)
class MessageView:
    """One message as an officer sees it.

    ``taken_back``: the sender's reason, where the sender took it back; nobody reads it then.
    """

    id: str
    no: str
    type: str
    is_ours: bool
    standing: str
    reply_to: str | None
    written_by: str
    written_at: datetime
    checked_by: str
    signed_by: str
    signed_at: datetime | None
    answered_at: datetime | None
    taken_back: str | None
    body: Body | None
    version: int


def write(
    session: Session,
    actor: Actor,
    transfer_id: str,
    type_: MessageType,
    body: Body,
    *,
    now: datetime,
    reply_to: str | None = None,
) -> str:
    """Write a message and return its id; nothing is said by this.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says; an escort writes the notice of a handover alone.
        NotOurStep: the message means a step we do not have where the transfer stands.
        BadInput: an enquiry or a request, or an answer to a message that is not of this transfer.
    """
    roles = WRITERS if isinstance(body, HandoverNotice) else record.OFFICERS
    row = record.held(session, actor, transfer_id, roles=roles, now=now)
    if type_ in OWN_WAY or type(body) is not BODIES[type_]:
        raise BadInput("/type", "not_this_way")
    if (
        isinstance(body, InfoReply) and body.grants
    ):  # a grant is given by a second officer, in ``grants``
        raise BadInput("/body/grants", "not_this_way")
    if isinstance(body, IncidentAlert) and body.ladder is not None:  # in ``disagreements``
        raise BadInput("/body/ladder", "not_this_way")
    if isinstance(body, InfoRequest) and body.redeem:  # in ``grants_carried``
        raise BadInput("/body/redeem", "not_this_way")
    if reply_to is not None and _question(session, row, reply_to) is None:
        raise BadInput("/reply_to", "not_of_this_transfer")
    return compose(session, actor, row, type_, body, now=now, reply_to=reply_to)


def compose(
    session: Session,
    actor: Actor,
    row: TransferRow,
    type_: MessageType,
    body: Body,
    *,
    now: datetime,
    reply_to: str | None = None,
) -> str:
    """Keep a message of a locked transfer for somebody to sign; the caller has asked who may.

    Raises:
        NotOurStep: the message means a step we do not have where the transfer stands.
    """
    _step(row, type_, body)
    message = MessageRow(
        transfer_id=row.id, seq=store.next_message(session, row.id), is_ours=True,
        type=type_.value, standing=WRITTEN, reply_to=reply_to,
        written_by=actor.person_id, written_at=now, restricted=b"",
    )  # fmt: skip
    raw = write_message(type_, body, ref=row.ref, no=message.no, reply_to=reply_to)
    message.restricted = record.seal_in_message(session, row, message, "restricted", raw.decode())
    session.add(message)
    session.flush()
    record.note(session, actor, row, "message.written", now=now, codes={"type": type_.value})
    return message.id


def sign(
    session: Session,
    actor: Actor,
    message_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Sign a message of ours: it is said from now on; returns the state the transfer is in then.

    While the enquiry or request itself has not left, nothing goes to the other country by this.

    Raises:
        NotThere: no such message, or not yours.
        OneOfficerAlone: whoever wrote it or chose its documents.
        StaleWrite: other documents were chosen since it was read.
        RoleMayNot: the step needs another role, for example the head's word for an acceptance.
        NotOurStep: signed already, or the transfer has moved on meanwhile.
        Incomplete: what the step needs is not there; every gap is listed.
        NotSent: a document of it may not leave now.
    """
    found = _seen(session, actor, message_id, now=now)
    row = record.held(session, actor, found.transfer_id, now=now)
    message = _locked(session, message_id)
    if message.standing != WRITTEN:
        raise NotOurStep("message", message.standing, "sign_message")
    check_version(message, "message", expected_version)
    if actor.person_id in {message.written_by, *documents.choosers(session, message.id)}:
        raise OneOfficerAlone
    said = said_in(session, row, message)
    step = _step(row, said.type, said.body)
    if step is not None and not actor.has(*step.who):
        raise RoleMayNot
    consequences.require(session, row, said, now=now)
    documents.require_sendable(session, row, message, now=now)
    grants_counting.use_for(session, message.id)
    is_known_there = row.state not in UNSENT
    message.standing = SIGNED if is_known_there else KEPT
    message.signed_by, message.signed_at = actor.person_id, now
    session.add(message)
    if step is not None:
        consequences.prepare(session, row, said, step)
        record.take(
            session, row, step, side=record.our_side(row), actor=actor, now=now,
            message_id=message.id,
        )  # fmt: skip
    _answers(session, row, message, now=now)
    consequences.follow(session, actor, row, said, step, side=record.our_side(row), now=now)
    record.note(session, actor, row, "message.signed", now=now, codes={"type": message.type})
    return row.state


def discard(session: Session, actor: Actor, message_id: str, *, now: datetime) -> None:
    """Take back a message nobody has signed; its words are gone, that it was written stays on record."""
    found = _seen(session, actor, message_id, now=now)
    row = record.held(session, actor, found.transfer_id, now=now)
    message = _locked(session, message_id)
    if message.standing != WRITTEN:
        raise NotOurStep("message", message.standing, "discard_message")
    message.standing, message.restricted = DISCARDED, b""
    session.add(message)
    session.flush()
    record.note(session, actor, row, "message.discarded", now=now, codes={"type": message.type})


def list_messages(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[MessageView, ...]:
    """Return the messages of a transfer as they were said, with what they say, and note that they were read."""
    row = record.seen(session, actor, transfer_id, now=now)
    found = store.messages(session, row.id)
    record.note(session, actor, row, "message.read", now=now, codes={"count": len(found)})
    closed = viewing.open_for(session, actor, found, now=now)
    return tuple(_view(session, row, one, closed.get(one.id)) for one in found)


def read_one(
    session: Session, actor: Actor, message_id: str, *, now: datetime
) -> tuple[str, MessageView]:
    """Open one message and note that it was read; for one of theirs that is signed towards the other country.

    Returns:
        The id of its transfer, and the message.

    Raises:
        NotThere: no such message, or not yours.
    """
    message = store.find_message(session, message_id)
    if message is None:
        raise NotThere("message")
    row = record.seen(session, actor, message.transfer_id, now=now)
    record.note(session, actor, row, "message.read", now=now, codes={"count": 1})
    closed = viewing.open_for(session, actor, [message], now=now)
    return row.id, _view(session, row, message, closed.get(message.id))


def _step(row: TransferRow, type_: MessageType, body: Body) -> Transition | None:
    step = step_of(type_, body, TransferState(row.state), record.our_side(row), Round(row.round))
    is_too_soon = row.state in UNSENT and type_ not in AT_HOME
    is_late = moves(type_, body, TransferState(row.state))
    if is_too_soon or (step is None and (is_late or _is_first(row, type_))):
        raise NotOurStep("transfer", row.state, type_.value.lower())
    return step


def _is_first(row: TransferRow, type_: MessageType) -> bool:
    """Messages that may repeat do so only once their step was taken."""
    after = {
        MessageType.FOLLOWUP_REPORT: TransferState.FOLLOW_UP,
        MessageType.TRAVEL_PLAN: TransferState.PRE_DEPARTURE,
        MessageType.PACKAGE: TransferState.PRE_DEPARTURE,
    }.get(type_)
    return after is not None and row.state != after


def _answers(session: Session, row: TransferRow, message: MessageRow, *, now: datetime) -> None:
    """Note that a question was answered: the one named, or the open request that an answer ends.

    What was printed of an earlier message of the type counts no more.
    """
    paper_series.end_followed(session, message, now=now)
    if message.reply_to is not None:
        question = _question(session, row, message.reply_to)
        if question is not None and question.answered_at is None:
            question.answered_at = now
            session.add(question)
    ends = {
        MessageType.ACCEPT,
        MessageType.DECLINE,
        MessageType.ENQUIRY_REPLY,
        MessageType.WITHDRAW,
    }
    if message.type in ends:
        for one in store.messages(session, row.id):
            if one.type in OWN_WAY and one.answered_at is None:
                one.answered_at = now
                session.add(one)
    session.flush()


def note_answers(session: Session, row: TransferRow, message: MessageRow, *, now: datetime) -> None:
    """The same for a message of theirs."""
    _answers(session, row, message, now=now)


def _question(session: Session, row: TransferRow, no: str) -> MessageRow | None:
    found = store.message_by_no(session, no)
    return found if found is not None and found.transfer_id == row.id else None


def _seen(session: Session, actor: Actor, message_id: str, *, now: datetime) -> MessageRow:
    message = store.find_message(session, message_id)
    if message is None or not message.is_ours:
        raise NotThere("message")
    record.seen(session, actor, message.transfer_id, now=now)
    return message


def _locked(session: Session, message_id: str) -> MessageRow:
    message = store.find_message(session, message_id)
    if message is None:
        raise NotThere("message")
    session.refresh(message)
    return message


def _view(
    session: Session, row: TransferRow, message: MessageRow, taken_back: str | None
) -> MessageView:
    is_silent = message.standing in {"draft", DISCARDED} or taken_back is not None
    return MessageView(
        id=message.id, no=message.no, type=message.type, is_ours=message.is_ours,
        standing=message.standing, reply_to=message.reply_to, written_by=message.written_by,
        written_at=message.written_at, checked_by=message.checked_by, signed_by=message.signed_by,
        signed_at=message.signed_at, answered_at=message.answered_at,
        taken_back=taken_back, version=message.version,
        body=None if is_silent else said_in(session, row, message).body,
    )  # fmt: skip
