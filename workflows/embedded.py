"""Laptop and office: the API, Prefect's server and the runner in one process, by settings alone.

Prefect's server has a thread, an event loop and a loopback port of its own: a flow awaited on the
loop that serves Prefect's API would wait for itself. The API never waits for any of it: it answers
while Prefect is still being imported, and cases move without Prefect until it is up.
"""

import asyncio
import importlib
import logging
import threading
from datetime import timedelta
from typing import Any, Final

from core.carrier import CarrierState, CarrierStatus
from core.clock import utc_now
from core.db import Database
from core.settings import Settings
from workflows import ground, prefect_settings
from workflows.prefect_settings import LOOPBACK, Place

STOP_SECONDS: Final = 20

log = logging.getLogger(__name__)


class PrefectServer:
    """Prefect's own server on a thread of this process."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server: Any = None
        self._thread = threading.Thread(target=self._serve, name="prefect-server", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    @property
    def is_up(self) -> bool:
        """Whether it answers."""
        return bool(self._server is not None and self._server.started)

    def stop(self) -> None:
        """End it and wait until it has written what it holds."""
        if self._server is not None:
            self._server.should_exit = True
            self._thread.join(STOP_SECONDS)

    def _serve(self) -> None:
        import uvicorn  # noqa: PLC0415  Prefect takes a second to import
        from prefect.server.api.server import create_app  # noqa: PLC0415  Prefect takes a second to import

        try:
            app = create_app(final=True)
            config = uvicorn.Config(app, host=LOOPBACK, port=self._port, log_config=None)
            self._server = uvicorn.Server(config)
            self._server.run()
        except Exception as error:  # noqa: BLE001  cases move without it; the status page says so
            log.warning("prefect.not_started: %s", type(error).__name__)


class Engine:
    """Everything beside the API in the process of `bid serve`."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: ground.Clock = utc_now,
        *,
        batch_over: int | None = None,
    ) -> None:
        self.status = CarrierStatus()
        self._settings = settings
        self._batch_over = batch_over
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="runner", daemon=True)
        self._place: Place | None = None
        ground.stand_on(database, clock)

    def start(self) -> None:
        """Begin to move cases, if the settings say that this process does; returns at once."""
        if self._settings.procedure_runner != "embedded":
            elsewhere = self._settings.procedure_runner == "worker"
            state = CarrierState.ELSEWHERE if elsewhere else CarrierState.STOPPED
            self.status.set(state, utc_now())
            return
        self._place = prefect_settings.prepare(self._settings)
        self._thread.start()

    def stop(self) -> None:
        """Finish the case in hand, give back the rest, end Prefect."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS * 2)

    def _run(self) -> None:
        try:
            asyncio.run(self._move_cases())
        except BaseException:
            self.status.set(CarrierState.STOPPED, utc_now())
            log.critical("runner.died", exc_info=True)
            raise

    async def _move_cases(self) -> None:
        # First, and on this thread alone: Prefect cannot be imported by two threads at once.
        importlib.import_module("workflows.runner")
        stop = asyncio.Event()
        watch = asyncio.create_task(_until_set(self._stop, stop))
        server = PrefectServer(self._place.port) if self._place and self._place.port else None
        if server is not None:
            server.start()
        try:
            await self._with_runner(server, stop)
        finally:
            self._stop.set()  # also when the runner died: the thread that waits for it must end
            await watch
            if server is not None:
                await asyncio.to_thread(server.stop)

    async def _with_runner(self, server: PrefectServer | None, stop: asyncio.Event) -> None:
        from workflows.carrier import Carrier  # noqa: PLC0415  Prefect takes a second to import
        from workflows.leases import Holder, name_here  # noqa: PLC0415  Prefect takes a second to import
        from workflows.runner import Runner  # noqa: PLC0415  Prefect takes a second to import

        settings = self._settings
        holder = Holder(
            name_here(settings.data_dir / "runners", "serve"),
            timedelta(seconds=settings.lease_seconds),
            self._stop.is_set,
        )
        is_up = (lambda: server.is_up) if server is not None else (lambda: True)
        carrier = Carrier(status=self.status, is_up=is_up)
        runner = Runner(holder, carrier, timedelta(seconds=settings.sweep_seconds))
        if self._batch_over is not None:
            runner.batch_over = self._batch_over
        await runner.run(stop)


async def _until_set(asked: threading.Event, stop: asyncio.Event) -> None:
    """Pass a stop from the main thread on to the loop of the runner."""
    await asyncio.to_thread(asked.wait)
    stop.set()
