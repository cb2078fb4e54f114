"""Queries about cases on hold."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.hold import HoldRow


def lock_open(session: Session, case_id: str) -> HoldRow | None:
    """Return and hold the hold of a case that lasts."""
    query = select(HoldRow).where(HoldRow.open_case == case_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def of_case(session: Session, case_id: str) -> Sequence[HoldRow]:
    """Return every hold of a case, oldest first."""
    query = select(HoldRow).where(HoldRow.case_id == case_id)
    return session.exec(query.order_by(col(HoldRow.since), col(HoldRow.id))).all()


def to_review(session: Session, *, today: date, limit: int) -> Sequence[HoldRow]:
    """Return the holds whose review date has come and was not spoken of yet, longest waiting first."""
    query = (
        select(HoldRow)
        .where(col(HoldRow.open_case).is_not(None), HoldRow.review_on <= today)
        .where(
            sa.or_(
                col(HoldRow.reminded_for).is_(None),
                col(HoldRow.reminded_for) != col(HoldRow.review_on),
            )
        )
        .order_by(col(HoldRow.review_on), col(HoldRow.id))
        .limit(limit)
    )
    return session.exec(query).all()
