"""Which notices people also want by mail."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_wish",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("by_mail", sa.String(length=12), nullable=False),
        sa.Column("changed_at", core.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_wish")),
    )


def downgrade() -> None:
    op.drop_table("notice_wish")
