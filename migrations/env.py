"""How Alembic reaches the database; run through ``migrations.metadata`` or `bid migrate`."""

from alembic import context

from migrations.metadata import VERSION_TABLE, load_tables, render_type

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=load_tables(),
    version_table=VERSION_TABLE,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_type,
    compare_type=True,
    compare_server_default=False,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
