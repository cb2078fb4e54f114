"""Queries about members, their undertakings and their training."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, col, func, or_, select

from panels.rules.roster import Holder, SeatRole
from panels.tables.member import MemberRow, TrainingRow, UndertakingRow
from panels.tables.panel import SeatRow


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
    signed = (
        select(UndertakingRow.member_id, func.max(UndertakingRow.valid_until).label("until"))
        .where(col(UndertakingRow.member_id).in_(member_ids))
        .group_by(col(UndertakingRow.member_id))
        .subquery()
    )
    query = (
        select(MemberRow, SeatRow, signed.c.until)
        .join(SeatRow, col(SeatRow.id) == col(MemberRow.seat_id))
        .outerjoin(signed, signed.c.member_id == col(MemberRow.id))
        .where(col(MemberRow.id).in_(member_ids))
        .order_by(col(MemberRow.id))
    )
    return [_holder(member, seat, until) for member, seat, until in session.exec(query)]


def _holder(member: MemberRow, seat: SeatRow, until: date | None) -> Holder:
    return Holder(
        member_id=member.id,
        person_id=member.person_id,
        seat_id=seat.id,
        role=SeatRole(seat.role),
        agency=seat.agency,
        sector=seat.sector,
        country=seat.country,
        alternate_rank=member.alternate_rank,
        term_from=member.term_from,
        term_to=member.term_to,
        undertaking_until=until,
        panel=member.panel_id,
    )


def undertakings(session: Session, member_id: str) -> Sequence[UndertakingRow]:
    """Return the undertakings a member signed, newest first."""
    query = select(UndertakingRow).where(UndertakingRow.member_id == member_id)
    return session.exec(query.order_by(col(UndertakingRow.signed_on).desc())).all()


def trainings(session: Session, member_ids: Collection[str]) -> Sequence[TrainingRow]:
    """Return the trainings of these members."""
    query = select(TrainingRow).where(col(TrainingRow.member_id).in_(member_ids))
    return session.exec(query.order_by(col(TrainingRow.completed_on))).all()
