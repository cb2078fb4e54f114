"""What is thrown away once a day: counts, first steps and sessions that mean nothing any more."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from core.accounts import throttle
from core.accounts.tables import SessionRow, TicketRow

SESSIONS_KEPT: Final = timedelta(days=30)


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete what cannot matter any more; return how many rows. What happened stays in the audit log."""
    tickets = session.exec(sa.delete(TicketRow).where(col(TicketRow.ends_at) < now))
    past = session.exec(sa.delete(SessionRow).where(col(SessionRow.ends_at) < now - SESSIONS_KEPT))
    counts = throttle.forget_old(session, now=now)
    return int(tickets.rowcount) + int(past.rowcount) + counts
