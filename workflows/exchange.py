"""The exchange as a Prefect flow: what ran and how often something moved, and nothing else, is in the scheduler.

`bid exchange run` does the same without it. Source: EXP-7.1, EXP-TT48.
"""

import asyncio
import logging
import os
import socket
from typing import Any, Final

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from core.settings import Settings
from workflows import ground
from workflows.exchange_run import ground_of, run_exchange
from workflows.stamping import stamper_of

EVERY_SECONDS: Final = 30.0
HOLDER: Final = f"{socket.gethostname()[:40]}:{os.getpid()}:exchange"


log = logging.getLogger(__name__)


@flow(name="look-at-exchange", flow_run_name="exchange")
async def look_at_exchange() -> State[Any]:
    """Seal, send, fetch and open what waits between us and other countries."""
    moved = await exchange_plainly()
    return Completed(name="Something moved" if moved else "Nothing waited")


async def exchange_plainly() -> bool:
    """Do the same without Prefect."""
    settings = Settings()
    worked = await asyncio.to_thread(
        run_exchange, ground.database(), ground_of(settings), clock=ground.moment, holder=HOLDER,
        stamper=stamper_of(settings),
    )  # fmt: skip
    return worked.did_something


async def exchange_until(stop: asyncio.Event) -> None:
    """Look again and again beside other work; of several processes one works at a time."""
    while not stop.is_set():
        try:
            await exchange_plainly()
        except Exception as error:  # noqa: BLE001  a database restarting, a full disk: it is tried again
            log.warning("exchange.trouble: %s", type(error).__name__)
        await ground.pause(stop, EVERY_SECONDS)
