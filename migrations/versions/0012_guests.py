"""Recipients without an installation: who they are, what they were given, links, visits, answers, papers."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


# Columns that never change.
KEPT: dict[str, tuple[str, ...]] = {
    "guest": ("country", "id", "of_country", "proposed_at", "proposed_by"),
    "guest_item": (
        "country",
        "given_at",
        "given_by",
        "guest_id",
        "id",
        "message_id",
        "transfer_id",
    ),
    "guest_link": ("id", "item_id", "made_at", "made_by", "token_hash"),
    "guest_reply": ("came_at", "id", "item_id", "no", "restricted", "transfer_id", "type"),
    "guest_upload": ("came_at", "id", "item_id", "media", "sha256", "size", "transfer_id"),
}


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("of_country", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("verified_by", sa.String(length=36), nullable=False),
        sa.Column("verified_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("verified_how", sa.String(length=24), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_guest_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("account_id", name=op.f("uq_guest_account_id")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(
            "ix_guest_of_country", ["country", "of_country", "state"], unique=False
        )

    op.create_table(
        "guest_item",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("guest_id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("view_only", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.String(length=36), nullable=False),
        sa.Column("given_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("viewed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("seen_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("downloaded_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("acknowledged_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_guest_item_guest_id_guest")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["transfer_message.id"],
            name=op.f("fk_guest_item_message_id_transfer_message"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_guest_item_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_item")),
    )
    with op.batch_alter_table("guest_item", schema=None) as batch_op:
        batch_op.create_index("ix_guest_item_of", ["guest_id", "ended_at"], unique=False)
        batch_op.create_index("ix_guest_item_transfer", ["transfer_id", "given_at"], unique=False)
        batch_op.create_index(
            "uq_guest_item_open",
            ["guest_id", "message_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "guest_link",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("link_channel", sa.String(length=24), nullable=False),
        sa.Column("code_channel", sa.String(length=24), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("code_ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["guest_item.id"], name=op.f("fk_guest_link_item_id_guest_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_link_token_hash")),
    )
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.create_index("ix_guest_link_ends", ["ended_at", "ends_at"], unique=False)
        batch_op.create_index(
            "uq_guest_link_live",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "guest_reply",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("came_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("settled_by", sa.String(length=36), nullable=False),
        sa.Column("settled_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("settled_why", sa.String(length=24), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["guest_item.id"], name=op.f("fk_guest_reply_item_id_guest_item")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_guest_reply_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_reply")),
        sa.UniqueConstraint("no", name=op.f("uq_guest_reply_no")),
    )
    with op.batch_alter_table("guest_reply", schema=None) as batch_op:
        batch_op.create_index("ix_guest_reply", ["country", "state", "came_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_guest_reply_item_id"), ["item_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_guest_reply_transfer_id"), ["transfer_id"], unique=False
        )

    op.create_table(
        "guest_upload",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.String(length=36), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("came_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("settled_by", sa.String(length=36), nullable=False),
        sa.Column("settled_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["guest_item.id"], name=op.f("fk_guest_upload_item_id_guest_item")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_guest_upload_transfer_id_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_upload")),
    )
    with op.batch_alter_table("guest_upload", schema=None) as batch_op:
        batch_op.create_index("ix_guest_upload", ["country", "state", "came_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_guest_upload_item_id"), ["item_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_guest_upload_transfer_id"), ["transfer_id"], unique=False
        )

    op.create_table(
        "guest_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("seen_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["guest_link.id"], name=op.f("fk_guest_session_link_id_guest_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_session_token_hash")),
    )
    with op.batch_alter_table("guest_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_session_link_id"), ["link_id"], unique=False)

    op.add_column(
        "account", sa.Column("kind", sa.String(length=8), server_default="officer", nullable=False)
    )
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    op.drop_column("account", "kind")

    with op.batch_alter_table("guest_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_session_link_id"))

    op.drop_table("guest_session")
    with op.batch_alter_table("guest_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_upload_transfer_id"))
        batch_op.drop_index(batch_op.f("ix_guest_upload_item_id"))
        batch_op.drop_index("ix_guest_upload")

    op.drop_table("guest_upload")
    with op.batch_alter_table("guest_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_reply_transfer_id"))
        batch_op.drop_index(batch_op.f("ix_guest_reply_item_id"))
        batch_op.drop_index("ix_guest_reply")

    op.drop_table("guest_reply")
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_guest_link_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_guest_link_ends")

    op.drop_table("guest_link")
    with op.batch_alter_table("guest_item", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_guest_item_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_guest_item_transfer")
        batch_op.drop_index("ix_guest_item_of")

    op.drop_table("guest_item")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index("ix_guest_of_country")

    op.drop_table("guest")


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
