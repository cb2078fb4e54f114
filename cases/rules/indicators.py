"""Which numbers are told of children's cases, and for which span of time.

Children are counted, not events: a child counts once in a period for an indicator, by the first day
on which it qualifies. Numbers another layer knows (panels, transfers) come in as facts.

Source: DOM-7.1, DOM-7.3.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Final

from cases.rules.suppression import SMALLEST, Path
from core.errors import BadInput
from core.worktime import add_months


class Indicator(StrEnum):
    """Indicators that count children. Source: DOM-7.3."""

    IDENTIFIED = "I1"
    SUPPORTED = "I2"
    IN_APPROPRIATE_CARE = "I3"
    CONSIDERED_BY_PANELS = "I5"
    DECIDED = "I6"
    REFERRED_TO_CARE = "I7"
    RELEASED = "I8"
    REUNIFIED_ABROAD = "I9"
    RETURNEES_SUPPORTED = "I10"
    DURABLE_SOLUTIONS = "I12"
    BACKLOG = "I14"
    FOLLOWED_UP = "I17"
    BROKEN_PLACEMENTS = "I18"
    VIEWS_RECORDED = "I19"
    GUARDED = "I20"
    APPEALS = "I21"
    SENSITIVE_ACCESS = "I23"


# What the cases themselves tell; the others need facts from panels or transfers.
FROM_CASES: Final = frozenset(
    {
        Indicator.IDENTIFIED,
        Indicator.SUPPORTED,
        Indicator.IN_APPROPRIATE_CARE,
        Indicator.REFERRED_TO_CARE,
        Indicator.RELEASED,
        Indicator.BACKLOG,
        Indicator.FOLLOWED_UP,
        Indicator.BROKEN_PLACEMENTS,
        Indicator.GUARDED,
        Indicator.APPEALS,
        Indicator.SENSITIVE_ACCESS,
    }
)
# Shares: children who qualify among children who could.
SHARES: Final = frozenset(
    {
        Indicator.SUPPORTED,
        Indicator.IN_APPROPRIATE_CARE,
        Indicator.FOLLOWED_UP,
        Indicator.BROKEN_PLACEMENTS,
        Indicator.GUARDED,
        Indicator.VIEWS_RECORDED,
    }
)
YES: Final = "yes"
NO: Final = "no"
CARE_WITHIN: Final = timedelta(days=30)
BREAKDOWN_WITHIN: Final = timedelta(days=365)
_PERIOD: Final = re.compile(
    r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?"
)


@dataclass(frozen=True)
class Period:
    """A calendar year, quarter or month; ``until`` is the first day after it."""

    code: str
    start: date
    until: date


@dataclass(frozen=True)
class Fact:
    """A child qualified for an indicator on a day. ``case_id`` counts once however many facts."""

    case_id: str
    on: date


@dataclass(frozen=True)
class Times:
    """How long a step took: all None where fewer than five times are known."""

    count: int | None
    median_hours: float | None = None
    p90_hours: float | None = None
    within_limit: int | None = None


def period_of(code: str) -> Period:
    """Read a period: ``2026``, ``2026-Q1`` or ``2026-03``. Nothing else, so that periods nest.

    Raises:
        BadInput: not such a code.
    """
    match = _PERIOD.fullmatch(code)
    if match is None:
        raise BadInput(pointer="/query/period", code="not_a_period")
    year = int(match["year"])
    if match["quarter"]:
        start, months = date(year, int(match["quarter"]) * 3 - 2, 1), 3
    elif match["month"]:
        start, months = date(year, int(match["month"]), 1), 1
    else:
        start, months = date(year, 1, 1), 12
    return Period(code, start, add_months(start, months))


def children_in(facts: Iterable[Fact], period: Period) -> frozenset[str]:
    """Return the children who qualify in a period, each once. Source: DOM-7.1."""
    return frozenset(fact.case_id for fact in facts if period.start <= fact.on < period.until)


def filled(counts: Mapping[Path, int], grid: Sequence[Collection[str]]) -> dict[Path, int]:
    """Return the counts with a zero for every place of the grid that has no child."""
    places: list[Path] = [()]
    for values in grid:
        places = [(*path, value) for path in places for value in sorted(values)]
    return {**dict.fromkeys(places, 0), **counts}


def gathered(counts: Mapping[Path, int], smallest: int = SMALLEST) -> dict[Path, int]:
    """Put values with few children together as ``other``: that a rare one occurs is itself a clue.

    Works on the last part of each path. Source: DOM-R60.
    """
    found: dict[Path, int] = {}
    for path, count in counts.items():
        place = path if count >= smallest else (*path[:-1], "other")
        found[place] = found.get(place, 0) + count
    return found


def percent_of(part: int | None, whole: int | None) -> int | None:
    """Return a whole percentage, or None where one of the counts is hidden or nothing."""
    return round(100 * part / whole) if part is not None and whole else None


def times_of(spans: Sequence[tuple[datetime, datetime, datetime]]) -> Times:
    """Summarise how long a step took; spans are (start, limit, done).

    Source: DOM-7.3/I13, DOM-R60.
    """
    if len(spans) < SMALLEST:
        return Times(None)
    hours = sorted((done - start).total_seconds() / 3600 for start, _, done in spans)
    within = sum(1 for _, limit, done in spans if done <= limit)
    late = len(spans) - within
    return Times(
        count=len(spans),
        median_hours=round(float(median(hours)), 1),
        p90_hours=round(hours[ceil(len(hours) * 0.9) - 1], 1),
        within_limit=None if 0 < min(within, late) < SMALLEST else within,
    )
