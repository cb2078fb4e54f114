"""The API and the procedure of the demo, each in a process of its own, run by simulated time."""

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from cli.province.client import IDLE, LONGEST
from cli.province.clock import CONTEXT, reader
from cli.province.places import COUNTRY

if TYPE_CHECKING:
    from core.db import Database
    from core.settings import Settings

LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 90
SETTLE_SECONDS: Final = 600
STOP_SECONDS: Final = 40
SWEEP_SECONDS: Final = 45
EXCHANGE_SECONDS: Final = 0.5
BATCH_OVER: Final = 2  # months in minutes: acts that come together are carried together


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def environment(
    data: Path, port: int, country: str = COUNTRY, *, runner: str = "embedded"
) -> Mapping[str, str]:
    """Return the settings of one installation of the demo."""
    return {
        "BID_CONFIG": str(data / "bid.toml"),  # an operator's own file is left alone
        "BID_COUNTRY": country,
        "BID_DATA_DIR": str(data),
        "BID_SECURE_COOKIES": "false",
        "BID_HOST": LOOPBACK,
        "BID_PORT": str(port),
        "BID_LOG_LEVEL": "WARNING",
        "BID_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "BID_PROCEDURE_RUNNER": runner,
        "BID_EXCHANGE_RESERVE_MIB": "64",
        "BID_SESSION_IDLE_MINUTES": str(IDLE // timedelta(minutes=1)),
        "BID_SESSION_HOURS": str(LONGEST // timedelta(hours=1)),
    }


def serve(settings_given: Mapping[str, str], distance: Any, stop: Any, log: str) -> None:
    """Serve the API until ``stop`` is set; this is the whole life of its process.

    The same parts as `bid serve`, with the clock of the demo.
    """
    _write_to(log)
    os.environ.update(settings_given)
    import uvicorn

    from api.app import create_app
    from cli.installation import open_installation, read_settings

    settings = read_settings()
    is_alone = settings.procedure_runner == "off"
    database = open_installation(settings)
    app = create_app(settings.model_copy(update={"procedure_runner": "worker"}), database)
    app.state.clock = reader(distance)
    if is_alone:
        _exchange_beside(settings, database, reader(distance), stop)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, access_log=False, log_level="warning"
    )
    server = uvicorn.Server(config)

    def end() -> None:
        _wait_for(stop)
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    try:
        server.run()
    finally:
        database.dispose()


def carry(settings_given: Mapping[str, str], distance: Any, stop: Any, log: str) -> None:
    """Carry the procedure, with Prefect inside, until ``stop`` is set: the second process of the demo."""
    _write_to(log)
    os.environ.update(settings_given)
    from cli.installation import open_installation, read_settings
    from workflows.embedded import Engine

    settings = read_settings()
    database = open_installation(settings)
    engine = Engine(settings, database, reader(distance), batch_over=BATCH_OVER)
    engine.start()
    _exchange_beside(settings, database, reader(distance), stop)
    try:
        _wait_for(stop)
    finally:
        engine.stop()
        database.dispose()


def _exchange_beside(
    settings: "Settings", database: "Database", clock: Callable[[], datetime], stop: Any
) -> None:
    """Look at what waits for another country often, as `bid exchange run` does: months pass in minutes."""
    from transfers.service.installation import name_if_any
    from workflows.exchange_run import ground_of, run_exchange

    ground = ground_of(settings)

    def look() -> None:
        while not stop.wait(EXCHANGE_SECONDS):
            try:
                with database.unit_of_work() as session:
                    if name_if_any(session) is None:
                        continue
                run_exchange(database, ground, clock=clock, holder="demo:exchange")
            except Exception as error:  # noqa: BLE001  it is tried again, as the product does
                logging.getLogger(__name__).warning("exchange.trouble: %s", type(error).__name__)

    threading.Thread(target=look, daemon=True).start()


def _write_to(log: str) -> None:
    """Send everything the process says to a file of the data folder."""
    file = Path(log).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115  open for the life of the process
    os.dup2(file.fileno(), 1)
    os.dup2(file.fileno(), 2)
    sys.stdout, sys.stderr = file, file
    logging.basicConfig(level=logging.WARNING, stream=file)


def _wait_for(stop: Any) -> None:
    parent = os.getppid()
    while not stop.wait(1.0):
        if os.getppid() != parent:  # the demo was killed: nobody is left to serve
            break


class Service:
    """The running API and procedure, each in a process of its own: they keep both cores busy."""

    def __init__(
        self, data: Path, port: int, distance: Any, settings_given: Mapping[str, str]
    ) -> None:
        self.address, self.port = f"http://{LOOPBACK}:{port}", port
        self.log = data / "demo-server.log"
        self._line = httpx.Client(base_url=self.address, timeout=30)
        self._stop = CONTEXT.Event()
        arguments = (dict(settings_given), distance, self._stop, str(self.log))
        self._processes = [CONTEXT.Process(target=serve, args=arguments, name="bid-demo-api")]
        if settings_given["BID_PROCEDURE_RUNNER"] == "embedded":
            made = CONTEXT.Process(target=carry, args=arguments, name="bid-demo-procedure")
            self._processes.append(made)

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        for process in self._processes:
            process.start()
        self._wait(bool)

    @property
    def is_running(self) -> bool:
        """Whether it serves."""
        return all(process.is_alive() for process in self._processes)

    def settle(self) -> None:
        """Wait until the procedure has moved every case that was woken so far."""
        self._wait(lambda ready: bool(ready) and not ready["waiting_cases"], SETTLE_SECONDS)

    def ready(self) -> dict[str, Any]:
        """Return what the API says of itself."""
        answer = self._line.get("/readyz")
        found: dict[str, Any] = answer.json() if answer.is_success else {}
        return found

    def stop(self) -> None:
        """End it: the case in hand is finished first."""
        self._stop.set()
        for process in self._processes:
            process.join(STOP_SECONDS)
            if process.is_alive():
                process.terminate()
                process.join(STOP_SECONDS)

    def join(self) -> None:
        """Wait until it ends by itself or is interrupted."""
        self._processes[0].join()

    def _wait(self, holds: Any, seconds: int = START_SECONDS) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not all(process.is_alive() for process in self._processes):
                raise RuntimeError(f"The API or the procedure ended. See {self.log}")
            try:
                if holds(self.ready()):
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"The API was not ready in {seconds} seconds. See {self.log}")
