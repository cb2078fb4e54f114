"""Queries about the end of a case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.closing import BlockerRow, ClosingRow, ContactAttemptRow, ReopeningRow
from core.ids import new_id
from core.upsert import insert_once


def lock_open(session: Session, case_id: str) -> ClosingRow | None:
    """Return and hold the request to close that waits for an answer."""
    query = select(ClosingRow).where(ClosingRow.open_case == case_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def requests_of(session: Session, case_id: str) -> Sequence[ClosingRow]:
    """Return every request to close a case, oldest first."""
    query = select(ClosingRow).where(ClosingRow.case_id == case_id)
    return session.exec(query.order_by(col(ClosingRow.asked_at), col(ClosingRow.id))).all()


def reopenings_of(session: Session, case_id: str) -> Sequence[ReopeningRow]:
    """Return every reopening of a case, oldest first."""
    query = select(ReopeningRow).where(ReopeningRow.case_id == case_id)
    return session.exec(query.order_by(col(ReopeningRow.n))).all()


def attempts_of(session: Session, case_id: str) -> Sequence[ContactAttemptRow]:
    """Return every attempt to reach a child, oldest first."""
    query = select(ContactAttemptRow).where(ContactAttemptRow.case_id == case_id)
    order = (col(ContactAttemptRow.tried_at), col(ContactAttemptRow.id))
    return session.exec(query.order_by(*order)).all()


def keep_blocker(session: Session, case_id: str, code: str, ref: str, *, now: datetime) -> bool:
    """Insert a blocker unless the same one stands; safe with two writers."""
    values = {
        "id": new_id(),
        "case_id": case_id,
        "code": code,
        "ref": ref,
        "open_key": f"{case_id}:{code}:{ref}",
        "opened_at": now,
    }
    table = BlockerRow.__table__  # type: ignore[attr-defined]
    return insert_once(session, table, values, unique=["open_key"])


def clear_blocker(session: Session, case_id: str, code: str, ref: str, *, now: datetime) -> int:
    """Clear a blocker that stands; return how many did."""
    table: Any = BlockerRow.__table__  # type: ignore[attr-defined]
    done = session.execute(
        sa.update(table)
        .where(table.c.open_key == f"{case_id}:{code}:{ref}")
        .values(open_key=None, cleared_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def blockers_of(session: Session, case_id: str) -> Sequence[BlockerRow]:
    """Return the blockers that stand, oldest first."""
    query = select(BlockerRow).where(
        BlockerRow.case_id == case_id, col(BlockerRow.cleared_at).is_(None)
    )
    return session.exec(query.order_by(col(BlockerRow.opened_at), col(BlockerRow.id))).all()
