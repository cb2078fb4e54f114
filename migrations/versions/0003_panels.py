"""Panels, sittings, votes, decisions and what follows them."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        "sitting",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("starts_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("rules_number", sa.Integer(), nullable=False),
        sa.Column("has_place", sa.Boolean(), nullable=False),
        sa.Column("has_link", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=True),
        sa.Column("presiding_id", sa.String(length=36), nullable=True),
        sa.Column("convened_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("created_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_sitting_panel_id_panel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index("ix_sitting_panel", ["panel_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_state"), ["state"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("live_case", sa.String(length=36), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("priority", sa.String(length=12), nullable=False),
        sa.Column("sibling_group", sa.String(length=36), nullable=False),
        sa.Column("slot_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("behind_report", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("no_casting_on", sa.JSON(), nullable=False),
        sa.Column("listed_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("papers_released_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("called_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("finished_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("finish_reason", sa.String(length=40), nullable=True),
        sa.Column("referred_to", sa.String(length=36), nullable=True),
        sa.Column("flagged_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("flag_reason", sa.String(length=40), nullable=True),
        sa.Column("flag_review_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_agenda_item_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["referred_to"], ["panel.id"], name=op.f("fk_agenda_item_referred_to_panel")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_agenda_item_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("live_case", name=op.f("uq_agenda_item_live_case")),
        sa.UniqueConstraint(
            "sitting_id", "case_id", name=op.f("uq_agenda_item_sitting_id_case_id")
        ),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_agenda_item_order", ["sitting_id", "position"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("drafted_by", sa.String(length=36), nullable=False),
        sa.Column("drafted_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("signed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["minutes.id"], name=op.f("fk_minutes_corrects_id_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_minutes_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_minutes_corrects_id")),
        sa.UniqueConstraint("sitting_id", "number", name=op.f("uq_minutes_sitting_id_number")),
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
        "quorum_log",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("moment", sa.String(length=20), nullable=False),
        sa.Column("eligible", sa.JSON(), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_quorum_log_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quorum_log")),
    )
    with op.batch_alter_table("quorum_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quorum_log_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_quorum_log_sitting", ["sitting_id", "at"], unique=False)

    op.create_table(
        "sitting_event",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_event_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_event")),
        sa.UniqueConstraint("sitting_id", "seq", name=op.f("uq_sitting_event_sitting_id_seq")),
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("corrects_id", sa.String(length=36), nullable=True),
        sa.Column("restricted", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("recorded_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["attendance.id"], name=op.f("fk_attendance_corrects_id_attendance")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_attendance_member_id_panel_member")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_attendance_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("sitting_id", "seq", name=op.f("uq_attendance_sitting_id_seq")),
    )
    op.create_table(
        "conflict",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("raised_as", sa.String(length=20), nullable=False),
        sa.Column("raised_by", sa.String(length=36), nullable=False),
        sa.Column("raised_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ruled_by", sa.String(length=36), nullable=True),
        sa.Column("ruled_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("found_late", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=True),
        sa.Column("ruling", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_conflict_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_conflict_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_conflict_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_item", ["item_id", "state"], unique=False)
        batch_op.create_index("ix_conflict_person", ["person_id", "case_id"], unique=False)

    op.create_table(
        "conflict_declaration",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("call_no", sa.Integer(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("declared_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["agenda_item.id"],
            name=op.f("fk_conflict_declaration_item_id_agenda_item"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["panel_member.id"],
            name=op.f("fk_conflict_declaration_member_id_panel_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_declaration")),
        sa.UniqueConstraint(
            "item_id",
            "member_id",
            "call_no",
            name=op.f("uq_conflict_declaration_item_id_member_id_call_no"),
        ),
    )
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
        "item_invitation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("invited_by", sa.String(length=36), nullable=False),
        sa.Column("invited_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_item_invitation_item_id_agenda_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_invitation")),
        sa.UniqueConstraint(
            "item_id", "kind", "person_id", name=op.f("uq_item_invitation_item_id_kind_person_id")
        ),
    )
    op.create_table(
        "item_paper",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("released_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("recalled_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("first_read_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("times_read", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_item_paper_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_item_paper_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_paper")),
        sa.UniqueConstraint("item_id", "member_id", name=op.f("uq_item_paper_item_id_member_id")),
    )
    with op.batch_alter_table("item_paper", schema=None) as batch_op:
        batch_op.create_index("ix_item_paper_person", ["person_id", "item_id"], unique=False)

    op.create_table(
        "minutes_signature",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("minutes_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_signature_minutes_id_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_signature")),
        sa.UniqueConstraint("minutes_id", "person_id", name="uq_minutes_signature_person"),
        sa.UniqueConstraint("minutes_id", "role", name="uq_minutes_signature_role"),
    )
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

    op.create_table(
        "sitting_roster",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["panel_member.id"],
            name=op.f("fk_sitting_roster_member_id_panel_member"),
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_roster_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_roster")),
        sa.UniqueConstraint(
            "sitting_id", "member_id", name=op.f("uq_sitting_roster_sitting_id_member_id")
        ),
    )
    with op.batch_alter_table("sitting_roster", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitting_roster_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "vote",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("seat_id", sa.String(length=36), nullable=False),
        sa.Column("cast_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("papers_unread", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_vote_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_vote_member_id_panel_member")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["panel_seat.id"], name=op.f("fk_vote_seat_id_panel_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("item_id", "round_no", "person_id", name="uq_vote_person"),
        sa.UniqueConstraint("item_id", "round_no", "seat_id", name="uq_vote_seat"),
    )
    op.create_table(
        "vote_opinion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("written_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_vote_opinion_item_id_agenda_item")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["panel_member.id"], name=op.f("fk_vote_opinion_member_id_panel_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_opinion")),
        sa.UniqueConstraint("item_id", "round_no", "person_id", name="uq_vote_opinion_once"),
    )
    op.create_table(
        "vote_round",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("facts_complete", sa.Boolean(), nullable=False),
        sa.Column("opened_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=False),
        sa.Column("closed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("annulled_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("annul_reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_vote_round_item_id_agenda_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_round")),
        sa.UniqueConstraint("item_id", "round_no", name=op.f("uq_vote_round_item_id_round_no")),
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
    op.drop_table("vote_round")
    op.drop_table("vote_opinion")
    op.drop_table("vote")
    with op.batch_alter_table("sitting_roster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_roster_member_id"))

    op.drop_table("sitting_roster")
    with op.batch_alter_table("panel_undertaking", schema=None) as batch_op:
        batch_op.drop_index("ix_panel_undertaking_member")

    op.drop_table("panel_undertaking")
    op.drop_table("panel_training")
    op.drop_table("minutes_signature")
    with op.batch_alter_table("item_paper", schema=None) as batch_op:
        batch_op.drop_index("ix_item_paper_person")

    op.drop_table("item_paper")
    op.drop_table("item_invitation")
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
    op.drop_table("conflict_declaration")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_person")
        batch_op.drop_index("ix_conflict_item")

    op.drop_table("conflict")
    op.drop_table("attendance")
    op.drop_table("sitting_event")
    with op.batch_alter_table("quorum_log", schema=None) as batch_op:
        batch_op.drop_index("ix_quorum_log_sitting")
        batch_op.drop_index(batch_op.f("ix_quorum_log_item_id"))

    op.drop_table("quorum_log")
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_member_seat_id"))
        batch_op.drop_index("ix_panel_member_person")
        batch_op.drop_index(batch_op.f("ix_panel_member_panel_id"))

    op.drop_table("panel_member")
    op.drop_table("minutes")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index("ix_agenda_item_order")
        batch_op.drop_index(batch_op.f("ix_agenda_item_case_id"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_state"))
        batch_op.drop_index(batch_op.f("ix_sitting_starts_at"))
        batch_op.drop_index("ix_sitting_panel")

    op.drop_table("sitting")
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
