"""Queries about minutes and the signatures under them."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from panels.tables.minutes import MinutesRow, MinutesSignatureRow


def find(session: Session, minutes_id: str) -> MinutesRow | None:
    """Return one version of minutes."""
    return session.get(MinutesRow, minutes_id)


def of_sitting(session: Session, sitting_id: str) -> Sequence[MinutesRow]:
    """Return every version of a sitting's minutes, newest first."""
    query = select(MinutesRow).where(MinutesRow.sitting_id == sitting_id)
    return session.exec(query.order_by(col(MinutesRow.number).desc())).all()


def signatures(session: Session, minutes_id: str) -> Sequence[MinutesSignatureRow]:
    """Return the signatures under one version, in the order given."""
    query = select(MinutesSignatureRow).where(MinutesSignatureRow.minutes_id == minutes_id)
    return session.exec(query.order_by(col(MinutesSignatureRow.signed_at))).all()
