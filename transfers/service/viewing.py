"""An officer opens what the other country sent: the sender learns it, and what was taken back stays closed.

Source: DOM-5.10 (line 13), EXP-7.2, EXP-9.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session

from core.actors import Actor
from core.exchange.receipts import Event
from transfers.rules.delivery import InState
from transfers.service import recalls, receipts_given
from transfers.store import deliveries as store
from transfers.tables.transfer import MessageRow


def open_for(
    session: Session, actor: Actor, messages: Collection[MessageRow], *, now: datetime
) -> Mapping[str, str]:
    """Sign that a named officer opened these messages of the other country, each the first time.

    The last thing a reading does: signing takes the head of the evidence log.

    Returns:
        The ids of messages that were taken back and that nobody may read now, with the sender's reason.
    """
    theirs = [one.id for one in messages if not one.is_ours]
    closed = recalls.blocked(session, theirs)
    if actor.is_human:
        note_viewed(session, [one for one in theirs if one not in closed], now=now)
    return closed


def note_viewed(session: Session, message_ids: Collection[str], *, now: datetime) -> int:
    """Sign that a named officer opened these messages, each the first time; returns how many receipts were made."""
    count = 0
    for row in store.for_message(session, message_ids):
        if row.state != InState.ADMITTED:
            continue
        row.state = InState.VIEWED.value
        session.add(row)
        session.flush()
        about = receipts_given.about_delivery(session, row)
        receipts_given.give(session, Event.VIEWED, about, now=now)
        count += 1
    return count
