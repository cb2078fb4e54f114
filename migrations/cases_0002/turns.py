"""What becomes of a file: on hold, merged, closed, opened again, erased."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case_blocker",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("open_key", sa.String(length=140), nullable=True),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("cleared_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_blocker_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_blocker")),
        sa.UniqueConstraint("open_key", name="uq_case_blocker_open_key"),
    )
    with op.batch_alter_table("case_blocker", schema=None) as batch_op:
        batch_op.create_index("ix_case_blocker_case", ["case_id", "cleared_at"], unique=False)
    op.create_table(
        "case_erasure",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_erasure_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_erasure")),
        sa.UniqueConstraint("case_id", "attempt", name="uq_case_erasure_attempt"),
    )
    with op.batch_alter_table("case_erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_erasure_case_id"), ["case_id"], unique=False)
    op.create_table(
        "case_hold",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("open_case", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("previous_state", sa.String(length=32), nullable=False),
        sa.Column("since", core.db.UtcDateTime(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("missing_since", core.db.UtcDateTime(), nullable=True),
        sa.Column("police_told", sa.Boolean(), nullable=False),
        sa.Column("guardian_told", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.String(length=36), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_as", sa.String(length=16), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_hold_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_hold")),
        sa.UniqueConstraint("open_case", name="uq_case_hold_open_case"),
    )
    with op.batch_alter_table("case_hold", schema=None) as batch_op:
        batch_op.create_index("ix_case_hold_case", ["case_id", "since"], unique=False)
        batch_op.create_index("ix_case_hold_review", ["open_case", "review_on"], unique=False)
    op.create_table(
        "case_merge",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("losing_id", sa.String(length=36), nullable=False),
        sa.Column("kept_id", sa.String(length=36), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["case_file.id"], name=op.f("fk_case_merge_kept_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["losing_id"], ["case_file.id"], name=op.f("fk_case_merge_losing_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_merge")),
        sa.UniqueConstraint("losing_id", "kept_id", "attempt", name="uq_case_merge_pair"),
    )
    with op.batch_alter_table("case_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_merge_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_merge_losing_id"), ["losing_id"], unique=False)
    op.create_table(
        "closing_request",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("open_case", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("no_view_reason", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("answer_restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_closing_request_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_request")),
        sa.UniqueConstraint("open_case", name="uq_closing_request_open_case"),
    )
    with op.batch_alter_table("closing_request", schema=None) as batch_op:
        batch_op.create_index("ix_closing_request_case", ["case_id", "asked_at"], unique=False)
    op.create_table(
        "reopening",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("reopened_by", sa.String(length=36), nullable=False),
        sa.Column("reopened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_reopening_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
    )
    with op.batch_alter_table("reopening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reopening_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    with op.batch_alter_table("reopening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reopening_case_id"))

    op.drop_table("reopening")
    with op.batch_alter_table("closing_request", schema=None) as batch_op:
        batch_op.drop_index("ix_closing_request_case")

    op.drop_table("closing_request")
    with op.batch_alter_table("case_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_merge_losing_id"))
        batch_op.drop_index(batch_op.f("ix_case_merge_kept_id"))

    op.drop_table("case_merge")
    with op.batch_alter_table("case_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_case_hold_review")
        batch_op.drop_index("ix_case_hold_case")

    op.drop_table("case_hold")
    with op.batch_alter_table("case_erasure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_erasure_case_id"))

    op.drop_table("case_erasure")
    with op.batch_alter_table("case_blocker", schema=None) as batch_op:
        batch_op.drop_index("ix_case_blocker_case")

    op.drop_table("case_blocker")
