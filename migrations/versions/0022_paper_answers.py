"""Answer forms on paper: which were printed, and scans of filled-in ones."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Columns that never change.
KEPT: dict[str, tuple[str, ...]] = {
    "answer_form": (
        "code",
        "country",
        "id",
        "message_id",
        "printed_at",
        "printed_by",
        "sheet",
        "transfer_id",
    ),
    "paper_answer": (
        "brought_by",
        "came_at",
        "code",
        "id",
        "message_id",
        "picture_id",
        "restricted",
        "sha256",
        "transfer_id",
    ),
}


def upgrade() -> None:
    op.create_table(
        "answer_form",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("sheet", sa.String(length=8), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("printed_by", sa.String(length=36), nullable=False),
        sa.Column("printed_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["issued_paper.code"], name=op.f("fk_answer_form_code_issued_paper")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_answer_form_message_id_transfer_message"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_answer_form_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_form")),
        sa.UniqueConstraint("code", "printed_by", name=op.f("uq_answer_form_code_printed_by")),
    )
    op.create_index(op.f("ix_answer_form_transfer_id"), "answer_form", ["transfer_id"])
    op.create_table(
        "paper_answer",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("sheet", sa.String(length=8), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.String(length=36), nullable=False),
        sa.Column("brought_by", sa.String(length=36), nullable=False),
        sa.Column("came_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("settled_by", sa.String(length=36), nullable=False),
        sa.Column("settled_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("settled_why", sa.String(length=24), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_paper_answer_message_id_transfer_message"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_paper_answer_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_answer")),
    )
    op.create_index(op.f("ix_paper_answer_transfer_id"), "paper_answer", ["transfer_id"])
    op.create_index(
        "uq_paper_answer_code",
        "paper_answer",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state <> 'set_aside'"),
        postgresql_where=sa.text("state <> 'set_aside'"),
    )
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    op.drop_table("paper_answer")
    op.drop_table("answer_form")


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
