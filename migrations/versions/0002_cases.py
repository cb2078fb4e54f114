"""Everything about a child's case."""

from migrations.cases_0002 import assessing, care, files, people, turns, work

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTS = (files, turns, people, assessing, care, work)


def upgrade() -> None:
    for part in PARTS:
        part.upgrade()


def downgrade() -> None:
    for part in reversed(PARTS):
        part.downgrade()
