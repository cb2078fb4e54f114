"""How a panel wants its sittings planned, what a plan is called on its way, and what may be asked of one.

The planner itself is in ``panels/planning``; it knows neither panels of the record nor children.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

WEIGHTS: Final = {"emergency": 100, "high": 20, "medium": 5, "low": 1}
EMERGENCY: Final = "emergency"
EMERGENCY_DAYS: Final = 7  # for so many days an emergency may have a sitting of its own
WORKING_DAYS: Final = range(5)


class PlanState(StrEnum):
    """Where a plan stands. Only a draft can be accepted, and only by a person.

    ``CONFLICT``: what was fixed by hand cannot hold together; there is no plan, and the calendar stays.
    """

    ASKED = "asked"
    DRAFT = "draft"
    WHAT_IF = "what_if"
    CONFLICT = "conflict"
    FAILED = "failed"
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"


class Cause(StrEnum):
    """Why a plan was made. All but the first are proposals that nobody asked for."""

    ASKED = "asked"
    URGENT_CASE = "urgent_case"
    ABSENCE = "absence"
    HOLIDAY = "holiday"
    BROKEN_SITTING = "broken_sitting"


class BusyKind(StrEnum):
    """What keeps a person or a room away."""

    LEAVE = "leave"
    DUTY = "duty"
    CALENDAR = "calendar"
    CLOSED = "closed"


@dataclass(frozen=True)
class HalfDay:
    """One half-day of the week on which the panel can sit; Monday is 0."""

    weekday: int
    starts: str
    minutes: int

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return begin and end on a day, by the wall clock of the panel."""
        begin = datetime.combine(day, time.fromisoformat(self.starts), zone)
        return begin, begin + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Wishes:
    """How a panel wants its sittings planned.

    Args:
        half_days: when it can sit; an emergency may also be heard on any other working day.
        rooms: codes of rooms of its district; the same code is the same room for every panel there.
        bridge: code of a video bridge shared with others, and how many may use it at once.
        minutes: minutes for one child, by priority; ``default`` for the others.
        on_call: languages for which an interpreter can be had at any time.
        emergency_hours: how long before a sitting the panel must know of an emergency.

    Source: DOM-4.5/panel.rules (frequency), DOM-3.5.
    """

    half_days: tuple[HalfDay, ...]
    timezone: str
    mode: str = "in_person"
    rooms: tuple[str, ...] = ()
    bridge: str = ""
    bridge_capacity: int = 1
    minutes: Mapping[str, int] | None = None
    opening_minutes: int = 15
    max_cases: int = 12
    max_per_week: int = 2
    days_ahead: int = 56
    on_call: tuple[str, ...] = ()
    emergency_hours: int = 12

    def minutes_for(self, priority: str) -> int:
        """Return how long one child of a priority is heard."""
        known = self.minutes or {}
        return known.get(priority, known.get("default", 30))

    def days(self, start: date, end: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the half-days between two days, the last left out, in order."""
        zone = ZoneInfo(self.timezone)
        for number in range((end - start).days):
            day = start + timedelta(days=number)
            for half in sorted(self.half_days, key=lambda one: one.starts):
                if half.weekday == day.weekday():
                    yield half.on(day, zone)

    def working_days(self, start: date, end: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the same hours on every working day between two days, the last left out, for an exercise."""
        for number in range((end - start).days):
            yield from self._hours_of(start + timedelta(days=number))

    @property
    def hours_a_day(self) -> set[tuple[str, int]]:
        """Return the begins and lengths of half-days, whatever the weekday."""
        return {(one.starts, one.minutes) for one in self.half_days}

    def _hours_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.timezone)
        for starts, minutes in sorted(self.hours_a_day):
            if day.weekday() in WORKING_DAYS:
                yield HalfDay(day.weekday(), starts, minutes).on(day, zone)

    def any_day(self, start: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the same hours on every working day of the next days, for emergencies."""
        yield from self.working_days(start, start + timedelta(days=EMERGENCY_DAYS))

    def to_json(self) -> dict[str, Any]:
        """Return the wishes as they are kept."""
        return asdict(self) | {"minutes": dict(self.minutes or {})}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Wishes":
        """Read the wishes as they were kept; what a newer release added has its usual value."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in kept.items() if name in known}
        given["half_days"] = tuple(HalfDay(**one) for one in kept["half_days"])
        for name in ("rooms", "on_call"):
            given[name] = tuple(given.get(name, ()))
        return cls(**given)


class FixedKind(StrEnum):
    """What a person may fix by hand before a plan is made."""

    CASE_SLOT = "case_slot"
    SLOT_CLOSED = "slot_closed"
    SLOT_OPEN = "slot_open"
    MEMBER_IN = "member_in"
    MEMBER_OUT = "member_out"


@dataclass(frozen=True)
class Fixed:
    """One thing fixed by hand: a child's date, a half-day held or not, a member who comes or does not."""

    kind: FixedKind
    slot: str
    case_id: str = ""
    member_id: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it as the planner reads it."""
        every = {"case": self.case_id, "slot": self.slot, "member": self.member_id}
        return {"type": self.kind.value} | {name: one for name, one in every.items() if one}


@dataclass(frozen=True)
class More:
    """What one more of something would change: a member of a sector, an interpreter, a half-day."""

    sector: str = ""
    language: str = ""
    half_day: HalfDay | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is added: an ordinary plan."""
        return not (self.sector or self.language or self.half_day)

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept; an empty object for nothing."""
        half = asdict(self.half_day) if self.half_day else None
        every = {"sector": self.sector, "language": self.language, "half_day": half}
        return {name: value for name, value in every.items() if value}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "More":
        """Read it as it was kept."""
        half = kept.get("half_day")
        found = HalfDay(**half) if half else None
        return cls(str(kept.get("sector", "")), str(kept.get("language", "")), found)
