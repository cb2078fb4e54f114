"""Queries about appeals."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from panels.tables.appeal import AppealRow


def find(session: Session, appeal_id: str) -> AppealRow | None:
    """Return one appeal."""
    return session.get(AppealRow, appeal_id)


def open_of(session: Session, case_id: str) -> AppealRow | None:
    """Return the appeal of this child that waits for its result."""
    return session.exec(select(AppealRow).where(AppealRow.open_case == case_id)).first()


def of_case(session: Session, case_id: str) -> Sequence[AppealRow]:
    """Return every appeal of this child, newest first."""
    query = select(AppealRow).where(AppealRow.case_id == case_id)
    return session.exec(query.order_by(col(AppealRow.received_at).desc())).all()
