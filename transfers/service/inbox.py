"""What came from other countries and nobody here has opened, oldest first; listing it opens nothing.

Source: DOM-2.2, DOM-R14, DOM-R50, EXP-7.2.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from cases.service.access import barred_cases
from core import audit
from core.actors import Actor, ScopeKind
from transfers.service import record
from transfers.store import inbox as store


@dataclass(frozen=True)
class Unread:
    """One message that came and was not opened, without what it says."""

    message_id: str
    transfer_id: str
    ref: str
    type: str
    origin: str
    destination: str
    priority: str
    came_at: datetime
    reply_due: date | None
    is_first: bool


def list_unread(
    session: Session, actor: Actor, *, now: datetime, limit: int = 50
) -> tuple[Unread, ...]:
    """Return what officers of the secretariat have not opened yet; for others there is nothing."""
    if not actor.has_for(record.OFFICERS, ScopeKind.COUNTRY, actor.country):
        return ()
    found = store.unread(session, actor.country, barred=barred_cases(session, actor), limit=limit)
    audit.record(
        session, actor, "message.unread_listed", thing="message", thing_id="list", now=now,
        codes={"count": len(found)},
    )  # fmt: skip
    return tuple(
        Unread(
            message.id, row.id, row.ref, message.type, row.origin, row.destination, row.priority,
            message.written_at, row.reply_due if row.is_open else None, message.seq == 1,
        )
        for message, row in found
    )  # fmt: skip
