"""Holidays of a country: the published calendar, plus days decreed, less days cancelled."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from core.worktime import WorkingCalendar


@dataclass(frozen=True)
class HolidayLookup:
    """Whether a day is a holiday; a cancelled day is not one, a decreed day always is.

    Args:
        country: ISO 3166-1 alpha-2 code of the published calendar.
        observed: whether a holiday on a day off is kept on another day, as the calendar says.
        added: days decreed since, which the calendar does not know.
        removed: days the calendar has and the country does not keep.
    """

    country: str
    observed: bool
    added: frozenset[date]
    removed: frozenset[date]

    def __call__(self, day: date) -> bool:
        """Whether a day is a holiday."""
        if day in self.added or day in self.removed:
            return day in self.added
        return day in published_holidays(self.country, day.year, observed=self.observed)


@lru_cache(maxsize=512)
def published_holidays(country: str, year: int, *, observed: bool) -> frozenset[date]:
    """Return the public holidays of one year.

    One closed set per year, since the library's own growing calendar answers wrongly while another
    thread is filling it. Imported here because it is slow to load and most commands never ask.
    """
    import holidays  # noqa: PLC0415

    known = holidays.country_holidays(country, years=year, observed=observed, expand=False)
    return frozenset(day for day in known if day.year == year)


def is_calendar_known(country: str) -> bool:
    """Whether a published calendar exists for a country."""
    import holidays  # noqa: PLC0415

    return country in holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=256)
def calendar_for(
    timezone: str, weekdays: frozenset[int], holidays: HolidayLookup
) -> WorkingCalendar:
    """Return the one working calendar for these values; asking twice gives the same object."""
    return WorkingCalendar(timezone, weekdays, holidays)
