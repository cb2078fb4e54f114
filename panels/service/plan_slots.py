"""The half-days of a plan: sittings there are, half-days the panel wishes, any working day for an emergency.

A convened sitting cannot take further children: for the planner it is a panel of its own, which hears nobody but
those on its agenda. An emergency may be heard on any working day: that is a further panel, which hears only
emergencies.

Source: DOM-3.5, DOM-3.2/D8.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.packs.models import Pack
from panels.rules.planning import EMERGENCY, WEIGHTS, Wishes
from panels.rules.sittings import SittingState, SittingType
from panels.service.case_facts import papers_limit
from panels.service.plan_cases import Child
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow

HOUR: Final = timedelta(hours=1)
MINUTE: Final = 1 / 60  # an hour's notice is told a minute short, so that no rounding closes a slot


class Slots:
    """The slots of one plan in the making.

    Attributes:
        found: slots of the document by id.
        sittings: slot to the sitting of the record that it is.
        extraordinary: slots that are for emergencies only and no sitting yet.
        locked: sittings nobody else can be heard in, with the panel they are to the planner.
    """

    def __init__(
        self,
        panel: PanelRow,
        wishes: Wishes,
        pack: Pack,
        *,
        start: datetime,
        end: datetime,
        now: datetime,
    ) -> None:
        self._panel, self._wishes, self._pack = panel, wishes, pack
        self._start, self._end, self._now = start, end, now
        self._zone = ZoneInfo(wishes.timezone)
        self.found: dict[str, dict[str, Any]] = {}
        self.sittings: dict[str, str] = {}
        self.extraordinary: list[str] = []
        self.locked: dict[str, str] = {}

    @property
    def for_emergencies(self) -> str:
        """The panel that hears only emergencies, as the planner knows it."""
        return f"{self._panel.code} (extraordinary)"

    @property
    def _may_be_extraordinary(self) -> bool:
        """A panel of several countries meets jointly or not at all."""
        return self._panel.kind != "joint"

    def fill_working_days(self, to_come: Sequence[SittingRow]) -> None:
        """Find every half-day of a working day that no sitting of the record overlaps, for an exercise."""
        taken = [(one.starts_at, one.ends_at) for one in to_come]
        first = self._start.astimezone(self._zone).date()
        last = self._end.astimezone(self._zone).date()
        for begin, end in self._wishes.working_days(first, last):
            if begin > self._now and not _overlaps(begin, end, taken):
                self._add(begin, end, self._panel.code)
                taken.append((begin, end))

    def fill(self, to_come: Sequence[SittingRow], children: Sequence[Child]) -> None:
        """Find every slot: sittings of the record first, then half-days that none of them overlaps."""
        for sitting in to_come:
            self._take(sitting, [c for c in children if c.item and c.item.sitting_id == sitting.id])
        taken = [(one.starts_at, one.ends_at) for one in to_come]
        first = self._start.astimezone(self._zone).date()
        last = self._end.astimezone(self._zone).date()
        for begin, end in self._wishes.days(first, last):
            if begin > self._now and not _overlaps(begin, end, taken):
                self._add(begin, end, self._panel.code)
                taken.append((begin, end))
        if self._may_be_extraordinary and any(c.facts.priority == EMERGENCY for c in children):
            for begin, end in self._wishes.any_day(first):
                if begin > self._now and not _overlaps(begin, end, taken):
                    self.extraordinary.append(self._add(begin, end, self.for_emergencies))

    def _take(self, sitting: SittingRow, listed: Sequence[Child]) -> None:
        """A sitting of the record; convened, with other panels, or too near for papers it takes nobody else."""
        extraordinary = sitting.type == SittingType.EXTRAORDINARY
        too_near = not extraordinary and self._papers_by(sitting.starts_at, EMERGENCY) < self._now
        with_others = sitting.type == SittingType.JOINT and self._may_be_extraordinary
        convened = SittingState(sitting.state) is SittingState.CONVENED
        name = self._panel.code
        if too_near or with_others or (convened and not extraordinary):
            begins = sitting.starts_at.astimezone(self._zone)
            name = f"{self._panel.code} (convened {begins:%y%m%d-%H%M})"
            self.locked[sitting.id] = name
        elif extraordinary:
            name = self.for_emergencies
        spent = sum(self._wishes.minutes_for(one.facts.priority) for one in listed)
        least = timedelta(minutes=spent + self._wishes.opening_minutes)
        end = max(sitting.ends_at, sitting.starts_at + least)
        self.sittings[self._add(sitting.starts_at, end, name)] = sitting.id

    def _add(self, begin: datetime, end: datetime, panel: str) -> str:
        stem = f"{begin.astimezone(self._zone):%y%m%d-%H%M}"
        name, number = stem, 1
        while name in self.found:
            number += 1
            name = f"{stem}-{number}"
        self.found[name] = {
            "id": name, "panel": panel, "start": self._local(begin), "end": self._local(end),
        }  # fmt: skip
        return name

    def _local(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).isoformat(timespec="seconds")

    def _papers_by(self, begin: datetime, priority: str) -> datetime:
        return papers_limit(self._pack, priority, begin, self._panel.district)

    def priorities(self) -> dict[str, dict[str, Any]]:
        """Return each priority; its notice ends where papers still reach members in time (D8)."""
        return {
            name: {
                "weight": weight,
                "notice_hours": float(self._wishes.emergency_hours)
                if name == EMERGENCY and self._may_be_extraordinary
                else self._notice(name),
            }
            for name, weight in WEIGHTS.items()
        }

    def _notice(self, priority: str) -> float:
        begins = sorted(datetime.fromisoformat(one["start"]) for one in self.found.values())
        for begin in begins:
            if self._papers_by(begin, priority) >= self._now:
                return max(0.0, round((begin - self._now) / HOUR - MINUTE, 4))
        return max(0.0, round((begins[-1] - self._now) / HOUR + 24, 4)) if begins else 0.0


def _overlaps(begin: datetime, end: datetime, spans: Iterable[tuple[datetime, datetime]]) -> bool:
    return any(begin < e and b < end for b, e in spans)
