"""Queries about children in detention."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from cases.tables.detention import DetentionRow


def lock_open(session: Session, case_id: str) -> DetentionRow | None:
    """Return and hold the detention of a child that lasts."""
    query = select(DetentionRow).where(DetentionRow.open_case == case_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def is_open(session: Session, case_id: str) -> bool:
    """Whether a child is in detention now."""
    query = select(DetentionRow.id).where(DetentionRow.open_case == case_id)
    return session.exec(query.limit(1)).first() is not None


def of_case(session: Session, case_id: str) -> Sequence[DetentionRow]:
    """Return every detention of a child, oldest first."""
    query = select(DetentionRow).where(DetentionRow.case_id == case_id)
    return session.exec(query.order_by(col(DetentionRow.since), col(DetentionRow.id))).all()


def last_released_at(session: Session, case_id: str) -> datetime | None:
    """Return when a child was last released."""
    query = select(DetentionRow.released_at).where(
        DetentionRow.case_id == case_id, col(DetentionRow.released_at).is_not(None)
    )
    return session.exec(query.order_by(col(DetentionRow.released_at).desc()).limit(1)).first()
