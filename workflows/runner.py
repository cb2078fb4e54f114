"""The runner of a laptop or an office: one loop that moves whatever was woken.

A person's single act gets a run of its own, so that it shows in Prefect by the reference of the
case; more than about 25 waiting cases go into one batch run. Between wake-ups it delivers messages,
makes the plans of sittings that were asked for, and, at its interval, looks at the time limits.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core import wakeups
from core.carrier import CarrierState
from core.clock import utc_now
from workflows import ground
from workflows.batch import BATCH_OVER, advance_waiting_cases, advance_waiting_plainly, hold_as
from workflows.carrier import Carrier
from workflows.dispatch import deliver_messages
from workflows.exchange import exchange_until
from workflows.leases import Holder, work_off
from workflows.planning import make_plans, make_plans_plainly, waiting
from workflows.procedure import advance_plainly
from workflows.sweep import look_at_time_limits, sweep_plainly

POLL_SECONDS: Final = 0.2
TROUBLE_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


@dataclass
class Runner:
    """Moves cases of this installation until it is told to stop.

    Args:
        holder: the name it claims under, with its lease.
        carrier: Prefect, or the plain functions while Prefect is away.
        sweep_every: how often the time limits are looked at.
        batch_over: more waiting cases than this go into one run.
    """

    holder: Holder
    carrier: Carrier
    sweep_every: timedelta
    batch_over: int = BATCH_OVER

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; then finish the case in hand and give back the rest."""
        hold_as(self.holder)
        beside = (
            self._sweeps(stop), self._deliveries(stop), self._plans(stop), exchange_until(stop),
        )  # fmt: skip
        async with self.holder.held(), _beside(*beside):
            while not stop.is_set():
                moved = await self._guarded(self.drain)
                if not moved:
                    await ground.pause(stop, POLL_SECONDS)
            await self.carrier.disconnect()
        self.carrier.status.set(CarrierState.STOPPED, utc_now())

    async def drain(self) -> int:
        """Move what waits now; returns how many cases were taken up."""
        waiting = await ground.off_the_loop(wakeups.waiting_count)
        if not waiting:
            self.carrier.status.drained_at = utc_now()
            return 0
        if waiting > self.batch_over:
            return await self._batch()
        claims = await self.holder.claim(self.batch_over)
        await work_off(self.holder, claims, self.carrier.advance, advance_plainly)
        return len(claims)

    async def _batch(self) -> int:
        if self.carrier.by_prefect:
            try:
                await self.carrier.connect()
                await advance_waiting_cases()
            except Exception as error:  # noqa: BLE001  whatever Prefect raises, the cases must move
                self.carrier.note_failure(error)
            else:
                self.carrier.note_answer()
        return await advance_waiting_plainly(self.holder)

    async def _sweeps(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._guarded(self._sweep)
            await ground.pause(stop, self.sweep_every.total_seconds())

    async def _sweep(self) -> int:
        if self.carrier.by_prefect:
            try:
                await look_at_time_limits()
            except Exception as error:  # noqa: BLE001  as above
                self.carrier.note_failure(error)
            else:
                return 0
        return await sweep_plainly()

    async def _deliveries(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await self._guarded(lambda: deliver_messages(self.holder)):
                await ground.pause(stop, POLL_SECONDS * 5)

    async def _plans(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await self._guarded(self._make_plans):
                await ground.pause(stop, POLL_SECONDS * 10)

    async def _make_plans(self) -> int:
        count = await waiting()
        if count and self.carrier.by_prefect:
            try:
                await make_plans()
            except Exception as error:  # noqa: BLE001  as above
                self.carrier.note_failure(error)
            else:
                return count
        return await make_plans_plainly() if count else 0

    async def _guarded(self, work: Callable[[], Awaitable[int]]) -> int:
        """Outlive whatever goes wrong (a database restarting, a full disk) and try again."""
        try:
            return await work()
        except Exception as error:  # noqa: BLE001  the loop is the last one standing
            log.warning("runner.trouble: %s", type(error).__name__)
            await asyncio.sleep(TROUBLE_SECONDS)
            return 0


@asynccontextmanager
async def _beside(*works: Awaitable[None]) -> AsyncIterator[None]:
    """Run these beside the block and end them with it."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
