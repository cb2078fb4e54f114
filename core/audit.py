"""The audit log: append-only, hash-chained, in domain terms; every write, read, export, print and refusal.

Rows hold ids and codes, never a child's data. Each row's hash covers the one before it, so a changed, removed
or inserted row breaks the chain at that row. Entries of one unit of work are buffered and chained just before
commit, so that the head is locked for a moment only and no two writers take the same number.

Source: DOM-R50, DOM-4.9/audit.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from operator import attrgetter, itemgetter
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Field, Session, SQLModel, select

from core.actors import Actor
from core.db import UtcDateTime, is_sqlite
from core.upsert import insert_for

BEGINNING: Final = "0" * 64
_BUFFER: Final = "audit"


class AuditRow(SQLModel, table=True):
    """One thing somebody did or saw. Inserted, never updated or deleted (triggers refuse both)."""

    __tablename__ = "audit"
    __table_args__ = (
        sa.Index("ix_audit_case", "case_id", "n"),
        sa.Index("ix_audit_actor", "account_id", "n"),
    )

    n: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(sa_type=UtcDateTime)
    account_id: str = Field(max_length=36)
    person_id: str = Field(max_length=36)
    action: str = Field(max_length=60)
    thing: str = Field(max_length=40)
    thing_id: str = Field(max_length=64)
    case_id: str | None = Field(default=None, max_length=36)
    detail: str = Field(default="{}")
    request_id: str = Field(default="", max_length=36)
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


_TABLE: Final = AuditRow.__table__  # type: ignore[attr-defined]


class AuditHeadRow(SQLModel, table=True):
    """The last number and hash of the chain; locked while rows are appended."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    n: int = Field(default=0, sa_type=sa.BigInteger)
    hash: str = Field(default=BEGINNING, max_length=64)


@dataclass(frozen=True)
class Entry:
    """What is chained: the row without its hash. ``at`` is ISO 8601 UTC with microseconds."""

    at: str
    account_id: str
    person_id: str
    action: str
    thing: str
    thing_id: str
    case_id: str | None
    detail: str
    request_id: str


# A million rows are hashed and checked in a minute: no copies, and one encoder for all.
_NAMES: Final = tuple(field.name for field in fields(Entry))
_of_entry: Final = attrgetter(*_NAMES)
_of_row: Final = itemgetter(*_NAMES)
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_detail: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True)
class Verdict:
    """What verification found. ``first_bad`` is the number of the first row that does not fit."""

    rows: int
    head: str
    first_bad: int | None = None
    reason: str | None = None

    @property
    def holds(self) -> bool:
        """Whether every row fits."""
        return self.first_bad is None


def record(
    session: Session,
    actor: Actor,
    action: str,
    *,
    thing: str,
    thing_id: str,
    now: datetime,
    case_id: str | None = None,
    fields: Iterable[str] = (),
    codes: dict[str, str | int | bool | None] | None = None,
) -> None:
    """Note that the actor did or saw something; stored when the unit of work commits.

    Args:
        session: the unit of work of the act itself, so that neither exists without the other.
        actor: who; the procedure has an actor of its own.
        action: domain term with a dot, for example ``case.read``, ``vote.cast``, ``papers.printed``.
        thing: kind of the object, for example ``case`` or ``agenda_item``.
        thing_id: its opaque id.
        now: when, aware.
        case_id: the child's case, where there is one.
        fields: names of the fields written or shown, never their values.
        codes: coded facts (states, reason codes, counts); never names or free text.
    """
    detail = {**(codes or {}), **({"fields": sorted(fields)} if fields else {})}
    entry = Entry(
        at=now.astimezone(UTC).isoformat(timespec="microseconds"),
        account_id=actor.account_id,
        person_id=actor.person_id,
        action=action,
        thing=thing,
        thing_id=thing_id,
        case_id=case_id,
        detail=_encode_detail(detail),
        request_id=actor.request_id,
    )
    session.info.setdefault(_BUFFER, []).append(entry)


def recorded(session: Session) -> Sequence[Entry]:
    """Return what this unit of work will append; for tests and for exports of one request."""
    return tuple(session.info.get(_BUFFER, ()))


def mark(session: Session) -> int:
    """Return where the buffer stands, for ``forget_since``."""
    return len(session.info.get(_BUFFER, ()))


def forget_since(session: Session, position: int) -> None:
    """Drop entries of an inner act that was rolled back while its unit of work goes on."""
    del session.info.get(_BUFFER, [])[position:]


def flush(session: Session) -> None:
    """Append the buffered entries now; the edge does not need it, ``before_commit`` calls it."""
    _append(session)


@event.listens_for(OrmSession, "before_commit")
def _append(session: OrmSession) -> None:
    if session.in_nested_transaction():  # a savepoint: the unit of work goes on
        return
    entries: list[Entry] = session.info.pop(_BUFFER, [])
    if not entries:
        return
    session.flush()  # the act's own rows first: the head is locked as briefly as possible
    head = _locked_head(session)
    rows = []
    number, prev = head.n, head.hash
    for entry in entries:
        number += 1
        digest = digest_of(number, prev, entry)
        rows.append(
            {
                **vars(entry),
                "at": datetime.fromisoformat(entry.at),
                "n": number,
                "prev_hash": prev,
                "hash": digest,
            }
        )
        prev = digest
    session.connection().execute(_TABLE.insert(), rows)
    head.n, head.hash = number, prev
    session.flush()


