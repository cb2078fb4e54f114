"""Queries about reviews of decisions."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from panels.tables.review import ReviewRow


def find(session: Session, review_id: str) -> ReviewRow | None:
    """Return one review."""
    return session.get(ReviewRow, review_id)


def open_of(session: Session, determination_id: str) -> Sequence[ReviewRow]:
    """Return reviews of a decision that have no conclusion yet."""
    query = select(ReviewRow).where(
        ReviewRow.determination_id == determination_id, col(ReviewRow.open_key).is_not(None)
    )
    return session.exec(query.order_by(col(ReviewRow.requested_at))).all()


def of_case(session: Session, case_id: str) -> Sequence[ReviewRow]:
    """Return every review of this child's decisions, newest first."""
    query = select(ReviewRow).where(ReviewRow.case_id == case_id)
    return session.exec(query.order_by(col(ReviewRow.requested_at).desc())).all()
