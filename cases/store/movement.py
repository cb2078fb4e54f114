"""Queries about reasons against a movement abroad."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from cases.tables.movement import MovementHoldRow
from core.ids import new_id
from core.upsert import insert_once


def keep_once(
    session: Session, case_id: str, reason: str, ref: str, *, person_id: str, now: datetime
) -> bool:
    """Insert a reason unless the same one stands; safe with two writers."""
    values = {
        "id": new_id(),
        "case_id": case_id,
        "reason": reason,
        "ref": ref,
        "open_key": open_key(case_id, reason, ref),
        "placed_by": person_id,
        "placed_at": now,
    }
    table = MovementHoldRow.__table__  # type: ignore[attr-defined]
    return insert_once(session, table, values, unique=["open_key"])


def lock_open(
    session: Session, case_id: str, reason: str, ref: str | None
) -> Sequence[MovementHoldRow]:
    """Return and hold the standing reasons of one kind, all of them or those with one ref."""
    query = select(MovementHoldRow).where(
        MovementHoldRow.case_id == case_id,
        MovementHoldRow.reason == reason,
        col(MovementHoldRow.released_at).is_(None),
    )
    if ref is not None:
        query = query.where(MovementHoldRow.ref == ref)
    return session.exec(query.with_for_update()).all()


def open_of(session: Session, case_id: str) -> Sequence[MovementHoldRow]:
    """Return the reasons that stand, oldest first."""
    query = select(MovementHoldRow).where(
        MovementHoldRow.case_id == case_id, col(MovementHoldRow.released_at).is_(None)
    )
    order = (col(MovementHoldRow.placed_at), col(MovementHoldRow.reason), col(MovementHoldRow.ref))
    return session.exec(query.order_by(*order)).all()


def open_key(case_id: str, reason: str, ref: str) -> str:
    """Return the key under which a reason stands once."""
    return f"{case_id}:{reason}:{ref}"
