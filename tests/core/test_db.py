"""One unit of work: all or nothing, and the second of two writers is told."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import MetaData
from sqlmodel import Field, Session

from core.db import Database, UtcDateTime, Versioned, check_version
from core.errors import StaleWrite


class NoteRow(Versioned, table=True):
    """A row of this test only, in a catalogue of its own: no other test finds a table that is not the product's."""

    metadata = MetaData()

    __tablename__ = "test_note"

    id: str = Field(primary_key=True)
    text: str = Field(default="")
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@pytest.fixture
def notes(database: Database) -> Iterator[Database]:
    NoteRow.metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        session.add(NoteRow(id="1", text="first"))
    yield database
    NoteRow.metadata.drop_all(database.engine)


def _text(database: Database) -> str:
    with database.unit_of_work() as session:
        row = session.get(NoteRow, "1")
        assert row is not None
        return row.text


def test_a_refused_act_leaves_nothing_behind(notes: Database) -> None:
    def act(session: Session) -> None:
        session.get_one(NoteRow, "1").text = "half done"
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError), notes.unit_of_work() as session:
        act(session)

    assert _text(notes) == "first"


def test_a_time_without_a_zone_is_never_stored(notes: Database) -> None:
    with pytest.raises((ValueError, sa.exc.StatementError)), notes.unit_of_work() as session:
        session.get_one(NoteRow, "1").at = datetime(2026, 1, 1)


def test_times_come_back_in_utc(notes: Database) -> None:
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with notes.unit_of_work() as session:
        session.get_one(NoteRow, "1").at = moment

    with notes.unit_of_work() as session:
        assert session.get_one(NoteRow, "1").at == moment


def test_of_two_writers_who_read_the_same_version_exactly_one_wins(notes: Database) -> None:
    results: list[str] = []
    ready = threading.Barrier(2)

    def write(name: str) -> None:
        ready.wait()
        try:
            with notes.unit_of_work() as session:
                row = session.get_one(NoteRow, "1", with_for_update=True)
                check_version(row, "note", 1)
                row.text = name
                session.add(row)
            results.append("kept")
        except StaleWrite:
            results.append("told")

    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(results) == ["kept", "told"]


def test_a_foreign_key_is_enforced_on_both_databases(database: Database) -> None:
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
        else:
            assert connection.exec_driver_sql("SHOW timezone").scalar().lower() == "utc"
