"""Papers are found by the record they print, in every language and for every reader, so that they end with it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("issued_paper", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("record", sa.String(length=32), nullable=False, server_default="")
        )
        batch_op.drop_index("ix_issued_paper_series")
        batch_op.create_index("ix_issued_paper_record", ["record"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("issued_paper", schema=None) as batch_op:
        batch_op.drop_index("ix_issued_paper_record")
        batch_op.create_index("ix_issued_paper_series", ["series", "edition"], unique=False)
        batch_op.drop_column("record")
