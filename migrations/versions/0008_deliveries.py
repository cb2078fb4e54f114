"""Packages on their way out and in, receipts, recalls, calls that were made once, and how each line is."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


# Tables of which nothing changes, and tables with the columns that do not.
KEPT: dict[str, tuple[str, ...]] = {
    "receipt_taken": (),
    "delivery_out": (
        "chain", "id", "manifest_sha256", "message_id", "package_id", "partner", "sealed_at",
        "token", "token_sha256", "transfer_id",
    ),
    "delivery_in": (
        "chain", "delivery_id", "id", "offered_at", "package_id", "partner", "prev", "seq",
        "token", "token_sha256",
    ),
    "receipt_given": (
        "event", "id", "number", "partner", "sha256", "signed_at", "subject", "text",
    ),
    "exchange_recall": (
        "action", "at", "id", "is_ours", "notice_id", "package_id", "partner", "reason", "text",
        "token_sha256",
    ),
}  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "delivery_in",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("delivery_id", sa.String(length=36), nullable=False),
        sa.Column("package_id", sa.String(length=36), nullable=False),
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.String(length=43), nullable=True),
        sa.Column("fork", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=43), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("is_file", sa.Boolean(), nullable=False),
        sa.Column("offered_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("moved_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("received_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("manifest_sha256", sa.String(length=43), nullable=True),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("transfer_id", sa.String(length=36), nullable=True),
        sa.Column("retain_until", sa.Date(), nullable=True),
        sa.Column("destroyed_at", core.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_in")),
        sa.UniqueConstraint(
            "partner", "chain", "seq", "fork", name=op.f("uq_delivery_in_partner_chain_seq_fork")
        ),
        sa.UniqueConstraint(
            "partner", "delivery_id", name=op.f("uq_delivery_in_partner_delivery_id")
        ),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_delivery_in_token_sha256")),
    )
    with op.batch_alter_table("delivery_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_in_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_delivery_in_package", ["partner", "package_id"], unique=False)
        batch_op.create_index("ix_delivery_in_retain", ["retain_until"], unique=False)
        batch_op.create_index("ix_delivery_in_state", ["state", "offered_at"], unique=False)

    op.create_table(
        "exchange_call",
        sa.Column("issuer", sa.String(length=43), nullable=False),
        sa.Column("jti", sa.String(length=36), nullable=False),
        sa.Column("until", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "jti", name=op.f("pk_exchange_call")),
    )
    with op.batch_alter_table("exchange_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_call_until"), ["until"], unique=False)

    op.create_table(
        "exchange_chain",
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("life", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.String(length=43), nullable=True),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_exchange_chain")),
        sa.UniqueConstraint("partner", "life", name=op.f("uq_exchange_chain_partner_life")),
    )
    op.create_table(
        "exchange_life",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("looked_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("doubted_at", core.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_life")),
    )
    op.create_table(
        "exchange_line",
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("heard_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("failing_since", core.db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_call_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("skew_seconds", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("statement_at", core.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("partner", name=op.f("pk_exchange_line")),
    )
    op.create_table(
        "exchange_recall",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("package_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=43), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=False),
        sa.Column("decided_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_recall")),
        sa.UniqueConstraint(
            "partner", "notice_id", name=op.f("uq_exchange_recall_partner_notice_id")
        ),
    )
    with op.batch_alter_table("exchange_recall", schema=None) as batch_op:
        batch_op.create_index(
            "ix_exchange_recall_due", ["is_ours", "state", "next_try_at"], unique=False
        )
        batch_op.create_index("ix_exchange_recall_package", ["partner", "package_id"], unique=False)

    op.create_table(
        "receipt_given",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("stored_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_given")),
        sa.UniqueConstraint(
            "partner", "subject", "event", name=op.f("uq_receipt_given_partner_subject_event")
        ),
    )
    with op.batch_alter_table("receipt_given", schema=None) as batch_op:
        batch_op.create_index(
            "ix_receipt_given_due", ["partner", "stored_at", "next_try_at"], unique=False
        )

    op.create_table(
        "receipt_taken",
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("jti", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_receipt_taken")),
    )
    with op.batch_alter_table("receipt_taken", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_taken_about", ["subject", "number"], unique=False)

    op.create_table(
        "delivery_in_part",
        sa.Column("delivery_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("have", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery_in.id"],
            name=op.f("fk_delivery_in_part_delivery_id_delivery_in"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", "n", name=op.f("pk_delivery_in_part")),
    )
    op.create_table(
        "delivery_out",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("package_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("partner", sa.String(length=43), nullable=False),
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=43), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=43), nullable=False),
        sa.Column("sealed_to", sa.String(length=43), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", core.db.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknown_tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_delivery_out_message_id_transfer_message"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_delivery_out_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_out")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_delivery_out_chain_seq")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_delivery_out_token_sha256")),
    )
    with op.batch_alter_table("delivery_out", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_out_due", ["partner", "state", "next_try_at"], unique=False
        )
        batch_op.create_index("ix_delivery_out_message", ["message_id"], unique=False)
        batch_op.create_index("ix_delivery_out_number", ["partner", "number"], unique=False)
        batch_op.create_index("ix_delivery_out_package", ["package_id"], unique=False)

    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    with op.batch_alter_table("delivery_out", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_out_package")
        batch_op.drop_index("ix_delivery_out_number")
        batch_op.drop_index("ix_delivery_out_message")
        batch_op.drop_index("ix_delivery_out_due")

    op.drop_table("delivery_out")
    op.drop_table("delivery_in_part")
    with op.batch_alter_table("receipt_taken", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_taken_about")

    op.drop_table("receipt_taken")
    with op.batch_alter_table("receipt_given", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_given_due")

    op.drop_table("receipt_given")
    with op.batch_alter_table("exchange_recall", schema=None) as batch_op:
        batch_op.drop_index("ix_exchange_recall_package")
        batch_op.drop_index("ix_exchange_recall_due")

    op.drop_table("exchange_recall")
    op.drop_table("exchange_line")
    op.drop_table("exchange_life")
    op.drop_table("exchange_chain")
    with op.batch_alter_table("exchange_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_call_until"))

    op.drop_table("exchange_call")
    with op.batch_alter_table("delivery_in", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_in_state")
        batch_op.drop_index("ix_delivery_in_retain")
        batch_op.drop_index("ix_delivery_in_package")
        batch_op.drop_index(batch_op.f("ix_delivery_in_message_id"))

    op.drop_table("delivery_in")


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
