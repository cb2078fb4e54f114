"""Why a case is not heard at a slot: the rules that close it by themselves, else what the plan says against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from panels.planning.world.closed import Code
from panels.planning.world.draft import Draft
from panels.planning.world.teams import fits, shortfalls, wanted
from panels.planning.world.times import EPOCH, TICK
from panels.planning.world.units import Unit

Facts = Mapping[str, str | int]
SHOWN: Final = 12


@dataclass(frozen=True)
class Reason:
    """One reason in a code and facts; ``words`` has its sentence. Names are pseudonyms of the document."""

    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Why:
    """What stands against a slot: static codes, complete; without any, what the plan says."""

    slot: str
    codes: tuple[Code, ...]
    reasons: tuple[Reason, ...]


class Asking:
    """Answers about one plan; asking changes nothing."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.ground = draft.ground
        self.world = draft.world
        self.instance = draft.world.instance

    def unit(self, case: int) -> Unit:
        """Return what the case is heard with."""
        return self.ground.units[self.ground.unit_of[case]]

    def why(self, case: int, slot: int) -> Why:
        """Say why the case is not heard at this slot."""
        codes = self.ground.closed.codes(case, slot)
        ordered = tuple(code for code in Code if code in codes)
        if ordered:
            reasons = [one for code in ordered for one in self._static(code, case, slot)]
        else:
            reasons = list(self._dynamic(case, slot))
        return Why(self.world.slots[slot].id, ordered, tuple(reasons))

    def before(self, case: int, slot: int) -> list[Why]:
        """Say why the case is at none of the slots of its panels before this one."""
        start = self.world.starts[slot]
        panels = {self.world.panel_number[name] for name in self.instance.cases[case].panels}
        earlier = [
            one.number
            for one in self.world.slots
            if one.panel in panels and self.world.now <= one.start < start
        ]
        earlier.sort(key=lambda one: (self.world.starts[one], one))
        return [self.why(case, one) for one in earlier]

    def _static(self, code: Code, case: int, slot: int) -> Iterator[Reason]:
        if code is Code.QUORUM:
            yield from self.quorum(case, slot)
            return
        facts, given = self.world.slots[slot], self.instance.cases[case]
        more: dict[Code, Facts] = {
            Code.PANEL: {"panel": self.instance.panels[facts.panel].id},
            Code.RELEASE: {"earliest": self._instant(self.world.earliest[case])},
            Code.HOLIDAY: {"day": str(facts.day)},
            Code.CAPACITY: {
                "minutes": self.ground.closed.needed_minutes(case, facts.panel),
                "length": facts.minutes,
                "cases": len(self.ground.closed.siblings[case]),
            },
            Code.INTERPRETER: {"language": given.language or ""},
        }
        yield Reason(code.value, {"case": given.id, "slot": facts.id, **more.get(code, {})})

    def _instant(self, tick: int) -> str:
        zone = self.instance.now.tzinfo
        return (EPOCH + tick * TICK).astimezone(zone).strftime("%Y-%m-%d %H:%M")

    def quorum(self, case: int, slot: int) -> Iterator[Reason]:
        """Name each requirement that fails and everybody who could have filled it, with the cause."""
        facts = self.world.slots[slot]
        rule, recused = self.world.signature(case, facts.panel)
        people = self.instance.members
        there = [people[one] for one in facts.members if one not in recused]
        short = list(shortfalls(self.world.rules[rule], there))
        for one in short:
            absent = [
                name
                for name in self._absent(case, slot)
                if self._would_help(one.wanted, name, rule)
            ]
            causes = ", ".join(f"{people[m].id} ({cause})" for m, cause in absent)
            yield Reason(
                f"quorum_{one.part}",
                {
                    "slot": facts.id,
                    "wanted": one.wanted,
                    "present": one.present,
                    "needed": one.needed,
                    "absent": causes or "-",
                },
            )
        if not short:
            yield Reason("quorum_seats", {"slot": facts.id})

    def _would_help(self, asked: str, absent: tuple[int, str], rule: int) -> bool:
        member = self.instance.members[absent[0]]
        needs = [one for one in self.world.rules[rule].require if wanted(one) == asked]
        return not asked or any(fits(member, need) for need in needs)

    def _absent(self, case: int, slot: int) -> list[tuple[int, str]]:
        """Return the panel's members who cannot vote on the case there, with the cause."""
        facts = self.world.slots[slot]
        found = []
        for member in self.world.panels[facts.panel].members:
            cause = self.world.absence(member, slot, facts.start, facts.end, facts.day)
            if cause is None and member in self.world.recused[case]:
                cause = "recused"
            if cause is not None:
                found.append((member, cause))
        return found

    def _dynamic(self, case: int, slot: int) -> Iterator[Reason]:
        """Say what in the plan, or about siblings, speaks against a slot no rule closes by itself."""
        unit = self.unit(case)
        place = self.draft.place.get(unit.number)
        if place == slot:
            yield Reason("here", {"slot": self.world.slots[slot].id})
        elif slot not in unit.slots:
            yield from self._siblings(case, slot)
        else:
            yield from self._plan_says(unit, slot)

    def _siblings(self, case: int, slot: int) -> Iterator[Reason]:
        found = False
        for other in self.ground.closed.siblings[case]:
            codes = self.ground.closed.codes(other, slot)
            if other != case and codes:
                found = True
                names = ", ".join(code.value for code in Code if code in codes)
                yield Reason("sibling", {"sibling": self.instance.cases[other].id, "codes": names})
        if not found:
            yield Reason("siblings_together", {"slot": self.world.slots[slot].id})

    def _plan_says(self, unit: Unit, slot: int) -> Iterator[Reason]:
        """Try the unit there with the rest of the plan as it is."""
        draft = self.draft.copy()
        place = draft.place.get(unit.number)
        if place is not None:
            take_out(draft, unit)
        facts = self.world.slots[slot]
        held = draft.sittings.get(slot)
        if not draft.has_room(unit, slot):
            names = (
                [self.instance.cases[c].id for u in held.units for c in self._cases(u)]
                if held
                else []
            )
            yield Reason("agenda_full", {"slot": facts.id, "cases": _few(names)})
            yield from self._would_be_late(draft, slot)
            return
        if held is None and not draft.rooms_free(facts):
            yield Reason("room_taken", {"slot": facts.id, "sittings": self._beside(draft, slot)})
        if held is None and not draft.has_bridge(facts):
            yield Reason("bridge_taken", {"slot": facts.id, "sittings": self._beside(draft, slot)})
        yield from self._people(draft, unit, slot)
        fit = draft.fit(unit, slot)
        if fit is not None:
            yield from self._possible(unit, slot, fit.added, new=held is None)

    def _cases(self, unit: int) -> Sequence[int]:
        return self.ground.units[unit].cases

    def _would_be_late(self, draft: Draft, slot: int) -> Iterator[Reason]:
        """Name the cases of a full agenda that could go nowhere else in time."""
        stuck = []
        for number in draft.sittings[slot].units:
            other = self.ground.units[number]
            elsewhere = [s for s in other.best if s != slot]
            if not any(draft.fit(other, s) for s in elsewhere):
                stuck += [self.instance.cases[case].id for case in other.cases]
        if stuck:
            yield Reason("would_be_late", {"cases": _few(stuck)})

    def _beside(self, draft: Draft, slot: int) -> str:
        one = self.world.slots[slot]
        near = [self.world.slots[o] for o in self.world.near(slot, draft.sittings)]
        return _few([o.id for o in near if o.start < one.end and one.start < o.end])

    def _people(self, draft: Draft, unit: Unit, slot: int) -> Iterator[Reason]:
        facts = self.world.slots[slot]
        held = draft.sittings.get(slot)
        team = held.team if held else ()
        bound = [m for m in facts.members if m not in team and not draft.members.free(m, facts)]
        if not draft.can_staff(unit, slot):
            names = [
                f"{self.instance.members[m].id} ({self._where(draft, m, slot)})" for m in bound
            ]
            yield Reason("members_elsewhere", {"slot": facts.id, "members": _few(names)})
        if not draft.can_interpret(unit, slot):
            people = self.instance.interpreters
            speaking = [o for o in facts.interpreters if people[o].languages & unit.languages]
            names = [f"{people[o].id}" for o in speaking if not draft.interpreters.free(o, facts)]
            yield Reason("interpreter_elsewhere", {"slot": facts.id, "interpreters": _few(names)})

    def _where(self, draft: Draft, member: int, slot: int) -> str:
        week = self.world.slots[slot].week
        if draft.members.weeks[member, week] >= draft.members.limits[member]:
            return "weekly limit"
        near = self.world.near(slot, draft.members.at.get(member, ()))
        return self.world.slots[near[0]].id if near else "elsewhere"

    def _possible(self, unit: Unit, slot: int, added: int, *, new: bool) -> Iterator[Reason]:
        """The unit could be heard there: say what that would cost, or that nothing would be gained."""
        facts: Facts = {"slot": self.world.slots[slot].id, "added": added}
        place = self.draft.place.get(unit.number)
        late = place is None or unit.lateness(place) > unit.lateness(slot)
        if late:
            yield Reason("possible", facts)
        elif new:
            yield Reason("further_sitting", facts)
        else:
            yield Reason("costs_more" if added else "no_gain", facts)


def take_out(draft: Draft, unit: Unit) -> None:
    """Take a unit off its agenda; the sitting stays as it is, unless nobody else is heard in it."""
    held = draft.remove(draft.place[unit.number])
    held = held.copy()
    held.units.remove(unit.number)
    if held.units or draft.world.slots[held.slot].must_open:
        draft.put(held)


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown}, and {len(names) - SHOWN} more" if len(names) > SHOWN else shown or "-"
