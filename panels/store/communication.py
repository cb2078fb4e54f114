"""Queries about what children were told."""

from sqlmodel import Session, col, func, select

from panels.tables.communication import CommunicationRow


def of_determination(session: Session, determination_id: str) -> CommunicationRow | None:
    """Return the talk in which this decision was explained."""
    query = select(CommunicationRow).where(CommunicationRow.determination_id == determination_id)
    return session.exec(query).first()


def latest(session: Session, case_id: str) -> CommunicationRow | None:
    """Return the newest talk about a decision with this child."""
    query = select(CommunicationRow).where(CommunicationRow.case_id == case_id)
    return session.exec(query.order_by(col(CommunicationRow.told_at).desc())).first()


def count(session: Session, case_id: str) -> int:
    """Return how often decisions were explained to this child."""
    query = select(func.count()).select_from(CommunicationRow)
    return session.exec(query.where(CommunicationRow.case_id == case_id)).one()
