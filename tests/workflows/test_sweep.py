"""The look at the time limits: it raises its voice once for each level, and decides nothing."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from cases.rules.machine import CaseState
from cases.service import clocks, erasure, filestore
from cases.service.erasure import ErasureGround
from core import turns
from core.actors import Role
from core.db import Database
from core.outbox import OutboxRow
from tests.builders.cases import a_caseworker, a_person_of_the_country, a_registered_case
from tests.builders.procedure import a_team
from tests.cases.test_attachments import keep
from tests.conftest import NOON
from tests.workflows.test_procedure import state_of
from workflows import ground
from workflows.sweep import sweep_plainly


def messages(database: Database) -> int:
    with database.unit_of_work() as session:
        return len(session.exec(select(OutboxRow.id)).all())


@pytest.mark.rule("R34")
def test_limit_that_passes_is_said_once_for_each_level_and_moves_nothing(
    standing: Database,
) -> None:
    with standing.unit_of_work() as session:
        team = a_team(session)
        clocks.open_clock(session, team.case_id, "D5", started_at=NOON)
    before = state_of(standing, team.case_id)
    ground.stand_on(standing, lambda: NOON + timedelta(days=365))

    raised = asyncio.run(sweep_plainly())
    said = messages(standing)
    again = asyncio.run(sweep_plainly())

    assert raised >= 4  # 75, 100, 150 and 200 per cent
    assert (again, messages(standing)) == (0, said)
    assert state_of(standing, team.case_id) == before


def test_limit_that_is_far_away_is_not_mentioned(standing: Database) -> None:
    with standing.unit_of_work() as session:
        team = a_team(session)
        clocks.open_clock(session, team.case_id, "D5", started_at=NOON)
    before = messages(standing)

    asyncio.run(sweep_plainly())

    assert messages(standing) == before


@pytest.mark.rule("R54")
def test_look_lists_what_was_kept_long_enough_and_purges_only_what_two_people_erased(
    standing: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path))
    folder = tmp_path / "files"
    officer, head = (
        a_person_of_the_country(role) for role in (Role.DATA_PROTECTION, Role.SECRETARIAT_HEAD)
    )
    over = NOON.date() - timedelta(days=1)
    with standing.unit_of_work() as session:
        worker = a_caseworker()
        rows = [a_registered_case(session, owner=worker, retain_until=over) for _ in range(2)]
        stored = [keep(session, worker, row, NOON, folder) for row in rows]
        for row in rows:
            row.state, row.is_open = CaseState.CLOSED, False
        code = rows[0].child_code
        erasure.ask_erasure(session, officer, code, ErasureGround.RETENTION_OVER, now=NOON)
        erasure.answer_erasure(session, head, code, approve=True, now=NOON)

    raised = asyncio.run(sweep_plainly())

    assert raised == 2  # one message to the officer, one file purged
    assert [filestore.path_of(folder, one).exists() for one in stored] == [False, True]
    assert asyncio.run(sweep_plainly()) == 0


def test_turn_passes_on_only_when_its_holder_is_silent(standing: Database) -> None:
    lease = timedelta(seconds=15)

    def take(holder: str, seconds: int) -> bool:
        with standing.unit_of_work() as session:
            moment = NOON + timedelta(seconds=seconds)
            return turns.take_turn(session, "feeder", holder=holder, lease=lease, now=moment)

    assert take("a", 0)
    assert not take("b", 10)
    assert take("a", 10)
    assert take("b", 26)
    assert not take("a", 27)
