"""A country pack as one value. Reading and checking it is ``reading`` and ``checks``."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from core.packs.codes import Country, LimitCode, Model, PlaceCode, TriggerCode, Words, Zone
from core.packs.holidays import HolidayLookup, calendar_for
from core.packs.sections import (
    Ages,
    Appeal,
    Bodies,
    CareRules,
    CodeLists,
    DataProtection,
    Decider,
    Detention,
    EscalationStep,
    FollowUp,
    Guardianship,
    Helpline,
    Holidays,
    Languages,
    LimitRule,
    Outcomes,
    PanelRules,
    Pause,
    Place,
    Priorities,
    Retention,
    Simplified,
    Statistics,
    Travel,
    Trigger,
)
from core.worktime import WorkingCalendar


class Pack(Model):
    """Everything that differs between countries, in one version. Source: DOM-9.

    A version that was ever used is not edited: a case stays pinned to it. Only holidays are facts
    and not rules; they are kept apart and count for every version.
    """

    country: Country
    version: int = Field(ge=1, le=9999)
    valid_from: date
    title: Words
    notes: tuple[Words, ...] = ()
    bodies: Bodies
    helplines: tuple[Helpline, ...] = ()
    languages: Languages
    timezone: Zone
    working_week: tuple[int, ...] = Field(min_length=1, max_length=7)
    holidays: Holidays
    priorities: Priorities
    limits: Mapping[LimitCode, LimitRule]
    escalation: tuple[EscalationStep, ...] = Field(min_length=1)
    pause: Pause
    triggers: Mapping[TriggerCode, Trigger]
    panel: PanelRules
    simplified: Simplified
    decider: Decider
    ages: Ages
    care: CareRules
    appeal: Appeal
    detention: Detention
    outcomes: Outcomes
    codes: CodeLists
    guardianship: Guardianship
    travel: Travel
    retention: Retention
    follow_up: FollowUp
    places: Mapping[PlaceCode, Place]
    data_protection: DataProtection
    statistics: Statistics

    @property
    def reference(self) -> str:
        """Country and version, for example ``ZM/2``."""
        return f"{self.country}/{self.version}"

    def calendar(self, place: str | None = None) -> WorkingCalendar:
        """Return the working calendar of the country, in the time zone of a place if it has its own.

        An unknown place answers with the country's own zone. Source: DOM-R59.
        """
        days_off = HolidayLookup(
            self.holidays.calendar,
            self.holidays.observed,
            frozenset(self.holidays.added),
            frozenset(self.holidays.removed),
        )
        return calendar_for(self._zone_of(place), frozenset(self.working_week), days_off)

    def _zone_of(self, place: str | None) -> str:
        while place is not None and place in self.places:
            zone = self.places[place].timezone
            if zone is not None:
                return zone
            place = self.places[place].parent
        return self.timezone
