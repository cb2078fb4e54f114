"""Queries about access rows, bars and requests for highly sensitive parts."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.access import CaseAccessRow, CaseBarRow, SensitiveRequestRow
from core import gathering


def open_accesses(
    session: Session, case_id: str, person_id: str, now: datetime
) -> list[CaseAccessRow]:
    """Return what is open now to one person for one case."""
    if gathering.held(session, CaseAccessRow, case_id) == []:
        return []
    query = (
        select(CaseAccessRow)
        .where(CaseAccessRow.case_id == case_id, CaseAccessRow.person_id == person_id)
        .where(col(CaseAccessRow.closed_at).is_(None), CaseAccessRow.from_at <= now)
        .where(sa.or_(col(CaseAccessRow.until_at).is_(None), col(CaseAccessRow.until_at) > now))
    )
    return list(session.exec(query))


def unclosed(
    session: Session,
    case_id: str,
    *,
    person_id: str | None = None,
    basis: str | None = None,
    ref: str | None = None,
) -> list[CaseAccessRow]:
    """Return access rows of a case that nobody closed, narrowed by what is given."""
    if gathering.held(session, CaseAccessRow, case_id) == []:
        return []
    query = select(CaseAccessRow).where(
        CaseAccessRow.case_id == case_id, col(CaseAccessRow.closed_at).is_(None)
    )
    if person_id is not None:
        query = query.where(CaseAccessRow.person_id == person_id)
    if basis is not None:
        query = query.where(CaseAccessRow.basis == basis)
    if ref is not None:
        query = query.where(CaseAccessRow.ref == ref)
    return list(session.exec(query))


def all_accesses(session: Session, case_ids: list[str]) -> list[CaseAccessRow]:
    """Return every access row these cases ever had, closed ones included."""
    query = select(CaseAccessRow).where(col(CaseAccessRow.case_id).in_(case_ids))
    return list(session.exec(query.order_by(col(CaseAccessRow.from_at), col(CaseAccessRow.id))))


def is_barred(session: Session, case_id: str, person_id: str) -> bool:
    """Whether a bar of this person stands for this case."""
    if gathering.held(session, CaseBarRow, case_id) == []:
        return False
    query = select(CaseBarRow.id).where(
        CaseBarRow.case_id == case_id,
        CaseBarRow.person_id == person_id,
        col(CaseBarRow.lifted_at).is_(None),
    )
    return session.exec(query.limit(1)).first() is not None


def barred_cases(session: Session, person_id: str) -> set[str]:
    """Return the cases for which a bar of this person stands."""
    query = select(CaseBarRow.case_id).where(
        CaseBarRow.person_id == person_id, col(CaseBarRow.lifted_at).is_(None)
    )
    return set(session.exec(query))


def refs_open_to(session: Session, person_id: str, basis: str, now: datetime) -> set[str]:
    """Return what the access rows of one basis that are open to a person were given for."""
    query = (
        select(CaseAccessRow.ref)
        .where(CaseAccessRow.person_id == person_id, CaseAccessRow.basis == basis)
        .where(col(CaseAccessRow.closed_at).is_(None), CaseAccessRow.from_at <= now)
        .where(sa.or_(col(CaseAccessRow.until_at).is_(None), col(CaseAccessRow.until_at) > now))
    )
    return set(session.exec(query)) - {""}


def has_lost_access(session: Session, person_id: str, *, since: datetime, now: datetime) -> bool:
    """Return whether a person was barred from a case, or some access of theirs ended, since a moment."""
    bars = select(CaseBarRow.id).where(
        CaseBarRow.person_id == person_id, CaseBarRow.barred_at >= since
    )
    accesses = select(CaseAccessRow.id).where(
        CaseAccessRow.person_id == person_id,
        sa.or_(
            col(CaseAccessRow.closed_at) >= since,
            col(CaseAccessRow.until_at).between(since, now),
        ),
    )
    return any(session.exec(query.limit(1)).first() is not None for query in (bars, accesses))


def find_bar(session: Session, case_id: str, person_id: str, ref: str) -> CaseBarRow | None:
    """Return the bar of a person for one matter of a case, lifted or not."""
    query = select(CaseBarRow).where(
        CaseBarRow.case_id == case_id, CaseBarRow.person_id == person_id, CaseBarRow.ref == ref
    )
    return session.exec(query.with_for_update()).first()


def barred_persons(session: Session, case_id: str) -> set[str]:
    """Return everybody whose bar stands for this case."""
    query = select(CaseBarRow.person_id).where(
        CaseBarRow.case_id == case_id, col(CaseBarRow.lifted_at).is_(None)
    )
    return set(session.exec(query))


def lock_request(session: Session, request_id: str) -> SensitiveRequestRow | None:
    """Return a request for highly sensitive parts and hold it."""
    query = select(SensitiveRequestRow).where(SensitiveRequestRow.id == request_id)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def requests_of(session: Session, case_id: str) -> list[SensitiveRequestRow]:
    """Return the requests of a case, newest first."""
    query = select(SensitiveRequestRow).where(SensitiveRequestRow.case_id == case_id)
    return list(session.exec(query.order_by(col(SensitiveRequestRow.asked_at).desc())))
