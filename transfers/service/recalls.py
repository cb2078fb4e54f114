"""Taking a package back, ours or theirs. The receiver blocks it at once, before any person acts; an officer answers.

Whoever recalls names a package of their own: another partner's is never touched, and nobody learns whether it is
here. A recall that comes before its package waits for it. Source: EXP-9, EXP-11, EXP-TT53, EXP-TT54.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState
from core.exchange import notices
from core.exchange.deliveries import Numbering
from core.exchange.errors import TokenRefused
from core.exchange.kinds import Kind
from core.exchange.notices import Action
from core.exchange.receipts import DECLINING, Event
from core.ids import new_id
from core.packs.lookup import pack_of
from core.worktime import add_working_days
from transfers.rules.delivery import READABLE, TO_SEND, InState, OutState
from transfers.service import (
    asked_back,
    evidence,
    guest_items,
    installation,
    numbering,
    paper_series,
    recall_list,
    receipts_given,
    record,
    retention,
)
from transfers.service.correspondence import Correspondent
from transfers.service.evidence import Direction
from transfers.service.incoming import Refused
from transfers.service.officers import tell
from transfers.store import deliveries as store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow, RecallRow
from transfers.tables.transfer import MessageRow, TransferRow

ANSWER_DAYS: Final = 5
SENT, BLOCKED, WAITING = "sent", "blocked", "waiting"
RECALLED, DECLINED = "recalled", "declined"


def recall(
    session: Session,
    actor: Actor,
    message_id: str,
    *,
    reason: str,
    action: Action = Action.DELETE,
    now: datetime,
) -> OutState:
    """Take a message back: what never left stays here, of everything else the partner is told.

    Returns:
        ``CANCELLED`` when it never left, ``RECALL_SENT`` when an installation may have it, ``RECALLED`` when only
        recipients without one had it, who read it no more.

    Raises:
        NotThere, RoleMayNot: no signed message of ours, not yours, or not an officer's.
        BadInput: the reason is no code.
    """
    message = transfer_store.find_message(session, message_id)
    if message is None or not message.is_ours or message.standing != "signed":
        raise NotThere("message")
    row = record.held(session, actor, message.transfer_id, now=now)
    session.refresh(message)
    return take_back(session, actor, row, message, reason=reason, action=action, now=now)


def take_back(
    session: Session,
    actor: Actor,
    row: TransferRow,
    message: MessageRow,
    *,
    reason: str,
    action: Action = Action.DELETE,
    now: datetime,
) -> OutState:
    """Do what ``recall`` says with a message of a locked transfer; the caller has asked who may."""
    found = [
        store.out(session, one.id, lock=True) for one in store.out_of_message(session, message.id)
    ]
    sealed = [one for one in found if one is not None]
    record.note(session, actor, row, "message.recalled", now=now, codes={"reason": reason})
    paper_series.end_taken_back(session, message, now=now)
    if message.package_id is None:
        message.package_id = new_id()  # never sealed now
        session.add(message)
    asked_back.mark(session, message, now=now)
    was_read = guest_items.close_all(session, actor, row, message.id, now=now)
    if not sealed and was_read:
        return OutState.RECALLED
    if not any(_has_left(one) for one in sealed):
        for one in reversed(sealed):
            _cancel(session, one, now=now)
        return OutState.CANCELLED
    if not any(one.state == OutState.RECALL_SENT for one in sealed):
        _tell_partner(session, actor, sealed[-1], reason, action, now=now)
    for one in sealed:
        if one.state != OutState.REFUSED:
            one.state, one.state_since = OutState.RECALL_SENT.value, now
            session.add(one)
    session.flush()
    return OutState.RECALL_SENT


def take_notice(
    session: Session, partner: Correspondent, text: object, *, now: datetime
) -> str | Refused:
    """Take a recall of a partner and answer with a signed receipt; the same again gets the same receipt.

    Raises:
        NoKeyCounts: nobody can sign now; nothing was blocked.
    """
    own = installation.name_of(session)
    try:
        token = partner.ring.read(text, Kind.NOTICE, audience=own, now=now)
        notice = notices.read(token.text, partner.ring.pinned(), us=own, now=now)
    except TokenRefused:
        return Refused("notice-invalid")
    if store.partner_for_update(session, partner.installation) is None:
        return Refused("notice-invalid")
    known = store.recall(session, partner.installation, notice.id, lock=True)
    if known is not None:
        if known.is_ours or known.token_sha256 != token.digest:
            return Refused("delivery-conflict")
        return receipts_given.texts_of(session, partner.installation, notice.id)[0]
    row = RecallRow(
        notice_id=notice.id, is_ours=False, partner=partner.installation,
        package_id=notice.package, text=token.text, token_sha256=token.digest,
        reason=notice.reason, action=str(notice.action), at=now, state=WAITING, next_try_at=now,
    )  # fmt: skip
    for found in store.of_package(session, partner.installation, notice.package):
        _block(session, row, found, now=now)
    session.add(row)
    session.flush()
    if row.state == BLOCKED:
        row.due_on = _answer_by(own[:2], now)
        tell(
            session, topic="exchange.recalled_by_partner", subject=row.id, occasion=row.id,
            role=Role.SECRETARIAT, now=now,
            facts={"installation": row.partner, "by": row.due_on.isoformat()},
        )  # fmt: skip
    evidence.keep(
        session, token, Direction.RECEIVED, subject=notice.id, actor=evidence.PROCEDURE, now=now
    )
    about = receipts_given.about_recall(session, row)
    return receipts_given.give(session, Event.RECALL_RECEIVED, about, now=now)


def answer(
    session: Session,
    actor: Actor,
    recall_id: str,
    *,
    declined: str | None = None,
    now: datetime,
) -> tuple[str, ...]:
    """Answer a recall of theirs: the content is destroyed, or, for a reason the protocol names, kept.

    Args:
        session: the unit of work.
        actor: an officer of the secretariat.
        recall_id: our id of the recall.
        declined: reason for keeping it; None: it is destroyed as asked.
        now: when.

    Returns:
        Our ids of deliveries whose bytes are to be removed once this is committed.

    Raises:
        NotThere: no such recall, about a file that is closed to the actor, or not an officer.
        WrongState: answered already, or its package never came.
        BadInput: another reason than those of the protocol.
    """
    row = recall_list.find_for(session, actor, recall_id, now=now)
    session.refresh(row, with_for_update=True)
    if row.state != BLOCKED:
        raise WrongState("recall", row.state, "answer_recall")
    if declined is not None and declined not in DECLINING:
        raise BadInput("/declined", "not_a_reason")
    audit.record(
        session, actor, "recall.answered", thing="recall", thing_id=row.id, now=now,
        codes={"declined": declined or ""},
    )  # fmt: skip
    row.state = RECALLED if declined is None else DECLINED
    row.decided_by, row.decided_at = actor.person_id, now
    session.add(row)
    held = [
        one for one in store.of_package(session, row.partner, row.package_id)
        if one.state == InState.RECALL_PENDING
    ]  # fmt: skip
    gone: list[str] = []
    for one in held:
        if declined is not None:
            _unblock(session, one)
            asked_back.unmark(session, _message_of(session, one), now=now)
        else:
            gone += _end(session, one, row, now=now)
    session.flush()
    event = Event.RECALLED if declined is None else Event.RECALL_DECLINED
    about = receipts_given.about_recall(session, row)
    receipts_given.give(session, event, about, reason=declined, actor=actor.person_id, now=now)
    for one in held:
        if one.id in gone:
            retention.sign_deleted(session, one, actor=actor.person_id, now=now)
    return tuple(gone)


def blocked(session: Session, message_ids: Collection[str]) -> dict[str, str]:
    """Return which of these messages nobody may read now, each with the sender's reason."""
    found: dict[str, str] = {}
    for row in store.for_message(session, message_ids):
        if row.state in {InState.RECALL_PENDING, InState.RECALLED} and row.message_id:
            told = store.recalls_of(session, row.partner, row.package_id, is_ours=False)
            found[row.message_id] = told[-1].reason if told else ""
    return found


