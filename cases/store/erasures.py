"""Queries about files whose time has come, and about those that were erased."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.attachment import AttachmentRow
from cases.tables.case_file import CaseRow
from cases.tables.history import CaseErasureRow


@dataclass(frozen=True)
class Due:
    """How many files of a country have been kept long enough, and since when the newest of them."""

    country: str
    count: int
    latest: date


def past_retention(
    session: Session, *, today: date, limit: int, country: str = "", after: str = ""
) -> list[CaseRow]:
    """Return ended cases whose retention has run out, longest first; ``after`` is the last one seen."""
    query = select(CaseRow).where(*_due(today))
    if country:
        query = query.where(CaseRow.country == country)
    seen = session.get(CaseRow, after) if after else None
    if seen is not None and seen.retain_until is not None:
        order = sa.tuple_(col(CaseRow.retain_until), col(CaseRow.id))
        query = query.where(order > sa.tuple_(sa.literal(seen.retain_until), sa.literal(seen.id)))
    query = query.order_by(col(CaseRow.retain_until), col(CaseRow.id)).limit(limit)
    return list(session.exec(query))


def due_by_country(session: Session, *, today: date) -> list[Due]:
    """Return how many files each country has to look at."""
    query = (
        sa.select(col(CaseRow.country), sa.func.count(), sa.func.max(col(CaseRow.retain_until)))
        .where(*_due(today))
        .group_by(col(CaseRow.country))
        .order_by(col(CaseRow.country))
    )
    return [Due(str(place), int(count), latest) for place, count, latest in session.execute(query)]


def asked_of(session: Session, case_ids: list[str]) -> frozenset[str]:
    """Return which of these cases somebody has asked to erase, with no answer yet."""
    query = select(CaseErasureRow.case_id).where(
        col(CaseErasureRow.case_id).in_(case_ids), col(CaseErasureRow.approved).is_(None)
    )
    return frozenset(session.exec(query))


def bytes_left(session: Session, *, limit: int) -> list[AttachmentRow]:
    """Return files of erased cases whose sealed bytes are still there."""
    query = (
        select(AttachmentRow)
        .join(CaseErasureRow, col(CaseErasureRow.case_id) == col(AttachmentRow.case_id))
        .where(col(CaseErasureRow.approved).is_(True), AttachmentRow.chunks > 0)
        .order_by(col(AttachmentRow.id))
        .limit(limit)
    )
    return list(session.exec(query))


def _due(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(CaseRow.retain_until).is_not(None),
        col(CaseRow.retain_until) <= today,
        col(CaseRow.erased_at).is_(None),
    )
