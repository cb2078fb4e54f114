"""When consent is taken back: everybody who holds what was told on it is told to give it up.

The withdrawal is a person's word, so no second one is waited for. Only once the child is on the way or over there do
officers decide: those who care for the child then may need what they were told.

Source: DOM-4.2, DOM-R48, EXP-9.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.consent import Receiver, Request, SharingPurpose
from cases.service import steps, tasks
from cases.service.consents import may_disclose
from cases.store import consents as consent_store
from core.actors import Role, procedure_actor
from transfers.rules.codes import Direction, MessageType
from transfers.rules.delivery import OutState
from transfers.rules.machine import Step
from transfers.service import recalls, record
from transfers.service.officers import tell
from transfers.service.saying import SIGNED
from transfers.service.telling import TELLING
from transfers.store import deliveries
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferRow

TOLD_ON: Final = {
    **TELLING,
    MessageType.ENQUIRY: SharingPurpose.CROSS_BORDER_SUMMARY,
    MessageType.REQUEST: SharingPurpose.CROSS_BORDER_SUMMARY,
}
"""Messages that tell of the child, and what the consent to it is called."""
REASON: Final = "consent_withdrawn"
DECIDE: Final = "decide_whether_to_take_back"
_TAKEN_BACK: Final = frozenset(
    {OutState.CANCELLED, OutState.RECALL_SENT, OutState.RECALLED, OutState.RECALL_DECLINED}
)


def take_back_what_was_told(session: Session, case_id: str, *, now: datetime) -> bool:
    """Recall every message that stood on a consent taken back since; each once, safe to run again.

    What another consent or an approved override still carries stays where it is, and so does what a consent that only
    ran out had carried.
    """
    withdrawn = [
        one.withdrawn_at
        for one in consent_store.consents_of(session, case_id)
        if one.withdrawn_at is not None
    ]
    if not withdrawn:
        return False
    steps.lock(session, case_id)
    done = False
    for found in store.of_case(session, case_id):
        row = store.lock(session, found.id)
        if row is None or row.direction != Direction.OUTBOUND:
            continue
        messages = [
            one
            for one in _told(session, row, since=max(withdrawn))
            if not _is_covered(session, row, one, now=now)
        ]
        done |= bool(messages) and _act(session, row, messages, now=now)
    return done


def _told(session: Session, row: TransferRow, *, since: datetime) -> Iterator[MessageRow]:
    """Messages said before the withdrawal that were not taken back yet."""
    for one in store.messages(session, row.id):
        is_told = one.is_ours and one.standing == SIGNED and MessageType(one.type) in TOLD_ON
        if is_told and one.signed_at is not None and one.signed_at <= since:
            sent = deliveries.out_of_message(session, one.id)
            never_left = one.package_id is not None and not sent
            if not never_left and not any(each.state in _TAKEN_BACK for each in sent):
                yield one


def _is_covered(session: Session, row: TransferRow, message: MessageRow, *, now: datetime) -> bool:
    asked = Request(
        purpose=TOLD_ON[MessageType(message.type)], receiver=Receiver.PARTNER_COUNTRY,
        items=frozenset(), on=record.today_of(row, now), partner=row.destination,
    )  # fmt: skip
    return may_disclose(session, str(row.case_id), asked).answer.is_possible


def _act(session: Session, row: TransferRow, messages: list[MessageRow], *, now: datetime) -> bool:
    machine = procedure_actor(row.country)
    if any(one.step == Step.DEPART for one in store.history(session, row.id)):
        tasks.open_task(
            session, str(row.case_id), DECIDE, key=f"{DECIDE}:{messages[-1].id}", actor=machine,
            now=now, role=Role.SECRETARIAT, ref=row.id,
        )  # fmt: skip
        return False
    for one in messages:
        recalls.take_back(session, machine, row, one, reason=REASON, now=now)
    tell(
        session, topic="transfer.taken_back", subject=row.id, occasion=messages[-1].id,
        role=Role.SECRETARIAT, now=now, facts={"country": row.country, "ref": row.ref},
    )  # fmt: skip
    return True
