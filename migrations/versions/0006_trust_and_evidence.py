"""Whom we trust across the border, our keys towards others, and the evidence log, kept as it was written."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Tables of which nothing changes, and tables with the columns that do not.
KEPT: dict[str, tuple[str, ...]] = {
    "evidence": (),
    "exchange_token": (),
    "checkpoint": (),
    "own_statement": (),
    "partner_step": (),
    "partner_statement": (),
    "installation": ("id", "made_at", "made_by"),
    "exchange_key": ("jwk", "kid", "made_at", "use"),
    "partner": ("id", "installation", "opened_at"),
}


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issuer", sa.String(length=43), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=43), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("issuer", "n", "head", name=op.f("uq_checkpoint_issuer_n_head")),
    )
    with op.batch_alter_table("checkpoint", schema=None) as batch_op:
        batch_op.create_index("ix_checkpoint_latest", ["issuer", "issued_at"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("prev", sa.String(length=43), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("obj", sa.String(length=43), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_obj"), ["obj"], unique=False)
        batch_op.create_index("ix_evidence_subject", ["subject", "n"], unique=False)

    op.create_table(
        "evidence_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_head")),
    )
    op.create_table(
        "exchange_key",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("use", sa.String(length=3), nullable=False),
        sa.Column("jwk", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("begins_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("retires_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("compromised_since", core.db.UtcDateTime(), nullable=True),
        sa.Column("destroyed_at", core.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_exchange_key")),
    )
    op.create_table(
        "exchange_token",
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("issuer", sa.String(length=43), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_exchange_token")),
    )
    with op.batch_alter_table("exchange_token", schema=None) as batch_op:
        batch_op.create_index(
            "ix_exchange_token_key", ["issuer", "kid", "direction", "kept_at"], unique=False
        )

    op.create_table(
        "installation",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("anchor", sa.JSON(), nullable=False),
        sa.Column("next_anchor", sa.JSON(), nullable=True),
        sa.Column("base_url", sa.String(length=480), nullable=True),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "own_statement",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("anchor_kid", sa.String(length=43), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_own_statement")),
        sa.UniqueConstraint("seq", "anchor_kid", name=op.f("uq_own_statement_seq_anchor_kid")),
    )
    op.create_table(
        "partner",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("installation", sa.String(length=43), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("anchor", sa.JSON(), nullable=False),
        sa.Column("half_act", sa.String(length=12), nullable=True),
        sa.Column("half_person", sa.String(length=36), nullable=True),
        sa.Column("half_channel", sa.String(length=16), nullable=True),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("seen_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(
            "ix_partner_installation", ["installation", "opened_at"], unique=False
        )
        batch_op.create_index(
            "uq_partner_open",
            ["installation"],
            unique=True,
            sqlite_where=sa.text("state <> 'revoked'"),
            postgresql_where=sa.text("state <> 'revoked'"),
        )

    op.create_table(
        "partner_statement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("partner_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("anchor_kid", sa.String(length=43), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("taken_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_partner_statement_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_statement")),
        sa.UniqueConstraint(
            "partner_id",
            "seq",
            "anchor_kid",
            name=op.f("uq_partner_statement_partner_id_seq_anchor_kid"),
        ),
    )
    op.create_table(
        "partner_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("partner_id", sa.String(length=36), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_partner_step_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_step")),
    )
    with op.batch_alter_table("partner_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_step_partner_id"), ["partner_id"], unique=False
        )

    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    with op.batch_alter_table("partner_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_step_partner_id"))

    op.drop_table("partner_step")
    op.drop_table("partner_statement")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_partner_open",
            sqlite_where=sa.text("state <> 'revoked'"),
            postgresql_where=sa.text("state <> 'revoked'"),
        )
        batch_op.drop_index("ix_partner_installation")

    op.drop_table("partner")
    op.drop_table("own_statement")
    op.drop_table("installation")
    with op.batch_alter_table("exchange_token", schema=None) as batch_op:
        batch_op.drop_index("ix_exchange_token_key")

    op.drop_table("exchange_token")
    op.drop_table("exchange_key")
    op.drop_table("evidence_head")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_subject")
        batch_op.drop_index(batch_op.f("ix_evidence_obj"))

    op.drop_table("evidence")
    with op.batch_alter_table("checkpoint", schema=None) as batch_op:
        batch_op.drop_index("ix_checkpoint_latest")

    op.drop_table("checkpoint")


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
