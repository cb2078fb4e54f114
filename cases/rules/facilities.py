"""Facilities a child may live in: registered, authorised, open. A closed one never is one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import Gap


class Regime(StrEnum):
    """Whether the people who live there may leave. A closed regime can be recorded, never used."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Facility:
    """A facility of the registry.

    Args:
        registry_number: number under which the State registered it; empty when it is not.
        authorised_until: last day of the authorisation; None when it never had one.
        occupancy: children living there now.
        immigration_control: run to hold people for immigration control.
    """

    regime: Regime
    registry_number: str
    authorised_until: date | None
    capacity: int
    occupancy: int
    immigration_control: bool = False

    @property
    def free(self) -> int:
        """Places left."""
        return max(self.capacity - self.occupancy, 0)

    def is_authorised(self, on: date) -> bool:
        """Whether registry and authorisation hold on that day."""
        return (
            bool(self.registry_number)
            and self.authorised_until is not None
            and on <= self.authorised_until
        )


@dataclass(frozen=True)
class FacilityException:
    """A supervisor's exception for a facility without authorisation.

    Args:
        inspected_on: when somebody last looked at the place.
        granted_by: person of the supervisor.
    """

    inspected_on: date
    granted_by: str


INSPECTION_DAYS: Final = 90
"""An inspection older than this no longer carries an exception (our choice; a default)."""


def facility_gaps(
    facility: Facility,
    on: date,
    *,
    exception: FacilityException | None = None,
    inspection_days: int = INSPECTION_DAYS,
    authorisation_required: bool = True,
) -> Iterator[Gap]:
    """Name why a child cannot be placed in this facility on that day.

    Where a country has no system of authorisation, its registry alone decides.

    Source: DOM-R27, DOM-R28, DOM-R30.
    """
    if facility.regime is Regime.CLOSED:
        yield Gap("facility_closed_regime")
    if facility.immigration_control:
        yield Gap("facility_immigration_control")
    registered = bool(facility.registry_number)
    if not (facility.is_authorised(on) if authorisation_required else registered):
        yield from _exception_gaps(exception, on, inspection_days)
    if facility.free < 1:
        yield Gap("facility_full", {"capacity": facility.capacity})


def _exception_gaps(
    exception: FacilityException | None, on: date, inspection_days: int
) -> Iterator[Gap]:
    if exception is None:
        yield Gap("facility_not_authorised")
    elif not 0 <= (on - exception.inspected_on).days <= inspection_days:
        yield Gap("inspection_out_of_date", {"days": inspection_days})
