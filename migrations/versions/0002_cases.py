"""Everything about a child's case."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("child_code", sa.String(length=32), nullable=False),
        sa.Column("local_number", sa.String(length=64), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("district", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("held_from", sa.String(length=32), nullable=True),
        sa.Column("hold_review_on", sa.Date(), nullable=True),
        sa.Column("priority", sa.String(length=12), nullable=False),
        sa.Column("priority_rank", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("sex", sa.String(length=12), nullable=False),
        sa.Column("age_band", sa.String(length=16), nullable=False),
        sa.Column("accompaniment", sa.String(length=24), nullable=False),
        sa.Column("nationality_code", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("owner_person", sa.String(length=36), nullable=True),
        sa.Column("supervisor_person", sa.String(length=36), nullable=True),
        sa.Column("detained", sa.Boolean(), nullable=False),
        sa.Column("detained_since", core.db.UtcDateTime(), nullable=True),
        sa.Column("released_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("registered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("state_since", core.db.UtcDateTime(), nullable=False),
        sa.Column("closed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("retain_until", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("erased_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("sensitive", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["case_file.id"], name=op.f("fk_case_file_merged_into_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("child_code", name=op.f("uq_case_file_child_code")),
        sa.UniqueConstraint("country", "local_number", name="uq_case_file_local_number"),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_country_open",
            ["country", "is_open", "priority_rank", "opened_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_case_country_state",
            ["country", "state", "priority_rank", "opened_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_case_detained", ["detained", "is_open", "detained_since"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_case_file_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_file_retain_until"), ["retain_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_file_supervisor_person"), ["supervisor_person"], unique=False
        )
        batch_op.create_index("ix_case_hold", ["hold_review_on", "state"], unique=False)
        batch_op.create_index(
            "ix_case_office_open",
            ["office", "is_open", "priority_rank", "opened_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_case_office_state",
            ["office", "state", "priority_rank", "opened_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_case_owner",
            ["owner_person", "is_open", "priority_rank", "opened_at", "id"],
            unique=False,
        )

    op.create_table(
        "case_local_number",
        sa.Column("series", sa.String(length=48), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_case_local_number")),
    )
    op.create_table(
        "facility",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("registry_number", sa.String(length=60), nullable=False),
        sa.Column("authorised_until", sa.Date(), nullable=True),
        sa.Column("regime", sa.String(length=10), nullable=False),
        sa.Column("immigration_control", sa.Boolean(), nullable=False),
        sa.Column("specialised", sa.String(length=60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("occupancy", sa.Integer(), nullable=False),
        sa.Column("registered_at", core.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "occupancy <= capacity", name=op.f("ck_facility_occupancy_within_capacity")
        ),
        sa.CheckConstraint("occupancy >= 0", name=op.f("ck_facility_occupancy_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint("country", "name", name=op.f("uq_facility_country_name")),
    )
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.create_index("ix_facility_place", ["country", "place"], unique=False)

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
        "attachment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sensitivity", sa.String(length=4), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("added_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("removed_by", sa.String(length=36), nullable=True),
        sa.Column("removed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_attachment_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attachment_case", ["case_id", "removed_at", "added_at"], unique=False
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
        "case_access",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("from_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("until_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("closed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("granted_by", sa.String(length=36), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_access_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_access")),
    )
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.create_index("ix_case_access_case", ["case_id", "person_id"], unique=False)
        batch_op.create_index(
            "ix_case_access_person", ["person_id", "closed_at", "case_id"], unique=False
        )
        batch_op.create_index("ix_case_access_ref", ["ref", "basis"], unique=False)

    op.create_table(
        "case_bar",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("barred_by", sa.String(length=36), nullable=False),
        sa.Column("barred_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("lifted_by", sa.String(length=36), nullable=True),
        sa.Column("lifted_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_bar_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_bar")),
        sa.UniqueConstraint("case_id", "person_id", "ref", name="uq_case_bar_once"),
    )
    with op.batch_alter_table("case_bar", schema=None) as batch_op:
        batch_op.create_index("ix_case_bar_person", ["person_id", "case_id"], unique=False)

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
        "case_external_id",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_external_id_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_external_id")),
        sa.UniqueConstraint("case_id", "kind", "key", name="uq_case_external_id_case"),
    )
    with op.batch_alter_table("case_external_id", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_external_id_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_external_id_key", ["kind", "key"], unique=False)

    op.create_table(
        "case_history",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("transition", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("is_human", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_history_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_history")),
        sa.UniqueConstraint("case_id", "n", name="uq_case_history_n"),
    )
    with op.batch_alter_table("case_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_history_case_id"), ["case_id"], unique=False)

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
        "case_name_key",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_name_key_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_name_key")),
        sa.UniqueConstraint("case_id", "kind", "key", name="uq_case_name_key_case"),
    )
    with op.batch_alter_table("case_name_key", schema=None) as batch_op:
        batch_op.create_index("ix_case_name_key_key", ["key", "kind", "case_id"], unique=False)

    op.create_table(
        "case_plan",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("author_person", sa.String(length=36), nullable=False),
        sa.Column("begun_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("agreed_by_person", sa.String(length=36), nullable=True),
        sa.Column("agreed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("child_voice", sa.String(length=20), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_plan_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_plan")),
        sa.UniqueConstraint("case_id", "no", name=op.f("uq_case_plan_case_id_no")),
    )
    with op.batch_alter_table("case_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_plan_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_plan_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(
            "uq_case_plan_current",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("status <> 'superseded'"),
            postgresql_where=sa.text("status <> 'superseded'"),
        )

    op.create_table(
        "child_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("linked_by", sa.String(length=36), nullable=False),
        sa.Column("linked_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_child_link_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["case_file.id"], name=op.f("fk_child_link_other_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_link")),
        sa.UniqueConstraint("case_id", "other_id", name="uq_child_link_pair"),
    )
    with op.batch_alter_table("child_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_child_link_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_child_link_other_id"), ["other_id"], unique=False)

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
        "coming_of_age",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("raised", sa.JSON(), nullable=False),
        sa.Column("consent_moved_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("checked_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_coming_of_age_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coming_of_age")),
        sa.UniqueConstraint("case_id", name=op.f("uq_coming_of_age_case_id")),
    )
    with op.batch_alter_table("coming_of_age", schema=None) as batch_op:
        batch_op.create_index("ix_coming_of_age_look", ["look_on", "id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("given_by", sa.String(length=16), nullable=False),
        sa.Column("assent", sa.String(length=12), nullable=False),
        sa.Column("assent_reason", sa.String(length=40), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("share_with", sa.JSON(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("legal_basis", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("explained_by", sa.String(length=36), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("withdrawn_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_consent_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_case", ["case_id", "withdrawn_at"], unique=False)

    op.create_table(
        "consent_override",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("receiver", sa.String(length=40), nullable=False),
        sa.Column("legal_basis", sa.String(length=32), nullable=False),
        sa.Column("child_told", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_consent_override_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_override")),
    )
    with op.batch_alter_table("consent_override", schema=None) as batch_op:
        batch_op.create_index("ix_consent_override_case", ["case_id", "answered_at"], unique=False)

    op.create_table(
        "consent_withhold",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("from_whom", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("lifted_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_consent_withhold_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_withhold")),
    )
    with op.batch_alter_table("consent_withhold", schema=None) as batch_op:
        batch_op.create_index("ix_consent_withhold_case", ["case_id", "lifted_at"], unique=False)

    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("tried_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_contact_attempt_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_contact_attempt_case", ["case_id", "tried_at"], unique=False)

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
        "facility_exception",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("granted_by_person", sa.String(length=36), nullable=False),
        sa.Column("granted_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_facility_exception_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"],
            ["facility.id"],
            name=op.f("fk_facility_exception_facility_id_facility"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_exception")),
    )
    with op.batch_alter_table("facility_exception", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facility_exception_case_id"), ["case_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facility_exception_facility_id"), ["facility_id"], unique=False
        )

    op.create_table(
        "facility_staff",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_staff_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_staff")),
        sa.UniqueConstraint(
            "facility_id", "person_id", name=op.f("uq_facility_staff_facility_id_person_id")
        ),
    )
    with op.batch_alter_table("facility_staff", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facility_staff_facility_id"), ["facility_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_facility_staff_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "follow_up_report",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("written_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("by_person", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_follow_up_report_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_report")),
        sa.UniqueConstraint("case_id", "no", name=op.f("uq_follow_up_report_case_id_no")),
    )
    with op.batch_alter_table("follow_up_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_report_case_id"), ["case_id"], unique=False)

    op.create_table(
        "guardian",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("independent", sa.Boolean(), nullable=False),
        sa.Column("appointed_by", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_guardian_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
    )
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.create_index("ix_guardian_case", ["case_id", "ended_on"], unique=False)
        batch_op.create_index("ix_guardian_person", ["person_id"], unique=False)

    op.create_table(
        "home_study",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("result", sa.String(length=30), nullable=False),
        sa.Column("studied_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_home_study_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_study")),
    )
    with op.batch_alter_table("home_study", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_study_case_id"), ["case_id"], unique=False)

    op.create_table(
        "imported_row",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("source_key", sa.String(length=32), nullable=False),
        sa.Column("content_key", sa.String(length=32), nullable=False),
        sa.Column("mapping", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("imported_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_imported_row_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint(
            "country",
            "system",
            "source_key",
            name=op.f("uq_imported_row_country_system_source_key"),
        ),
    )
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_row_case_id"), ["case_id"], unique=False)

    op.create_table(
        "interpreter",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("undertaking_on", sa.Date(), nullable=False),
        sa.Column("undertaking_until", sa.Date(), nullable=False),
        sa.Column("child_aware", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_interpreter_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter")),
    )
    with op.batch_alter_table("interpreter", schema=None) as batch_op:
        batch_op.create_index("ix_interpreter_case", ["case_id", "ended_on"], unique=False)

    op.create_table(
        "legal_offer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("procedure", sa.String(length=24), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_legal_offer_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_offer")),
    )
    with op.batch_alter_table("legal_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_offer_case_id"), ["case_id"], unique=False)

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
        "pack_move",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("shown_hash", sa.String(length=64), nullable=False),
        sa.Column("clocks_recomputed", sa.Boolean(), nullable=False),
        sa.Column("moved_by", sa.String(length=36), nullable=False),
        sa.Column("moved_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_pack_move_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_move")),
    )
    with op.batch_alter_table("pack_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_move_case_id"), ["case_id"], unique=False)

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

    op.create_table(
        "sensitive_request",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("until_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("asked_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_sensitive_request_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensitive_request")),
    )
    with op.batch_alter_table("sensitive_request", schema=None) as batch_op:
        batch_op.create_index("ix_sensitive_request_open", ["case_id", "answered_at"], unique=False)

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
        "tracing",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("requester_person", sa.String(length=36), nullable=False),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("closed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("sensitive", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_tracing_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracing")),
    )
    with op.batch_alter_table("tracing", schema=None) as batch_op:
        batch_op.create_index("ix_tracing_case", ["case_id", "opened_at"], unique=False)

    op.create_table(
        "transition_plan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.String(length=36), nullable=False),
        sa.Column("written_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("agreed_by_young_person", sa.Boolean(), nullable=False),
        sa.Column("approved_by", sa.String(length=36), nullable=True),
        sa.Column("approved_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_transition_plan_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition_plan")),
        sa.UniqueConstraint("case_id", "n", name="uq_transition_plan_n"),
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
    op.create_table(
        "placement",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("care", sa.String(length=30), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=True),
        sa.Column("home_study_id", sa.String(length=36), nullable=True),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("started_by_person", sa.String(length=36), nullable=False),
        sa.Column("review_due", sa.Date(), nullable=False),
        sa.Column("background", sa.String(length=20), nullable=True),
        sa.Column("no_family_care", sa.String(length=40), nullable=True),
        sa.Column("exception_inspected_on", sa.Date(), nullable=True),
        sa.Column("exception_by_person", sa.String(length=36), nullable=True),
        sa.Column("measure_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("ended_by_person", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("sensitive", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_placement_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_placement_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["home_study_id"], ["home_study.id"], name=op.f("fk_placement_home_study_id_home_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index("ix_placement_case", ["case_id", "started_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_facility_id"), ["facility_id"], unique=False)
        batch_op.create_index(
            "uq_placement_running",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "plan_action",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("owner_person", sa.String(length=36), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("settled_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("settled_by_person", sa.String(length=36), nullable=True),
        sa.Column("replaced_by", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_plan_action_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["case_plan.id"], name=op.f("fk_plan_action_plan_id_case_plan")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["plan_action.id"], name=op.f("fk_plan_action_replaced_by_plan_action")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
        sa.UniqueConstraint("plan_id", "no", name=op.f("uq_plan_action_plan_id_no")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index("ix_plan_action_open", ["case_id", "status", "due_on"], unique=False)
        batch_op.create_index("ix_plan_action_owner", ["owner_person", "status"], unique=False)

    op.create_table(
        "tracing_action",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("tracing_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("by_person", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_tracing_action_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["tracing_id"], ["tracing.id"], name=op.f("fk_tracing_action_tracing_id_tracing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracing_action")),
        sa.UniqueConstraint("tracing_id", "no", name=op.f("uq_tracing_action_tracing_id_no")),
    )
    with op.batch_alter_table("tracing_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tracing_action_case_id"), ["case_id"], unique=False)

    op.create_table(
        "follow_up_visit",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("placement_id", sa.String(length=36), nullable=True),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("visitor_person", sa.String(length=36), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("seen_alone", sa.Boolean(), nullable=True),
        sa.Column("missed_reason", sa.String(length=30), nullable=True),
        sa.Column("concern", sa.String(length=30), nullable=True),
        sa.Column("recommend", sa.String(length=20), nullable=True),
        sa.Column("has_new_harm", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=True),
        sa.Column("sensitive", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_follow_up_visit_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_follow_up_visit_placement_id_placement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_visit")),
        sa.UniqueConstraint("case_id", "no", name=op.f("uq_follow_up_visit_case_id_no")),
    )
    with op.batch_alter_table("follow_up_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_visit_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_follow_up_visit_due", ["status", "due_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("follow_up_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_visit_due")
        batch_op.drop_index(batch_op.f("ix_follow_up_visit_case_id"))

    op.drop_table("follow_up_visit")
    with op.batch_alter_table("tracing_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tracing_action_case_id"))

    op.drop_table("tracing_action")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_action_owner")
        batch_op.drop_index("ix_plan_action_open")

    op.drop_table("plan_action")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_placement_running",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_placement_facility_id"))
        batch_op.drop_index(batch_op.f("ix_placement_decision_id"))
        batch_op.drop_index("ix_placement_case")

    op.drop_table("placement")
    op.drop_table("deadline_notice")
    with op.batch_alter_table("deadline_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deadline_change_deadline_id"))

    op.drop_table("deadline_change")
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
    op.drop_table("transition_plan")
    with op.batch_alter_table("tracing", schema=None) as batch_op:
        batch_op.drop_index("ix_tracing_case")

    op.drop_table("tracing")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_role")
        batch_op.drop_index("ix_task_person")
        batch_op.drop_index("ix_task_case")

    op.drop_table("task")
    with op.batch_alter_table("sensitive_request", schema=None) as batch_op:
        batch_op.drop_index("ix_sensitive_request_open")

    op.drop_table("sensitive_request")
    with op.batch_alter_table("reopening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reopening_case_id"))

    op.drop_table("reopening")
    with op.batch_alter_table("pack_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pack_move_case_id"))

    op.drop_table("pack_move")
    with op.batch_alter_table("non_refoulement_check", schema=None) as batch_op:
        batch_op.drop_index("ix_non_refoulement_case")

    op.drop_table("non_refoulement_check")
    with op.batch_alter_table("movement_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_movement_hold_case")

    op.drop_table("movement_hold")
    with op.batch_alter_table("legal_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_offer_case_id"))

    op.drop_table("legal_offer")
    with op.batch_alter_table("interpreter", schema=None) as batch_op:
        batch_op.drop_index("ix_interpreter_case")

    op.drop_table("interpreter")
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_row_case_id"))

    op.drop_table("imported_row")
    with op.batch_alter_table("home_study", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_study_case_id"))

    op.drop_table("home_study")
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_index("ix_guardian_person")
        batch_op.drop_index("ix_guardian_case")

    op.drop_table("guardian")
    with op.batch_alter_table("follow_up_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_report_case_id"))

    op.drop_table("follow_up_report")
    with op.batch_alter_table("facility_staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_staff_person_id"))
        batch_op.drop_index(batch_op.f("ix_facility_staff_facility_id"))

    op.drop_table("facility_staff")
    with op.batch_alter_table("facility_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_exception_facility_id"))
        batch_op.drop_index(batch_op.f("ix_facility_exception_case_id"))

    op.drop_table("facility_exception")
    with op.batch_alter_table("emergency_action", schema=None) as batch_op:
        batch_op.drop_index("ix_emergency_case")
        batch_op.drop_index(batch_op.f("ix_emergency_action_is_crossing"))

    op.drop_table("emergency_action")
    op.drop_table("effect")
    with op.batch_alter_table("detention", schema=None) as batch_op:
        batch_op.drop_index("ix_detention_released")
        batch_op.drop_index("ix_detention_case")

    op.drop_table("detention")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index("ix_deadline_sweep")
        batch_op.drop_index("ix_deadline_open")
        batch_op.drop_index("ix_deadline_due")
        batch_op.drop_index("ix_deadline_code")

    op.drop_table("deadline")
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_attempt_case")

    op.drop_table("contact_attempt")
    with op.batch_alter_table("consent_withhold", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_withhold_case")

    op.drop_table("consent_withhold")
    with op.batch_alter_table("consent_override", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_override_case")

    op.drop_table("consent_override")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_case")

    op.drop_table("consent")
    with op.batch_alter_table("coming_of_age", schema=None) as batch_op:
        batch_op.drop_index("ix_coming_of_age_look")

    op.drop_table("coming_of_age")
    with op.batch_alter_table("closing_request", schema=None) as batch_op:
        batch_op.drop_index("ix_closing_request_case")

    op.drop_table("closing_request")
    with op.batch_alter_table("child_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_link_other_id"))
        batch_op.drop_index(batch_op.f("ix_child_link_case_id"))

    op.drop_table("child_link")
    with op.batch_alter_table("case_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_plan_current",
            sqlite_where=sa.text("status <> 'superseded'"),
            postgresql_where=sa.text("status <> 'superseded'"),
        )
        batch_op.drop_index(batch_op.f("ix_case_plan_decision_id"))
        batch_op.drop_index(batch_op.f("ix_case_plan_case_id"))

    op.drop_table("case_plan")
    with op.batch_alter_table("case_name_key", schema=None) as batch_op:
        batch_op.drop_index("ix_case_name_key_key")

    op.drop_table("case_name_key")
    with op.batch_alter_table("case_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_merge_losing_id"))
        batch_op.drop_index(batch_op.f("ix_case_merge_kept_id"))

    op.drop_table("case_merge")
    with op.batch_alter_table("case_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_case_hold_review")
        batch_op.drop_index("ix_case_hold_case")

    op.drop_table("case_hold")
    with op.batch_alter_table("case_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_history_case_id"))

    op.drop_table("case_history")
    with op.batch_alter_table("case_external_id", schema=None) as batch_op:
        batch_op.drop_index("ix_case_external_id_key")
        batch_op.drop_index(batch_op.f("ix_case_external_id_case_id"))

    op.drop_table("case_external_id")
    with op.batch_alter_table("case_erasure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_erasure_case_id"))

    op.drop_table("case_erasure")
    with op.batch_alter_table("case_blocker", schema=None) as batch_op:
        batch_op.drop_index("ix_case_blocker_case")

    op.drop_table("case_blocker")
    with op.batch_alter_table("case_bar", schema=None) as batch_op:
        batch_op.drop_index("ix_case_bar_person")

    op.drop_table("case_bar")
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.drop_index("ix_case_access_ref")
        batch_op.drop_index("ix_case_access_person")
        batch_op.drop_index("ix_case_access_case")

    op.drop_table("case_access")
    with op.batch_alter_table("bid_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bid_report_checker_person"))
        batch_op.drop_index(batch_op.f("ix_bid_report_case_id"))
        batch_op.drop_index(batch_op.f("ix_bid_report_assessor_person"))

    op.drop_table("bid_report")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_case")

    op.drop_table("attachment")
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
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.drop_index("ix_facility_place")

    op.drop_table("facility")
    op.drop_table("case_local_number")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_owner")
        batch_op.drop_index("ix_case_office_state")
        batch_op.drop_index("ix_case_office_open")
        batch_op.drop_index("ix_case_hold")
        batch_op.drop_index(batch_op.f("ix_case_file_supervisor_person"))
        batch_op.drop_index(batch_op.f("ix_case_file_retain_until"))
        batch_op.drop_index(batch_op.f("ix_case_file_merged_into"))
        batch_op.drop_index("ix_case_detained")
        batch_op.drop_index("ix_case_country_state")
        batch_op.drop_index("ix_case_country_open")

    op.drop_table("case_file")
