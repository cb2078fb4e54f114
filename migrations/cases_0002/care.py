"""Plans, places, facilities and following a child afterwards."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
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
    """Remove the tables."""
    with op.batch_alter_table("follow_up_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_visit_due")
        batch_op.drop_index(batch_op.f("ix_follow_up_visit_case_id"))

    op.drop_table("follow_up_visit")
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
    with op.batch_alter_table("home_study", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_study_case_id"))

    op.drop_table("home_study")
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
    with op.batch_alter_table("case_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_plan_current",
            sqlite_where=sa.text("status <> 'superseded'"),
            postgresql_where=sa.text("status <> 'superseded'"),
        )
        batch_op.drop_index(batch_op.f("ix_case_plan_decision_id"))
        batch_op.drop_index(batch_op.f("ix_case_plan_case_id"))

    op.drop_table("case_plan")
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.drop_index("ix_facility_place")

    op.drop_table("facility")
