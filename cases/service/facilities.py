"""The registry of facilities: who runs one openly and lawfully, and how much room is left.

A facility is no child. Reading the registry is open to the offices of its country.

Source: DOM-4.7, DOM-R27, DOM-R30.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.facilities import Facility, Regime
from cases.store import facility as store
from cases.tables.facility import FacilityRow, FacilityStaffRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, NotThere

_KEEPERS: Final = frozenset({Role.SECRETARIAT, Role.SECRETARIAT_HEAD, Role.SUPERVISOR})
_READERS: Final = _KEEPERS | {
    Role.CASEWORKER,
    Role.ASSESSOR,
    Role.COORDINATOR,
    Role.SECRETARY,
    Role.AUDITOR,
    Role.DETENTION_MONITOR,
}


@dataclass(frozen=True)
class FacilityDetails:
    """What is registered of a facility."""

    name: str
    place: str
    regime: Regime
    capacity: int
    registry_number: str = ""
    authorised_until: date | None = None
    immigration_control: bool = False
    specialised: str = ""


@dataclass(frozen=True)
class FacilityView:
    """A facility of the registry with the room it has."""

    id: str
    country: str
    details: FacilityDetails
    occupancy: int
    free: int
    is_authorised: bool
    version: int


def register_facility(
    session: Session, actor: Actor, details: FacilityDetails, *, now: datetime
) -> FacilityView:
    """Enter a facility; a closed one may be entered, so that nobody places a child there unseen.

    Raises:
        RoleMayNot: not a keeper of the registry for that place.
        BadInput: the name is taken in this country.
    """
    _require(actor, details.place)
    if store.named(session, actor.country, details.name) is not None:
        raise BadInput(pointer="/name", code="taken")
    row = FacilityRow(
        country=actor.country, registered_at=now, regime="", capacity=0, name="", place=""
    )
    _write(row, details)
    session.add(row)
    session.flush()
    _record(session, actor, row, "facility.registered", now)
    return _view(row, now.date())


def change_facility(
    session: Session,
    actor: Actor,
    facility_id: str,
    details: FacilityDetails,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> FacilityView:
    """Correct an entry; capacity never falls below the children who live there.

    Raises:
        NotThere: no such facility, or not of a place this person keeps.
        RoleMayNot: it would move to a place somebody else keeps.
        BadInput: fewer places than children, or the name is taken.
        StaleWrite: it changed since it was read.
    """
    row = _to_keep(session, actor, facility_id)
    _require(actor, details.place)
    check_version(row, "facility", expected_version)
    if details.capacity < row.occupancy:
        raise BadInput(pointer="/capacity", code="fewer_places_than_children")
    same = store.named(session, row.country, details.name)
    if same is not None and same.id != row.id:
        raise BadInput(pointer="/name", code="taken")
    _write(row, details)
    session.add(row)
    session.flush()
    _record(session, actor, row, "facility.changed", now)
    return _view(row, now.date())


def read_facility(
    session: Session, actor: Actor, facility_id: str, *, now: datetime
) -> FacilityView:
    """Read one entry of the registry.

    Raises:
        NotThere: no such facility in this country, or the registry is not for this person.
    """
    row = store.find(session, facility_id)
    if row is None or row.country != actor.country or not actor.has(*_READERS):
        raise NotThere("facility")
    return _view(row, now.date())


def list_facilities(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    place: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[FacilityView, ...]:
    """Read the registry of the actor's country, by id, after a given one.

    Raises:
        RoleMayNot: the registry is not for this person.
    """
    if not actor.has(*_READERS):
        raise RoleMayNot
    rows = store.page(session, actor.country, place=place, after=after, limit=limit)
    return tuple(_view(row, now.date()) for row in rows)


def add_staff(
    session: Session,
    actor: Actor,
    facility_id: str,
    person_id: str,
    *,
    since: date,
    now: datetime,
    until: date | None = None,
) -> None:
    """Note that a person works for a facility; read for hints about conflicts of interest.

    Raises:
        NotThere: no such facility in this country.
    """
    row = _to_keep(session, actor, facility_id)
    entry = store.find_staff(session, facility_id, person_id) or FacilityStaffRow(
        facility_id=facility_id, person_id=person_id, since=since
    )
    entry.since, entry.until = since, until
    session.add(entry)
    session.flush()
    _record(session, actor, row, "facility.staff_noted", now)


def staff_of(session: Session, facility_id: str, *, on: date) -> frozenset[str]:
    """Return the persons who work for a facility on a day."""
    return frozenset(entry.person_id for entry in store.staff_of(session, facility_id, on))


def facility_of(row: FacilityRow) -> Facility:
    """Return what the rules of placement need to know of a facility."""
    return Facility(
        regime=Regime(row.regime),
        registry_number=row.registry_number,
        authorised_until=row.authorised_until,
        capacity=row.capacity,
        occupancy=row.occupancy,
        immigration_control=row.immigration_control,
    )


def _to_keep(session: Session, actor: Actor, facility_id: str) -> FacilityRow:
    """Take an entry of a place this keeper is responsible for; any other is not there."""
    row = store.lock(session, facility_id)
    if row is None or not _keeps(actor, row.place, row.country):
        raise NotThere("facility")
    return row


def _keeps(actor: Actor, place: str, country: str) -> bool:
    return (
        actor.is_human
        and actor.country == country
        and actor.has_in(_KEEPERS, office=place, country=country)
    )


def _require(actor: Actor, place: str) -> None:
    if not _keeps(actor, place, actor.country):
        raise RoleMayNot


def _write(row: FacilityRow, details: FacilityDetails) -> None:
    row.name = details.name
    row.place = details.place
    row.regime = details.regime.value
    row.capacity = details.capacity
    row.registry_number = details.registry_number
    row.authorised_until = details.authorised_until
    row.immigration_control = details.immigration_control
    row.specialised = details.specialised


def _view(row: FacilityRow, today: date) -> FacilityView:
    value = facility_of(row)
    return FacilityView(
        id=row.id,
        country=row.country,
        details=FacilityDetails(
            name=row.name,
            place=row.place,
            regime=value.regime,
            capacity=row.capacity,
            registry_number=row.registry_number,
            authorised_until=row.authorised_until,
            immigration_control=row.immigration_control,
            specialised=row.specialised,
        ),
        occupancy=row.occupancy,
        free=value.free,
        is_authorised=value.is_authorised(today),
        version=row.version,
    )


def _record(session: Session, actor: Actor, row: FacilityRow, action: str, now: datetime) -> None:
    audit.record(
        session, actor, action, thing="facility", thing_id=row.id, now=now,
        codes={"regime": row.regime, "capacity": row.capacity},
    )  # fmt: skip
