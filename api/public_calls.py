"""How often anybody may ask what is public, from one network address. Counted in this process only."""

from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from core.accounts.waits import network_of

CALLS_A_MINUTE: Final = 60
WAIT_SECONDS: Final = 60


class PublicCalls:
    """Counts calls of each network address; one busy address keeps nobody else out."""

    def __init__(self, calls: int = CALLS_A_MINUTE) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._item = RateLimitItemPerMinute(calls)

    def may_ask(self, address: str) -> bool:
        """Count one call and answer whether it is among those that are answered."""
        return self._limiter.hit(self._item, network_of(address))
