"""Plans made on a real Prefect server: it learns nothing of what is in them."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from core.db import Database
from panels.service import plans
from panels.tables.planning import PlanRow
from tests.workflows.test_planning import a_plan_that_waits
from tests.workflows.test_prefect import _swept, database, kept_by_prefect

__all__ = ["_swept", "database"]

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.slow,
    # Prefect leaves sockets of its event stream to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_the_run_in_prefect_knows_no_case_and_no_member(
    standing: Database, prefect_server: Path
) -> None:
    from prefect.context import AsyncClientContext

    from workflows.planning import make_plans

    court = a_plan_that_waits(standing)

    async def by_prefect() -> Any:
        async with AsyncClientContext.get_or_create():
            return await make_plans(return_state=True)

    state = asyncio.run(by_prefect())

    assert state.name == "Made 1"
    with standing.unit_of_work() as session:
        row = session.exec(select(PlanRow)).one()
        case_id = plans.opened(session, row)["instance"]["cases"][0]["id"]
    kept = kept_by_prefect(prefect_server, awaited="plans of sittings")
    for secret in (case_id, *court.members.values()):
        assert secret.encode() not in kept
