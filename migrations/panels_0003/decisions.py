"""Deferrals, determinations and what follows them."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "deferral",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("report_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("emergency_id", sa.String(length=36), nullable=True),
        sa.Column("deferred_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("due_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("deferred_by", sa.String(length=36), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_deferral_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_deferral_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferral")),
        sa.UniqueConstraint("item_id", name=op.f("uq_deferral_item_id")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_deferral_report_id_number")),
    )
    with op.batch_alter_table("deferral", schema=None) as batch_op:
        batch_op.create_index("ix_deferral_case", ["case_id", "deferred_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deferral_sitting_id"), ["sitting_id"], unique=False)
    op.create_table(
        "determination",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("sitting_id", sa.String(length=36), nullable=True),
        sa.Column("root_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.String(length=36), nullable=True),
        sa.Column("supersedes_id", sa.String(length=36), nullable=True),
        sa.Column("pending_case", sa.String(length=36), nullable=True),
        sa.Column("current_case", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("report_id", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("secondary", sa.String(length=32), nullable=False),
        sa.Column("destination", sa.String(length=2), nullable=False),
        sa.Column("is_abroad", sa.Boolean(), nullable=False),
        sa.Column("care_type", sa.String(length=32), nullable=False),
        sa.Column("option_ref", sa.String(length=20), nullable=False),
        sa.Column("views_weight", sa.String(length=20), nullable=False),
        sa.Column("gives_sibling_reason", sa.Boolean(), nullable=False),
        sa.Column("rule_used", sa.String(length=20), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_other", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("voters", sa.JSON(), nullable=False),
        sa.Column("quorum_ref", sa.String(length=36), nullable=False),
        sa.Column("decided_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("sealed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["determination.id"],
            name=op.f("fk_determination_corrects_id_determination"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_determination_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_determination_sitting_id_sitting")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["determination.id"],
            name=op.f("fk_determination_supersedes_id_determination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determination")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_determination_corrects_id")),
        sa.UniqueConstraint("current_case", name=op.f("uq_determination_current_case")),
        sa.UniqueConstraint("pending_case", name=op.f("uq_determination_pending_case")),
        sa.UniqueConstraint("root_id", "number", name=op.f("uq_determination_root_id_number")),
    )
    with op.batch_alter_table("determination", schema=None) as batch_op:
        batch_op.create_index("ix_determination_case", ["case_id", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_determination_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_determination_sitting", ["sitting_id", "state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_determination_supersedes_id"), ["supersedes_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_determination_valid_until"), ["valid_until"], unique=False
        )
    op.create_table(
        "appeal",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("determination_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("open_case", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("received_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("suspensive", sa.Boolean(), nullable=False),
        sa.Column("lodged_by", sa.String(length=36), nullable=False),
        sa.Column("lodged_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("decided_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("hearers", sa.JSON(), nullable=False),
        sa.Column("replacement_id", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["determination_id"],
            ["determination.id"],
            name=op.f("fk_appeal_determination_id_determination"),
        ),
        sa.ForeignKeyConstraint(
            ["replacement_id"],
            ["determination.id"],
            name=op.f("fk_appeal_replacement_id_determination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("open_case", name=op.f("uq_appeal_open_case")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index("ix_appeal_case", ["case_id", "received_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_appeal_determination_id"), ["determination_id"], unique=False
        )
    op.create_table(
        "communication",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("determination_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("told_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("explained_by", sa.String(length=36), nullable=False),
        sa.Column("reaction", sa.String(length=20), nullable=False),
        sa.Column("window_ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("waived_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("waived_by", sa.String(length=36), nullable=True),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["determination_id"],
            ["determination.id"],
            name=op.f("fk_communication_determination_id_determination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communication")),
        sa.UniqueConstraint("determination_id", name=op.f("uq_communication_determination_id")),
    )
    with op.batch_alter_table("communication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communication_case_id"), ["case_id"], unique=False)
    op.create_table(
        "deferral_question",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deferral_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deferral_id"], ["deferral.id"], name=op.f("fk_deferral_question_deferral_id_deferral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferral_question")),
        sa.UniqueConstraint(
            "deferral_id", "number", name=op.f("uq_deferral_question_deferral_id_number")
        ),
    )
    with op.batch_alter_table("deferral_question", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deferral_question_owner", ["owner_id", "answered_at"], unique=False
        )
    op.create_table(
        "determination_dissent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("determination_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["determination_id"],
            ["determination.id"],
            name=op.f("fk_determination_dissent_determination_id_determination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determination_dissent")),
        sa.UniqueConstraint(
            "determination_id",
            "person_id",
            name=op.f("uq_determination_dissent_determination_id_person_id"),
        ),
    )
    op.create_table(
        "determination_review",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("determination_id", sa.String(length=36), nullable=False),
        sa.Column("open_key", sa.String(length=80), nullable=True),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("requested_by", sa.String(length=36), nullable=False),
        sa.Column("requested_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("conclusion", sa.String(length=12), nullable=False),
        sa.Column("concluded_by", sa.String(length=36), nullable=True),
        sa.Column("concluded_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("reviewers", sa.JSON(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["determination_id"],
            ["determination.id"],
            name=op.f("fk_determination_review_determination_id_determination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determination_review")),
        sa.UniqueConstraint("open_key", name=op.f("uq_determination_review_open_key")),
    )
    with op.batch_alter_table("determination_review", schema=None) as batch_op:
        batch_op.create_index(
            "ix_determination_review_case", ["case_id", "requested_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_determination_review_determination_id"),
            ["determination_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_determination_review_due_on"), ["due_on"], unique=False
        )
    op.create_table(
        "determination_signature",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("determination_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["determination_id"],
            ["determination.id"],
            name=op.f("fk_determination_signature_determination_id_determination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determination_signature")),
        sa.UniqueConstraint(
            "determination_id",
            "person_id",
            name=op.f("uq_determination_signature_determination_id_person_id"),
        ),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("determination_signature")
    with op.batch_alter_table("determination_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_determination_review_due_on"))
        batch_op.drop_index(batch_op.f("ix_determination_review_determination_id"))
        batch_op.drop_index("ix_determination_review_case")

    op.drop_table("determination_review")
    op.drop_table("determination_dissent")
    with op.batch_alter_table("deferral_question", schema=None) as batch_op:
        batch_op.drop_index("ix_deferral_question_owner")

    op.drop_table("deferral_question")
    with op.batch_alter_table("communication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communication_case_id"))

    op.drop_table("communication")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_determination_id"))
        batch_op.drop_index("ix_appeal_case")

    op.drop_table("appeal")
    with op.batch_alter_table("determination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_determination_valid_until"))
        batch_op.drop_index(batch_op.f("ix_determination_supersedes_id"))
        batch_op.drop_index("ix_determination_sitting")
        batch_op.drop_index(batch_op.f("ix_determination_item_id"))
        batch_op.drop_index("ix_determination_case")

    op.drop_table("determination")
    with op.batch_alter_table("deferral", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deferral_sitting_id"))
        batch_op.drop_index("ix_deferral_case")

    op.drop_table("deferral")
