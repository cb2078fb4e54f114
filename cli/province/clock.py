"""Simulated time: the real clock and a distance from it, shared with the process that serves the API.

The distance starts some months in the past and reaches zero at the end, so that whoever keeps the demo
serving signs in with an ordinary authenticator app.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from multiprocessing import get_context
from typing import Any, Final

from core.clock import utc_now

CONTEXT: Final = get_context("spawn")
MORNING: Final = time(7, 0)  # UTC; nine o'clock in Lusaka


def shared_distance() -> Any:
    """Return a number two processes share: seconds between the real and the simulated clock."""
    return CONTEXT.Value("d", 0.0)


def reader(distance: Any) -> Callable[[], datetime]:
    """Return the clock that runs at this distance."""
    return lambda: utc_now() + timedelta(seconds=distance.value)


class Clock:
    """The clock of the demo: it runs by itself and is moved forward between acts, never back."""

    def __init__(self, distance: Any, start: datetime) -> None:
        self._distance = distance
        self._read = reader(distance)
        self.start = start
        self._move_to(start)

    def now(self) -> datetime:
        """Return the simulated moment."""
        return self._read()

    def day(self, number: int) -> datetime:
        """Return nine in the morning of a day of the story; day 0 is the first."""
        return self.start + timedelta(days=number)

    def go_to_day(self, number: int) -> None:
        """Move to the morning of a day; a day already reached changes nothing."""
        self.go_to(self.day(number))

    def go_to(self, moment: datetime) -> None:
        """Move forward to a moment; one that has passed changes nothing."""
        if moment > self.now():
            self._move_to(moment)

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass."""
        with self._distance.get_lock():
            self._distance.value += seconds

    def come_home(self) -> None:
        """Return to the real clock."""
        self._distance.value = max(self._distance.value, 0.0)

    def _move_to(self, moment: datetime) -> None:
        self._distance.value = (moment - utc_now()).total_seconds()


def first_day(days: int) -> datetime:
    """Return a Monday morning at least so many days ago."""
    past = utc_now() - timedelta(days=days)
    monday = past - timedelta(days=past.weekday())
    return datetime.combine(monday.date(), MORNING, tzinfo=past.tzinfo)
