"""Time limits, tasks, and what was done once."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "deadline",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("started_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("due_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(length=12), nullable=False),
        sa.Column("event_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.Column("paused_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("pause_reason", sa.String(length=32), nullable=False),
        sa.Column("pause_ref", sa.String(length=64), nullable=False),
        sa.Column("pause_review_on", sa.Date(), nullable=True),
        sa.Column("met_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("closed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_level_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_deadline_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("case_id", "code", "occurrence", name="uq_deadline_once"),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index("ix_deadline_code", ["country", "code", "started_at"], unique=False)
        batch_op.create_index(
            "ix_deadline_due", ["closed_at", "met_at", "due_at", "id"], unique=False
        )
        batch_op.create_index("ix_deadline_open", ["case_id", "closed_at", "met_at"], unique=False)
        batch_op.create_index("ix_deadline_sweep", ["next_level_at", "id"], unique=False)
    op.create_table(
        "effect",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("step", sa.String(length=48), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("done_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_effect_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect")),
        sa.UniqueConstraint("case_id", "step", "occurrence", name="uq_effect_once"),
    )
    op.create_table(
        "task",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("due_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("done_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=36), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("case_id", "key", name="uq_task_key"),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_case", ["case_id", "done_at"], unique=False)
        batch_op.create_index("ix_task_person", ["person_id", "done_at", "due_at"], unique=False)
        batch_op.create_index("ix_task_role", ["role", "done_at", "due_at"], unique=False)
    op.create_table(
        "deadline_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deadline_id", sa.String(length=36), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("due_before", core.db.UtcDateTime(), nullable=True),
        sa.Column("due_after", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_change_deadline_id_deadline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_change")),
    )
    with op.batch_alter_table("deadline_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deadline_change_deadline_id"), ["deadline_id"], unique=False
        )
    op.create_table(
        "deadline_notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deadline_id", sa.String(length=36), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("raised_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_notice_deadline_id_deadline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_notice")),
        sa.UniqueConstraint("deadline_id", "level", name="uq_deadline_notice_level"),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("deadline_notice")
    with op.batch_alter_table("deadline_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deadline_change_deadline_id"))

    op.drop_table("deadline_change")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_role")
        batch_op.drop_index("ix_task_person")
        batch_op.drop_index("ix_task_case")

    op.drop_table("task")
    op.drop_table("effect")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index("ix_deadline_sweep")
        batch_op.drop_index("ix_deadline_open")
        batch_op.drop_index("ix_deadline_due")
        batch_op.drop_index("ix_deadline_code")

    op.drop_table("deadline")
