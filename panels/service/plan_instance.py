"""The planner's instance from the live record: who, when, where, which children; codes and ids only.

Which half-days there are is in ``plan_slots``, which children in ``plan_cases``, who can come in ``plan_people``.

Source: DOM-3.5, DOM-3.2/D7.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.errors import Gap, Incomplete, NotThere
from core.packs.errors import NoPack
from core.packs.lookup import pack_of
from core.packs.models import Pack
from panels.planning.reading.instance import FORMAT
from panels.rules.mass import most_in_a_sitting, together
from panels.rules.panel_rules import has_vote
from panels.rules.planning import EMERGENCY, More, Wishes
from panels.rules.quorum import QuorumRules
from panels.rules.roster import Holder
from panels.rules.sittings import SittingType
from panels.service.mass import candidates
from panels.service.panels import rules_of
from panels.service.plan_cases import Child, children_for, groups_of
from panels.service.plan_people import interpreters, members
from panels.service.plan_rooms import names_of_rooms, rooms_away
from panels.service.plan_slots import Slots
from panels.service.plan_wishes import wishes_of
from panels.store import member as member_store
from panels.store import panel as panels
from panels.store import planning as store
from panels.store import sitting as sitting_store
from panels.tables.panel import PanelRow

COMPARED: Final = (
    "cases", "members", "interpreters", "rooms", "resources", "panels", "holidays", "previous",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """For which days, and with what added, a plan is made."""

    start: datetime
    end: datetime
    more: More = field(default_factory=More)
    fixed: tuple[dict[str, str], ...] = ()
    mass: str = ""


@dataclass(frozen=True)
class Built:
    """An instance and what its ids mean.

    Args:
        instance: the document of the planner.
        sittings: slot to the sitting of the record that it is.
        extraordinary: slots that are held for emergencies only.
        parts: a digest of each part that a change of the record would change.
        set_aside: cases for which hinted members had to be counted on.
        children: what was read of each case; never kept with the plan.
        fewest_seats: so many voting seats a sitting of this panel has at least.
    """

    instance: dict[str, Any]
    sittings: dict[str, str]
    extraordinary: tuple[str, ...]
    parts: dict[str, str]
    set_aside: tuple[str, ...]
    children: dict[str, Child]
    fewest_seats: int

    @property
    def digest(self) -> str:
        """Return one digest of everything."""
        return _digest(self.parts)


def build(session: Session, panel_id: str, asked: Asked, *, now: datetime) -> Built:
    """Build the instance of one panel, to a service that has already decided it may.

    Raises:
        NotThere: no such panel.
        Incomplete: nobody waits, or it has not been said when the panel sits.
    """
    panel = panels.find(session, panel_id)
    if panel is None:
        raise NotThere("panel")
    if store.wishes(session, panel_id) is None:
        raise Incomplete("plan", (Gap("no_half_days"),))
    made = _Making(session, panel, asked, now)
    if not made.children:
        raise Incomplete("plan", (Gap("nobody_waits"),))
    if not made.slots.found:
        raise Incomplete("plan", (Gap("no_half_day_to_come"),))
    return made.built()


class _Making:
    def __init__(self, session: Session, panel: PanelRow, asked: Asked, now: datetime) -> None:
        self.session = session
        self.panel = panel
        self.asked = asked
        self.now = now
        self.wishes = _with_more(wishes_of(session, panel.id).wishes, asked.more)
        self.zone = ZoneInfo(self.wishes.timezone)
        self.pack = pack_of(panel.country, on=now.date())
        self.rules = rules_of(session, panel.id, panel.rules_number)
        self.holders = self._holders()
        self.to_come = [
            one for one in store.to_come(session, panel.id, now=now) if one.starts_at < asked.end
        ]
        listed = [] if asked.mass else self.to_come
        self.children = children_for(session, panel, self.holders, self.rules, listed, now=now)
        if asked.mass:
            fitting = together(candidates(session, panel, now=now)).get(asked.mass, ())
            self.children = [one for one in self.children if one.facts.case_id in fitting]
        self.slots = Slots(panel, self.wishes, self.pack, start=asked.start, end=asked.end, now=now)
        if asked.mass:
            self.slots.fill_working_days(self.to_come)
            self.to_come = []  # they stay as they are: an exercise is planned around them
        else:
            self.slots.fill(self.to_come, self.children)

    def _holders(self) -> list[Holder]:
        """Return everybody who holds a seat on some day of the plan and has a vote."""
        first, last = self.asked.start.date(), self.asked.end.date()
        rows = [
            row.id
            for row in member_store.of_panel(self.session, self.panel.id)
            if row.term_from <= last and (row.term_to is None or row.term_to >= first)
        ]
        return [h for h in member_store.holders(self.session, rows) if has_vote(h, self.rules)]

    def built(self) -> Built:
        instance = {
            "format": FORMAT,
            "id": self.panel.id,
            "now": self._local(self.now),
            "horizon": {"start": self._local(self.asked.start), "end": self._local(self.asked.end)},
            "priorities": self.slots.priorities(),
            "holidays": self._holidays(),
            "districts": [{"id": self.panel.district}],
            "resources": self._resources(),
            "rooms": self._rooms(),
            "panels": self._panels(),
            "slots": list(self.slots.found.values()),
            "members": self._members(),
            "interpreters": self._interpreters(),
            "cases": self._cases(),
            "previous": {"sittings": self._previous()},
            "overrides": [dict(one) for one in self.asked.fixed],
        }
        return Built(
            instance,
            self.slots.sittings,
            tuple(self.slots.extraordinary),
            {name: _digest(instance[name]) for name in COMPARED},
            tuple(one.facts.case_id for one in self.children if one.set_aside),
            {one.facts.case_id: one for one in self.children},
            self.rules.size[0],
        )

    def _local(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).isoformat(timespec="seconds")

    def _holidays(self) -> list[dict[str, str]]:
        """Return the holidays of every country of the panel and of its members."""
        found = []
        for country in sorted({*self.panel.countries, *(one.country for one in self.holders)}):
            pack = self._pack(country)
            if pack is None:
                continue
            is_holiday = pack.calendar().holidays
            day = self.asked.start.astimezone(self.zone).date()
            while day <= self.asked.end.astimezone(self.zone).date():
                if is_holiday(day):
                    found.append({"country": country, "date": day.isoformat()})
                day += timedelta(days=1)
        return found

    def _pack(self, country: str) -> Pack | None:
        try:
            return pack_of(country, on=self.now.date())
        except NoPack:
            return None

    def _rooms(self) -> list[dict[str, Any]]:
        away = rooms_away(
            self.session, self.panel, self.wishes, start=self.asked.start, end=self.asked.end
        )
        district = self.panel.district
        return [
            {"id": name, "district": district, "unavailable": self._spans(spans)}
            for name, spans in away.items()
        ]

    def _spans(self, spans: Iterable[tuple[datetime, datetime]]) -> list[list[str]]:
        return [[self._local(begin), self._local(end)] for begin, end in sorted(set(spans))]

    def _resources(self) -> list[dict[str, Any]]:
        capacity = self.wishes.bridge_capacity
        return [{"id": self.wishes.bridge, "capacity": capacity}] if self.wishes.bridge else []

    def _panels(self) -> list[dict[str, Any]]:
        rooms = names_of_rooms(self.panel, self.wishes)
        bridge = self.wishes.bridge
        quorum = {"default": _rule(self.rules.quorum)}
        if self.rules.emergency is not None:
            quorum[EMERGENCY] = _rule(self.rules.emergency)
        names = [self.panel.code, self.slots.for_emergencies, *self.slots.locked.values()]
        return [
            {
                "id": name,
                "district": self.panel.district,
                "countries": list(self.panel.countries),
                "remote": self.wishes.mode == "remote",
                "rooms": rooms,
                "resources": [bridge] if bridge else [],
                "overhead_min": self.wishes.opening_minutes,
                "max_cases_per_sitting": self._most_cases(),
                "quorum": quorum,
            }
            for name in names
        ]

    def _most_cases(self) -> int:
        """Return how many children one sitting may have; in an exercise so many that a day keeps the cap."""
        if self.asked.mass:
            a_day = len(self.wishes.hours_a_day)
            return most_in_a_sitting(self.rules.batch.daily_cap, a_day)
        return max(self.wishes.max_cases, self._longest_agenda())

    def _longest_agenda(self) -> int:
        agendas = [one.item.sitting_id for one in self.children if one.item is not None]
        return max((agendas.count(one) for one in agendas), default=0)

    def _members(self) -> list[dict[str, Any]]:
        names = [self.panel.code, self.slots.for_emergencies, *self.slots.locked.values()]
        found = members(
            self.session, self.panel, self.holders, start=self.asked.start, end=self.asked.end,
            zone=self.zone, now=self.now,
        )  # fmt: skip
        shown = [
            {
                "id": one.holder.member_id,
                "sector": one.holder.sector,
                "agency": one.holder.agency,
                "roles": one.roles,
                "country": one.holder.country,
                "home": self.panel.district,
                "panels": names,
                "seat": one.holder.seat_id,
                "unavailable": self._spans(one.away),
                "max_sittings_per_week": self._most_a_week,
                "prior_sittings": one.sat,
            }
            for one in found
        ]
        if self.asked.more.sector:
            shown.append(self._one_more(names))
        return shown

    @property
    def _most_a_week(self) -> int:
        """An exercise is the work of its weeks: every half-day of a working day may be one."""
        full = 5 * len(self.wishes.hours_a_day)
        return max(full, self.wishes.max_per_week) if self.asked.mass else self.wishes.max_per_week

    def _one_more(self, names: Sequence[str]) -> dict[str, Any]:
        return {
            "id": "one-more-member", "sector": self.asked.more.sector, "agency": "one-more-agency",
            "roles": ["member"], "country": self.panel.country, "home": self.panel.district,
            "panels": list(names), "seat": "one-more-seat", "unavailable": [],
            "max_sittings_per_week": self._most_a_week, "prior_sittings": 0,
        }  # fmt: skip

    def _interpreters(self) -> list[dict[str, Any]]:
        start, end = self.asked.start, self.asked.end
        found = [
            {
                "id": one.id,
                "languages": list(one.languages),
                "home": self.panel.district,
                "unavailable": self._spans(one.away),
            }
            for one in interpreters(
                self.session, self.children, start=start, end=end, zone=self.zone
            )
        ]
        on_call = {
            *self.wishes.on_call,
            *([self.asked.more.language] if self.asked.more.language else []),
        }
        return found + [
            {"id": f"on-call-{word}", "languages": [word], "home": self.panel.district,
             "remote": True}
            for word in sorted(on_call)
        ]  # fmt: skip

    def _cases(self) -> list[dict[str, Any]]:
        marks = {
            one.facts.case_id: self.slots.locked.get(one.item.sitting_id, "") if one.item else ""
            for one in self.children
        }
        groups = groups_of(self.children, marks)
        return [self._case(one, groups) for one in self.children]

    def _case(self, child: Child, groups: Mapping[str, str]) -> dict[str, Any]:
        facts = child.facts
        names = [self.panel.code]
        if facts.priority == EMERGENCY:
            names.append(self.slots.for_emergencies)
        if child.item is not None and child.item.sitting_id in self.slots.locked:
            names.append(self.slots.locked[child.item.sitting_id])
        elif child.item is not None and self._is_extraordinary(child.item.sitting_id):
            names.append(self.slots.for_emergencies)
        left = [(one.starts_at, one.ends_at) for one in self.to_come if one.id in child.sat_out]
        found: dict[str, Any] = {
            "id": facts.case_id,
            "panels": sorted(set(names)),
            "priority": facts.priority,
            "released": self._local(min(facts.ready_since, self.now)),
            "deadline": self._local(facts.due_at),
            "minutes": self._minutes(facts.priority),
            "language": child.language,
            "group": groups.get(facts.case_id),
            "recused": [
                {"member": member, "reason": why} for member, why in sorted(child.recused.items())
            ],
        }
        if self.asked.mass:
            found["batch"] = self.asked.mass
        if left:
            found["attendance"] = {"cannot": self._spans(left)}
        return found

    def _minutes(self, priority: str) -> int:
        """Return how long a child is heard: in an exercise never less than the country's minimum."""
        wished = self.wishes.minutes_for(priority)
        return max(wished, self.rules.batch.minutes_per_item) if self.asked.mass else wished

    def _is_extraordinary(self, sitting_id: str) -> bool:
        return any(
            one.id == sitting_id and one.type == SittingType.EXTRAORDINARY for one in self.to_come
        )

    def _previous(self) -> list[dict[str, Any]]:
        voting = {one.member_id for one in self.holders}
        slots = {sitting: slot for slot, sitting in self.slots.sittings.items()}
        found = []
        for sitting in self.to_come:
            mine = [one for one in self.children if one.item and one.item.sitting_id == sitting.id]
            called = sitting_store.roster(self.session, sitting.id)
            found.append(
                {
                    "slot": slots[sitting.id],
                    "members": sorted(set(called) & voting),
                    "cases": [
                        {"case": one.facts.case_id, "notified": one.is_notified} for one in mine
                    ],
                }
            )
        return found


def _with_more(wishes: Wishes, more: More) -> Wishes:
    if more.half_day is None:
        return wishes
    halves = (*wishes.half_days, more.half_day)
    return Wishes.of_json({**wishes.to_json(), "half_days": [vars(one) for one in halves]})


def _rule(rules: QuorumRules) -> dict[str, Any]:
    return {
        "min_present": rules.voters,
        "min_agencies": rules.agencies,
        "require": [
            {
                "roles": sorted(need.roles),
                "sectors": sorted(need.sectors),
                "countries": sorted(need.countries),
                "min": need.least,
            }
            for need in rules.needs
        ],
    }


def _digest(value: Any) -> str:
    return sha256(dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
