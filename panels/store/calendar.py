"""Queries of calendars: whose address it is, and the sittings somebody is called to."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from panels.tables.calendar import CalendarAddressRow
from panels.tables.member import MemberRow
from panels.tables.panel import PanelRow
from panels.tables.sitting import RosterRow, SittingRow


def by_hash(session: Session, secret_hash: str) -> CalendarAddressRow | None:
    """Return an address by the hash of its secret."""
    query = select(CalendarAddressRow).where(CalendarAddressRow.secret_hash == secret_hash)
    return session.exec(query).first()


def of_person(session: Session, person_id: str) -> CalendarAddressRow | None:
    """Return the address of a person, held."""
    query = select(CalendarAddressRow).where(CalendarAddressRow.person_id == person_id)
    return session.exec(query.with_for_update()).first()


def called_to(
    session: Session, person_id: str, *, since: datetime, limit: int
) -> Sequence[tuple[SittingRow, PanelRow, MemberRow]]:
    """Return the sittings a person is called to that end after a moment, with panel and term, soonest first."""
    query = (
        select(SittingRow, PanelRow, MemberRow)
        .join(RosterRow, col(RosterRow.sitting_id) == SittingRow.id)
        .join(MemberRow, col(MemberRow.id) == RosterRow.member_id)
        .join(PanelRow, col(PanelRow.id) == SittingRow.panel_id)
        .where(MemberRow.person_id == person_id, SittingRow.ends_at > since)
        .order_by(col(SittingRow.starts_at), col(SittingRow.id))
        .limit(limit)
    )
    return session.exec(query).all()


def of_sitting(session: Session, sitting_id: str) -> tuple[SittingRow, PanelRow] | None:
    """Return a sitting with its panel."""
    query = (
        select(SittingRow, PanelRow)
        .join(PanelRow, col(PanelRow.id) == SittingRow.panel_id)
        .where(SittingRow.id == sitting_id)
    )
    return session.exec(query).first()
