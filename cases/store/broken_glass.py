"""Queries about files that somebody opened by force."""

from sqlmodel import Session, col, select

from cases.tables.access import CaseAccessRow, CaseBarRow
from cases.tables.case_file import CaseRow

BREAK_GLASS = "break_glass"


def page(
    session: Session, *, country: str, person_id: str, after: str, limit: int
) -> list[tuple[CaseAccessRow, CaseRow]]:
    """Return what was opened by force in a country, newest first; ``after`` is the last one seen.

    Cases from which the reader is barred are left out.
    """
    barred = select(CaseBarRow.case_id).where(
        CaseBarRow.person_id == person_id, col(CaseBarRow.lifted_at).is_(None)
    )
    query = (
        select(CaseAccessRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(CaseAccessRow.case_id))
        .where(CaseAccessRow.basis == BREAK_GLASS, CaseRow.country == country)
        .where(col(CaseRow.id).not_in(barred))
    )
    seen = session.get(CaseAccessRow, after) if after else None
    if seen is not None:
        earlier = col(CaseAccessRow.from_at) < seen.from_at
        same = (col(CaseAccessRow.from_at) == seen.from_at) & (col(CaseAccessRow.id) < seen.id)
        query = query.where(earlier | same)
    newest = (col(CaseAccessRow.from_at).desc(), col(CaseAccessRow.id).desc())
    return list(session.exec(query.order_by(*newest).limit(limit)))


def find(session: Session, access_id: str) -> tuple[CaseAccessRow, CaseRow] | None:
    """Return one opening by force with its case."""
    query = (
        select(CaseAccessRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(CaseAccessRow.case_id))
        .where(CaseAccessRow.id == access_id, CaseAccessRow.basis == BREAK_GLASS)
    )
    return session.exec(query).first()
