"""Queries about coming of age."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.ageing import ComingOfAgeRow, TransitionPlanRow
from cases.tables.case_file import CaseRow


def to_look_at(session: Session, *, today: date, limit: int) -> Sequence[str]:
    """Return open cases whose child's age must be looked at: never done, changed since, or due."""
    query = (
        select(CaseRow.id)
        .join(ComingOfAgeRow, col(ComingOfAgeRow.case_id) == col(CaseRow.id), isouter=True)
        .where(col(CaseRow.is_open).is_(True))
        .where(
            sa.or_(
                col(ComingOfAgeRow.id).is_(None),
                col(ComingOfAgeRow.checked_at) < col(CaseRow.changed_at),
                col(ComingOfAgeRow.look_on) <= today,
            )
        )
        .order_by(col(CaseRow.id))
        .limit(limit)
    )
    return session.exec(query).all()


def lock(session: Session, case_id: str) -> ComingOfAgeRow | None:
    """Return and hold the watch over a child's coming of age."""
    query = select(ComingOfAgeRow).where(ComingOfAgeRow.case_id == case_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def plans_of(session: Session, case_id: str) -> Sequence[TransitionPlanRow]:
    """Return the plans for the time after majority, oldest first."""
    query = select(TransitionPlanRow).where(TransitionPlanRow.case_id == case_id)
    return session.exec(query.order_by(col(TransitionPlanRow.n))).all()
