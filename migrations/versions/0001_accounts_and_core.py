"""Accounts, audit, keys, messages: what every installation has."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", core.db.UtcDateTime(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_actor", ["account_id", "n"], unique=False)
        batch_op.create_index("ix_audit_case", ["case_id", "n"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("master_key", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("erased_at", core.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("owner", name=op.f("uq_data_key_owner")),
    )
    with op.batch_alter_table("data_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_key_master_key"), ["master_key"], unique=False)

    op.create_table(
        "idempotency",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_idempotency_account_id_key")),
    )
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_created_at"), ["created_at"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("read_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("read_by", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_person", ["person_id", "read_at", "made_at"], unique=False)
        batch_op.create_index(
            "ix_notice_role", ["role", "scope", "ref", "read_at", "made_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_subject"), ["subject"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("posted_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("run_after", core.db.UtcDateTime(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", core.db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", core.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_pending", ["sent_at", "run_after"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_subject"), ["subject"], unique=False)

    op.create_table(
        "person",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("count", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_failed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("last_failed_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("known_until", core.db.UtcDateTime(), nullable=True),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_throttle")),
        sa.UniqueConstraint("key", name=op.f("uq_sign_in_throttle_key")),
    )
    with op.batch_alter_table("sign_in_throttle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_throttle_made_at"), ["made_at"], unique=False)

    op.create_table(
        "turn",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_turn")),
    )
    op.create_table(
        "wakeup",
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("done_seq", sa.Integer(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), nullable=False),
        sa.Column("woken_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("run_after", core.db.UtcDateTime(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", core.db.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_wakeup")),
    )
    with op.batch_alter_table("wakeup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wakeup_claimed_by"), ["claimed_by"], unique=False)
        batch_op.create_index(
            "ix_wakeup_pending", ["is_pending", "run_after", "woken_at"], unique=False
        )

    op.create_table(
        "account",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("login_key", sa.String(length=32), nullable=False),
        sa.Column("restricted", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login_key", name=op.f("uq_account_login_key")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("ix_account_country_id", ["country", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_person_id"), ["person_id"], unique=False)

    op.create_table(
        "account_invitation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("used_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_invitation_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_invitation_token_hash")),
    )
    with op.batch_alter_table("account_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_invitation_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "machine_token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("used_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_machine_token_answered_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_machine_token_token_hash")),
    )
    with op.batch_alter_table("machine_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_machine_token_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_machine_token_country"), ["country"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "account_id", "code_hash", name=op.f("uq_recovery_code_account_id_code_hash")
        ),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("starts_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("given_by", sa.String(length=36), nullable=False),
        sa.Column("given_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_role_grant_holders", ["role", "scope", "ref", "ended_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_role_grant_open",
            ["account_id", "role", "scope", "ref"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "second_factor",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("sensitive", sa.LargeBinary(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("made_at", core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint(
            "account_id", "is_confirmed", name=op.f("uq_second_factor_account_id_is_confirmed")
        ),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("csrf_hash", sa.String(length=64), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("rights", sa.String(length=64), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("seen_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sign_in_session_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "sign_in_ticket",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("used_at", core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_ticket_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_ticket_token_hash")),
    )
    with op.batch_alter_table("sign_in_ticket", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_ticket_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sign_in_ticket_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "machine_grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["machine_token.id"], name=op.f("fk_machine_grant_token_id_machine_token")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_grant")),
        sa.UniqueConstraint(
            "token_id",
            "role",
            "scope",
            "ref",
            name=op.f("uq_machine_grant_token_id_role_scope_ref"),
        ),
    )


def downgrade() -> None:
    op.drop_table("machine_grant")
    with op.batch_alter_table("sign_in_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_ticket_ends_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_ticket_account_id"))

    op.drop_table("sign_in_ticket")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_ends_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    op.drop_table("second_factor")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_grant_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))
        batch_op.drop_index("ix_role_grant_holders")
        batch_op.drop_index(batch_op.f("ix_role_grant_account_id"))

    op.drop_table("role_grant")
    op.drop_table("recovery_code")
    with op.batch_alter_table("machine_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_machine_token_country"))
        batch_op.drop_index(batch_op.f("ix_machine_token_answered_by"))

    op.drop_table("machine_token")
    with op.batch_alter_table("account_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_invitation_account_id"))

    op.drop_table("account_invitation")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_person_id"))
        batch_op.drop_index("ix_account_country_id")

    op.drop_table("account")
    with op.batch_alter_table("wakeup", schema=None) as batch_op:
        batch_op.drop_index("ix_wakeup_pending")
        batch_op.drop_index(batch_op.f("ix_wakeup_claimed_by"))

    op.drop_table("wakeup")
    op.drop_table("turn")
    with op.batch_alter_table("sign_in_throttle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_throttle_made_at"))

    op.drop_table("sign_in_throttle")
    op.drop_table("person")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_subject"))
        batch_op.drop_index("ix_outbox_pending")

    op.drop_table("outbox")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_subject"))
        batch_op.drop_index("ix_notice_role")
        batch_op.drop_index("ix_notice_person")

    op.drop_table("notice")
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_created_at"))

    op.drop_table("idempotency")
    with op.batch_alter_table("data_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_key_master_key"))

    op.drop_table("data_key")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_case")
        batch_op.drop_index("ix_audit_actor")

    op.drop_table("audit")
