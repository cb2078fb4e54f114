"""Sittings, agenda items, who was there, conflicts, votes and minutes."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
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


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("vote_round")
    op.drop_table("vote_opinion")
    op.drop_table("vote")
    with op.batch_alter_table("sitting_roster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_roster_member_id"))

    op.drop_table("sitting_roster")
    op.drop_table("minutes_signature")
    with op.batch_alter_table("item_paper", schema=None) as batch_op:
        batch_op.drop_index("ix_item_paper_person")

    op.drop_table("item_paper")
    op.drop_table("item_invitation")
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
