"""A plan in the making: what is booked, and whether one more unit fits. Never breaks a hard rule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from panels.planning.world.teams import Team
from panels.planning.world.units import Ground, Unit
from panels.planning.world.world import Signature, SlotFacts, Week


@dataclass
class Held:
    """A sitting in the making; ``agenda`` is counted by the draft."""

    slot: int
    room: int
    team: Team
    interpreters: Team
    units: list[int] = field(default_factory=list)

    def copy(self) -> "Held":
        """Return the same sitting, free to be changed."""
        return Held(self.slot, self.room, self.team, self.interpreters, list(self.units))


@dataclass
class Agenda:
    """What an agenda takes: counted once and kept up to date."""

    cases: int
    minutes: int
    batches: frozenset[str]
    needs: frozenset[Signature]


@dataclass(frozen=True)
class Fit:
    """How a sitting would look with one more unit, and what that adds to the cost."""

    slot: int
    room: int
    team: Team
    interpreters: Team
    added: int


class Bookings:
    """Who or what is taken when; ``travels`` says whether the way between districts counts."""

    def __init__(self, ground: Ground, limits: list[int], travels: list[bool]) -> None:
        self.world = ground.world
        self.limits = limits
        self.travels = travels
        self.at: dict[int, list[int]] = defaultdict(list)
        self.weeks: dict[tuple[int, Week], int] = defaultdict(int)

    def free(self, one: int, slot: SlotFacts) -> bool:
        """Whether somebody who is available by themselves is not taken elsewhere or this week."""
        if self.weeks[one, slot.week] >= self.limits[one]:
            return False
        booked = self.at.get(one)
        return not booked or not any(
            self.world.too_close(other, slot.number, travels=self.travels[one])
            for other in self.world.near(slot.number, booked)
        )

    def book(self, who: Iterable[int], slot: SlotFacts) -> None:
        """Take these."""
        for one in who:
            self.at[one].append(slot.number)
            self.weeks[one, slot.week] += 1

    def release(self, who: Iterable[int], slot: SlotFacts) -> None:
        """Let these go."""
        for one in who:
            self.at[one].remove(slot.number)
            self.weeks[one, slot.week] -= 1


class Draft:
    """Sittings with their agendas, kept lawful by every act."""

    def __init__(self, ground: Ground) -> None:
        instance = ground.world.instance
        self.ground = ground
        self.world = ground.world
        self.sittings: dict[int, Held] = {}
        self.agendas: dict[int, Agenda] = {}
        self.place: dict[int, int] = {}
        self.members = Bookings(
            ground,
            [m.max_sittings_per_week for m in instance.members],
            [True] * len(instance.members),
        )
        self.interpreters = Bookings(
            ground,
            [one.max_sittings_per_week for one in instance.interpreters],
            [not one.remote for one in instance.interpreters],
        )
        self.rooms: dict[int, list[int]] = defaultdict(list)
        self.uses: dict[str, list[int]] = defaultdict(list)

    def copy(self) -> "Draft":
        """Return a draft with the same sittings."""
        other = Draft(self.ground)
        for held in self.sittings.values():
            other.put(held.copy())
        return other

    def put(self, held: Held) -> None:
        """Take over a sitting that is known to be lawful."""
        slot = self.world.slots[held.slot]
        self.sittings[held.slot] = held
        self.agendas[held.slot] = self.agenda(slot, held.units)
        self._book(held, slot)
        for unit in held.units:
            self.place[unit] = held.slot

    def remove(self, slot: int) -> Held:
        """Cancel a sitting; its units wait again."""
        held = self.sittings.pop(slot)
        del self.agendas[slot]
        self._unbook(held, self.world.slots[slot])
        for unit in held.units:
            del self.place[unit]
        return held

    def agenda(self, slot: SlotFacts, units: Iterable[int]) -> Agenda:
        """Count what these units take; an open slot asks for the usual quorum at least."""
        found = [self.ground.units[one] for one in units]
        needs = frozenset().union(*(self.ground.needs(one.number, slot.panel) for one in found))
        if slot.must_open:
            needs |= {(self.world.rule_number(slot.panel, "default"), frozenset[int]())}
        return Agenda(
            sum(len(one.cases) for one in found),
            sum(one.minutes for one in found),
            frozenset().union(*(one.batches for one in found)),
            needs,
        )

    def _book(self, held: Held, slot: SlotFacts) -> None:
        self.members.book(held.team, slot)
        self.interpreters.book(held.interpreters, slot)
        self.rooms[held.room].append(slot.number)
        for name in self.world.instance.panels[slot.panel].resources:
            self.uses[name].append(slot.number)

    def _unbook(self, held: Held, slot: SlotFacts) -> None:
        self.members.release(held.team, slot)
        self.interpreters.release(held.interpreters, slot)
        self.rooms[held.room].remove(slot.number)
        for name in self.world.instance.panels[slot.panel].resources:
            self.uses[name].remove(slot.number)

    def minutes_left(self, slot: int) -> int:
        """Return the minutes of a slot that its agenda leaves."""
        facts = self.world.slots[slot]
        panel = self.world.instance.panels[facts.panel]
        left = facts.minutes - panel.overhead_min
        agenda = self.agendas.get(slot)
        if agenda is None:
            return left
        return left - agenda.minutes - panel.batch_setup_min * len(agenda.batches)

    def has_room(self, unit: Unit, slot: int) -> bool:
        """Whether the agenda of a slot has minutes and places for the unit."""
        panel = self.world.instance.panels[self.world.slots[slot].panel]
        agenda = self.agendas.get(slot)
        if agenda is None:
            return True  # the slot is open to the unit: alone it fits
        if agenda.cases + len(unit.cases) > panel.max_cases_per_sitting:
            return False
        more = panel.batch_setup_min * len(unit.batches - agenda.batches)
        return unit.minutes + more <= self.minutes_left(slot)

    def fit(self, unit: Unit, slot: int) -> Fit | None:
        """Say how the unit would be heard at a slot that is open to it; None when it does not fit now."""
        if not self.has_room(unit, slot):
            return None
        facts = self.world.slots[slot]
        held = self.sittings.get(slot)
        room = held.room if held else self._room(facts)
        if room is None:
            return None
        spoken = self._spoken(facts, held, unit)
        if spoken is None:
            return None
        team = self._team(facts, held, unit)
        if team is None:
            return None
        return Fit(slot, room, team, spoken, self._added(facts, held, team, spoken))

    def can_staff(self, unit: Unit, slot: int) -> bool:
        """Whether members with whom the unit has its quorum are free there."""
        return self._team(self.world.slots[slot], self.sittings.get(slot), unit) is not None

    def can_interpret(self, unit: Unit, slot: int) -> bool:
        """Whether interpreters for the unit are free there."""
        return self._spoken(self.world.slots[slot], self.sittings.get(slot), unit) is not None

    def _added(self, slot: SlotFacts, held: Held | None, team: Team, spoken: Team) -> int:
        policy = self.world.instance.policy
        before_team, before_spoken = (held.team, held.interpreters) if held else ((), ())
        cost = 0 if held else policy.sitting_cost
        cost += sum(self.world.member_cost(one, slot.panel) for one in team)
        cost -= sum(self.world.member_cost(one, slot.panel) for one in before_team)
        return cost + policy.interpreter_cost * (len(spoken) - len(before_spoken))

    def seat(self, unit: Unit, fit: Fit) -> None:
        """Put the unit on the agenda as the fit says."""
        before = self.sittings.get(fit.slot)
        if before and before.team == fit.team and before.interpreters == fit.interpreters:
            self._append(unit, before)
            return
        units = [*before.units, unit.number] if before else [unit.number]
        if before:
            self.remove(fit.slot)
        self.put(Held(fit.slot, fit.room, fit.team, fit.interpreters, units))

    def _append(self, unit: Unit, held: Held) -> None:
        agenda = self.agendas[held.slot]
        agenda.cases += len(unit.cases)
        agenda.minutes += unit.minutes
        agenda.batches |= unit.batches
        agenda.needs |= self.ground.needs(unit.number, self.world.slots[held.slot].panel)
        held.units.append(unit.number)
        self.place[unit.number] = held.slot

    def open_empty(self, slot: int) -> bool:
        """Hold a slot without cases, with the usual quorum; False when it cannot be held."""
        facts = self.world.slots[slot]
        if not self.ground.opens[slot] or self.minutes_left(slot) < 0:
            return False
        room, team = self._room(facts), self._team(facts, None, None)
        if room is None or team is None:
            return False
        self.put(Held(slot, room, team, ()))
        return True

    def _room(self, slot: SlotFacts) -> int | None:
        return next(iter(self.rooms_free(slot)), None) if self.has_bridge(slot) else None

    def rooms_free(self, slot: SlotFacts) -> list[int]:
        """Return the rooms of the panel that nobody uses during the slot."""
        return [room for room in slot.rooms if not self._taken(self.rooms.get(room, ()), slot)]

    def _taken(self, booked: Iterable[int], slot: SlotFacts) -> bool:
        return any(
            self.world.slots[other].start < slot.end and slot.start < self.world.slots[other].end
            for other in self.world.near(slot.number, booked)
        )

    def has_bridge(self, slot: SlotFacts) -> bool:
        """Whether every resource the panel shares has one more use left throughout the slot."""
        for name in self.world.instance.panels[slot.panel].resources:
            beside = [self.world.slots[other] for other in self.uses[name]]
            beside = [one for one in beside if one.start < slot.end and slot.start < one.end]
            points = [slot.start, *(one.start for one in beside if one.start > slot.start)]
            most = max(sum(one.start <= at < one.end for one in beside) for at in points)
            if most >= self.world.instance.resources[name]:
                return False
        return True

    def _team(self, slot: SlotFacts, held: Held | None, unit: Unit | None) -> Team | None:
        asked = self.ground.needs(unit.number, slot.panel) if unit else frozenset[Signature]()
        if held is not None and asked <= self.agendas[slot.number].needs:
            return held.team
        before = self.agendas[slot.number] if held else self.agenda(slot, ())
        mine = set(held.team) if held else ()
        free = [one for one in slot.members if one in mine or self.members.free(one, slot)]
        return self.ground.teams.cheapest(free, slot.panel, before.needs | asked, slot.forced)

    def _spoken(self, slot: SlotFacts, held: Held | None, unit: Unit) -> Team | None:
        booked = held.interpreters if held else ()
        people = self.world.instance.interpreters
        if not unit.languages:
            return booked
        covered = frozenset().union(*(people[one].languages for one in booked))
        missing = unit.languages - covered
        while missing:
            free = [
                one
                for one in slot.interpreters
                if one not in booked
                and people[one].languages & missing
                and self.interpreters.free(one, slot)
            ]
            if not free:
                return None
            chosen = max(
                free,
                key=lambda one: (
                    len(people[one].languages & missing),
                    -len(people[one].languages),
                    -self.interpreters.weeks[one, slot.week],
                    -one,
                ),
            )
            booked = (*booked, chosen)
            missing -= people[chosen].languages
        return tuple(sorted(booked))
