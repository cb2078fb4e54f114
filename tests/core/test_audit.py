"""The audit log tells what happened, and shows when somebody changed what it tells."""

import json
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.db import Database

WORKER = Actor(account_id="a" * 36, person_id="p" * 36, country="ZM")


def _record(session: Session, now: datetime, count: int = 1) -> None:
    for number in range(count):
        audit.record(
            session,
            WORKER,
            "case.read",
            thing="case",
            thing_id=str(number),
            now=now,
            fields=["names"],
        )


def _three_rows(database: Database, now: datetime) -> list[dict[str, Any]]:
    with database.unit_of_work() as session:
        _record(session, now, 3)
    with database.unit_of_work() as session:
        return list(audit.rows_in_order(session))


def test_audit_rows_of_one_act_appear_only_if_the_act_is_kept(
    database: Database, now: datetime
) -> None:
    def act() -> None:
        with database.unit_of_work() as session:
            _record(session, now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()

    with database.unit_of_work() as session:
        assert audit.head_of(session)[0] == 0


def test_an_untouched_log_verifies(database: Database, now: datetime) -> None:
    _three_rows(database, now)

    with database.unit_of_work() as session:
        verdict = audit.verify_database(session)

    assert verdict.holds
    assert verdict.rows == 3


@pytest.mark.rule("R50")
def test_a_changed_audit_row_is_named(database: Database, now: datetime) -> None:
    rows = _three_rows(database, now)
    rows[1]["action"] = "case.printed"

    verdict = audit.verify(rows)

    assert verdict.first_bad == 2
    assert verdict.reason == "changed"


@pytest.mark.rule("R50")
def test_a_removed_audit_row_is_named(database: Database, now: datetime) -> None:
    rows = _three_rows(database, now)
    del rows[1]

    assert audit.verify(rows).first_bad == 2


@pytest.mark.rule("R50")
def test_a_cut_tail_is_found_against_the_head(database: Database, now: datetime) -> None:
    rows = _three_rows(database, now)

    verdict = audit.verify(rows[:2], expected_rows=3, expected_head=rows[2]["hash"])

    assert verdict.first_bad == 3


def test_an_exported_log_verifies_from_the_file_alone(database: Database, now: datetime) -> None:
    text = "\n".join(json.dumps(row) for row in _three_rows(database, now))

    assert audit.verify(json.loads(line) for line in text.splitlines()).holds


@pytest.mark.rule("R50")
def test_the_database_itself_refuses_to_change_or_delete_an_audit_row(
    database: Database, now: datetime
) -> None:
    _three_rows(database, now)

    for statement in ("UPDATE audit SET action='x' WHERE n=2", "DELETE FROM audit WHERE n=2"):
        with pytest.raises(sa.exc.DBAPIError), database.unit_of_work() as session:
            session.execute(sa.text(statement))


def test_rolling_a_savepoint_back_loses_no_entry_of_the_whole_act(
    database: Database, now: datetime
) -> None:
    with database.unit_of_work() as session:
        _record(session, now)
        nested = session.begin_nested()
        position = audit.mark(session)
        _record(session, now)
        nested.rollback()
        audit.forget_since(session, position)
        with session.begin_nested():
            _record(session, now)

    with database.unit_of_work() as session:
        assert audit.verify_database(session).rows == 2
