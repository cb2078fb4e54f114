"""A child in detention: a day and hour counter, an alarm, a way out. Never a care arrangement.

Source: DOM-4.1/in_detention, DOM-R27, DOM-7.3/I8.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final

from core.errors import Answer, Gap, answer


class DetentionPlace(StrEnum):
    """Where a child is held. None of these is a placement."""

    POLICE_CELL = "police_cell"
    IMMIGRATION_CENTRE = "immigration_centre"
    PRISON = "prison"
    BORDER_POST = "border_post"
    CLOSED_SHELTER = "closed_shelter"
    MILITARY = "military"
    OTHER = "other"
    UNKNOWN = "unknown"


class ReleasedTo(StrEnum):
    """Where a child went from detention."""

    PLACE_OF_SAFETY = "place_of_safety"
    FAMILY = "family"
    FOSTER = "foster"
    RESIDENTIAL = "residential"
    HOSPITAL = "hospital"
    LEFT_COUNTRY = "left_country"
    UNKNOWN = "unknown"


DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class TimeHeld:
    """How long a child has been held, in whole days and the whole hours on top."""

    days: int
    hours: int


@dataclass(frozen=True)
class DaysHeld:
    """Days in detention of several children, for a table. All zero when there were none."""

    children: int
    median_days: float
    longest_days: int


def time_held(since: datetime, until: datetime) -> TimeHeld:
    """Count days and hours from the moment the child was locked up, not from the alert.

    Source: DOM-R27.
    """
    held = max(until - since, timedelta(0))
    return TimeHeld(days=held // DAY, hours=(held % DAY) // HOUR)


def days_counted(since: datetime, until: datetime) -> int:
    """Return the days for statistics: every day begun counts, so one night is one day.

    Source: DOM-7.3/I8; the rounding is our choice, so that a short detention is never nothing.
    """
    return max(1, -(-max(until - since, timedelta(0)) // DAY))


def days_held(spells: Sequence[int]) -> DaysHeld:
    """Summarise the days of several children. Source: DOM-7.3/I8."""
    if not spells:
        return DaysHeld(0, 0.0, 0)
    return DaysHeld(len(spells), float(median(spells)), max(spells))


def may_record(*, since: datetime, is_held_already: bool, now: datetime) -> Answer:
    """Answer whether a detention may be put on record. Source: DOM-R27."""
    return answer(
        "record_detention",
        (
            Gap("detention_already_open") if is_held_already else None,
            Gap("detention_in_future") if since > now else None,
        ),
    )


def may_release(*, since: datetime | None, until: datetime, now: datetime) -> Answer:
    """Answer whether a release may be put on record. Source: DOM-R27."""
    return answer("record_release", _release_gaps(since, until, now))


def _release_gaps(since: datetime | None, until: datetime, now: datetime) -> Iterable[Gap]:
    if since is None:
        yield Gap("detention_not_open")
        return
    if until < since:
        yield Gap("release_before_detention")
    if until > now:
        yield Gap("release_in_future")
