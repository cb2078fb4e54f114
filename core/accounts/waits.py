"""How long the next try at signing in has to wait: pure rules.

Waits grow and end by themselves, so nobody can lock out an account or an office for good. Three counts are kept:

- ``account``: failures on one login name from anywhere; slows guessing at one person;
- ``address``: failures from one network address on any name; slows one password tried on everybody;
- ``pair``: failures on one login name from one address. A pair that signed in during the last thirty days is known:
  only its own count makes it wait, so an attacker elsewhere cannot keep people at their own desk out.

Source: EXP-10.1, EXP-TT65; the numbers are our choice.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

KNOWN_FOR: Final = timedelta(days=30)
FORGOTTEN_AFTER: Final = timedelta(days=1)
ALARM_LEVELS: Final = (10, 100)


class Count(StrEnum):
    """What failures are counted by."""

    ACCOUNT = "account"
    ADDRESS = "address"
    PAIR = "pair"


@dataclass(frozen=True)
class Patience:
    """Failures that cost nothing, and the longest wait."""

    free: int
    longest: timedelta


PATIENCE: Final = MappingProxyType(
    {
        Count.ACCOUNT: Patience(free=3, longest=timedelta(minutes=15)),
        Count.PAIR: Patience(free=3, longest=timedelta(minutes=15)),
        Count.ADDRESS: Patience(free=20, longest=timedelta(minutes=5)),
    }
)


@dataclass(frozen=True)
class Tally:
    """Failures of one account, address or pair.

    Args:
        known_until: until when a pair counts as known; None for the others and for strangers.
    """

    count: Count
    failures: int
    last_failed_at: datetime | None
    known_until: datetime | None = None

    def current(self, now: datetime) -> int:
        """Failures that still count: a quiet day forgets them."""
        if self.last_failed_at is None or now - self.last_failed_at >= FORGOTTEN_AFTER:
            return 0
        return self.failures


def wait_after(count: Count, failures: int) -> timedelta:
    """Return the wait after so many failures: doubling from two seconds up to the longest."""
    patience = PATIENCE[count]
    beyond = failures - patience.free
    if beyond < 1:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(beyond, 20)), patience.longest)


def seconds_to_wait(tallies: Iterable[Tally], *, now: datetime) -> int:
    """Return how many whole seconds the next try has to wait; 0 when it may be made now."""
    kept = list(tallies)
    if any(tally.known_until is not None and tally.known_until > now for tally in kept):
        kept = [tally for tally in kept if tally.count is Count.PAIR]
    return max((_left(tally, now) for tally in kept), default=0)


def _left(tally: Tally, now: datetime) -> int:
    if tally.last_failed_at is None:
        return 0
    whole = wait_after(tally.count, tally.current(now))
    left = min(
        tally.last_failed_at + whole - now, whole
    )  # a clock set back makes nobody wait longer
    return max(0, -(-left // timedelta(seconds=1)))


def alarm_level(failures: int) -> int | None:
    """Return the level a failure just reached, or None. Source: EXP-10.1."""
    return failures if failures in ALARM_LEVELS else None


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 an IPv6 customer gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
