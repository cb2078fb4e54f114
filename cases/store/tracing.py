"""Queries about family tracing."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.tracing import TracingActionRow, TracingRow


def of_case(session: Session, case_id: str) -> list[TracingRow]:
    """Return the searches of a case, oldest first."""
    query = select(TracingRow).where(TracingRow.case_id == case_id)
    return list(session.exec(query.order_by(col(TracingRow.opened_at))))


def find(session: Session, case_id: str, tracing_id: str) -> TracingRow | None:
    """Return one search of one case, read afresh."""
    query = select(TracingRow).where(TracingRow.case_id == case_id, TracingRow.id == tracing_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def actions_of(session: Session, tracing_id: str) -> list[TracingActionRow]:
    """Return the steps of a search, in order."""
    query = select(TracingActionRow).where(TracingActionRow.tracing_id == tracing_id)
    return list(session.exec(query.order_by(col(TracingActionRow.no))))


def next_action_number(session: Session, tracing_id: str) -> int:
    """Return the number of the next step; call with the case locked."""
    query = select(sa.func.max(TracingActionRow.no))
    return (session.exec(query.where(TracingActionRow.tracing_id == tracing_id)).one() or 0) + 1
