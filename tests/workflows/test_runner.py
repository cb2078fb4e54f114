"""The runner: what it takes up, what it gives back, and what it does when something fails."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from core import wakeups
from core.db import Database
from core.wakeups import WakeupRow
from tests.conftest import NOON
from workflows.batch import BATCH_OVER
from workflows.carrier import Carrier
from workflows.leases import Holder, retry_after, work_off
from workflows.runner import Runner
from workflows.steps import StepFailed


def woken(database: Database, *subjects: str) -> None:
    with database.unit_of_work() as session:
        for subject in subjects:
            wakeups.wake(session, subject, now=NOON)


def row_of(database: Database, subject: str) -> WakeupRow:
    with database.unit_of_work() as session:
        return session.exec(select(WakeupRow).where(WakeupRow.subject == subject)).one()


def waiting(database: Database) -> int:
    with database.unit_of_work() as session:
        return wakeups.waiting_count(session, now=NOON)


def claimed(holder: Holder, limit: int = 10):
    return asyncio.run(holder.claim(limit))


async def nothing(_ref: str) -> None:
    """A procedure that has nothing to do."""


def test_single_act_is_taken_up_and_finished(standing: Database, holder: Holder) -> None:
    woken(standing, "case-1")
    runner = Runner(holder, Carrier(is_up=lambda: False), timedelta(hours=1))

    taken = asyncio.run(runner.drain())

    assert taken == 1
    assert waiting(standing) == 0


def test_what_somebody_holds_asks_for_nobody_else(standing: Database, holder: Holder) -> None:
    """Else every batch at work would call for another, and each is a process of its own."""
    woken(standing, "case-1", "case-2", "case-3")
    claimed(holder, 2)

    with standing.unit_of_work() as session:
        free = wakeups.free_count(session, now=NOON)
        when_the_lease_is_over = wakeups.free_count(session, now=NOON + timedelta(minutes=2))

    assert (free, when_the_lease_is_over) == (1, 3)


def test_runner_that_is_told_to_stop_takes_up_no_more(standing: Database) -> None:
    woken(standing, "case-1", "case-2", "case-3")
    asked_to_stop: list[str] = []
    stopping = Holder("desk/test/3", timedelta(seconds=60), lambda: bool(asked_to_stop))
    claims = claimed(stopping)

    async def advance(ref: str) -> None:
        asked_to_stop.append(ref)

    through = asyncio.run(work_off(stopping, claims, advance, nothing))

    assert through == 1
    assert claimed(stopping) == []
    assert waiting(standing) == 2


def test_many_waiting_cases_are_worked_off_together(standing: Database, holder: Holder) -> None:
    woken(standing, *(f"case-{n}" for n in range(BATCH_OVER + 5)))
    runner = Runner(holder, Carrier(is_up=lambda: False), timedelta(hours=1))

    taken = asyncio.run(runner.drain())

    assert taken == BATCH_OVER + 5
    assert waiting(standing) == 0


def test_case_that_cannot_move_is_tried_later_and_holds_back_no_other(
    standing: Database, holder: Holder
) -> None:
    woken(standing, "case-bad", "case-good")

    async def advance(ref: str) -> None:
        if ref == "case-bad":
            raise StepFailed("settle_assessment", "OperationalError")

    through = asyncio.run(work_off(holder, claimed(holder), advance, nothing))

    assert through == 1
    assert not row_of(standing, "case-good").is_pending
    bad = row_of(standing, "case-bad")
    assert bad.is_pending
    assert bad.run_after > NOON
    assert bad.claimed_by is None


def test_act_that_comes_while_a_case_is_worked_on_is_not_lost(
    standing: Database, holder: Holder
) -> None:
    woken(standing, "case-1")
    seen = []

    async def advance(ref: str) -> None:
        woken(standing, ref)

    async def again(ref: str) -> None:
        seen.append(ref)

    asyncio.run(work_off(holder, claimed(holder), advance, again))

    assert seen == ["case-1"]
    assert not row_of(standing, "case-1").is_pending


def test_act_that_comes_during_the_last_look_keeps_the_case_waiting(
    standing: Database, holder: Holder
) -> None:
    woken(standing, "case-1")

    async def advance(ref: str) -> None:
        woken(standing, ref)

    asyncio.run(work_off(holder, claimed(holder), advance, advance))

    assert row_of(standing, "case-1").is_pending


def test_one_case_is_held_by_one_runner_at_a_time(standing: Database, holder: Holder) -> None:
    woken(standing, "case-1")
    other = Holder("desk/test/1", timedelta(seconds=60))

    assert [item.subject for item in claimed(holder)] == ["case-1"]
    assert claimed(other) == []


def test_restarted_runner_takes_back_at_once_what_it_held(
    standing: Database, holder: Holder
) -> None:
    woken(standing, "case-1")
    claimed(holder)

    async def restart() -> list[str]:
        async with holder.held():
            return [item.subject for item in await holder.claim(1)]

    assert asyncio.run(restart()) == ["case-1"]


def test_clean_stop_gives_back_what_is_held(standing: Database, holder: Holder) -> None:
    woken(standing, "case-1")

    async def work_and_stop() -> None:
        async with holder.held():
            await holder.claim(1)

    asyncio.run(work_and_stop())

    assert row_of(standing, "case-1").claimed_by is None


def test_lease_is_renewed_while_work_goes_on(standing: Database) -> None:
    from workflows import ground

    woken(standing, "case-1")
    hasty = Holder("desk/test/2", timedelta(seconds=0.3))

    async def work_longer_than_the_lease() -> None:
        async with hasty.held():
            await hasty.claim(1)
            ground.stand_on(standing, lambda: NOON + timedelta(seconds=30))
            await asyncio.sleep(0.4)

            until = row_of(standing, "case-1").claimed_until
            assert until is not None
            assert until > NOON + timedelta(seconds=30)

    asyncio.run(work_longer_than_the_lease())


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 4), (5, 32), (30, 600)])
def test_failing_case_is_left_alone_longer_each_time(attempts: int, seconds: int) -> None:
    assert retry_after(attempts) == timedelta(seconds=seconds)
