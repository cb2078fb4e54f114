"""A message that went to the wrong country or office: taken back, destroyed there, and reported here.

Whoever finds out says so, the sender or the receiver. The sender's side then takes back everything it had told on this
transfer, the way a recall goes, and the receiver answers each recall. Only what is destroyed is said to be. Both
countries' data protection officers hear of it, by id.

Source: DOM-5.9, EXP-9.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.actors import Actor, Role, procedure_actor
from core.errors import Gap
from transfers.rules.codes import Direction, MessageType
from transfers.rules.delivery import READABLE, InState
from transfers.service import recalls
from transfers.service.bodies import Message, WrongRecipientNotice
from transfers.service.officers import tell
from transfers.service.saying import SIGNED, is_taken_back
from transfers.store import deliveries
from transfers.store import transfers as store
from transfers.tables.transfer import TransferRow

REASON: Final = "wrong_recipient"
_STILL_HERE: Final = READABLE | {InState.RECEIVED, InState.QUARANTINE, InState.RECALL_PENDING}


def gaps_of(session: Session, row: TransferRow, said: Message, _now: datetime) -> tuple[Gap, ...]:
    """Say what stands against telling that everything is destroyed: what they sent and is still here."""
    body = said.body
    if not isinstance(body, WrongRecipientNotice) or row.direction == Direction.OUTBOUND:
        return ()
    if not body.destroyed:
        return ()
    theirs = [
        one.id for one in store.messages(session, row.id)
        if not one.is_ours and one.type != MessageType.WRONG_RECIPIENT_NOTICE
    ]  # fmt: skip
    came = deliveries.for_message(session, theirs)
    held = [one for one in came if one.state in _STILL_HERE]
    return (Gap("wrong_recipient_still_held", {"count": len(held)}),) if held else ()


def follow(
    session: Session, actor: Actor, row: TransferRow, said: Message, *, now: datetime
) -> None:
    """Take back what the sending country told, and tell who answers for data protection. Twice is once."""
    if row.direction == Direction.OUTBOUND:
        by = actor if actor.is_human else procedure_actor(row.country)
        for one in store.messages(session, row.id):
            is_told = one.is_ours and one.standing == SIGNED and one.no != said.no
            is_notice = one.type == MessageType.WRONG_RECIPIENT_NOTICE
            if is_told and not is_notice and not is_taken_back(session, one):
                recalls.take_back(session, by, row, one, reason=REASON, now=now)
    tell(
        session, topic="transfer.wrong_recipient", subject=row.id, occasion=row.id,
        role=Role.DATA_PROTECTION, now=now, facts={"country": row.country, "ref": row.ref},
    )  # fmt: skip
