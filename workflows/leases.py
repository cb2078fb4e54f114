"""Which wake-ups this process holds.

A lease is renewed while work goes on, given back at a clean stop, and taken back at start under the
same name, so that recovery does not wait it out. One case is advanced by one runner at a time;
double delivery would be harmless all the same.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from core import wakeups
from core.wakeups import Claim
from workflows import ground

try:
    import fcntl
except ImportError:  # not on every system; see _slot
    fcntl = None  # type: ignore[assignment]

Advance = Callable[[str], Awaitable[object]]

log = logging.getLogger(__name__)

RENEWALS: Final = 3  # a lease is renewed this often before it would end
FIRST_RETRY: Final = timedelta(seconds=2)
LAST_RETRY: Final = timedelta(minutes=10)
_LOCKS: Final[list[IO[str]]] = []  # open for the life of the process; the system unlocks at its end


@dataclass(frozen=True)
class Holder:
    """A runner that holds wake-ups under its name.

    Args:
        name: stable over restarts, unique among living runners.
        lease: how long a claim lasts unless renewed.
        is_stopping: whether the process was told to stop: it then finishes the case in hand, takes
            up no more, and gives back the rest.
    """

    name: str
    lease: timedelta
    is_stopping: Callable[[], bool] = lambda: False

    async def take_back(self) -> int:
        """Give up what an earlier run under this name still holds; returns how much that was."""
        return await ground.off_the_loop(
            lambda session, **_: wakeups.release(session, runner=self.name)
        )

    async def claim(self, limit: int) -> list[Claim]:
        """Take up to ``limit`` wake-ups nobody holds, oldest first; none when stopping."""
        if self.is_stopping():
            return []
        return await ground.off_the_loop(
            wakeups.claim, runner=self.name, lease=self.lease, limit=limit
        )

    async def done(self, claims: Sequence[Claim]) -> None:
        """Finish them; a case woken again meanwhile stays waiting."""
        await ground.off_the_loop(
            lambda session, **_: wakeups.done(session, claims, runner=self.name)
        )

    async def fail(self, item: Claim) -> None:
        """Give one back to be tried again, later each time."""
        later = retry_after(item.attempts)
        await ground.off_the_loop(
            lambda session, now: wakeups.fail(session, item, runner=self.name, retry_at=now + later)
        )

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold the name: take back at start, renew meanwhile, give back at a clean stop."""
        await self.take_back()
        beat = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            beat.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beat
            await self.take_back()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self.lease.total_seconds() / RENEWALS)
            try:
                await ground.off_the_loop(wakeups.renew, runner=self.name, lease=self.lease)
            except Exception as error:  # noqa: BLE001  a busy database must not end the heartbeat
                log.warning("lease.not_renewed: %s", type(error).__name__)


async def work_off(
    holder: Holder,
    claims: Sequence[Claim],
    advance: Advance,
    again: Advance,
) -> int:
    """Advance each claimed case and finish its wake-up; one that fails is tried again later.

    What the procedure itself moved wakes the case once more; ``again`` looks at that without the
    cost of a second run.

    Returns:
        How many went through.
    """
    through = []
    for item in claims:
        if holder.is_stopping():
            break  # the rest is given back with the name
        try:
            through.append(await _advance(item, advance, again))
        except Exception as error:  # noqa: BLE001  one case never stops the others
            log.warning(
                "case.not_moved", extra={"case": item.subject, "reason": type(error).__name__}
            )
            await holder.fail(item)
    await holder.done(through)
    return len(through)


async def _advance(item: Claim, advance: Advance, again: Advance) -> Claim:
    await advance(item.subject)
    newest = await ground.off_the_loop(lambda session, **_: wakeups.newest(session, item.subject))
    if newest > item.seq:
        await again(item.subject)
    return replace(item, seq=newest)


def retry_after(attempts: int) -> timedelta:
    """Return how long to leave a case that failed this many times: doubling, ten minutes at most."""
    doublings = max(0, min(attempts - 1, 20))
    return min(FIRST_RETRY * (1 << doublings), LAST_RETRY)


def name_here(folder: Path, kind: str) -> str:
    """Return the first free runner name of this machine, locked until this process ends.

    A restarted process finds the name it had, and with it what it held.
    """
    folder.mkdir(parents=True, exist_ok=True)
    host = socket.gethostname()[:24]
    if fcntl is None:
        return f"{host}/{kind}/{os.getpid()}"
    number = 0
    while not _lock(folder / f"{kind}-{number}.lock"):
        number += 1
    return f"{host}/{kind}/{number}"


def _lock(path: Path) -> bool:
    handle = path.open("a", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return False
    _LOCKS.append(handle)
    return True
