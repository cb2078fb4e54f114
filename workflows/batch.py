"""Many waiting cases in one run: one task for each hundred, instead of a run for each case.

4,215 cases took seconds this way and many minutes as runs of their own (decision 0010).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from core.settings import Settings
from workflows.leases import Holder, name_here, work_off
from workflows.procedure import advance_plainly

CHUNK: Final = 100
BATCH_OVER: Final = 25  # more waiting cases than this go into one run

_HOLDERS: Final[list[Holder]] = []


def hold_as(holder: Holder) -> None:
    """Let batches of this process claim under this name."""
    _HOLDERS[:] = [holder]


@flow(name="advance-waiting-cases", flow_run_name="waiting cases")
async def advance_waiting_cases() -> State[Any]:
    """Advance whatever waits, a hundred cases at a time, until nothing is left to claim."""
    if _HOLDERS:
        total = await _all_chunks(_HOLDERS[0])
    else:
        holder = _own_holder()
        async with holder.held():
            total = await _all_chunks(holder)
    return Completed(name=f"Advanced {total}")


async def advance_waiting_plainly(holder: Holder) -> int:
    """Do one chunk without Prefect; returns how many cases were claimed."""
    return await _chunk(holder)


@task(task_run_name="up to 100 cases", persist_result=False, cache_policy=NO_CACHE)
async def advance_chunk(holder: Holder) -> int:
    """Claim a hundred waiting cases and advance each; returns how many there were."""
    return await _chunk(holder)


async def _all_chunks(holder: Holder) -> int:
    total = 0
    while count := await advance_chunk(holder):
        total += count
    return total


async def _chunk(holder: Holder) -> int:
    claims: Sequence[Any] = await holder.claim(CHUNK)
    await work_off(holder, claims, advance_plainly, advance_plainly)
    return len(claims)


def _own_holder() -> Holder:
    """Name a holder in a process that Prefect started for this run."""
    settings = Settings()
    return Holder(
        name_here(settings.data_dir / "runners", "batch"), timedelta(seconds=settings.lease_seconds)
    )
