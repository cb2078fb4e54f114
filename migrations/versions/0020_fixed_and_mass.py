"""What is fixed by hand in a plan, exercises for many children, and where members' own calendars are fetched."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "busy_calendar",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("read_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("next_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_busy_calendar_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendar")),
        sa.UniqueConstraint("person_id", name=op.f("uq_busy_calendar_person_id")),
    )
    op.create_index(op.f("ix_busy_calendar_next_at"), "busy_calendar", ["next_at"])
    with op.batch_alter_table("sitting_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fixed", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("mass", sa.String(length=80), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("sitting_plan", schema=None) as batch_op:
        batch_op.drop_column("mass")
        batch_op.drop_column("fixed")
    op.drop_table("busy_calendar")
