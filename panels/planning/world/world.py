"""An instance with numbers for ids and everything that does not depend on a plan worked out once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from panels.planning.reading.instance import (
    Case,
    Half,
    Holiday,
    Instance,
    OverrideKind,
    Panel,
    QuorumRule,
)
from panels.planning.world.times import HOUR, MINUTE, Interval, interval, overlaps, ticks

NOON = 12
Week = tuple[int, int]
Signature = tuple[int, frozenset[int]]  # number of a quorum rule, members who may not vote


@dataclass(frozen=True)
class SlotFacts:
    """A slot: when, and who and what may be had there by itself."""

    number: int
    id: str
    panel: int
    start: int
    end: int
    minutes: int
    day: date
    week: Week
    half: Half
    holiday: Holiday | None
    closed: bool
    must_open: bool
    rooms: tuple[int, ...]
    bridge: bool
    members: tuple[int, ...]
    interpreters: tuple[int, ...]
    forced: frozenset[int]
    out: frozenset[int]
    languages: frozenset[str]


@dataclass(frozen=True)
class PanelFacts:
    """A panel with its members and slots by number; ``slots`` in order of time."""

    number: int
    panel: Panel
    rooms: tuple[int, ...]
    members: tuple[int, ...]
    slots: tuple[int, ...]


class World:
    """What is true whatever is planned. Numbers stand for the places in the lists of the instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.now = ticks(instance.now)
        self.panel_number = {one.id: n for n, one in enumerate(instance.panels)}
        self.slot_number = {one.id: n for n, one in enumerate(instance.slots)}
        self.member_number = {one.id: n for n, one in enumerate(instance.members)}
        self.case_number = {one.id: n for n, one in enumerate(instance.cases)}
        self.room_number = {one.id: n for n, one in enumerate(instance.rooms)}
        self.holidays: dict[tuple[str, date], Holiday] = {
            (one.country, one.date): one for one in instance.holidays
        }
        self._read_people()
        self._read_overrides()
        self._read_previous()
        self.slots = [self._slot(number) for number in range(len(instance.slots))]
        self.panels = self._panels()
        self.rules: list[QuorumRule] = []
        self._rule_numbers: dict[QuorumRule, int] = {}
        self._rule_of: dict[tuple[int, str], int] = {}

    def _read_people(self) -> None:
        instance = self.instance
        self.member_away = [tuple(map(interval, one.unavailable)) for one in instance.members]
        self.interpreter_away = [
            tuple(map(interval, one.unavailable)) for one in instance.interpreters
        ]
        self.room_away = [tuple(map(interval, one.unavailable)) for one in instance.rooms]
        seats: dict[str, int] = {}
        self.seat = [seats.setdefault(one.seat, len(seats)) for one in instance.members]
        self.on_panel: dict[int, list[int]] = defaultdict(list)
        for number, member in enumerate(instance.members):
            for panel in member.panels:
                self.on_panel[self.panel_number[panel]].append(number)

    def _read_overrides(self) -> None:
        self.closed: set[int] = set()
        self.opened: set[int] = set()
        self.forced: dict[int, set[int]] = defaultdict(set)
        self.barred: dict[int, set[int]] = defaultdict(set)
        self.pinned: dict[int, set[int]] = defaultdict(set)
        for one in self.instance.overrides:
            slot = self.slot_number[one.slot]
            if one.kind is OverrideKind.SLOT_CLOSED:
                self.closed.add(slot)
            elif one.kind is OverrideKind.SLOT_OPEN:
                self.opened.add(slot)
            elif one.case is not None:
                self.pinned[self.case_number[one.case]].add(slot)
            elif one.member is not None:
                where = self.forced if one.kind is OverrideKind.MEMBER_IN else self.barred
                where[slot].add(self.member_number[one.member])

    def _read_previous(self) -> None:
        self.was_at: dict[int, int] = {}
        self.notified: set[int] = set()
        self.was_attended: dict[int, frozenset[int]] = {}
        for sitting in self.instance.previous or ():
            slot = self.slot_number[sitting.slot]
            self.was_attended[slot] = frozenset(self.member_number[m] for m in sitting.members)
            for one in sitting.cases:
                case = self.case_number[one.case]
                self.was_at[case] = slot
                if one.notified:
                    self.notified.add(case)

    def _slot(self, number: int) -> SlotFacts:
        slot = self.instance.slots[number]
        panel = self.panel_number[slot.panel]
        facts = self.instance.panels[panel]
        start, end = ticks(slot.start), ticks(slot.end)
        day = slot.start.date()
        interpreters = tuple(
            n
            for n in self._bookable(slot.panel)
            if not overlaps(self.interpreter_away[n], start, end)
        )
        return SlotFacts(
            number=number,
            id=slot.id,
            panel=panel,
            start=start,
            end=end,
            minutes=(end - start) // MINUTE,
            day=day,
            week=(day.isocalendar().year, day.isocalendar().week),
            half=Half.AM if slot.start.hour < NOON else Half.PM,
            holiday=next(
                (self.holidays[c, day] for c in facts.countries if (c, day) in self.holidays), None
            ),
            closed=number in self.closed,
            must_open=number in self.opened,
            rooms=tuple(
                n
                for n in (self.room_number[room] for room in facts.rooms)
                if not overlaps(self.room_away[n], start, end)
            ),
            bridge=all(self.instance.resources[name] > 0 for name in facts.resources),
            members=tuple(
                n for n in self.on_panel[panel] if self.absence(n, number, start, end, day) is None
            ),
            interpreters=interpreters,
            forced=frozenset(self.forced.get(number, ())),
            out=frozenset(self.barred.get(number, ())),
            languages=frozenset(
                word for n in interpreters for word in self.instance.interpreters[n].languages
            ),
        )

    def absence(self, member: int, slot: int, start: int, end: int, day: date) -> str | None:
        """Say why a member of the panel cannot sit at a slot by itself; None when they can."""
        one = self.instance.members[member]
        if member in self.barred.get(slot, ()):
            return "out"
        if overlaps(self.member_away[member], start, end):
            return "away"
        if (one.country, day) in self.holidays:
            return "holiday"
        return "no_sittings" if one.max_sittings_per_week == 0 else None

    @cached_property
    def _bookable_by_panel(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {one.id: [] for one in self.instance.panels}
        for number, one in enumerate(self.instance.interpreters):
            if one.max_sittings_per_week:
                for panel in found if one.panels is None else sorted(one.panels):
                    found[panel].append(number)
        return found

    def _bookable(self, panel: str) -> list[int]:
        return self._bookable_by_panel[panel]

    def _panels(self) -> list[PanelFacts]:
        slots: dict[int, list[int]] = defaultdict(list)
        for slot in sorted(self.slots, key=lambda one: (one.start, one.end, one.number)):
            slots[slot.panel].append(slot.number)
        return [
            PanelFacts(
                number,
                panel,
                tuple(self.room_number[room] for room in panel.rooms),
                tuple(self.on_panel[number]),
                tuple(slots[number]),
            )
            for number, panel in enumerate(self.instance.panels)
        ]

    def rule_number(self, panel: int, priority: str) -> int:
        """Return the number of the quorum rule for a case of this priority before this panel."""
        key = (panel, priority)
        if key not in self._rule_of:
            rule = self.instance.panels[panel].rule(priority)
            if rule not in self._rule_numbers:
                self._rule_numbers[rule] = len(self.rules)
                self.rules.append(rule)
            self._rule_of[key] = self._rule_numbers[rule]
        return self._rule_of[key]

    def signature(self, case: int, panel: int) -> Signature:
        """Return what the case asks of the members who attend: its rule and who may not vote."""
        recused = self.recused[case]
        seated = recused & self._members_of[panel] if recused else recused
        return self.rule_number(panel, self.instance.cases[case].priority), seated

    @cached_property
    def _members_of(self) -> list[frozenset[int]]:
        return [frozenset(panel.members) for panel in self.panels]

    @cached_property
    def recused(self) -> list[frozenset[int]]:
        """Members who may not vote, for each case."""
        return [
            frozenset(self.member_number[name] for name in case.recused)
            for case in self.instance.cases
        ]

    @cached_property
    def earliest(self) -> list[int]:
        """The first instant at which a case may be heard, unless it stays where it was notified."""
        return [
            max(ticks(case.released), self.now) + self._notice(case) for case in self.instance.cases
        ]

    def _notice(self, case: Case) -> int:
        return round(self.instance.priorities[case.priority].notice_hours * HOUR)

    @cached_property
    def deadline(self) -> list[int]:
        """The deadline of each case."""
        return [ticks(case.deadline) for case in self.instance.cases]

    @cached_property
    def weight(self) -> list[int]:
        """What a day of delay weighs, for each case."""
        return [self.instance.priorities[case.priority].weight for case in self.instance.cases]

    @cached_property
    def cannot(self) -> list[tuple[Interval, ...]]:
        """When the family of each case cannot come."""
        return [tuple(map(interval, case.cannot)) for case in self.instance.cases]

    def member_cost(self, member: int, panel: int) -> int:
        """Return what one attendance of this member costs at a sitting of this panel."""
        policy, facts = self.instance.policy, self.instance.panels[panel]
        if facts.remote:
            return policy.member_cost
        away = self.instance.minutes_between(self.instance.members[member].home, facts.district)
        return policy.member_cost + -(-away // policy.travel_minutes_per_cost)

    @cached_property
    def starts(self) -> list[int]:
        """The start of each slot."""
        return [slot.start for slot in self.slots]

    @cached_property
    def reach(self) -> int:
        """Sittings that begin further apart than this never touch, whoever travels between them."""
        longest = max(slot.end - slot.start for slot in self.slots)
        return longest + max(self.instance.travel.values(), default=0) * MINUTE

    def near(self, slot: int, others: Iterable[int]) -> list[int]:
        """Return those of the slots that may touch this one."""
        start, reach, starts = self.starts[slot], self.reach, self.starts
        return [one for one in others if -reach <= starts[one] - start <= reach]

    def too_close(self, one: int, other: int, *, travels: bool) -> bool:
        """Whether nobody can attend both slots: they overlap, or the way between them is too long."""
        first, second = sorted((self.slots[one], self.slots[other]), key=lambda slot: slot.start)
        if second.start < first.end:
            return True
        before, after = self.instance.panels[first.panel], self.instance.panels[second.panel]
        if not travels or before.remote or after.remote:
            return False
        way = self.instance.minutes_between(before.district, after.district)
        return second.start - first.end < way * MINUTE
