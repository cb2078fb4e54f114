"""An instance as it was read: what the planner is given. Nothing here is worked out yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

FORMAT: Final = "bid-panel-schedule/1"
NUMBERS: Final = ("unscheduled", "tardiness", "notified_moves", "cost", "comfort", "fairness")


class Half(StrEnum):
    """The half of a day; a slot belongs to the half in which it starts, by its own clock."""

    AM = "AM"
    PM = "PM"


class OverrideKind(StrEnum):
    """What a person may fix by hand."""

    CASE_SLOT = "case_slot"
    SLOT_CLOSED = "slot_closed"
    SLOT_OPEN = "slot_open"
    MEMBER_IN = "member_in"
    MEMBER_OUT = "member_out"


@dataclass(frozen=True)
class Span:
    """An interval from ``start`` up to, not including, ``end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Priority:
    """How much a late case weighs, and how long before the sitting people must know."""

    weight: int
    notice_hours: float


@dataclass(frozen=True)
class Policy:
    """What an office counts as cost, and the order of the six numbers."""

    sitting_cost: int
    member_cost: int
    interpreter_cost: int
    travel_minutes_per_cost: int
    objective_order: tuple[str, ...]


@dataclass(frozen=True)
class Holiday:
    """A day on which nobody of a country sits."""

    country: str
    date: date
    name: str


@dataclass(frozen=True)
class Room:
    """A room and when it cannot be had."""

    id: str
    district: str
    unavailable: tuple[Span, ...]


@dataclass(frozen=True)
class Requirement:
    """At least ``least`` of those who vote fit every set that is not empty."""

    roles: frozenset[str]
    sectors: frozenset[str]
    countries: frozenset[str]
    least: int


@dataclass(frozen=True)
class QuorumRule:
    """What must hold for one case after recusals."""

    min_present: int
    min_agencies: int
    require: tuple[Requirement, ...]


@dataclass(frozen=True)
class Panel:
    """A panel and what each of its sittings needs."""

    id: str
    district: str
    countries: tuple[str, ...]
    remote: bool
    rooms: tuple[str, ...]
    resources: tuple[str, ...]
    overhead_min: int
    batch_setup_min: int
    max_cases_per_sitting: int
    quorum: Mapping[str, QuorumRule]

    def rule(self, priority: str) -> QuorumRule:
        """Return the quorum rule for a case of this priority."""
        return self.quorum.get(priority, self.quorum["default"])


@dataclass(frozen=True)
class Slot:
    """One possible sitting of one panel."""

    id: str
    panel: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Member:
    """A person who may sit; ``seat`` is shared with an alternate, at most one of them sits."""

    id: str
    sector: str
    agency: str
    roles: frozenset[str]
    country: str
    home: str
    panels: frozenset[str]
    seat: str
    unavailable: tuple[Span, ...]
    max_sittings_per_week: int
    prior_sittings: int


@dataclass(frozen=True)
class Interpreter:
    """Somebody who interprets; ``panels`` is None when any panel may book them."""

    id: str
    languages: frozenset[str]
    home: str
    remote: bool
    panels: frozenset[str] | None
    unavailable: tuple[Span, ...]
    max_sittings_per_week: int


@dataclass(frozen=True)
class Case:
    """A child's case as the planner knows it: a pseudonym, its limits and who may not vote."""

    id: str
    panels: frozenset[str]
    priority: str
    released: datetime
    deadline: datetime
    minutes: int
    language: str | None
    group: str | None
    batch: str | None
    recused: Mapping[str, str]
    cannot: tuple[Span, ...]
    prefer: frozenset[Half]


@dataclass(frozen=True)
class Placed:
    """A case on an agenda of the plan in force."""

    case: str
    notified: bool


@dataclass(frozen=True)
class PreviousSitting:
    """A sitting of the plan in force."""

    slot: str
    members: tuple[str, ...]
    cases: tuple[Placed, ...]


@dataclass(frozen=True)
class Override:
    """Something a person fixed by hand; only the ids its kind needs are filled."""

    kind: OverrideKind
    slot: str
    case: str | None = None
    member: str | None = None


@dataclass(frozen=True)
class Instance:
    """Everything the planner is given; every id a part names is known."""

    id: str
    now: datetime
    horizon: Span
    priorities: Mapping[str, Priority]
    policy: Policy
    holidays: tuple[Holiday, ...]
    travel: Mapping[tuple[str, str], int]
    resources: Mapping[str, int]
    rooms: tuple[Room, ...]
    panels: tuple[Panel, ...]
    slots: tuple[Slot, ...]
    members: tuple[Member, ...]
    interpreters: tuple[Interpreter, ...]
    cases: tuple[Case, ...]
    previous: tuple[PreviousSitting, ...] | None
    overrides: tuple[Override, ...]

    def minutes_between(self, one: str, other: str) -> int:
        """Return the minutes of travel between two districts; 0 when nobody wrote them down."""
        return 0 if one == other else self.travel.get((one, other), 0)
