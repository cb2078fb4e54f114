"""What flows stand on: database and clock of this process, and one unit of work for each act.

Flows are loaded by name, also in processes that Prefect starts, so nothing can be handed to them
as an argument: a process says once what it stands on, or the settings say it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from core.clock import utc_now
from core.db import Database
from core.packs.lookup import use_folder
from core.settings import Settings
from core.vault import MasterKeys, Vault

T = TypeVar("T")

Clock = Callable[[], datetime]

_GROUND: Final[list[Database]] = []
_CLOCK: Final[list[Clock]] = [utc_now]


def stand_on(database: Database, clock: Clock = utc_now) -> None:
    """Let every flow of this process work on this database and by this clock from now on."""
    _GROUND[:] = [database]
    _CLOCK[:] = [clock]


def moment() -> datetime:
    """Return the present moment by the clock of this process."""
    return _CLOCK[0]()


def database() -> Database:
    """Return the database of this process, opened by the settings when nobody named one."""
    if not _GROUND:
        settings = Settings()
        use_folder(settings.packs_dir)
        stand_on(Database(settings.database, Vault(MasterKeys.load(settings.master_keys))))
    return _GROUND[0]


def in_one_unit(act: Callable[..., T], *args: Any, **named: Any) -> T:
    """Do one act in one unit of work of its own, at the present moment."""
    with database().unit_of_work() as session:
        return act(session, *args, now=moment(), **named)


async def off_the_loop(act: Callable[..., T], *args: Any, **named: Any) -> T:
    """Do the same in a thread, so that waiting for a lock stops nothing else on the loop."""
    return await asyncio.to_thread(in_one_unit, act, *args, **named)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until the stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
