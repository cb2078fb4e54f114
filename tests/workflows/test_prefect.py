"""The few things that only show on a real Prefect server: names, what it keeps, and living without it."""

import asyncio
import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.db import Database
from tests.builders.procedure import CHILD, a_team, an_approved_assessment
from tests.databases import make_quick
from tests.workflows.test_procedure import state_of

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.slow,
    # Prefect leaves sockets of its event stream to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

MARKER = "Nyamwezikazi"


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path):
    """One database is enough here: what is looked at is Prefect's."""
    from core.vault import Vault
    from tests.conftest import MASTER_KEYS

    path = tmp_path / "bid.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = make_quick(Database(f"sqlite:///{path}", Vault(MASTER_KEYS)))
    yield database
    database.dispose()


@pytest.fixture(autouse=True)
def _swept() -> Iterator[None]:
    """Collect those sockets here, not in somebody else's test."""
    yield
    gc.collect()


def a_case_that_can_move(database: Database) -> str:
    with database.unit_of_work() as session:
        team = a_team(session, restricted={**CHILD, "names": {"given": MARKER}})
        an_approved_assessment(session, team, considered=("durable_solution",), bid_required=True)
    return team.case_id


def by_prefect(case_id: str) -> None:
    """Advance a case with a client that is closed again."""
    from workflows.carrier import Carrier

    async def advance() -> None:
        carrier = Carrier()
        await carrier.advance(case_id)
        assert carrier.by_prefect
        await carrier.disconnect()

    asyncio.run(advance())


def kept_by_prefect(folder: Path, awaited: str) -> bytes:
    """Everything the server keeps, once what is awaited has been written (it writes with a delay)."""
    for _ in range(100):
        kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
        if awaited.encode() in kept:
            time.sleep(6)  # events and task runs follow in batches
            return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
        time.sleep(0.1)
    raise AssertionError(f"{awaited} never reached Prefect")


def test_run_shows_by_the_reference_of_the_case_and_ends_with_the_name_of_the_wait(
    standing: Database, prefect_server: Path
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName

    case_id = a_case_that_can_move(standing)
    by_prefect(case_id)

    async def read() -> Any:
        async with get_client() as client:
            named = FlowRunFilter(name=FlowRunFilterName(any_=[f"case {case_id}"]))
            return await client.read_flow_runs(flow_run_filter=named)

    (run,) = asyncio.run(read())

    assert state_of(standing, case_id) == "bid_required"
    assert run.state.name == "Awaiting BID assessor"
    assert run.parameters == {"ref": case_id}


@pytest.mark.rule("R50")
def test_nothing_about_a_child_is_kept_by_prefect(standing: Database, prefect_server: Path) -> None:
    case_id = a_case_that_can_move(standing)

    by_prefect(case_id)

    kept = kept_by_prefect(prefect_server, awaited=case_id)
    assert MARKER.encode() not in kept


def test_failing_step_leaves_only_codes_with_prefect(
    standing: Database, prefect_server: Path
) -> None:
    """The text of an exception is kept by Prefect, so it never crosses as it is."""
    from prefect import flow
    from prefect.context import AsyncClientContext

    from workflows.steps import StepFailed, do

    def settle(session, case_id, *, now):
        raise ValueError(f"cannot write {MARKER}")

    @flow(name="failing")
    async def failing(ref: str) -> None:
        await do(settle, ref)

    async def run() -> None:
        async with AsyncClientContext.get_or_create():
            await failing("case-x")

    with pytest.raises(StepFailed) as refused:
        asyncio.run(run())

    assert str(refused.value) == "settle: ValueError"
    assert MARKER.encode() not in kept_by_prefect(prefect_server, awaited="settle: ValueError")
