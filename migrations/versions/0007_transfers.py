"""Transfers between two countries, their messages and history, who answered for the child, and open corridors."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


# Tables of which nothing changes, and tables with the columns that do not.
KEPT: dict[str, tuple[str, ...]] = {
    "transfer_history": (),
    "corridor_change": (),
    "transfer": (
        "country",
        "destination",
        "direction",
        "id",
        "opened_at",
        "opened_by",
        "origin",
        "ref",
    ),
    "transfer_message": ("id", "is_ours", "no", "seq", "transfer_id", "type"),
    "responsibility": ("ground", "id", "officer", "ref", "side", "since", "transfer_id"),
}


def upgrade() -> None:
    op.create_table(
        "corridor_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=2), nullable=False),
        sa.Column("destination", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corridor_change")),
    )
    with op.batch_alter_table("corridor_change", schema=None) as batch_op:
        batch_op.create_index("ix_corridor_change", ["origin", "destination", "at"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("origin", sa.String(length=2), nullable=False),
        sa.Column("destination", sa.String(length=2), nullable=False),
        sa.Column("corridor_version", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("open_case", sa.String(length=60), nullable=True),
        sa.Column("round", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("interrupted", sa.String(length=24), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("state_since", core.db.UtcDateTime(), nullable=False),
        sa.Column("priority", sa.String(length=12), nullable=False),
        sa.Column("reply_due", sa.Date(), nullable=True),
        sa.Column("responsibility", sa.String(length=20), nullable=False),
        sa.Column("determination_id", sa.String(length=36), nullable=True),
        sa.Column("decision_sha256", sa.String(length=43), nullable=False),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=False),
        sa.Column("requested_by", sa.String(length=36), nullable=False),
        sa.Column("cleared_by", sa.String(length=36), nullable=False),
        sa.Column("cleared_for", sa.Date(), nullable=True),
        sa.Column("accepted_until", sa.Date(), nullable=True),
        sa.Column("receiver_checked_by", sa.String(length=36), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_transfer_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("open_case", name=op.f("uq_transfer_open_case")),
        sa.UniqueConstraint("ref", name=op.f("uq_transfer_ref")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_transfer_board", ["country", "is_open", "state", "state_since", "id"], unique=False
        )
        batch_op.create_index("ix_transfer_case", ["case_id", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_transfer_corridor", ["country", "origin", "destination", "opened_at"], unique=False
        )

    op.create_table(
        "responsibility",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("since", core.db.UtcDateTime(), nullable=False),
        sa.Column("until", core.db.UtcDateTime(), nullable=True),
        sa.Column("ground", sa.String(length=24), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_responsibility_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.create_index("ix_responsibility_of", ["transfer_id", "since"], unique=False)
        batch_op.create_index(
            "uq_responsibility_now",
            ["transfer_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "transfer_history",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_history_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_history")),
        sa.UniqueConstraint("transfer_id", "seq", name=op.f("uq_transfer_history_transfer_id_seq")),
    )
    op.create_table(
        "transfer_message",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("reply_to", sa.String(length=36), nullable=True),
        sa.Column("redaction", sa.String(length=2), nullable=False),
        sa.Column("written_by", sa.String(length=36), nullable=False),
        sa.Column("written_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("checked_by", sa.String(length=36), nullable=False),
        sa.Column("checked_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("signed_by", sa.String(length=36), nullable=False),
        sa.Column("signed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("package_id", sa.String(length=36), nullable=True),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_message_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_message")),
        sa.UniqueConstraint("no", name=op.f("uq_transfer_message_no")),
        sa.UniqueConstraint("transfer_id", "seq", name=op.f("uq_transfer_message_transfer_id_seq")),
    )
    with op.batch_alter_table("transfer_message", schema=None) as batch_op:
        batch_op.create_index("ix_transfer_message_ready", ["standing", "written_at"], unique=False)

    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    with op.batch_alter_table("transfer_message", schema=None) as batch_op:
        batch_op.drop_index("ix_transfer_message_ready")

    op.drop_table("transfer_message")
    op.drop_table("transfer_history")
    with op.batch_alter_table("responsibility", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_responsibility_now",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index("ix_responsibility_of")

    op.drop_table("responsibility")
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index("ix_transfer_corridor")
        batch_op.drop_index("ix_transfer_case")
        batch_op.drop_index("ix_transfer_board")

    op.drop_table("transfer")
    with op.batch_alter_table("corridor_change", schema=None) as batch_op:
        batch_op.drop_index("ix_corridor_change")

    op.drop_table("corridor_change")


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
