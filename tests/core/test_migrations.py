"""Tables and migrations say the same, on both databases, from an empty one and back."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cases.rules.duplicates import kept_under
from cases.tables import guards as case_guards
from core import audit
from core.db import Database
from core.ids import new_id
from migrations.metadata import (
    FOLDER,
    VERSION_TABLE,
    current_revision,
    head_revision,
    load_tables,
    upgrade,
)
from panels.tables import guards as panel_guards
from tests.conftest import NOON
from transfers.tables import guards as transfer_guards


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database made by the migrations alone."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/m.sqlite3")
        upgrade(database.engine)
        return database
    found: Database = request.getfixturevalue("postgres_database")
    return found


def test_migrations_make_exactly_the_tables(migrated: Database) -> None:
    metadata = load_tables()
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        differences = compare_metadata(context, metadata)

    assert differences == []


def _guards_on(connection: sa.Connection) -> dict[str, str]:
    statement = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    return {str(name): str(text) for name, text in connection.execute(sa.text(statement))}


@pytest.mark.rule("R18", "R22", "R50")
def test_migrations_put_on_exactly_the_guards_that_the_code_declares(migrated: Database) -> None:
    parts = (audit, case_guards, panel_guards, transfer_guards)
    dialect = migrated.engine.dialect.name
    with migrated.engine.connect() as connection:
        found = _guards_on(connection)
        for part in parts:
            for statement in part.drop_statements(dialect):
                connection.execute(sa.text(statement))
        without = _guards_on(connection)
        for part in parts:
            for statement in part.guard_statements(dialect):
                connection.execute(sa.text(statement))
        declared = _guards_on(connection)
        connection.rollback()

    assert without == {}
    assert found == declared
    assert len(found) > 20


def test_a_migrated_database_is_at_the_newest_revision(migrated: Database) -> None:
    assert current_revision(migrated.engine) == head_revision()


def test_migrations_are_numbered_without_gaps_and_have_one_head() -> None:
    numbers = sorted(path.name[:4] for path in (FOLDER / "versions").glob("*.py"))

    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
    assert all(re.fullmatch(r"\d{4}", number) for number in numbers)
    assert head_revision() == numbers[-1]


def test_running_the_migrations_again_changes_nothing(migrated: Database) -> None:
    before = sa.inspect(migrated.engine).get_table_names()

    upgrade(migrated.engine)

    assert sa.inspect(migrated.engine).get_table_names() == before


def test_names_on_file_before_are_found_by_pairs_too(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/m.sqlite3")
    upgrade(database.engine, "0004")
    words = {
        "one": ["a" * 32],
        "two": ["b" * 32, "c" * 32],
        "many": [f"{n:032x}" for n in range(9)],
    }
    with database.engine.begin() as connection:
        cases, sounds = (
            sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
            for name in ("case_file", "case_name_key")
        )
        for case_id, keys in words.items():
            connection.execute(cases.insert().values(_a_row(cases, id=case_id, child_code=case_id)))
            for key in keys:
                values = {"id": new_id(), "case_id": case_id, "kind": "sound", "key": key}
                connection.execute(sounds.insert().values(values))

    upgrade(database.engine)

    for case_id, keys in words.items():
        assert _keys_beside(database, case_id) == kept_under(keys)


def _a_row(table: sa.Table, **values: str) -> dict[str, Any]:
    """Something in every column that must hold something, whatever columns the table has."""
    fill = {str: "x", int: 0, bool: False, bytes: b"", datetime: NOON}
    needed = (column for column in table.columns if not column.nullable)
    return {column.name: fill[column.type.python_type] for column in needed} | values


def _keys_beside(database: Database, case_id: str) -> set[tuple[str, str]]:
    statement = "SELECT kind, key, id FROM case_name_key WHERE kind <> 'sound' AND case_id = :case"
    with database.engine.connect() as connection:
        rows = connection.execute(sa.text(statement), {"case": case_id}).all()
    assert all(len(row[2]) == 36 for row in rows)
    return {(row[0], row[1]) for row in rows}
