"""What the database does for a query: does it go through an index, or read a table from end to end?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

LARGE: Final = 1_000  # rows; what is smaller may be read whole


@dataclass
class Sent:
    """The questions a service asked the database, each once, with values they were asked with."""

    statements: dict[str, Any] = field(default_factory=dict)


@contextmanager
def listening(engine: Engine) -> Iterator[Sent]:
    """Note every SELECT that is sent meanwhile."""
    sent = Sent()

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")) and not many:
            sent.statements.setdefault(statement, values)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def read_whole(engine: Engine, sent: Sent) -> list[str]:
    """Return each large table that a query reads from end to end, with the beginning of the query."""
    found = []
    with engine.connect() as connection:
        sizes = _sizes(connection)
        explain = _sqlite if engine.dialect.name == "sqlite" else _postgres
        for statement, values in sent.statements.items():
            tables = explain(connection, statement, values)
            large = sorted({name for name in tables if sizes.get(name, 0) >= LARGE})
            found += [f"{name}: {' '.join(statement.split())}" for name in large]
    return found


def _sizes(connection: sa.Connection) -> dict[str, int]:
    names = sa.inspect(connection).get_table_names()
    counted = (f'SELECT count(*) FROM "{name}"' for name in names)  # noqa: S608  our own tables
    return {
        name: int(connection.exec_driver_sql(query).scalar_one())
        for name, query in zip(names, counted, strict=True)
    }


def _sqlite(connection: sa.Connection, statement: str, values: Any) -> Iterator[str]:
    """Every table scanned; SQLite names it by its alias, whose number is taken off."""
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    for row in rows:
        words = str(row[-1]).split()
        if words[0] == "SCAN":
            name, _, number = words[1].rpartition("_")
            yield name if number.isdigit() else words[1]


def _postgres(connection: sa.Connection, statement: str, values: Any) -> Iterator[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    nodes = [plan[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes.extend(node.get("Plans", ()))
        if node["Node Type"] in {"Seq Scan", "Parallel Seq Scan"}:
            yield node["Relation Name"]
