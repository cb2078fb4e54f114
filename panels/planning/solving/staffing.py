"""Members and interpreters of a part of a plan: who attends which sitting, and for whom that is enough."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from panels.planning.reading.instance import QuorumRule
from panels.planning.world.draft import Agenda, Bookings, Held
from panels.planning.world.teams import Team, fits
from panels.planning.world.world import Signature, Week

if TYPE_CHECKING:
    from panels.planning.solving.part import Part

Terms = list[tuple[int, int]]


class Staffing:
    """The people of a part; asks the question for quorum, languages, weeks and ways.

    A lean one leaves the members out and counts the cheapest team for each sitting: no plan costs less, and the
    question is much smaller. Its answer is a bound, and a proposal that still has to be staffed.
    """

    def __init__(self, part: "Part", *, lean: bool = False) -> None:
        self.lean = lean
        self._extra: Terms = []
        self.part = part
        self.world = part.world
        self.question = part.question
        self.attends: dict[tuple[int, int], int] = {}
        self.speaks: dict[tuple[int, int], int] = {}
        self._needed: dict[tuple[int, Signature], int] = {}
        self._spoken: dict[tuple[int, str], int] = {}
        self._steps: dict[int, list[int]] = {}
        self._dear: dict[tuple[int, int], tuple[int, list[int]]] = {}
        for slot in part.held:
            if lean:
                self._cheapest(slot)
            else:
                self._members(slot)
                self._quorum(slot)
            self._languages(slot)
        self._bounds(self.attends, part.outside.members)
        self._bounds(self.speaks, part.outside.interpreters)

    def _cheapest(self, slot: int) -> None:
        """Count the cheapest team, and what a case that asks for more adds to it."""
        part, facts = self.part, self.world.slots[slot]
        asking: dict[Signature, list[int]] = defaultdict(list)
        for unit in part.guests[slot]:
            for need in part.ground.needs(unit, facts.panel):
                asking[need].append(part.seat[unit, slot])
        cost = {need: self._team_cost(slot, need) for need in asking}
        base = min(cost.values(), default=0)
        self._extra.append((part.held[slot], base))
        by_cost: dict[int, list[int]] = defaultdict(list)
        for need in sorted(asking, key=lambda one: (one[0], sorted(one[1]))):
            if cost[need] > base:
                by_cost[cost[need]] += asking[need]
        self._dearer(slot, base, by_cost)

    def _dearer(self, slot: int, base: int, by_cost: Mapping[int, list[int]]) -> None:
        """Add a step for each dearer level; whoever needs a level needs those below it."""
        steps: list[int] = []
        before = base
        for level in sorted(by_cost):
            steps.append(self.question.choice())
            self._dear[slot, level] = (steps[-1], by_cost[level])
            self._extra.append((steps[-1], level - before))
            before = level
            for guest in by_cost[level]:
                for step in steps:
                    self.question.implies(guest, step)

    def _team_cost(self, slot: int, need: Signature) -> int:
        facts, world = self.world.slots[slot], self.world
        here = [m for m in facts.members if self.part.outside.members.free(m, facts)]
        needs = frozenset({need})
        team = self.part.ground.teams.cheapest(here, facts.panel, needs, facts.forced)
        return sum(world.member_cost(one, facts.panel) for one in team or ())

    def _members(self, slot: int) -> None:
        facts, held = self.world.slots[slot], self.part.held[slot]
        seats: dict[int, list[int]] = defaultdict(list)
        for member in facts.members:
            if self.part.outside.members.free(member, facts):
                choice = self.question.choice()
                self.attends[member, slot] = choice
                seats[self.world.seat[member]].append(choice)
        for choices in seats.values():
            self.question.between([*((one, 1) for one in choices), (held, -1)], most=0)
        for member in sorted(facts.forced):
            if (member, slot) in self.attends:
                self.question.implies(held, self.attends[member, slot])
            else:
                self.question.between([(held, 1)], most=0)

    def _here(self, slot: int, recused: frozenset[int] = frozenset()) -> list[int]:
        facts = self.world.slots[slot]
        return [m for m in facts.members if (m, slot) in self.attends and m not in recused]

    def _quorum(self, slot: int) -> None:
        facts, part = self.world.slots[slot], self.part
        asking: dict[Signature, list[int]] = defaultdict(list)
        for unit in part.guests[slot]:
            for need in part.ground.needs(unit, facts.panel):
                asking[need].append(part.seat[unit, slot])
        default = (self.world.rule_number(facts.panel, "default"), frozenset[int]())
        rules = {rule for rule, _ in asking}
        if facts.must_open:
            self._ask(slot, default, part.held[slot])
        if len(rules) == 1 and not facts.must_open:
            (rule,) = rules
            self._ask(slot, (rule, frozenset()), part.held[slot])
            asking.pop((rule, frozenset()), None)
        for need in sorted(asking, key=lambda one: (one[0], sorted(one[1]))):
            wanted = self.question.choice()
            self._needed[slot, need] = wanted
            for choice in asking[need]:
                self.question.implies(choice, wanted)
            self._ask(slot, need, wanted)

    def _ask(self, slot: int, need: Signature, wanted: int) -> None:
        """Ask for a quorum whenever ``wanted`` is yes."""
        rule = self.world.rules[need[0]]
        voters = self._here(slot, need[1])
        self._least_cost(slot, need, wanted)
        self._least(slot, voters, rule.min_present, wanted)
        self._agencies(slot, voters, rule, wanted)
        people = self.world.instance.members
        for one in rule.require:
            self._least(slot, [m for m in voters if fits(people[m], one)], one.least, wanted)

    def _least_cost(self, slot: int, need: Signature, wanted: int) -> None:
        """Tell the solver what the cheapest team for one case costs; fractions of people cost less."""
        facts, world = self.world.slots[slot], self.world
        here = self._here(slot)
        team = self.part.ground.teams.cheapest(here, facts.panel, frozenset({need}), facts.forced)
        if team is not None:
            least = sum(world.member_cost(one, facts.panel) for one in team)
            costs = [(self.attends[one, slot], world.member_cost(one, facts.panel)) for one in here]
            self.question.between([*costs, (wanted, -least)], least=0)

    def _least(self, slot: int, who: Sequence[int], least: int, wanted: int) -> None:
        if least:
            choices = [(self.attends[one, slot], 1) for one in who]
            self.question.between([*choices, (wanted, -least)], least=0)

    def _agencies(self, slot: int, voters: Sequence[int], rule: QuorumRule, wanted: int) -> None:
        people = self.world.instance.members
        agencies = sorted({people[one].agency for one in voters})
        if rule.min_agencies <= 1:
            self._least(slot, voters, rule.min_agencies, wanted)
        elif rule.min_agencies == 2:  # noqa: PLR2004  two: for each agency somebody of another
            for agency in agencies:
                others = [one for one in voters if people[one].agency != agency]
                self._least(slot, others, 1, wanted)
            if not agencies:
                self._least(slot, (), 1, wanted)
        else:
            there = []
            for agency in agencies:
                choice = self.question.choice()
                there.append((choice, 1))
                mine = [(self.attends[m, slot], -1) for m in voters if people[m].agency == agency]
                self.question.between([(choice, 1), *mine], most=0)
            self.question.between([*there, (wanted, -rule.min_agencies)], least=0)

    def _languages(self, slot: int) -> None:
        facts, part = self.world.slots[slot], self.part
        units = [part.ground.units[one] for one in part.guests[slot]]
        wanted = sorted({word for unit in units for word in unit.languages})
        people = self.world.instance.interpreters
        for one in facts.interpreters:
            if people[one].languages & set(wanted) and part.outside.interpreters.free(one, facts):
                self.speaks[one, slot] = self.question.choice()
        for word in wanted:
            there = self.question.choice()
            self._spoken[slot, word] = there
            for unit in units:
                if word in unit.languages:
                    self.question.implies(part.seat[unit.number, slot], there)
            who = [
                o
                for o in facts.interpreters
                if (o, slot) in self.speaks and word in people[o].languages
            ]
            self.question.between(
                [*((self.speaks[one, slot], 1) for one in who), (there, -1)], least=0
            )

    def _bounds(self, bookings: dict[tuple[int, int], int], outside: Bookings) -> None:
        """Ask that nobody is in two places and nobody comes too often in a week."""
        mine: dict[int, list[int]] = defaultdict(list)
        for one, slot in bookings:
            mine[one].append(slot)
        for one, slots in mine.items():
            weeks: dict[Week, list[int]] = defaultdict(list)
            for slot in slots:
                weeks[self.world.slots[slot].week].append(bookings[one, slot])
            for week, choices in weeks.items():
                left = outside.limits[one] - outside.weeks[one, week]
                if len(choices) > left:
                    self.question.between([(choice, 1) for choice in choices], most=max(0, left))
            for first, second in self._touching(slots, travels=outside.travels[one]):
                self.question.at_most_one([bookings[one, first], bookings[one, second]])

    def _touching(self, slots: Sequence[int], *, travels: bool) -> Iterator[tuple[int, int]]:
        order = sorted(slots, key=lambda one: (self.world.starts[one], one))
        for place, first in enumerate(order):
            for second in order[place + 1 :]:
                if self.world.starts[second] - self.world.starts[first] > self.world.reach:
                    break
                if self.world.too_close(first, second, travels=travels):
                    yield first, second

    def speakers(self, words: frozenset[str], slot: int) -> list[int]:
        """Return the bookings at a slot of interpreters who have one of these languages."""
        people = self.world.instance.interpreters
        here = [one for one in self.world.slots[slot].interpreters if (one, slot) in self.speaks]
        return [self.speaks[one, slot] for one in here if people[one].languages & words]

    def cost(self) -> Terms:
        """Return what attendance and interpreters cost."""
        policy, slots = self.world.instance.policy, self.world.slots
        terms = [
            (choice, self.world.member_cost(member, slots[slot].panel))
            for (member, slot), choice in self.attends.items()
        ]
        booked = [(choice, policy.interpreter_cost) for choice in self.speaks.values()]
        return terms + self._extra + booked

    def squares(self) -> tuple[Terms, int]:
        """Return the sum of squares of everybody's sittings, counted in steps that grow dearer."""
        mine: dict[int, list[int]] = defaultdict(list)
        for (member, _), choice in self.attends.items():
            mine[member].append(choice)
        terms: Terms = []
        fixed = 0
        outside = self.part.outside.members.at
        for member, facts in enumerate(self.world.instance.members):
            before = facts.prior_sittings + len(outside.get(member, ()))
            fixed += before * before
            choices = mine.get(member, ())
            if choices and member not in self._steps:
                steps = [self.question.choice() for _ in choices]
                self._steps[member] = steps
                self.question.between(
                    [*((one, 1) for one in choices), *((one, -1) for one in steps)], 0, 0
                )
            for number, step in enumerate(self._steps.get(member, ()), 1):
                terms.append((step, 2 * (before + number) - 1))
        return terms, fixed

    def suppose(
        self, found: dict[int, int], held: Mapping[int, Held], agendas: Mapping[int, Agenda]
    ) -> None:
        """Set the people as these sittings have them."""
        for (one, slot), choice in self.attends.items():
            found[choice] = int(slot in held and one in held[slot].team)
        for (one, slot), choice in self.speaks.items():
            found[choice] = int(slot in held and one in held[slot].interpreters)
        for slot, level in self._dear:
            found[self._dear[slot, level][0]] = int(self._level(slot, found) >= level)
        units = self.part.ground.units
        for (slot, need), choice in self._needed.items():
            found[choice] = int(slot in held and need in agendas[slot].needs)
        for (slot, word), choice in self._spoken.items():
            there = held[slot].units if slot in held else ()
            found[choice] = int(any(word in units[one].languages for one in there))
        for member, steps in self._steps.items():
            count = sum(found[c] for (one, _), c in self.attends.items() if one == member)
            for number, step in enumerate(steps):
                found[step] = int(number < count)

    def _level(self, slot: int, found: Mapping[int, int]) -> int:
        """Return the dearest level one of those heard at a slot asks for."""
        mine = [
            (level, guests) for (where, level), (_, guests) in self._dear.items() if where == slot
        ]
        return max(
            (level for level, guests in mine if any(found[one] for one in guests)), default=-1
        )

    def chosen(self, slot: int, values: Sequence[int]) -> tuple[Team, Team]:
        """Return the members and interpreters the solver set for a slot."""
        facts = self.world.slots[slot]
        team = [one for one in self._here(slot) if values[self.attends[one, slot]]]
        booked = [
            one
            for one in facts.interpreters
            if (one, slot) in self.speaks and values[self.speaks[one, slot]]
        ]
        return tuple(sorted(team)), tuple(sorted(booked))
