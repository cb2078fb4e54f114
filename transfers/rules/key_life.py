"""How long the keys of this installation live, overlap and are kept: pure dates.

A new key is listed before its first use so that partners who are seldom online know it; the old one goes on until then.
Source: EXP-3.4; the life of a year and the overlap of thirty days are our choice (docs/decisions/0012).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.errors import BadInput

LEAST_LEAD_DAYS: Final = 14
USUAL_LEAD_DAYS: Final = 30
MOST_LEAD_DAYS: Final = 90
LIFE: Final = timedelta(days=365)
ROTATE_AFTER: Final = timedelta(days=180)
OVERLAP: Final = timedelta(days=30)
KEPT_AFTER_RETIRING: Final = timedelta(days=90)
STATEMENT_LIFE: Final = timedelta(days=365)


@dataclass(frozen=True)
class Term:
    """When a key is used first, and from when it counts for nothing."""

    begins: datetime
    ends: datetime


def term_from(begins: datetime) -> Term:
    """Return the term of a key that begins then."""
    return Term(begins, begins + LIFE)


def begins_after(now: datetime, lead_days: int) -> datetime:
    """Return when a new key is used first.

    Raises:
        BadInput: sooner than partners have to be told, or so late that the statement may be forgotten.
    """
    if not LEAST_LEAD_DAYS <= lead_days <= MOST_LEAD_DAYS:
        raise BadInput("/lead_days", "14_to_90_days")
    return now + timedelta(days=lead_days)


def retires(next_begins: datetime) -> Term:
    """Return from when a key is followed by another, and until when it still counts."""
    return Term(next_begins, next_begins + OVERLAP)


def may_be_destroyed(retired_at: datetime | None, now: datetime) -> bool:
    """Whether nothing that was sealed to a key can still be on its way."""
    return retired_at is not None and retired_at + KEPT_AFTER_RETIRING <= now


def is_rotation_due(begins: datetime, now: datetime) -> bool:
    """Whether the successor of a key has to be listed now, so that it begins in time."""
    return begins + ROTATE_AFTER - timedelta(days=USUAL_LEAD_DAYS) <= now