def _has_left(row: DeliveryOutRow) -> bool:
    """Whether anybody outside may have it."""
    if row.state == OutState.CANCELLED:
        return False
    return row.is_offered or OutState(row.state) not in TO_SEND - {OutState.HANDED_AS_FILE}


def _cancel(session: Session, row: DeliveryOutRow, *, now: datetime) -> None:
    if row.state == OutState.CANCELLED:
        return
    row.state, row.state_since = OutState.CANCELLED.value, now
    place = Numbering(row.chain, row.seq, _prev_of(row))
    if numbering.give_back(session, row.partner, place, row.token_sha256):
        row.seq = -row.number
    session.add(row)
    session.flush()
    evidence.note(
        session, "delivery.cancelled", subject=row.id, actor=evidence.PROCEDURE,
        obj=row.token_sha256, now=now,
    )  # fmt: skip


def _prev_of(row: DeliveryOutRow) -> str | None:
    from core.exchange import tokens  # noqa: PLC0415

    prev: str | None = tokens.unverified_claims(row.token, Kind.DELIVERY).get("prev")
    return prev


def _tell_partner(
    session: Session,
    actor: Actor,
    row: DeliveryOutRow,
    reason: str,
    action: Action,
    *,
    now: datetime,
) -> None:
    made = notices.make(
        action, issuer=installation.name_of(session), audience=row.partner, notice=new_id(),
        package=row.package_id, reason=reason, key=installation.signing_key(session, now=now),
        now=now,
    )  # fmt: skip
    session.add(
        RecallRow(
            notice_id=made.id, is_ours=True, partner=row.partner, package_id=row.package_id,
            text=made.token.text, token_sha256=made.token.digest, reason=reason,
            action=str(action), at=now, by=actor.person_id, state=SENT, next_try_at=now,
        )
    )  # fmt: skip
    session.flush()
    evidence.keep(
        session, made.token, Direction.SENT, subject=made.id, actor=actor.person_id, now=now
    )


