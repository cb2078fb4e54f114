"""Papers that were issued, by their check code."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_paper",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("issued_at", core.db.UtcDateTime(), nullable=False),
        sa.Column("superseded_at", core.db.UtcDateTime(), nullable=True),
        sa.Column("superseded_by", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_issued_paper")),
    )
    op.create_index("ix_issued_paper_series", "issued_paper", ["series", "edition"])


def downgrade() -> None:
    op.drop_index("ix_issued_paper_series", table_name="issued_paper")
    op.drop_table("issued_paper")
