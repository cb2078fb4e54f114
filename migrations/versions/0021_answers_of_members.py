"""Whether a member who is called to a sitting comes, as the member answered."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sitting_roster", sa.Column("comes", sa.Boolean(), nullable=True))
    op.add_column("sitting_roster", sa.Column("answered_at", core.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sitting_roster", schema=None) as batch_op:
        batch_op.drop_column("answered_at")
        batch_op.drop_column("comes")
