"""What is run by deployment in a country, on a real Prefect server: looks, pruning, dates of sittings."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from cases.service import clocks
from core.clock import utc_now
from core.db import Database
from core.outbox import OutboxRow
from tests.builders.procedure import a_team
from tests.builders.sittings import STARTS, convened
from tests.conftest import NOON
from tests.workflows.test_prefect import _swept, database
from workflows import ground

__all__ = ["_swept", "database"]

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.slow,
    # Prefect leaves sockets of its event stream to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def topics(database: Database) -> list[str]:
    with database.unit_of_work() as session:
        return list(session.exec(select(OutboxRow.topic)).all())


def ended(run: Any) -> Any:
    """Run a flow and return the state it ended in."""

    async def wait() -> Any:
        return await run

    return asyncio.run(wait())


def test_the_look_at_time_limits_by_prefect_says_how_much_it_raised(
    standing: Database, prefect_server: Path
) -> None:
    from workflows.sweep import look_at_time_limits

    with standing.unit_of_work() as session:
        clocks.open_clock(session, a_team(session).case_id, "D5", started_at=NOON)
    ground.stand_on(standing, lambda: NOON + timedelta(days=365))

    first = ended(look_at_time_limits(return_state=True))
    said = len(topics(standing))
    again = ended(look_at_time_limits(return_state=True))

    assert int(first.name.removeprefix("Raised ")) >= 4
    assert again.name == "Raised 0"
    assert len(topics(standing)) == said


@pytest.fixture
def runs(prefect_server: Path) -> dict[str, str]:
    """An ended and a waiting background task, and the ended task of a flow run; their ids."""
    from prefect import flow, task
    from prefect.client.orchestration import get_client
    from prefect.states import Completed, Scheduled

    @task(name="something")
    def something() -> None:
        """Nothing."""

    @flow(name="a-flow")
    def a_flow() -> None:
        """Nothing."""

    async def make() -> dict[str, str]:
        made = {}
        async with get_client() as client:
            parent = await client.create_flow_run(a_flow, state=Completed())
            for name, within, state in (
                ("ended", None, Completed()),
                ("waiting", None, Scheduled()),
                ("of a flow", parent.id, Completed()),
            ):
                run = await client.create_task_run(
                    something, flow_run_id=within, dynamic_key=str(uuid4()), state=state
                )
                made[name] = str(run.id)
        return made

    return asyncio.run(make())


def left(runs: dict[str, str]) -> set[str]:
    """Which of them Prefect still has."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import TaskRunFilter, TaskRunFilterId

    async def read() -> set[str]:
        async with get_client() as client:
            wanted = TaskRunFilter(id=TaskRunFilterId(any_=list(runs.values())))
            return {str(run.id) for run in await client.read_task_runs(task_run_filter=wanted)}

    found = asyncio.run(read())
    return {name for name, run_id in runs.items() if run_id in found}


def test_pruning_takes_ended_background_tasks_and_leaves_what_waits(
    runs: dict[str, str], tmp_path: Path
) -> None:
    from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings

    from workflows.pruning import prune

    result = tmp_path / "result-of-a-background-task"
    result.write_bytes(b"{}")
    with temporary_settings({PREFECT_LOCAL_STORAGE_PATH: tmp_path}):
        too_early = asyncio.run(prune(utc_now() - timedelta(days=30)))
        still = left(runs)
        pruned = asyncio.run(prune(utc_now() + timedelta(minutes=1)))

    assert too_early == 0
    assert still == set(runs)
    assert pruned >= 2  # the task and the file
    assert left(runs) == {"waiting", "of a flow"}
    assert not result.exists()


def test_run_of_a_killed_process_does_not_stay_in_prefect_for_ever(prefect_server: Path) -> None:
    from prefect import flow
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Running

    from workflows.pruning import prune

    @flow(name="killed")
    def killed() -> None:
        """Nothing."""

    async def make() -> Any:
        async with get_client() as client:
            return (await client.create_flow_run(killed, state=Running())).id

    async def read(run_id: Any) -> Any:
        async with get_client() as client:
            return await client.read_flow_run(run_id)

    run_id = asyncio.run(make())
    asyncio.run(prune(utc_now() - timedelta(days=30)))
    assert asyncio.run(read(run_id)).state.is_running()

    asyncio.run(prune(utc_now() + timedelta(minutes=1)))

    with pytest.raises(ObjectNotFound):
        asyncio.run(read(run_id))


def test_pruning_by_its_flow_keeps_what_is_younger_than_a_month(runs: dict[str, str]) -> None:
    from workflows.pruning import prune_old_runs

    state = ended(prune_old_runs(return_state=True))

    assert state.name == "Pruned 0"
    assert left(runs) == set(runs)


def test_a_sitting_shows_in_prefect_by_its_date_once_and_its_run_only_reminds(
    standing: Database, prefect_server: Path
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName

    from workflows.national import register
    from workflows.sittings import date_reminders, remind_of_sitting

    with standing.unit_of_work() as session:
        court = convened(session)
    ground.stand_on(standing, lambda: STARTS - timedelta(days=10))

    async def ask_twice() -> Any:
        await register()
        asked = [await date_reminders(), await date_reminders()]
        async with get_client() as client:
            name = FlowRunFilterName(any_=[f"sitting {court.sitting_id}"])
            return asked, await client.read_flow_runs(flow_run_filter=FlowRunFilter(name=name))

    asked, found = asyncio.run(ask_twice())
    ground.stand_on(standing, lambda: STARTS - timedelta(days=1))
    reminded = ended(remind_of_sitting(court.sitting_id, return_state=True))

    assert asked == [1, 1]
    assert [run.expected_start_time for run in found] == [STARTS - timedelta(days=1)]
    assert found[0].parameters == {"ref": court.sitting_id}
    assert reminded.name == f"Reminded {len(court.people) + 1}"
    assert topics(standing).count("sitting.tomorrow") == len(court.people) + 1
