"""The database itself refuses to change or remove what is only ever added."""

from alembic import op

from cases.tables import guards as case_guards
from core import audit
from panels.tables import guards as panel_guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for part in (audit, case_guards, panel_guards):
        for statement in part.guard_statements(dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for part in (panel_guards, case_guards, audit):
        for statement in part.drop_statements(dialect):
            op.execute(statement)
