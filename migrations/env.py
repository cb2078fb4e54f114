"""How Alembic reaches the database; run through ``migrations.metadata`` or `bid migrate`."""

from typing import Any

from alembic import context

from migrations.metadata import VERSION_TABLE, load_tables, render_type

only = context.config.attributes.get("only")  # a few tables at a time, for readable migrations


def wanted(item: Any, name: str | None, kind: str, _reflected: Any, _compared: Any) -> bool:
    """Say whether a table is looked at; everything is unless a few were named."""
    del item
    return only is None or kind != "table" or name in only


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=load_tables(),
    version_table=VERSION_TABLE,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_type,
    include_object=wanted,
    compare_type=True,
    compare_server_default=False,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
