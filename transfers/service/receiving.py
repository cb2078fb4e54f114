"""What the other country says: taken whole or not at all, and never for more than it says.

Called when a sealed package was opened and every signature, number and hash has held. A message takes the step of the
partner's side that it means; it can never take one of ours (DOM-R36). One that finds no step is kept as *crossed*
and shown to an officer: two letters may pass each other on the way.

Source: DOM-5.2, DOM-5.7, DOM-R34, DOM-R36, DOM-R51, EXP-7.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from core import outbox
from core.actors import Actor, Role
from core.errors import BadInput, NotThere
from transfers.rules.codes import Direction, MessageType, Round, Side, TransferKind, TransferReason
from transfers.rules.machine import TRANSITIONS, Step, TransferState, edge
from transfers.rules.responsibility import Ground
from transfers.service import bodies, consequences, grants_carried, grants_held, messages, record
from transfers.service.bodies import Enquiry, Message
from transfers.service.corridors import find_corridor
from transfers.service.saying import ADMITTED, CROSSED
from transfers.service.steps_of_messages import moves, step_of
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, ResponsibilityRow, TransferRow

OPENING: Final = frozenset({MessageType.ENQUIRY, MessageType.REQUEST})


@dataclass(frozen=True)
class Arrived:
    """A message that was opened.

    Args:
        partner: installation that signed it.
        country: of that installation.
        raw: the message as it was sealed.
        summary: the case summary that came with an enquiry or request, already checked against its schema.
        package_id: of the package it came in.
    """

    partner: str
    country: str
    raw: bytes
    summary: Mapping[str, Any] | None
    package_id: str


def take_in(session: Session, actor: Actor, arrived: Arrived, *, now: datetime) -> str:
    """Take a message in and return the transfer's id; the same message again changes nothing.

    Args:
        session: the unit of work.
        actor: the exchange itself, no person.
        arrived: what was opened.
        now: when.

    Raises:
        BadInput: not a message, or an enquiry or request without its summary, or for another country.
        NotThere: a reference this partner and we do not share; the partner learns nothing more.
    """
    said = bodies.read_message(arrived.raw)
    known = store.message_by_no(session, said.no)
    if known is not None:
        return _again(session, known, arrived.partner)
    row = store.lock_by_ref(session, said.ref, arrived.partner)
    if row is None:
        if said.type not in OPENING:
            raise NotThere("transfer")
        row = _begin(session, actor, arrived, said, now=now)
    elif said.type in OPENING:
        raise BadInput("/type", "reference_in_use")
    _keep(session, actor, row, said, arrived, now=now)
    return row.id


def transfer_known(session: Session, arrived: Arrived) -> str | None:
    """Return which transfer on record a message would be taken into, or was; None when it would begin one.

    Raises:
        BadInput: not a message.
    """
    said = bodies.read_message(arrived.raw)
    known = store.message_by_no(session, said.no)
    if known is not None:
        return known.transfer_id
    row = store.by_ref(session, said.ref, arrived.partner)
    return None if row is None else row.id


def note_delivered(session: Session, actor: Actor, message_id: str, *, now: datetime) -> bool:
    """Note that a signed receipt says that an enquiry or request arrived; it means nothing more (DOM-R34).

    Returns False when the transfer is past that point: receipts may come late and twice.
    """
    message = store.find_message(session, message_id)
    row = store.lock(session, message.transfer_id) if message is not None else None
    if row is None or message is None or message.type not in OPENING:
        return False
    step = edge(Step.DELIVER, TransferState(row.state), record.their_side(row), Round(row.round))
    if step is None:
        return False
    record.take(
        session, row, step, side=record.their_side(row), actor=actor, now=now, message_id=message.id
    )
    return True


def _again(session: Session, known: MessageRow, partner: str) -> str:
    row = store.find(session, known.transfer_id)
    if row is None or row.partner != partner or known.is_ours:
        raise NotThere("transfer")
    return row.id


def _begin(
    session: Session, actor: Actor, arrived: Arrived, said: Message, *, now: datetime
) -> TransferRow:
    """Open an inbound transfer from an enquiry or a request. No case is opened: a person matches the child first."""
    if arrived.summary is None or store.is_known_ref(session, said.ref):
        raise BadInput("/summary", "summary_needed")
    corridor = find_corridor(arrived.country, actor.country, now=now)
    if corridor is None:
        raise BadInput("/ref", "no_corridor")
    matter = arrived.summary["matter"]
    body = said.body
    is_enquiry = isinstance(body, Enquiry)
    kind = matter["kind"] if matter["kind"] in set(TransferKind) else TransferKind.CASE_ONLY.value
    model = corridor.responsibility if is_enquiry else body.responsibility  # type: ignore[attr-defined]
    row = TransferRow(
        ref=said.ref, country=actor.country, direction=Direction.INBOUND.value,
        origin=arrived.country, destination=actor.country, corridor_version=corridor.version,
        partner=arrived.partner, round=(Round.ENQUIRY if is_enquiry else Round.REQUEST).value,
        kind=kind, reason=TransferReason.OTHER.value, state=TransferState.INTERNAL_CHECK.value,
        state_since=now, priority=arrived.summary["care"]["priority"],
        reply_due=body.reply_due,  # type: ignore[attr-defined]
        responsibility=model.value, opened_at=now, opened_by=actor.person_id,
        decision_sha256="" if is_enquiry else body.decision_sha256,  # type: ignore[attr-defined]
    )  # fmt: skip
    session.add(row)
    session.flush()
    record.begin_key(session, row, now=now)
    session.add(
        ResponsibilityRow(
            transfer_id=row.id, side=Side.SENDER.value, officer=arrived.partner, since=now,
            ground=Ground.OPENED.value,
        )
    )  # fmt: skip
    session.flush()
    return row


def _keep(
    session: Session,
    actor: Actor,
    row: TransferRow,
    said: Message,
    arrived: Arrived,
    *,
    now: datetime,
) -> None:
    side = record.their_side(row)
    state = TransferState(row.state)
    step = step_of(said.type, said.body, state, side, Round(row.round), learned=True)
    crossed = step is None and moves(said.type, said.body, state)
    message = MessageRow(
        no=said.no, transfer_id=row.id, seq=store.next_message(session, row.id), is_ours=False,
        type=said.type.value,
        standing=CROSSED if crossed else ADMITTED, reply_to=said.reply_to,
        written_at=now, package_id=arrived.package_id, restricted=b"",
    )  # fmt: skip
    message.restricted = record.seal_in_message(
        session, row, message, "restricted", arrived.raw.decode()
    )
    if arrived.summary is not None:
        message.summary = record.seal_in_message(
            session, row, message, "summary", dict(arrived.summary)
        )
    session.add(message)
    session.flush()
    grants_held.take(session, row, message, said, now=now)
    grants_carried.take(session, row, message, said, now=now)
    if step is not None:
        consequences.prepare(session, row, said, step)
        record.take(session, row, step, side=side, actor=actor, now=now, message_id=message.id)
    if said.type in OPENING:
        delivered = TRANSITIONS[Step.DELIVER]
        record.take(
            session, row, delivered, side=record.our_side(row), actor=actor, now=now,
            message_id=message.id,
        )  # fmt: skip
    if not crossed:
        messages.note_answers(session, row, message, now=now)
        consequences.follow(session, actor, row, said, step, side=side, now=now)
    _tell(session, row, message, now=now)
    record.note(
        session, actor, row, "message.taken", now=now,
        codes={"type": said.type.value, "standing": message.standing},
    )  # fmt: skip


def _tell(session: Session, row: TransferRow, message: MessageRow, *, now: datetime) -> None:
    """Tell the officers of the secretariat that something came, by id."""
    outbox.post(
        session,
        topic="transfer.message_came",
        key=f"transfer.message_came:{message.id}",
        subject=row.id,
        now=now,
        payload={"transfer": row.id, "type": message.type, "ref": row.ref, "from": row.partner,
                 "role": str(Role.SECRETARIAT), "country": row.country},
    )  # fmt: skip
