"""Turning 18: alerts well before, a plan for the time after, and the young person's own word.

The day is counted from the birth date as far as it is known. Where only a month, a year or an
estimate is known, alerts take the earliest possible birthday and majority the latest: in doubt the
person is a child.

Source: DOM-4.1/age_basis, DOM-R57.
"""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.worktime import add_months

ALERT_MONTHS: Final = (12, 6, 3)
MONTHS_IN_YEAR: Final = 12


class Precision(StrEnum):
    """How exactly a birth date is known. Source: DOM-4.1."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class Consenter(StrEnum):
    """Whose consent counts now."""

    GUARDIAN_WITH_ASSENT = "guardian_with_assent"
    YOUNG_PERSON = "young_person"


@dataclass(frozen=True)
class Majority:
    """The day a child comes of age: the earliest it can be, and the day from which it is certain."""

    earliest: date
    certain: date


def birthday(born: date, years: int) -> date:
    """Return the birthday after so many years; a child of 29 February waits for 1 March.

    Source: our choice: in doubt one more day as a child.
    """
    day = add_months(born, years * MONTHS_IN_YEAR)
    if (born.month, born.day) == (2, 29) and day.day != born.day:
        return date(day.year, 3, 1)
    return day


def majority(born: date, precision: Precision, *, adult_at: int) -> Majority | None:
    """Return when a child comes of age, or None when nothing is known of the birth.

    Args:
        born: the birth date; with a coarse precision any day inside the month or year.
        precision: how much of ``born`` is known.
        adult_at: age at which the country's law ends childhood.

    Source: DOM-R57, DOM-9 (age limit of "child").
    """
    if precision is Precision.UNKNOWN:
        return None
    if precision is Precision.DAY:
        day = birthday(born, adult_at)
        return Majority(day, day)
    if precision is Precision.MONTH:
        first, last = born.replace(day=1), _last_of_month(born.year, born.month)
    else:
        first, last = date(born.year, 1, 1), date(born.year, 12, 31)
    return Majority(birthday(first, adult_at), birthday(last, adult_at))


def majority_from_age(age_years: int, stated_on: date, *, adult_at: int) -> Majority:
    """Return when somebody of a stated age comes of age: within one year from the earliest day.

    Source: DOM-4.1/age_basis.
    """
    certain = add_months(stated_on, (adult_at - age_years) * MONTHS_IN_YEAR)
    earliest = add_months(stated_on, (adult_at - age_years - 1) * MONTHS_IN_YEAR)
    return Majority(earliest + timedelta(days=1), certain)


def alert_days(day: Majority, months: Collection[int] = ALERT_MONTHS) -> dict[int, date]:
    """Return the day of each alert by its months before majority.

    Source: DOM-R57.
    """
    return {before: add_months(day.earliest, -before) for before in sorted(months, reverse=True)}


def alerts_due(
    day: Majority,
    *,
    today: date,
    raised: Collection[int],
    months: Collection[int] = ALERT_MONTHS,
) -> tuple[int, ...]:
    """Return the alerts (12, 6, 3 months before) that are due and were not raised yet.

    Source: DOM-R57.
    """
    days = alert_days(day, months)
    return tuple(before for before, on in days.items() if before not in raised and on <= today)


def look_on(
    day: Majority,
    *,
    today: date,
    raised: Collection[int],
    months: Collection[int] = ALERT_MONTHS,
) -> date | None:
    """Return the day on which somebody must look again, or None when nothing is left to say.

    Only a first day of a month is ever kept beside the case before the month has come, so that
    the stored day does not give the birthday away; inside that month it is looked at daily.

    Source: DOM-R49, DOM-R57.
    """
    left = [on for before, on in alert_days(day, months).items() if before not in raised]
    ahead = min([*left, day.certain])
    if not left and today >= day.certain:
        return None
    return max(ahead.replace(day=1), date.fromordinal(today.toordinal() + 1))


def is_adult(day: Majority | None, today: date) -> bool:
    """Whether the person has certainly come of age; in doubt a child. Source: DOM-4.1/age_basis."""
    return day is not None and today >= day.certain


def who_consents(day: Majority | None, today: date) -> Consenter:
    """Return whose consent counts: at majority it passes to the young person.

    Source: DOM-R57.
    """
    return Consenter.YOUNG_PERSON if is_adult(day, today) else Consenter.GUARDIAN_WITH_ASSENT


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
