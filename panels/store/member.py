"""Queries about members, their undertakings and their training."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from panels.rules.roster import Holder, SeatRole
from panels.store.values import table, values
from panels.tables.member import MemberRow, TrainingRow, UndertakingRow
from panels.tables.panel import SeatRow
from panels.tables.sitting import RosterRow

_M: Final = table(MemberRow)
_S: Final = table(SeatRow)
_U: Final = table(UndertakingRow)
_R: Final = table(RosterRow)
_UNTIL: Final = (
    sa.select(sa.func.max(_U.c.valid_until))
    .where(_U.c.member_id == _M.c.id)
    .scalar_subquery()
    .label("until")
)
_HOLDERS: Final = (
    sa.select(
        *(_M.c.id, _M.c.person_id, _M.c.panel_id, _M.c.seat_id, _M.c.alternate_rank),
        *(_M.c.term_from, _M.c.term_to, _S.c.role, _S.c.agency, _S.c.sector, _S.c.country, _UNTIL),
    )
    .join_from(_M, _S, _S.c.id == _M.c.seat_id)
    .order_by(_M.c.id)
)
_CALLED: Final = _HOLDERS.join(_R, _R.c.member_id == _M.c.id).where(
    _R.c.sitting_id == sa.bindparam("sitting")
)
_TERMS: Final = sa.select(_M.c.id, _M.c.term_from, _M.c.term_to).where(
    _M.c.person_id == sa.bindparam("person"), _M.c.panel_id == sa.bindparam("panel")
)


def find(session: Session, member_id: str) -> MemberRow | None:
    """Return a member."""
    return session.get(MemberRow, member_id)


def of_panel(session: Session, panel_id: str) -> Sequence[MemberRow]:
    """Return everybody who ever held a seat of this panel, by start of term."""
    query = select(MemberRow).where(MemberRow.panel_id == panel_id)
    return session.exec(query.order_by(col(MemberRow.term_from), col(MemberRow.id))).all()


def of_person(
    session: Session, person_id: str, *, panel_id: str | None = None
) -> Sequence[MemberRow]:
    """Return the terms of one person, on one panel or on all."""
    query = select(MemberRow).where(MemberRow.person_id == person_id)
    if panel_id is not None:
        query = query.where(MemberRow.panel_id == panel_id)
    return session.exec(query.order_by(col(MemberRow.term_from))).all()


def terms_on(session: Session, person_id: str, panel_id: str, on: date) -> frozenset[str]:
    """Return the memberships of one person in one panel whose term includes a day."""
    return frozenset(
        row.id
        for row in values(session, _TERMS, person=person_id, panel=panel_id)
        if row.term_from <= on and (row.term_to is None or on <= row.term_to)
    )


def in_office(session: Session, panel_id: str, on: date) -> Sequence[MemberRow]:
    """Return the members of a panel whose term includes a day."""
    query = (
        select(MemberRow)
        .where(MemberRow.panel_id == panel_id, MemberRow.term_from <= on)
        .where(or_(col(MemberRow.term_to).is_(None), col(MemberRow.term_to) >= on))
    )
    return session.exec(query.order_by(col(MemberRow.id))).all()


def holders(session: Session, member_ids: Collection[str]) -> list[Holder]:
    """Return members as the rules see them, with seat and the latest undertaking; by member id."""
    return [_holder(row) for row in values(session, _HOLDERS.where(_M.c.id.in_(member_ids)))]


def called_to(session: Session, sitting_id: str) -> list[Holder]:
    """Return everybody called to a sitting in the same way."""
    return [_holder(row) for row in values(session, _CALLED, sitting=sitting_id)]


def _holder(row: sa.Row[Any]) -> Holder:
    return Holder(
        member_id=row.id,
        person_id=row.person_id,
        seat_id=row.seat_id,
        role=SeatRole(row.role),
        agency=row.agency,
        sector=row.sector,
        country=row.country,
        alternate_rank=row.alternate_rank,
        term_from=row.term_from,
        term_to=row.term_to,
        undertaking_until=row.until,
        panel=row.panel_id,
    )


def undertakings(session: Session, member_id: str) -> Sequence[UndertakingRow]:
    """Return the undertakings a member signed, newest first."""
    query = select(UndertakingRow).where(UndertakingRow.member_id == member_id)
    return session.exec(query.order_by(col(UndertakingRow.signed_on).desc())).all()


def trainings(session: Session, member_ids: Collection[str]) -> Sequence[TrainingRow]:
    """Return the trainings of these members."""
    query = select(TrainingRow).where(col(TrainingRow.member_id).in_(member_ids))
    return session.exec(query.order_by(col(TrainingRow.completed_on))).all()
