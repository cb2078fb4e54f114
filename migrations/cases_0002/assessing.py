"""Urgent acts, detention, assessments and the report to a panel."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "assessment",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("author_person", sa.String(length=36), nullable=False),
        sa.Column("begun_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("submitted_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("approved_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("approver_person", sa.String(length=36), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("immediate_concern", sa.String(length=20), nullable=True),
        sa.Column("priority_result", sa.String(length=20), nullable=True),
        sa.Column("bid_required", sa.Boolean(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("sensitive", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_assessment_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("case_id", "no", name=op.f("uq_assessment_case_id_no")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_approver_person"), ["approver_person"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assessment_author_person"), ["author_person"], unique=False
        )
        batch_op.create_index("ix_assessment_case", ["case_id", "no"], unique=False)
        batch_op.create_index(
            "uq_assessment_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("status <> 'completed'"),
            postgresql_where=sa.text("status <> 'completed'"),
        )
    op.create_table(
        "bid_report",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("triggers", sa.JSON(), nullable=False),
        sa.Column("assessor_person", sa.String(length=36), nullable=False),
        sa.Column("named_by_person", sa.String(length=36), nullable=False),
        sa.Column("named_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("submitted_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("checker_person", sa.String(length=36), nullable=True),
        sa.Column("ready_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_bid_report_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_report")),
        sa.UniqueConstraint("case_id", "no", name=op.f("uq_bid_report_case_id_no")),
    )
    with op.batch_alter_table("bid_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bid_report_assessor_person"), ["assessor_person"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_bid_report_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_bid_report_checker_person"), ["checker_person"], unique=False
        )
    op.create_table(
        "detention",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("open_case", sa.String(length=36), nullable=True),
        sa.Column("place_type", sa.String(length=24), nullable=False),
        sa.Column("since", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("released_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("released_to", sa.String(length=24), nullable=False),
        sa.Column("release_recorded_by", sa.String(length=36), nullable=True),
        sa.Column("sensitive", sa.LargeBinary(), nullable=False),
        sa.Column("release_sensitive", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_detention_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_detention")),
        sa.UniqueConstraint("open_case", name="uq_detention_open_case"),
    )
    with op.batch_alter_table("detention", schema=None) as batch_op:
        batch_op.create_index("ix_detention_case", ["case_id", "since"], unique=False)
        batch_op.create_index("ix_detention_released", ["released_at"], unique=False)
    op.create_table(
        "emergency_action",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("danger", sa.String(length=24), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("triggers", sa.JSON(), nullable=False),
        sa.Column("acted_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=False),
        sa.Column("case_state", sa.String(length=32), nullable=False),
        sa.Column("is_crossing", sa.Boolean(), nullable=False),
        sa.Column("destination", sa.String(length=2), nullable=False),
        sa.Column("our_officer", sa.String(length=36), nullable=False),
        sa.Column("our_consent_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("their_consent_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("written_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_emergency_action_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_action")),
    )
    with op.batch_alter_table("emergency_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_emergency_action_is_crossing"), ["is_crossing"], unique=False
        )
        batch_op.create_index("ix_emergency_case", ["case_id", "acted_at"], unique=False)
    op.create_table(
        "movement_hold",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("open_key", sa.String(length=140), nullable=True),
        sa.Column("placed_by", sa.String(length=36), nullable=False),
        sa.Column("placed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.String(length=36), nullable=True),
        sa.Column("released_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_movement_hold_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement_hold")),
        sa.UniqueConstraint("open_key", name="uq_movement_hold_open_key"),
    )
    with op.batch_alter_table("movement_hold", schema=None) as batch_op:
        batch_op.create_index("ix_movement_hold_case", ["case_id", "released_at"], unique=False)
    op.create_table(
        "non_refoulement_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("destination", sa.String(length=2), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("sensitive", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_non_refoulement_check_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_non_refoulement_check")),
    )
    with op.batch_alter_table("non_refoulement_check", schema=None) as batch_op:
        batch_op.create_index(
            "ix_non_refoulement_case", ["case_id", "destination", "checked_on"], unique=False
        )
    op.create_table(
        "assessment_return",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_return_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_assessment_return_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_return")),
    )
    with op.batch_alter_table("assessment_return", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_return_assessment_id"), ["assessment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assessment_return_case_id"), ["case_id"], unique=False)
    op.create_table(
        "bid_report_note",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("report_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_bid_report_note_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["bid_report.id"], name=op.f("fk_bid_report_note_report_id_bid_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_report_note")),
    )
    with op.batch_alter_table("bid_report_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_report_note_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_bid_report_note_report_id"), ["report_id"], unique=False
        )
    op.create_table(
        "bid_report_snapshot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("report_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_bid_report_snapshot_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["bid_report.id"],
            name=op.f("fk_bid_report_snapshot_report_id_bid_report"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_report_snapshot")),
        sa.UniqueConstraint("report_id", "no", name=op.f("uq_bid_report_snapshot_report_id_no")),
    )
    with op.batch_alter_table("bid_report_snapshot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bid_report_snapshot_case_id"), ["case_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bid_report_snapshot_report_id"), ["report_id"], unique=False
        )
    op.create_table(
        "case_trigger",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("report_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_trigger_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["bid_report.id"], name=op.f("fk_case_trigger_report_id_bid_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_trigger")),
    )
    with op.batch_alter_table("case_trigger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_trigger_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_trigger_report_id"), ["report_id"], unique=False)
        batch_op.create_index(
            "uq_case_trigger_open",
            ["case_id", "code"],
            unique=True,
            sqlite_where=sa.text("report_id IS NULL"),
            postgresql_where=sa.text("report_id IS NULL"),
        )


def downgrade() -> None:
    """Remove the tables."""
    with op.batch_alter_table("case_trigger", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_trigger_open",
            sqlite_where=sa.text("report_id IS NULL"),
            postgresql_where=sa.text("report_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_case_trigger_report_id"))
        batch_op.drop_index(batch_op.f("ix_case_trigger_case_id"))

    op.drop_table("case_trigger")
    with op.batch_alter_table("bid_report_snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bid_report_snapshot_report_id"))
        batch_op.drop_index(batch_op.f("ix_bid_report_snapshot_case_id"))

    op.drop_table("bid_report_snapshot")
    with op.batch_alter_table("bid_report_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bid_report_note_report_id"))
        batch_op.drop_index(batch_op.f("ix_bid_report_note_case_id"))

    op.drop_table("bid_report_note")
    with op.batch_alter_table("assessment_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_return_case_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_return_assessment_id"))

    op.drop_table("assessment_return")
    with op.batch_alter_table("non_refoulement_check", schema=None) as batch_op:
        batch_op.drop_index("ix_non_refoulement_case")

    op.drop_table("non_refoulement_check")
    with op.batch_alter_table("movement_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_movement_hold_case")

    op.drop_table("movement_hold")
    with op.batch_alter_table("emergency_action", schema=None) as batch_op:
        batch_op.drop_index("ix_emergency_case")
        batch_op.drop_index(batch_op.f("ix_emergency_action_is_crossing"))

    op.drop_table("emergency_action")
    with op.batch_alter_table("detention", schema=None) as batch_op:
        batch_op.drop_index("ix_detention_released")
        batch_op.drop_index("ix_detention_case")

    op.drop_table("detention")
    with op.batch_alter_table("bid_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bid_report_checker_person"))
        batch_op.drop_index(batch_op.f("ix_bid_report_case_id"))
        batch_op.drop_index(batch_op.f("ix_bid_report_assessor_person"))

    op.drop_table("bid_report")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assessment_open",
            sqlite_where=sa.text("status <> 'completed'"),
            postgresql_where=sa.text("status <> 'completed'"),
        )
        batch_op.drop_index("ix_assessment_case")
        batch_op.drop_index(batch_op.f("ix_assessment_author_person"))
        batch_op.drop_index(batch_op.f("ix_assessment_approver_person"))

    op.drop_table("assessment")
