"""One installation in the storm: `python -m tests.workflows.storm.installation <port> <port of the line>`.

The API and the exchange worker in one process, as `bid serve` runs them, by the clock of the storm. Every address
of a partner leads into the bad line.
"""

import logging
import sys
import threading
import time
from typing import Final

import httpx
import uvicorn

from api.app import create_app
from core.db import Database
from core.settings import Settings
from core.vault import MasterKeys, Vault
from tests.databases import make_quick
from tests.workflows.storm.clocks import SharedClock
from transfers.service.incoming import Ground
from workflows.exchange_run import ground_of, run_exchange

LOOPBACK: Final = "127.0.0.1"
PAUSE_SECONDS: Final = 0.05
PATIENCE_SECONDS: Final = 15
log = logging.getLogger(__name__)


def work(database: Database, ground: Ground, clock: SharedClock, line: int, name: str) -> None:
    """Look again and again at what waits, until the process is killed."""

    def dial(_address: str) -> httpx.Client:
        return httpx.Client(base_url=f"http://{LOOPBACK}:{line}", timeout=PATIENCE_SECONDS)

    while True:
        try:
            run_exchange(database, ground, dial=dial, clock=clock.now, holder=name)
        except Exception as error:  # as the worker of `bid serve`: it is tried again
            log.warning("exchange.trouble: %s", type(error).__name__, exc_info=True)
        time.sleep(PAUSE_SECONDS)


def main(port: int, line: int) -> None:
    """Serve and work."""
    logging.basicConfig(level=logging.WARNING)
    settings = Settings()
    clock = SharedClock(settings.data_dir / "clock")
    vault = Vault(MasterKeys.load(settings.master_keys))
    database = make_quick(Database(settings.database, vault))
    app = create_app(settings, database)
    app.state.clock = clock.now
    arguments = (database, ground_of(settings), clock, line, f"storm:{settings.country}")
    threading.Thread(target=work, args=arguments, daemon=True).start()
    uvicorn.run(app, host=LOOPBACK, port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
