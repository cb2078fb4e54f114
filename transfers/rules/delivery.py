"""How a package is tried, until when, and in which order; and what an unsigned answer of a partner means.

An answer that nobody signed is only a hint: nothing here makes a delivery final. Source: EXP-7.1, EXP-11.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from itertools import islice
from typing import Final


class OutState(StrEnum):
    """How far a delivery of ours is. Source: EXP-7.1."""

    QUEUED = "queued"
    TRANSFERRING = "transferring"
    WAITING = "waiting"
    NEEDS_ATTENTION = "needs_attention"
    HANDED_AS_FILE = "handed_as_file"
    DELIVERED = "delivered"
    ADMITTED = "admitted"
    VIEWED = "viewed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RESEALED = "resealed"
    RECALL_SENT = "recall_sent"
    RECALLED = "recalled"
    RECALL_DECLINED = "recall_declined"
    DELETED = "deleted"


class InState(StrEnum):
    """How far a delivery of theirs is. Source: EXP-7.2."""

    OFFERED = "offered"
    TRANSFERRING = "transferring"
    QUARANTINE = "quarantine"
    RECEIVED = "received"
    ADMITTED = "admitted"
    VIEWED = "viewed"
    REFUSED = "refused"
    EXPIRED = "expired"
    RECALL_PENDING = "recall_pending"
    RECALLED = "recalled"
    DELETED = "deleted"


TO_SEND: Final = frozenset({
    OutState.QUEUED, OutState.TRANSFERRING, OutState.WAITING, OutState.NEEDS_ATTENTION,
    OutState.HANDED_AS_FILE,
})  # fmt: skip
"""Nothing signed says yet that these arrived."""
UNFINISHED: Final = frozenset({InState.OFFERED, InState.TRANSFERRING})
READABLE: Final = frozenset({InState.ADMITTED, InState.VIEWED})

STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
LONGEST: Final = timedelta(hours=2)
HOURLY: Final = timedelta(hours=1)
SPREAD: Final = 0.2
QUICK_TRIES: Final = 3
PIECE_TRIES: Final = 3
DROPPED_AFTER: Final = timedelta(days=30)
JUMP: Final = timedelta(hours=23)
"""A clock that moved this far between two looks, either way, is not believed until a person says so."""


class Way(StrEnum):
    """What to do after an answer."""

    AGAIN = "again"
    UNKNOWN_CALLER = "unknown_caller"
    ATTENTION = "attention"  # a person hears of it, and it is tried every hour
    PERSON = "person"  # a person hears of it, and nothing is tried before something has changed


_RETRIED: Final = frozenset({
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS,
})  # fmt: skip
_NO_LOOP: Final = frozenset({
    HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT, HTTPStatus.GONE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.UPGRADE_REQUIRED,
})  # fmt: skip


def way_after(status: int, *, is_of_exchange: bool) -> Way:
    """Say what an answer that is no success leads to.

    Args:
        status: of HTTP.
        is_of_exchange: it is a problem of the protocol. Whatever stands in between (a gate of a hotel, a proxy) says
            403 as well; that ends no trying.

    Source: EXP-7.1.
    """
    if status == HTTPStatus.UNAUTHORIZED:
        return Way.UNKNOWN_CALLER
    if status in _RETRIED or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Way.AGAIN
    return Way.PERSON if is_of_exchange and status in _NO_LOOP else Way.ATTENTION


def wait_after(attempts: int, chance: float, *, asked: timedelta | None = None) -> timedelta:
    """Return how long to wait after so many tries failed.

    Args:
        attempts: how many, at least one.
        chance: 0 to 1; spreads the tries of many by a fifth either way.
        asked: what the partner asked for (``Retry-After``); never sooner than that.
    """
    base = STEPS[attempts - 1] if 0 < attempts <= len(STEPS) else LONGEST
    wait = base * (1 - SPREAD + 2 * SPREAD * chance)
    return wait if asked is None else max(wait, min(asked, timedelta(days=1)))


def first_missing(numbers: Collection[int], most: int = 100) -> list[int]:
    """Return the first numbers from 1 on that are not among these, up to the highest; a gap may be of any length."""
    known = set(numbers)
    every = (number for number in range(1, max(known, default=0)) if number not in known)
    return list(islice(every, most))


def is_jump(before: datetime | None, now: datetime) -> bool:
    """Whether the clock moved so far since the last look that nothing is ended by it. Source: EXP-11."""
    return before is not None and abs(now - before) >= JUMP


@dataclass(frozen=True)
class Limits:
    """What one partner may leave here at once. Source: EXP-6.

    Args:
        open_deliveries: how many unfinished ones.
        unfinished_bytes: announced by them together.
        reserve_bytes: kept free on the disk whatever a partner sends.
    """

    open_deliveries: int = 20
    unfinished_bytes: int = 2 * 1024**3
    reserve_bytes: int = 512 * 1024**2
