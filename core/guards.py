"""What makes a database refuse to change or remove rows that are only ever added.

Our own code never does it; these statements hold everybody else to it too. Each feature names its own
tables (``tables/guards.py``); migrations run the statements. The audit log has guards of its own.

Source: DOM-R18, DOM-R22.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

FUNCTION: Final = "refuse_change"
MESSAGE: Final = "this record is never changed or removed"


@dataclass(frozen=True)
class Guard:
    """One table that is kept as it was written.

    Args:
        table: its name.
        fixed: columns that never change; empty: none of them does.
    """

    table: str
    fixed: tuple[str, ...] = ()


def guard_statements(dialect: str, guards: Iterable[Guard]) -> tuple[str, ...]:
    """Return the statements that put guards on tables, in order; run them once for each feature."""
    build = _sqlite if dialect == "sqlite" else _postgres
    return tuple(statement for guard in guards for statement in build(guard))


def function_statements(dialect: str) -> tuple[str, ...]:
    """Return what has to be there before the guards of any feature; nothing on SQLite."""
    if dialect == "sqlite":
        return ()
    statement = (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{MESSAGE}'; END$$"
    )
    return (statement,)


def drop_statements(dialect: str, guards: Iterable[Guard]) -> tuple[str, ...]:
    """Return the statements that take the guards off again."""
    names = [(name, guard.table) for guard in guards for name in _names(guard)]
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {name}" for name, _ in names)
    return tuple(f"DROP TRIGGER {name} ON {table}" for name, table in names)


def _names(guard: Guard) -> tuple[str, str]:
    return f"{guard.table}_no_update", f"{guard.table}_no_delete"


def _events(guard: Guard) -> Iterator[tuple[str, str]]:
    changed, removed = _names(guard)
    columns = f" OF {', '.join(guard.fixed)}" if guard.fixed else ""
    yield changed, f"UPDATE{columns}"
    yield removed, "DELETE"


def _sqlite(guard: Guard) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for name, event in _events(guard)
    )


def _postgres(guard: Guard) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
        for name, event in _events(guard)
    )
