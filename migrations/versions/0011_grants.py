"""Documents that travel with messages, and grants given and held."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


# Tables with the columns that do not change.
KEPT: dict[str, tuple[str, ...]] = {
    "document_in": (
        "came_at", "delivery_id", "hs_grant", "id", "media", "message_id", "part", "purpose",
        "redaction", "role", "sha256", "size", "transfer_id", "view_only",
    ),
    "grant_given": (
        "asked_no", "id", "office", "partner", "proposed_at", "proposed_by", "purpose",
        "record_version", "redaction", "role", "scope", "transfer_id", "uses",
    ),
    "grant_held": (
        "came_at", "expires_at", "grant_id", "id", "message_id", "office", "partner", "purpose",
        "record_version", "redaction", "role", "scope", "token", "token_sha256", "transfer_id",
    ),
}  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "transfer_message",
        sa.Column("view_only", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "document_out",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=True),
        sa.Column("chosen_by", sa.String(length=36), nullable=False),
        sa.Column("chosen_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_document_out_message_id_transfer_message"),
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_document_out_attachment_id_attachment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_out")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_document_out_message_id_number")),
    )
    op.create_table(
        "document_in",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("delivery_id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("media", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("hs_grant", sa.String(length=36), nullable=True),
        sa.Column("redaction", sa.String(length=2), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("view_only", sa.Boolean(), nullable=False),
        sa.Column("reader", sa.String(length=36), nullable=False),
        sa.Column("came_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=False),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery_in.id"], name=op.f("fk_document_in_delivery_id_delivery_in")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_document_in_transfer_id_transfer")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_document_in_message_id_transfer_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_in")),
        sa.UniqueConstraint("delivery_id", "part", name=op.f("uq_document_in_delivery_id_part")),
    )
    op.create_index("ix_document_in_transfer", "document_in", ["transfer_id", "came_at"])
    op.create_table(
        "grant_given",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("asked_no", sa.String(length=36), nullable=True),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("redaction", sa.String(length=2), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=False),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=43), nullable=False),
        sa.Column("expires_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.String(length=36), nullable=True),
        sa.Column("redeemed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=False),
        sa.Column("revoked_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("revoked_for", sa.String(length=60), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_grant_given_transfer_id_transfer")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_grant_given_message_id_transfer_message"),
        ),
        sa.ForeignKeyConstraint(
            ["content_id"],
            ["transfer_message.id"],
            name=op.f("fk_grant_given_content_id_transfer_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_given")),
    )
    op.create_index("ix_grant_given_transfer", "grant_given", ["transfer_id", "state"])
    op.create_table(
        "grant_held",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=43), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("redaction", sa.String(length=2), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("expires_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("came_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("delivery_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_grant_held_transfer_id_transfer")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_grant_held_message_id_transfer_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_held")),
        sa.UniqueConstraint("partner", "grant_id", name=op.f("uq_grant_held_partner_grant_id")),
    )
    op.create_index("ix_grant_held_due", "grant_held", ["partner", "state", "next_try_at"])
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    for table in ("grant_held", "grant_given", "document_in", "document_out"):
        op.drop_table(table)
    op.drop_column("transfer_message", "view_only")


def _guards(dialect: str) -> Iterator[str]:
    does = (
        "BEGIN SELECT RAISE(ABORT, 'this record is never changed or removed'); END"
        if dialect == "sqlite"
        else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for table, columns in KEPT.items():
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {', '.join(columns)} ON {table} {does}"
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {does}"
