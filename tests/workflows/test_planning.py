"""Plans are made by the worker, with Prefect and without it; Prefect learns nothing of what is in them."""

import asyncio

import pytest
from sqlmodel import select

from core.db import Database
from panels.rules.planning import Cause, PlanState
from panels.service import plan_making, proposals
from panels.tables.planning import PlanRow
from tests.builders.planning import a_planned_court, waiting_children
from tests.builders.sittings import Court
from tests.conftest import NOON


def a_plan_that_waits(database: Database) -> Court:
    with database.unit_of_work() as session:
        court = a_planned_court(session)
        waiting_children(session, 1)
        proposals.propose(session, court.panel_id, Cause.BROKEN_SITTING, "x", now=NOON)
    return court


def states(database: Database) -> list[str]:
    with database.unit_of_work() as session:
        return list(session.exec(select(PlanRow.state)).all())


def test_what_waits_is_made_once_without_prefect(standing: Database) -> None:
    from workflows.planning import make_plans_plainly

    a_plan_that_waits(standing)

    first, second = asyncio.run(make_plans_plainly()), asyncio.run(make_plans_plainly())

    assert (first, second) == (1, 0)
    assert states(standing) == [PlanState.DRAFT]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_while_the_planner_thinks_others_can_write(
    standing: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflows.planning import make_plans_plainly

    court = a_plan_that_waits(standing)
    real = plan_making.make
    written = []

    def thinks(*args: object, **named: object) -> plan_making.Made:
        with standing.unit_of_work() as session:
            written.append(proposals.propose(session, court.panel_id, Cause.HOLIDAY, "y", now=NOON))
        return real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(plan_making, "make", thinks)
    asyncio.run(make_plans_plainly())

    assert written[0] is True


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_plan_that_fails_is_left_for_another_time_and_says_no_name(
    standing: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from workflows.planning import make_plans_plainly

    a_plan_that_waits(standing)

    def fails(*_args: object, **_named: object) -> plan_making.Made:
        raise ValueError("Amani")

    monkeypatch.setattr(plan_making, "make", fails)
    taken = asyncio.run(make_plans_plainly())

    assert taken == 1
    assert states(standing) == [PlanState.ASKED]
    assert "ValueError" in caplog.text
    assert "Amani" not in caplog.text
