"""What officers found out about the day of travel, and which messages were opened over there."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


# Tables of which nothing changes.
KEPT: dict[str, tuple[str, ...]] = {"travel_fact": (), "package_view": ()}


def upgrade() -> None:
    op.create_table(
        "travel_fact",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("fact", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_travel_fact_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_fact")),
    )
    with op.batch_alter_table("travel_fact", schema=None) as batch_op:
        batch_op.create_index(
            "ix_travel_fact", ["transfer_id", "fact", "recorded_at"], unique=False
        )

    op.create_table(
        "package_view",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_package_view_message_id_transfer_message"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_package_view")),
    )

    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    op.drop_table("package_view")
    with op.batch_alter_table("travel_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_travel_fact")

    op.drop_table("travel_fact")


def _guards(dialect: str) -> Iterator[str]:
    does = (
        "BEGIN SELECT RAISE(ABORT, 'this record is never changed or removed'); END"
        if dialect == "sqlite"
        else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for table, columns in KEPT.items():
        of_columns = f" OF {', '.join(columns)}" if columns else ""
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of_columns} ON {table} {does}"
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {does}"
