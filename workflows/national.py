"""A country: workers on several machines, fed through Prefect's own distribution.

A wake-up reaches a worker as a background task without a parameter: "something waits". The worker
claims it from our database, so a hint that is lost, late or doubled does no harm, nothing but the
case's reference is ever in Prefect, and no storage has to be shared between machines. More than
about 25 waiting cases become one run of a deployment in the work pool; so does each look at the
time limits. Measured against other ways in docs/decisions/0010.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.deployments.flow_runs import arun_deployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.task_worker import TaskWorker
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from core import turns, wakeups
from core.clock import utc_now
from core.settings import Settings
from workflows import ground
from workflows.batch import BATCH_OVER, advance_waiting_cases, advance_waiting_plainly
from workflows.carrier import Carrier
from workflows.dispatch import deliver_messages
from workflows.exchange import exchange_until, look_at_exchange
from workflows.leases import Holder, work_off
from workflows.planning import PLAN_DEPLOYMENT, make_plans, make_plans_plainly, waiting
from workflows.procedure import advance_plainly
from workflows.pruning import prune_old_runs
from workflows.sittings import date_reminders, remind_of_sitting
from workflows.sweep import look_at_time_limits, sweep_plainly

POOL: Final = "bid"
BATCH_DEPLOYMENT: Final = "advance-waiting-cases/on-demand"
SWEEP_DEPLOYMENT: Final = "look-at-time-limits/on-demand"
FLOWS: Final = (
    advance_waiting_cases, look_at_time_limits, look_at_exchange, make_plans, prune_old_runs, remind_of_sitting,
)  # fmt: skip
PRUNING_DEPLOYMENT: Final = "prune-old-runs/on-demand"
DAY: Final = timedelta(days=1)
TURN: Final = "feeder"
POLL_SECONDS: Final = 0.2
HINT_AGAIN: Final = timedelta(seconds=5)
BATCH_AGAIN: Final = timedelta(seconds=30)
TURN_LEASE: Final = timedelta(seconds=15)
AT_ONCE: Final = 4
RESTART_SECONDS: Final = 2.0
STOP_SECONDS: Final = 8

log = logging.getLogger(__name__)
_WORKERS: Final[list["Worker"]] = []


@task(name="something-waits", persist_result=False, cache_policy=NO_CACHE)
async def something_waits() -> None:
    """Take up waiting cases one by one until none is left, or so many that a batch is better."""
    worker = _WORKERS[0]
    while claims := await worker.holder.claim(1):
        await work_off(worker.holder, claims, worker.carrier.advance, advance_plainly)
        if await ground.off_the_loop(wakeups.free_count) > BATCH_OVER:
            return


@dataclass
class Feeder:
    """Tells Prefect that something waits. Of all workers one feeds at a time.

    Args:
        holder: the name under which it delivers messages and helps itself while Prefect is away.
        carrier: knows whether Prefect answers.
        sweep_every: how often time limits are looked at while Prefect does not do it.
    """

    holder: Holder
    carrier: Carrier
    sweep_every: timedelta
    _hinted: int = 0
    _hint_again_at: datetime | None = None
    _batch_again_at: datetime | None = None
    _plans_again_at: datetime | None = None
    _swept_at: datetime | None = None
    _is_registered: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        """Feed whenever it is this worker's turn."""
        while not stop.is_set():
            try:
                busy = await self._step()
            except Exception as error:  # noqa: BLE001  the loop outlives a database restart
                log.warning("feeder.trouble: %s", type(error).__name__)
                busy = False
            await ground.pause(stop, 0 if busy else POLL_SECONDS)

    async def _step(self) -> bool:
        if not await ground.off_the_loop(
            turns.take_turn, TURN, holder=self.holder.name, lease=TURN_LEASE
        ):
            await asyncio.sleep(TURN_LEASE.total_seconds() / 5)
            return False
        delivered = await deliver_messages(self.holder)
        waiting = await ground.off_the_loop(wakeups.free_count)  # a batch at work asks for no other
        if not self.carrier.by_prefect:
            return await self._without_prefect() > 0
        await self._feed(waiting, utc_now())
        return bool(delivered)

    async def _feed(self, waiting: int, now: datetime) -> None:
        try:
            await self._register_once()
            await self._ask_for_looks(now)
            await self._ask_for_plans(now)
            if waiting > BATCH_OVER:
                await self._ask_for_batch(now)
            else:
                await self._hint(waiting, now)
        except Exception as error:  # noqa: BLE001  whatever Prefect raises, the cases must move
            self.carrier.note_failure(error)

    async def _hint(self, waiting: int, now: datetime) -> None:
        again = self._hint_again_at is None or now >= self._hint_again_at
        hints = waiting if again else max(0, waiting - self._hinted)
        self._hinted = waiting
        if again or hints:
            self._hint_again_at = now + HINT_AGAIN
        for _ in range(hints):
            await asyncio.to_thread(something_waits.delay)
            self.carrier.note_answer()

    async def _register_once(self) -> None:
        if not self._is_registered:
            await register()
            self._is_registered = True

    async def _ask_for_looks(self, now: datetime) -> None:
        """Ask for the next look at the time limits, and for pruning: one run for each interval.

        The key makes it one, whoever asks and however often. Prefect's own scheduler is not used:
        it cannot write its rows with the SQLAlchemy this product needs (decision 0010).
        """
        if self._swept_at is not None and now < self._swept_at + self.sweep_every:
            return
        for deployment, every in ((SWEEP_DEPLOYMENT, self.sweep_every), (PRUNING_DEPLOYMENT, DAY)):
            key = f"{deployment}:{int(now.timestamp() // every.total_seconds())}"
            await arun_deployment(deployment, timeout=0, as_subflow=False, idempotency_key=key)
        await date_reminders()
        self._swept_at = now

    async def _ask_for_plans(self, now: datetime) -> None:
        """Ask for one run when a plan waits; another is asked for when it should long be over."""
        if self._plans_again_at is not None and now < self._plans_again_at:
            return
        if await waiting():
            await arun_deployment(PLAN_DEPLOYMENT, timeout=0, as_subflow=False)
            self._plans_again_at = now + BATCH_AGAIN

    async def _ask_for_batch(self, now: datetime) -> None:
        if self._batch_again_at is not None and now < self._batch_again_at:
            return
        await arun_deployment(BATCH_DEPLOYMENT, timeout=0, as_subflow=False)
        self._batch_again_at = now + BATCH_AGAIN
        self.carrier.note_answer()

    async def _without_prefect(self) -> int:
        now = utc_now()
        if self._swept_at is None or now >= self._swept_at + self.sweep_every:
            self._swept_at = now
            await sweep_plainly()
        if await waiting():
            await make_plans_plainly()
        return await advance_waiting_plainly(self.holder)


