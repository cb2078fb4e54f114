"""The people around the child, what she agreed to, and the search for her family."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
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


def downgrade() -> None:
    """Remove the tables."""
    with op.batch_alter_table("tracing_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tracing_action_case_id"))

    op.drop_table("tracing_action")
    op.drop_table("transition_plan")
    with op.batch_alter_table("tracing", schema=None) as batch_op:
        batch_op.drop_index("ix_tracing_case")

    op.drop_table("tracing")
    with op.batch_alter_table("legal_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_offer_case_id"))

    op.drop_table("legal_offer")
    with op.batch_alter_table("interpreter", schema=None) as batch_op:
        batch_op.drop_index("ix_interpreter_case")

    op.drop_table("interpreter")
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_index("ix_guardian_person")
        batch_op.drop_index("ix_guardian_case")

    op.drop_table("guardian")
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
    with op.batch_alter_table("child_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_link_other_id"))
        batch_op.drop_index(batch_op.f("ix_child_link_case_id"))

    op.drop_table("child_link")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_case")

    op.drop_table("attachment")
