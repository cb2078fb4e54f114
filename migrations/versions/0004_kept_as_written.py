"""The database itself refuses to change or remove what is only ever added.

Everything is written out here: what this migration did stays what it does. When a later table or column needs a
guard, or a rebuilt table lost its own, a new migration puts it on; a test compares the guards of the newest
database with those the code declares.
"""

from collections.abc import Iterator

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FUNCTIONS = (
    (
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'the audit log is append-only'; END$$"
    ),
    (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'this record is never changed or removed'; END$$"
    ),
)
# Tables of which nothing changes, and tables with the columns that do not.
KEPT: dict[str, tuple[str, ...]] = {
    "case_history": (),
    "vote": (),
    "vote_opinion": (),
    "determination_dissent": (),
    "determination_signature": (),
    "minutes_signature": (),
    "quorum_log": (),
    "sitting_event": (),
    "attendance": (),
    "determination": (
        "abstained", "care_type", "case_id", "content_hash", "corrects_id", "decided_at", "decided_on",
        "destination", "gives_sibling_reason", "id", "is_abroad", "item_id", "number", "option_ref", "outcome",
        "quorum_ref", "recorded_at", "recorded_by", "report_id", "restricted", "review_on", "root_id", "rule_used",
        "secondary", "sitting_id", "supersedes_id", "valid_until", "views_weight", "voters", "votes_for",
        "votes_other",
    ),
    "minutes": (
        "content_hash", "corrects_id", "drafted_at", "drafted_by", "id", "number", "restricted", "sitting_id",
    ),
}  # fmt: skip


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _sqlite() if sqlite else (*FUNCTIONS, *_postgresql()):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in (f"{table}_no_update", f"{table}_no_delete"):
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    for name in ("audit_no_UPDATE", "audit_no_DELETE") if sqlite else ("audit_no_change ON audit",):
        op.execute(f"DROP TRIGGER {name}")
    for name in () if sqlite else ("refuse_change", "audit_append_only"):
        op.execute(f"DROP FUNCTION {name}")


def _events() -> Iterator[tuple[str, str, str]]:
    for table, columns in KEPT.items():
        of_columns = f" OF {', '.join(columns)}" if columns else ""
        yield table, f"{table}_no_update", f"UPDATE{of_columns}"
        yield table, f"{table}_no_delete", "DELETE"


def _sqlite() -> Iterator[str]:
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER audit_no_{event} BEFORE {event} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
    for table, name, event in _events():
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'this record is never changed or removed'); END"
        )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    )
    for table, name, event in _events():
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
