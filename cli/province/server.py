"""The API and the procedure of the demo, each in a process of its own, run by simulated time."""

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from cli.province.client import IDLE, LONGEST
from cli.province.clock import CONTEXT, reader

LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 90
SETTLE_SECONDS: Final = 600
STOP_SECONDS: Final = 40
SWEEP_SECONDS: Final = 45
BATCH_OVER: Final = 2  # months in minutes: acts that come together are carried together


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int) -> Mapping[str, str]:
    """Return the settings of the demo's installation."""
    return {
        "BID_CONFIG": str(data / "bid.toml"),  # an operator's own file is left alone
        "BID_COUNTRY": "ZM",
        "BID_DATA_DIR": str(data),
        "BID_SECURE_COOKIES": "false",
        "BID_HOST": LOOPBACK,
        "BID_PORT": str(port),
        "BID_LOG_LEVEL": "WARNING",
        "BID_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "BID_PROCEDURE_RUNNER": "embedded",
        "BID_SESSION_IDLE_MINUTES": str(IDLE // timedelta(minutes=1)),
        "BID_SESSION_HOURS": str(LONGEST // timedelta(hours=1)),
    }


def serve(distance: Any, stop: Any, log: str) -> None:
    """Serve the API until ``stop`` is set; this is the whole life of its process.

    The same parts as `bid serve`, with the clock of the demo.
    """
    _write_to(log)
    import uvicorn

    from api.app import create_app
    from cli.installation import open_installation, read_settings

    settings = read_settings().model_copy(update={"procedure_runner": "worker"})
    database = open_installation(settings)
    app = create_app(settings, database)
    app.state.clock = reader(distance)
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


def carry(distance: Any, stop: Any, log: str) -> None:
    """Carry the procedure, with Prefect inside, until ``stop`` is set: the second process of the demo."""
    _write_to(log)
    from cli.installation import open_installation, read_settings
    from workflows.embedded import Engine

    settings = read_settings()
    database = open_installation(settings)
    engine = Engine(settings, database, reader(distance), batch_over=BATCH_OVER)
    engine.start()
    try:
        _wait_for(stop)
    finally:
        engine.stop()
        database.dispose()


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

    def __init__(self, data: Path, port: int, distance: Any) -> None:
        self.address = f"http://{LOOPBACK}:{port}"
        self.log = data / "demo-server.log"
        self._line = httpx.Client(base_url=self.address, timeout=30)
        self._stop = CONTEXT.Event()
        arguments = (distance, self._stop, str(self.log))
        self._processes = [
            CONTEXT.Process(target=serve, args=arguments, name="bid-demo-api"),
            CONTEXT.Process(target=carry, args=arguments, name="bid-demo-procedure"),
        ]

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        for process in self._processes:
            process.start()
        self._wait(bool)

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