def _block(session: Session, recall_row: RecallRow, row: DeliveryInRow, *, now: datetime) -> None:
    """Close one delivery for everybody; one that was not opened yet is refused."""
    state = InState(row.state)
    if state in READABLE:
        row.state, recall_row.state = InState.RECALL_PENDING.value, BLOCKED
        session.add(row)
        session.flush()
        message = _message_of(session, row)
        asked_back.mark(session, message, now=now)
        paper_series.end_taken_back(session, message, now=now)
    elif state in {InState.OFFERED, InState.TRANSFERRING, InState.QUARANTINE, InState.RECEIVED}:
        row.state, row.why = InState.REFUSED.value, "recalled"
        session.add(row)
        session.flush()
        about = receipts_given.about_delivery(session, row)
        receipts_given.give(session, Event.REFUSED, about, reason="recalled", now=now)


def _message_of(session: Session, row: DeliveryInRow) -> MessageRow | None:
    return transfer_store.find_message(session, row.message_id) if row.message_id else None


def _unblock(session: Session, row: DeliveryInRow) -> None:
    given = {one.event for one in store.given(session, row.partner, row.delivery_id)}
    row.state = (InState.VIEWED if Event.VIEWED in given else InState.ADMITTED).value
    session.add(row)


def _end(
    session: Session, row: DeliveryInRow, recall_row: RecallRow, *, now: datetime
) -> list[str]:
    """Destroy what was asked to be destroyed; what only must not be used is closed for good."""
    row.state = InState.RECALLED.value
    session.add(row)
    if recall_row.action == Action.STOP_USE:
        return []
    retention.destroy(session, row, now=now)
    return [row.id]


def _answer_by(country: str, now: datetime) -> date:
    pack = pack_of(country, on=now.date())
    return add_working_days(now.date(), ANSWER_DAYS, pack.calendar())
