"""What a time-stamping authority answered about our checkpoints; whether what came was looked at for viruses."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


# Tables of which nothing changes.
KEPT: dict[str, tuple[str, ...]] = {"checkpoint_stamp": ()}


def upgrade() -> None:
    op.create_table(
        "checkpoint_stamp",
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("stamped_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("kept_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_checkpoint_stamp")),
    )

    with op.batch_alter_table("delivery_in", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("scanned", sa.String(length=12), nullable=False, server_default="")
        )

    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    op.drop_table("checkpoint_stamp")
    with op.batch_alter_table("delivery_in", schema=None) as batch_op:
        batch_op.drop_column("scanned")


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