def _locked_head(session: OrmSession) -> AuditHeadRow:
    query = select(AuditHeadRow).with_for_update().execution_options(populate_existing=True)
    head: AuditHeadRow | None = session.execute(query).scalar_one_or_none()
    if head is None:
        first = insert_for(session)(AuditHeadRow.__table__)  # type: ignore[attr-defined]
        session.execute(first.values(id=1, n=0, hash=BEGINNING).on_conflict_do_nothing())
        head = session.execute(query).scalar_one()
    return head


@event.listens_for(OrmSession, "after_soft_rollback")
def _forget(session: OrmSession, rolled_back: SessionTransaction) -> None:
    if not rolled_back.nested:  # whoever rolls a savepoint back drops its entries with forget_since
        session.info.pop(_BUFFER, None)


def digest_of(number: int, prev: str, entry: Entry) -> str:
    """Return the hash of one row: SHA-256 over the previous hash and the canonical text."""
    return _digest(number, prev, _of_entry(entry))


def _digest(number: int, prev: str, values: Iterable[Any]) -> str:
    return sha256(f"{prev}\n{_encode([number, *values])}".encode()).hexdigest()


def rows_in_order(session: Session, *, start: int = 1) -> Iterator[dict[str, Any]]:
    """Yield rows by number as plain mappings, in batches, without keeping them."""
    table = AuditRow.__table__  # type: ignore[attr-defined]
    names = tuple(table.c.keys())
    # The stored time as it stands: making values of a million times costs more than hashing them.
    stored = sa.Text() if is_sqlite(session) else sa.DateTime(timezone=True)
    columns = [sa.type_coerce(c, stored) if c.key == "at" else c for c in table.c]
    after = start - 1
    while True:
        query = sa.select(*columns).where(table.c.n > after).order_by(table.c.n).limit(10_000)
        batch = session.connection().execute(query).all()
        if not batch:
            return
        for values in batch:
            row = dict(zip(names, values, strict=True))
            row["at"] = _iso(row["at"])
            yield row
        after = batch[-1][0]


def _iso(at: str | datetime) -> str:
    """Write a stored time (text without a zone on SQLite, a time in UTC elsewhere) as it is chained."""
    if isinstance(at, str):
        return at.replace(" ", "T", 1) + "+00:00"
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def verify(
    rows: Iterable[dict[str, Any]],
    *,
    expected_rows: int | None = None,
    expected_head: str | None = None,
) -> Verdict:
    """Check a chain, from the database or from an exported file; needs no key and no network.

    Args:
        rows: mappings with the columns of ``AuditRow`` in order of ``n``, from the first.
        expected_rows: the number of rows the head (or a noted checkpoint) claims; finds a cut tail.
        expected_head: the hash the head claims.

    Returns:
        The verdict; ``first_bad`` names the first row that does not fit, a missing one included.
    """
    number, prev = 0, BEGINNING
    for row in rows:
        number += 1
        reason = _fault(number, prev, row)
        if reason:
            return Verdict(number - 1, prev, number, reason)
        prev = row["hash"]
    if expected_rows is not None and number != expected_rows:
        return Verdict(
            number, prev, number + 1, "missing" if number < expected_rows else "beyond head"
        )
    if expected_head is not None and prev != expected_head:
        return Verdict(number, prev, max(number, 1), "head differs")
    return Verdict(number, prev)


def _fault(number: int, prev: str, row: dict[str, Any]) -> str | None:
    if row.get("n") != number:
        return "missing"
    if row.get("prev_hash") != prev:
        return "does not follow the row before"
    return None if _digest(number, prev, _of_row(row)) == row.get("hash") else "changed"


def head_of(session: Session) -> tuple[int, str]:
    """Return the number and hash the chain ends with."""
    head = session.exec(select(AuditHeadRow)).first()
    return (head.n, head.hash) if head else (0, BEGINNING)


def verify_database(session: Session) -> Verdict:
    """Check the whole chain of this database against its own head."""
    number, digest = head_of(session)
    if is_sqlite(session):
        session.connection()  # one snapshot for head and rows
    return verify(rows_in_order(session), expected_rows=number, expected_head=digest)


_SQLITE_GUARD: Final = (
    "CREATE TRIGGER audit_no_{what} BEFORE {what} ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
)
_POSTGRES_GUARD: Final = (
    (
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'the audit log is append-only'; END$$"
    ),
    (
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    ),
)


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Return what makes a database refuse to change or delete audit rows; migrations run it."""
    if dialect == "sqlite":
        return tuple(_SQLITE_GUARD.format(what=what) for what in ("UPDATE", "DELETE"))
    return _POSTGRES_GUARD


def drop_statements(dialect: str) -> tuple[str, ...]:
    """Return what takes the guards off again; only for undoing the migration that put them on."""
    if dialect == "sqlite":
        return ("DROP TRIGGER audit_no_UPDATE", "DROP TRIGGER audit_no_DELETE")
    return ("DROP TRIGGER audit_no_change ON audit", "DROP FUNCTION audit_append_only")
