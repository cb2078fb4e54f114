"""Who carries a case: Prefect while it answers, the plain functions while it does not.

Without the circuit breaker every case would pay for finding out again that Prefect is away.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from prefect.context import AsyncClientContext

from core.carrier import CarrierState, CarrierStatus
from core.clock import utc_now
from workflows.procedure import advance_plainly, best_interests_procedure
from workflows.steps import StepFailed

PAUSE: Final = timedelta(seconds=20)

log = logging.getLogger(__name__)


@dataclass
class Breaker:
    """Open (do not try) for a pause after a failure; one try after it closes or reopens it."""

    pause: timedelta = PAUSE
    tries_again_at: datetime | None = None

    def lets_through(self, now: datetime) -> bool:
        """Whether Prefect is to be tried."""
        return self.tries_again_at is None or now >= self.tries_again_at

    def failed(self, now: datetime) -> None:
        """Prefect did not answer: leave it alone for the pause."""
        self.tries_again_at = now + self.pause

    def answered(self) -> None:
        """Prefect answered."""
        self.tries_again_at = None


@dataclass
class Carrier:
    """Advances cases, by Prefect or plainly, and keeps the status `/readyz` shows.

    Args:
        status: what the API shows.
        is_up: whether Prefect is there at all yet; the embedded one needs seconds to start.
    """

    status: CarrierStatus = field(default_factory=CarrierStatus)
    breaker: Breaker = field(default_factory=Breaker)
    is_up: Callable[[], bool] = lambda: True
    _client: AsyncClientContext | None = None

    @property
    def by_prefect(self) -> bool:
        """Whether the next case goes through Prefect."""
        return self.is_up() and self.breaker.lets_through(utc_now())

    async def advance(self, ref: str) -> None:
        """Take one case as far as it can go.

        Raises:
            StepFailed: one of its own steps failed, not Prefect.
        """
        if self.by_prefect and await self._through_prefect(ref):
            return
        await advance_plainly(ref)

    async def _through_prefect(self, ref: str) -> bool:
        """Try; False when Prefect (and not the case) failed, so that the plain way is open."""
        try:
            await self.connect()
            await best_interests_procedure(ref)
        except StepFailed:
            self.note_answer()
            raise
        except Exception as error:  # noqa: BLE001  whatever Prefect raises, the case must move
            self.note_failure(error)
            return False
        self.note_answer()
        return True

    async def connect(self) -> None:
        """Open one client for every run of this task; a client for each run costs a third more."""
        if self._client is None:
            client = AsyncClientContext()
            await client.__aenter__()
            self._client = client

    async def disconnect(self) -> None:
        """Close it, in the task that opened it."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.__aexit__(None, None, None)

    def note_answer(self) -> None:
        """Prefect did its part."""
        self.breaker.answered()
        self.status.set(CarrierState.PREFECT, utc_now())

    def note_failure(self, error: Exception) -> None:
        """Prefect did not answer; cases move without it until it does."""
        self.breaker.failed(utc_now())
        self.status.set(CarrierState.PLAIN, utc_now())
        log.warning("prefect.away: %s", type(error).__name__)
