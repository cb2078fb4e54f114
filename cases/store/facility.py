"""Queries about facilities. Taking a place is one statement, so that two cannot take the last one."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.facility import FacilityRow, FacilityStaffRow


def find(session: Session, facility_id: str) -> FacilityRow | None:
    """Return a facility, read afresh."""
    query = select(FacilityRow).where(FacilityRow.id == facility_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def lock(session: Session, facility_id: str) -> FacilityRow | None:
    """Return a facility and hold it until the unit of work ends."""
    query = select(FacilityRow).where(FacilityRow.id == facility_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def named(session: Session, country: str, name: str) -> FacilityRow | None:
    """Return the facility of this name in a country."""
    query = select(FacilityRow).where(FacilityRow.country == country, FacilityRow.name == name)
    return session.exec(query).first()


def page(
    session: Session, country: str, *, place: str | None, after: str | None, limit: int
) -> list[FacilityRow]:
    """Return facilities of a country by id, those after a given one."""
    query = select(FacilityRow).where(FacilityRow.country == country)
    if place is not None:
        query = query.where(FacilityRow.place == place)
    if after is not None:
        query = query.where(col(FacilityRow.id) > after)
    return list(session.exec(query.order_by(col(FacilityRow.id)).limit(limit)))


def take_place(session: Session, facility_id: str) -> bool:
    """Count one child more; False when the facility is full. Source: DOM-4.7."""
    table = FacilityRow.__table__  # type: ignore[attr-defined]
    statement = (
        sa.update(table)
        .where(table.c.id == facility_id, table.c.occupancy < table.c.capacity)
        .values(occupancy=table.c.occupancy + 1, version=table.c.version + 1)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def give_place_back(session: Session, facility_id: str) -> None:
    """Count one child less."""
    table = FacilityRow.__table__  # type: ignore[attr-defined]
    statement = (
        sa.update(table)
        .where(table.c.id == facility_id, table.c.occupancy > 0)
        .values(occupancy=table.c.occupancy - 1, version=table.c.version + 1)
    )
    session.execute(statement)


def staff_of(session: Session, facility_id: str, on: date) -> list[FacilityStaffRow]:
    """Return who works for a facility on a day."""
    query = select(FacilityStaffRow).where(FacilityStaffRow.facility_id == facility_id)
    query = query.where(
        FacilityStaffRow.since <= on,
        sa.or_(col(FacilityStaffRow.until).is_(None), col(FacilityStaffRow.until) >= on),
    )
    return list(session.exec(query.order_by(col(FacilityStaffRow.person_id))))


def find_staff(session: Session, facility_id: str, person_id: str) -> FacilityStaffRow | None:
    """Return the entry of a person at a facility."""
    query = select(FacilityStaffRow).where(FacilityStaffRow.facility_id == facility_id)
    return session.exec(query.where(FacilityStaffRow.person_id == person_id)).first()
