"""How panels want their sittings planned, when people and rooms are away, rooms used, and plans."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panel_planning",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.String(length=36), nullable=False),
        sa.Column("set_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_planning_panel_id_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_planning")),
        sa.UniqueConstraint("panel_id", name=op.f("uq_panel_planning_panel_id")),
    )
    op.create_table(
        "busy_time",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_kind", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("starts_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_owner", "busy_time", ["owner_kind", "owner", "ends_at"])
    op.create_table(
        "sitting_room",
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("bridge", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_room_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_sitting_room")),
    )
    op.create_index(op.f("ix_sitting_room_room"), "sitting_room", ["room"])
    op.create_index(op.f("ix_sitting_room_bridge"), "sitting_room", ["bridge"])
    op.create_table(
        "sitting_plan",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("cause_ref", sa.String(length=64), nullable=False),
        sa.Column("open_ask", sa.String(length=36), nullable=True),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("more", sa.JSON(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", core.db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("until", core.db.UtcDateTime(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("bounds", sa.JSON(), nullable=False),
        sa.Column("proven", sa.JSON(), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_sitting_plan_panel_id_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_plan")),
        sa.UniqueConstraint("open_ask", name=op.f("uq_sitting_plan_open_ask")),
    )
    op.create_index("ix_sitting_plan_panel", "sitting_plan", ["panel_id", "asked_at"])
    op.create_index("ix_sitting_plan_state", "sitting_plan", ["state", "asked_at"])


def downgrade() -> None:
    for table in ("sitting_plan", "sitting_room", "busy_time", "panel_planning"):
        op.drop_table(table)