@dataclass
class Worker:
    """One machine of a country: takes hints, batches and looks from Prefect, and may be the feeder."""

    holder: Holder
    carrier: Carrier
    settings: Settings

    async def run(self, stop: asyncio.Event) -> bool:
        """Work until told to stop, then give back what is held.

        Returns:
            Whether every part ended in time; what Prefect's parts still do then does no harm.
        """
        _WORKERS[:] = [self]
        every = timedelta(seconds=self.settings.sweep_seconds)
        feeder = Feeder(self.holder, self.carrier, every)
        async with self.holder.held():
            works = [
                asyncio.create_task(feeder.run(stop)),
                asyncio.create_task(_again(stop, _take_hints)),
                asyncio.create_task(_again(stop, _take_deployments)),
                asyncio.create_task(exchange_until(stop)),
            ]
            await stop.wait()
            for work in works:
                work.cancel()
            _, running = await asyncio.wait(works, timeout=STOP_SECONDS)
        return not running


class HintTaker(TaskWorker):
    """Prefect's task worker, without its own way of ending the process."""

    def handle_sigterm(self, signum: int, frame: object) -> None:
        """Leave the signal to the worker as a whole, which gives back what it holds."""


async def _take_hints() -> None:
    await HintTaker(something_waits, limit=AT_ONCE).astart()


async def _take_deployments() -> None:
    async with ProcessWorker(work_pool_name=POOL, name=None) as worker:
        await worker.start(printer=log.debug)


async def register() -> None:
    """Tell Prefect of the work pool and of what is run in it; doing it again changes nothing."""
    async with get_client() as client:
        try:
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            log.debug("pool.there")
    module: dict[str, Any] = {"entrypoint_type": EntrypointType.MODULE_PATH, "work_pool_name": POOL}
    for flow in FLOWS:
        deployment = await flow.ato_deployment("on-demand", **module)
        await deployment.aapply()


async def _again(stop: asyncio.Event, work: Callable[[], Awaitable[None]]) -> None:
    """Start a part again when it ends: Prefect's server may be restarted under it."""
    while not stop.is_set():
        try:
            await work()
        except Exception as error:  # noqa: BLE001  as above
            log.warning("worker.trouble: %s", type(error).__name__)
        await ground.pause(stop, RESTART_SECONDS)
