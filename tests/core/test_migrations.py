"""Tables and migrations say the same, on both databases, from an empty one and back."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cases.tables import guards as case_guards
from core import audit
from core.db import Database
from migrations.metadata import (
    FOLDER,
    VERSION_TABLE,
    current_revision,
    head_revision,
    load_tables,
    upgrade,
)
from panels.tables import guards as panel_guards


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
    parts = (audit, case_guards, panel_guards)
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
