"""Two countries that disagree about a child: the ladder, and what each of them said."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


# Columns that never change; empty: none does.
KEPT: dict[str, tuple[str, ...]] = {
    "disagreement": ("begun_at", "begun_by", "id", "transfer_id"),
    "disagreement_entry": (),
}


def upgrade() -> None:
    op.create_table(
        "disagreement",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("open_key", sa.String(length=36), nullable=True),
        sa.Column("rung", sa.String(length=24), nullable=False),
        sa.Column("rung_since", core.db.UtcDateTime(), nullable=False),
        sa.Column("due_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("begun_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("begun_by", sa.String(length=36), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_disagreement_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreement")),
        sa.UniqueConstraint("open_key", name=op.f("uq_disagreement_open_key")),
    )
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.create_index("ix_disagreement_of", ["transfer_id", "begun_at"], unique=False)

    op.create_table(
        "disagreement_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("disagreement_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("guardian_heard", sa.Boolean(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disagreement_id"],
            ["disagreement.id"],
            name=op.f("fk_disagreement_entry_disagreement_id_disagreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreement_entry")),
        sa.UniqueConstraint(
            "disagreement_id", "seq", name=op.f("uq_disagreement_entry_disagreement_id_seq")
        ),
    )

    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    op.drop_table("disagreement_entry")
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.drop_index("ix_disagreement_of")

    op.drop_table("disagreement")


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
