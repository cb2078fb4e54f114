"""The panel as a body: seats, members, rules, undertakings."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "full_panel_demand",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("demanded_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_full_panel_demand")),
        sa.UniqueConstraint(
            "case_id", "by", "person_id", name=op.f("uq_full_panel_demand_case_id_by_person_id")
        ),
    )
    with op.batch_alter_table("full_panel_demand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_full_panel_demand_case_id"), ["case_id"], unique=False)
    op.create_table(
        "panel",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("rules_number", sa.Integer(), nullable=False),
        sa.Column("terms_number", sa.Integer(), nullable=False),
        sa.Column("created_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("code", name=op.f("uq_panel_code")),
    )
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.create_index("ix_panel_place", ["country", "district"], unique=False)
    op.create_table(
        "panel_rules",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_rules_panel_id_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_rules")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_panel_rules_panel_id_number")),
    )
    op.create_table(
        "panel_seat",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("agency", sa.String(length=60), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_seat_panel_id_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seat")),
    )
    with op.batch_alter_table("panel_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_seat_panel_id"), ["panel_id"], unique=False)
    op.create_table(
        "panel_terms",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_terms_panel_id_panel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_terms")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_panel_terms_panel_id_number")),
    )
    op.create_table(
        "panel_member",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("seat_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("alternate_rank", sa.Integer(), nullable=False),
        sa.Column("term_from", sa.Date(), nullable=False),
        sa.Column("term_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name=op.f("fk_panel_member_panel_id_panel")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["panel_seat.id"], name=op.f("fk_panel_member_seat_id_panel_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_member")),
        sa.UniqueConstraint(
            "seat_id",
            "person_id",
            "term_from",
            name=op.f("uq_panel_member_seat_id_person_id_term_from"),
        ),
    )
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_member_panel_id"), ["panel_id"], unique=False)
        batch_op.create_index("ix_panel_member_person", ["person_id", "panel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_panel_member_seat_id"), ["seat_id"], unique=False)
    op.create_table(
        "panel_training",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["panel_member.id"],
            name=op.f("fk_panel_training_member_id_panel_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_training")),
        sa.UniqueConstraint(
            "member_id",
            "subject",
            "completed_on",
            name=op.f("uq_panel_training_member_id_subject_completed_on"),
        ),
    )
    op.create_table(
        "panel_undertaking",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["panel_member.id"],
            name=op.f("fk_panel_undertaking_member_id_panel_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_undertaking")),
    )
    with op.batch_alter_table("panel_undertaking", schema=None) as batch_op:
        batch_op.create_index(
            "ix_panel_undertaking_member", ["member_id", "valid_until"], unique=False
        )


def downgrade() -> None:
    """Remove the tables."""
    with op.batch_alter_table("panel_undertaking", schema=None) as batch_op:
        batch_op.drop_index("ix_panel_undertaking_member")

    op.drop_table("panel_undertaking")
    op.drop_table("panel_training")
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_member_seat_id"))
        batch_op.drop_index("ix_panel_member_person")
        batch_op.drop_index(batch_op.f("ix_panel_member_panel_id"))

    op.drop_table("panel_member")
    op.drop_table("panel_terms")
    with op.batch_alter_table("panel_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_seat_panel_id"))

    op.drop_table("panel_seat")
    op.drop_table("panel_rules")
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.drop_index("ix_panel_place")

    op.drop_table("panel")
    with op.batch_alter_table("full_panel_demand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_full_panel_demand_case_id"))

    op.drop_table("full_panel_demand")
