"""Panels, sittings, votes, decisions and what follows them."""

from migrations.panels_0003 import decisions, panels, sittings

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTS = (panels, sittings, decisions)


def upgrade() -> None:
    for part in PARTS:
        part.upgrade()


def downgrade() -> None:
    for part in reversed(PARTS):
        part.downgrade()
