"""The file itself: who it is about, how it is found, who may see it."""

import sqlalchemy as sa
from alembic import op

import core.db


def upgrade() -> None:
    """Make the tables."""
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


def downgrade() -> None:
    """Remove the tables."""
    with op.batch_alter_table("sensitive_request", schema=None) as batch_op:
        batch_op.drop_index("ix_sensitive_request_open")

    op.drop_table("sensitive_request")
    with op.batch_alter_table("pack_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pack_move_case_id"))

    op.drop_table("pack_move")
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_row_case_id"))

    op.drop_table("imported_row")
    with op.batch_alter_table("case_name_key", schema=None) as batch_op:
        batch_op.drop_index("ix_case_name_key_key")

    op.drop_table("case_name_key")
    with op.batch_alter_table("case_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_history_case_id"))

    op.drop_table("case_history")
    with op.batch_alter_table("case_external_id", schema=None) as batch_op:
        batch_op.drop_index("ix_case_external_id_key")
        batch_op.drop_index(batch_op.f("ix_case_external_id_case_id"))

    op.drop_table("case_external_id")
    with op.batch_alter_table("case_bar", schema=None) as batch_op:
        batch_op.drop_index("ix_case_bar_person")

    op.drop_table("case_bar")
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.drop_index("ix_case_access_ref")
        batch_op.drop_index("ix_case_access_person")
        batch_op.drop_index("ix_case_access_case")

    op.drop_table("case_access")
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
