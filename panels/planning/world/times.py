"""Instants as whole numbers: microseconds since 1970, so that nothing is rounded."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from panels.planning.reading.instance import Span

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
Interval = tuple[int, int]


def ticks(at: datetime) -> int:
    """Return an instant as a number."""
    return (at - EPOCH) // TICK


def interval(span: Span) -> Interval:
    """Return an interval as two numbers."""
    return ticks(span.start), ticks(span.end)


def late_days(end: int, deadline: int) -> int:
    """Return the days begun between the deadline and the end of the sitting; 0 when it is in time."""
    return max(0, -((deadline - end) // DAY))


def overlaps(spans: Iterable[Interval], start: int, end: int) -> bool:
    """Whether one of the intervals has an instant in common with this one."""
    return any(one[0] < end and start < one[1] for one in spans)
