"""The parts an instance is put together from. Everybody and every place is invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Any, Final

ZONE: Final = timezone(timedelta(hours=2))
FIRST_DAY: Final = date(2026, 1, 5)
HALVES: Final = ((time(9), time(12, 30)), (time(13, 30), time(17)))
PRIORITIES: Final = {
    "emergency": {"weight": 100, "notice_hours": 12},
    "urgent": {"weight": 20, "notice_hours": 48},
    "standard": {"weight": 5, "notice_hours": 72},
    "review": {"weight": 1, "notice_hours": 120},
}
LIMIT_DAYS: Final = {"emergency": 3, "urgent": 14, "standard": 28, "review": 60}
USUAL: Final = {"emergency": 4, "urgent": 20, "standard": 60, "review": 16}
SECTORS: Final = (
    "child_welfare",
    "justice",
    "health",
    "police",
    "education",
    "civil_society",
    "un",
)
LANGUAGES: Final = ("swa", "fra", "lin", "bem", "por", "kin", "som")
ORDER: Final = ["unscheduled", "tardiness", "notified_moves", "cost", "comfort", "fairness"]


def at(day: date, hour: time) -> str:
    """Write an instant."""
    return datetime.combine(day, hour, ZONE).isoformat()


def written(moment: datetime) -> str:
    """Write an instant to the minute."""
    return moment.replace(second=0, microsecond=0).isoformat()


@dataclass
class Making:
    """An instance that grows."""

    name: str
    seed: int
    weeks: int
    arrivals: int | None = None
    first_day: date = FIRST_DAY
    parts: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(f"{self.name}/{self.seed}")
        names = "holidays districts travel resources rooms panels slots members interpreters cases"
        self.parts = {name: [] for name in names.split()}

    @property
    def days(self) -> list[date]:
        """Every working day of the horizon."""
        every = (self.first_day + timedelta(days=n) for n in range(7 * self.weeks))
        return [day for day in every if day.weekday() < 5]

    def document(self) -> dict[str, Any]:
        """Return the whole document."""
        end = self.first_day + timedelta(weeks=self.weeks)
        return {
            "format": "bid-panel-schedule/1",
            "id": f"{self.name}-{self.seed}",
            "now": at(self.first_day, time(7)),
            "horizon": {"start": at(self.first_day, time(0)), "end": at(end, time(0))},
            "priorities": PRIORITIES,
            "policy": {
                "sitting_cost": 10,
                "member_cost": 1,
                "interpreter_cost": 1,
                "travel_minutes_per_cost": 60,
                "objective_order": ORDER,
            },
            **self.parts,
            "previous": None,
            "overrides": [],
        }

    def leave(self, often: float) -> list[list[str]]:
        """Return when somebody is away: now and then a half-day, a day, a week."""
        found = []
        for day in self.days:
            if self.chance.random() < often:
                length = self.chance.choice((0, 0, 1, 1, 2, 4))
                half = self.chance.choice(HALVES)
                start, end = (time(0), time(23, 59)) if length else half
                found.append([at(day, start), at(day + timedelta(days=max(0, length - 1)), end)])
        return found

    def add_districts(self, count: int, country: str = "ZM") -> list[str]:
        """Add districts along a road, an hour and a bit from one to the next."""
        names = [f"{country}-D{number:02}" for number in range(count)]
        self.parts["districts"] += [{"id": name, "country": country} for name in names]
        for one in range(count):
            for other in range(one + 1, min(count, one + 6)):
                minutes = 45 + 35 * (other - one) + self.chance.randrange(0, 30, 5)
                self.parts["travel"].append(
                    {"from": names[one], "to": names[other], "minutes": minutes}
                )
        return names

    def add_holidays(self, country: str, count: int) -> None:
        """Add some holidays of a country."""
        for day in sorted(self.chance.sample(self.days, min(count, len(self.days) - 1))):
            self.parts["holidays"].append({"country": country, "date": str(day), "name": "Day off"})

    def add_panel(self, name: str, district: str, **more: Any) -> dict[str, Any]:
        """Add a panel with one room of its own."""
        room = {"id": f"R-{name}", "district": district, "unavailable": self.leave(0.02)}
        self.parts["rooms"].append(room)
        rule = {
            "min_present": 3,
            "min_agencies": 2,
            "require": [
                {"roles": ["chair", "deputy"], "min": 1},
                {"sectors": ["child_welfare"], "min": 1},
            ],
        }
        light = {"min_present": 2, "min_agencies": 2, "require": rule["require"][:1]}
        panel = {
            "id": name,
            "district": district,
            "countries": ["ZM"],
            "remote": False,
            "rooms": [room["id"]],
            "resources": [],
            "overhead_min": 20,
            "batch_setup_min": 0,
            "max_cases_per_sitting": 10,
            "quorum": {"default": rule, "emergency": light},
        } | more
        self.parts["panels"].append(panel)
        return panel

    def add_slots(
        self, panel: str, weekdays: Sequence[int], halves: Sequence[int] = (0, 1)
    ) -> None:
        """Add the half-days of these weekdays."""
        for day in self.days:
            if day.weekday() in weekdays:
                for half in halves:
                    start, end = HALVES[half]
                    name = f"{panel}-{day:%y%m%d}-{'AP'[half]}"
                    self.parts["slots"].append(
                        {"id": name, "panel": panel, "start": at(day, start), "end": at(day, end)}
                    )

    def add_members(
        self,
        panel: str,
        homes: Sequence[str],
        seats: int,
        *,
        often: float = 0.03,
        per_week: int = 3,
    ) -> list[str]:
        """Add members for seats, most with an alternate; the first two lead."""
        found = []
        for seat in range(seats):
            for place in range(1 + (self.chance.random() < 0.6)):
                name = f"{panel}-M{seat}{'ab'[place]}"
                role = ("chair", "deputy")[seat] if seat < 2 else "member"
                sector = SECTORS[(seat - 1) % len(SECTORS)] if seat else "justice"
                home = homes[0] if self.chance.random() < 0.7 else self.chance.choice(homes)
                self.parts["members"].append(
                    {
                        "id": name,
                        "sector": sector,
                        "agency": f"agency-{sector}-{panel}",
                        "roles": [role],
                        "country": "ZM",
                        "home": home,
                        "panels": [panel],
                        "seat": f"{panel}-S{seat}",
                        "unavailable": self.leave(often),
                        "max_sittings_per_week": per_week,
                        "prior_sittings": self.chance.randrange(6),
                    }
                )
                found.append(name)
        return found

    def add_interpreters(
        self, count: int, homes: Sequence[str], panels: list[str] | None, *, per_week: int = 4
    ) -> None:
        """Add interpreters of one or two languages; half of them work by telephone."""
        for number in range(count):
            first = LANGUAGES[number % len(LANGUAGES)]
            more = [self.chance.choice(LANGUAGES)] if self.chance.random() < 0.4 else []
            self.parts["interpreters"].append(
                {
                    "id": f"I{len(self.parts['interpreters']):03}",
                    "languages": sorted({first, *more}),
                    "home": self.chance.choice(homes),
                    "remote": number % 2 == 0,
                    "panels": panels,
                    "unavailable": self.leave(0.05),
                    "max_sittings_per_week": per_week,
                }
            )

    def add_cases(
        self,
        count: int,
        panels: Sequence[str],
        *,
        mix: dict[str, int] = USUAL,
        spoken: Sequence[str] = LANGUAGES[:3],
        foreign: float = 0.2,
        members: Sequence[str] = (),
    ) -> None:
        """Add cases released over the horizon, each with the time limit of its priority."""
        left = count
        while left:
            size = min(left, self.chance.choice((2, 2, 3))) if self.chance.random() < 0.06 else 1
            self._family(
                size, panels, mix, spoken if self.chance.random() < foreign else (), members
            )
            left -= size

    def _family(
        self,
        size: int,
        panels: Sequence[str],
        mix: dict[str, int],
        spoken: Sequence[str],
        members: Sequence[str],
    ) -> None:
        number = len(self.parts["cases"])
        (priority,) = self.chance.choices(list(mix), list(mix.values()))
        released = self._released(priority)
        deadline = released + timedelta(days=LIMIT_DAYS[priority])
        language = self.chance.choice(spoken) if spoken else None
        cannot = [self._half_day() for _ in range(self.chance.choice((0, 0, 0, 1, 2)))]
        prefer = self.chance.choice(([], [], [], ["AM"], ["PM"]))
        recused = self._recused(members)
        for place in range(size):
            self.parts["cases"].append(
                {
                    "id": f"C{number + place:05}",
                    "panels": list(panels),
                    "priority": priority,
                    "released": written(released),
                    "deadline": written(deadline),
                    "minutes": self.chance.choice((20, 20, 20, 30, 30, 45, 60)),
                    "language": language,
                    "group": f"G{number:05}" if size > 1 else None,
                    "batch": None,
                    "recused": recused,
                    "attendance": {"cannot": cannot, "prefer": prefer}
                    if cannot or prefer
                    else None,
                }
            )

    def _released(self, priority: str) -> datetime:
        begin = datetime.combine(self.first_day, time(8), ZONE)
        weeks = self.arrivals or self.weeks
        last = 7 * weeks
        if self.arrivals is None:
            last = max(1, last - min(LIMIT_DAYS[priority], last // 2) - 3)
        first = -min(7, LIMIT_DAYS[priority] // 3)
        return begin + timedelta(days=self.chance.uniform(first, last))

    def _half_day(self) -> list[str]:
        day = self.chance.choice(self.days)
        start, end = self.chance.choice(HALVES)
        return [at(day, start), at(day, end)]

    def _recused(self, members: Sequence[str]) -> list[dict[str, str]]:
        if not members or self.chance.random() > 0.25:
            return []
        chosen = self.chance.sample(list(members), self.chance.choice((1, 1, 2)))
        return [{"member": name, "reason": "wrote the assessment"} for name in sorted(chosen)]


def neighbours(names: Sequence[str], number: int) -> Iterator[str]:
    """Yield a district and those beside it."""
    yield names[number]
    yield from names[max(0, number - 1) : number]
    yield from names[number + 1 : number + 2]
