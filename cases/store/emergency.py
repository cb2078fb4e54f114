"""Queries about urgent protection."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.emergency import EmergencyActionRow


def next_number(session: Session, case_id: str) -> int:
    """Return the number of the next urgent act of a case; call with the case locked."""
    query = select(sa.func.max(EmergencyActionRow.n)).where(EmergencyActionRow.case_id == case_id)
    return (session.exec(query).one() or 0) + 1


def of_case(session: Session, case_id: str) -> Sequence[EmergencyActionRow]:
    """Return the urgent acts of a case, oldest first."""
    query = select(EmergencyActionRow).where(EmergencyActionRow.case_id == case_id)
    return session.exec(query.order_by(col(EmergencyActionRow.n))).all()


def lock(session: Session, action_id: str) -> EmergencyActionRow | None:
    """Return an urgent act and hold it; read afresh."""
    query = select(EmergencyActionRow).where(EmergencyActionRow.id == action_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()
