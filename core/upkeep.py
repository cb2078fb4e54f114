"""What an installation throws away by itself: keys of repeated requests, first steps and counts of signing in."""

from datetime import datetime

from core import idempotency
from core.accounts import upkeep
from core.db import Session


def forget_old(session: Session, *, now: datetime, limit: int) -> int:
    """Delete what cannot matter any more; return how many rows. Nothing about a child is among it.

    Args:
        session: the unit of work.
        now: when.
        limit: ignored; these rows are few and go at once.
    """
    del limit
    return idempotency.forget_old(session, now=now) + upkeep.forget_old(session, now=now)
