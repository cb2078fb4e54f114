"""Removes what Prefect keeps for ever unless told otherwise: about 50 kB for each case.

Its own vacuum (set in ``prefect_settings``) deletes finished runs and events. What it leaves are
background tasks, which belong to no run, the files of their empty results on this machine, and runs
that never ended because their process was killed. Nothing of the procedure is lost with them: its
truth is in our database.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    TaskRunFilter,
    TaskRunFilterEndTime,
    TaskRunFilterFlowRunId,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.settings import get_current_settings
from prefect.states import Completed

from core.clock import utc_now
from workflows.prefect_settings import KEEP_DAYS

PAGE: Final = 200
ENDED: Final = [StateType.COMPLETED, StateType.FAILED, StateType.CANCELLED, StateType.CRASHED]
UNENDED: Final = [StateType.RUNNING, StateType.PENDING, StateType.SCHEDULED]


@flow(name="prune-old-runs", flow_run_name="pruning")
async def prune_old_runs() -> State[Any]:
    """Delete background tasks, result files and abandoned runs that are older than a month."""
    count = await prune(utc_now() - timedelta(days=KEEP_DAYS))
    return Completed(name=f"Pruned {count}")


async def prune(before: datetime) -> int:
    """Delete what is left from before that moment; return how many things that were."""
    async with get_client() as client:
        count = 0
        while page := await _prune_page(client, before):
            count += page
        while page := await _prune_abandoned(client, before):
            count += page
    return count + _prune_results(before)


async def _prune_page(client: PrefectClient, before: datetime) -> int:
    runs = await client.read_task_runs(
        task_run_filter=TaskRunFilter(
            flow_run_id=TaskRunFilterFlowRunId(is_null_=True),
            end_time=TaskRunFilterEndTime(before_=before),
            state=TaskRunFilterState(type=TaskRunFilterStateType(any_=ENDED)),
        ),
        limit=PAGE,
    )
    for run in runs:
        await client.delete_task_run(run.id)
    return len(runs)


async def _prune_abandoned(client: PrefectClient, before: datetime) -> int:
    """Delete runs that should have begun long ago and never ended; ours take seconds."""
    runs = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            expected_start_time=FlowRunFilterExpectedStartTime(before_=before),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNENDED)),
        ),
        limit=PAGE,
    )
    for run in runs:
        await client.delete_flow_run(run.id)
    return len(runs)


def _prune_results(before: datetime) -> int:
    folder = Path(get_current_settings().results.local_storage_path)
    if not folder.is_dir():
        return 0
    old = [file for file in folder.iterdir() if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
