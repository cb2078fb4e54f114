"""Whether what was signed may still leave: asked when it is sealed, at every try, and when it is fetched or handed out.

A line may be down for weeks. A consent withdrawn, a fear or a danger told since it was signed keeps it here, whatever
was true then; it leaves by itself when that is no longer so.

Source: DOM-R26, DOM-R47, DOM-R48.
"""

from datetime import datetime

from sqlmodel import Session

from core.errors import Gap
from transfers.errors import NotSent
from transfers.rules.codes import MessageType
from transfers.service import grants_judging
from transfers.service.telling import disclosure_gaps
from transfers.store import disclosure
from transfers.store import transfers as store
from transfers.tables.delivery import DeliveryOutRow
from transfers.tables.transfer import MessageRow, TransferRow


def require(session: Session, row: TransferRow, message: MessageRow, *, now: datetime) -> None:
    """Refuse to seal a message that may not be told now, or whose documents or grant may not.

    Raises:
        NotSent: with everything that stands against it.
    """
    gaps = disclosure_gaps(session, row, MessageType(message.type), now=now)
    if gaps:
        raise NotSent("send_message", gaps)
    grants_judging.require_sendable(session, row, message, now=now)


def is_kept(session: Session, delivery: DeliveryOutRow, *, now: datetime) -> bool:
    """Whether a sealed delivery may not leave now: what it tells may not be told any more."""
    row = store.find(session, delivery.transfer_id)
    message = store.find_message(session, delivery.message_id)
    return row is None or message is None or bool(_gaps(session, row, message, now=now))


def _gaps(
    session: Session, row: TransferRow, message: MessageRow, *, now: datetime
) -> tuple[Gap, ...]:
    gaps = disclosure_gaps(session, row, MessageType(message.type), now=now)
    grant = disclosure.given_for(session, message.id)
    if grant is None:
        return gaps
    return (*gaps, *grants_judging.standing_gaps(session, row, grant, now=now))
