"""Who must attend: the smallest cost of members, one for each seat, with whom every case has its quorum."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from panels.planning.reading.instance import Member, QuorumRule, Requirement
from panels.planning.world.world import Signature, World

MOST_STEPS = 20_000
Team = tuple[int, ...]


@dataclass(frozen=True)
class Short:
    """One part of a quorum rule that those present do not fill."""

    part: str
    wanted: str
    present: int
    needed: int


def fits(member: Member, need: Requirement) -> bool:
    """Whether this member counts towards a requirement."""
    return (
        (not need.roles or bool(need.roles & member.roles))
        and (not need.sectors or member.sector in need.sectors)
        and (not need.countries or member.country in need.countries)
    )


def shortfalls(rule: QuorumRule, voters: Sequence[Member]) -> Iterator[Short]:
    """Yield every part of the rule that these voters do not fill."""
    if len(voters) < rule.min_present:
        yield Short("present", "", len(voters), rule.min_present)
    agencies = len({one.agency for one in voters})
    if agencies < rule.min_agencies:
        yield Short("agencies", "", agencies, rule.min_agencies)
    for need in rule.require:
        present = sum(fits(one, need) for one in voters)
        if present < need.least:
            yield Short("require", wanted(need), present, need.least)


def wanted(need: Requirement) -> str:
    """Name what a requirement asks for, in the codes of the document."""
    parts = (need.roles, need.sectors, need.countries)
    return ", ".join(" or ".join(sorted(part)) for part in parts if part)


def holds(world: World, signature: Signature, attending: Iterable[int]) -> bool:
    """Whether a case with this signature has its quorum among those who attend."""
    rule, recused = signature
    voters = [world.instance.members[one] for one in attending if one not in recused]
    return next(shortfalls(world.rules[rule], voters), None) is None


class Teams:
    """Finds and remembers teams; what was asked once is answered at once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._possible: dict[tuple[Team, Signature], bool] = {}
        self._cheapest: dict[
            tuple[Team, int, frozenset[int], frozenset[Signature]], Team | None
        ] = {}

    def possible(self, members: Collection[int], signature: Signature) -> bool:
        """Whether some choice of these members, one for each seat, gives one case its quorum."""
        key = (tuple(members), signature)
        if key not in self._possible:
            self._possible[key] = self._some_choice(key[0], signature)
        return self._possible[key]

    def _some_choice(self, members: Team, signature: Signature) -> bool:
        voters = [one for one in members if one not in signature[1]]
        if not holds(self.world, signature, voters):
            return False
        return any(holds(self.world, signature, choice) for choice in self._choices(voters))

    def _choices(self, members: Sequence[int]) -> Iterator[Team]:
        """Yield one member for every seat; people who count alike for any rule are tried once."""
        seats: dict[int, dict[object, int]] = defaultdict(dict)
        for one in members:
            facts = self.world.instance.members[one]
            kind = (facts.agency, facts.roles, facts.sector, facts.country)
            seats[self.world.seat[one]].setdefault(kind, one)
        chosen: list[Team] = [()]
        fixed = tuple(next(iter(kinds.values())) for kinds in seats.values() if len(kinds) == 1)
        open_seats = [tuple(kinds.values()) for kinds in seats.values() if len(kinds) > 1]
        chosen = [fixed]
        for seat in open_seats:
            chosen = [(*team, one) for team in chosen for one in seat]
            if len(chosen) > MOST_STEPS:
                chosen = chosen[:MOST_STEPS]
        yield from chosen

    def cheapest(
        self,
        members: Collection[int],
        panel: int,
        needs: frozenset[Signature],
        forced: frozenset[int] = frozenset(),
        rank: Callable[[int], int] | None = None,
    ) -> Team | None:
        """Return the team of least cost that includes ``forced`` and serves every signature.

        Args:
            members: those who may be asked, in the order in which equals are preferred.
            panel: where they sit; it decides the travel.
            needs: what the agenda asks for; empty means nobody is needed.
            forced: those who must attend.
            rank: breaks ties between equal costs (fairness); without it the order decides.
        """
        order = tuple(members if rank is None else sorted(members, key=rank))
        key = (order, panel, forced, needs)
        if key not in self._cheapest:
            self._cheapest[key] = _Search(self.world, order, panel, needs, forced).found()
        return self._cheapest[key]


class _Search:
    """Branch over members in order of cost, never keeping a branch that cannot be cheaper."""

    def __init__(
        self,
        world: World,
        members: Team,
        panel: int,
        needs: frozenset[Signature],
        forced: frozenset[int],
    ) -> None:
        self.world = world
        self.needs = sorted(needs, key=lambda one: (one[0], sorted(one[1])))
        self.cost = {one: world.member_cost(one, panel) for one in members}
        rest = sorted((one for one in members if one not in forced), key=lambda one: self.cost[one])
        self.rest = rest
        self.forced = tuple(sorted(forced))
        self.missing = not forced <= set(members)
        self.least = max((world.rules[rule].min_present for rule, _ in self.needs), default=0)
        self.best: Team | None = None
        self.best_cost = 0
        self.steps = 0

    def found(self) -> Team | None:
        """Return the cheapest team, or None when there is none."""
        seats = {self.world.seat[one] for one in self.forced}
        if self.missing or len(seats) < len(self.forced):
            return None
        everybody = [*self.forced, *(one for one in self.rest if self.world.seat[one] not in seats)]
        if not self._serves(everybody):
            return None
        self._grow(self.forced, frozenset(seats), 0, sum(self.cost[one] for one in self.forced))
        if self.best is None and self.steps > MOST_STEPS:
            self._peel()
        return self.best

    def _serves(self, team: Sequence[int]) -> bool:
        return all(holds(self.world, need, team) for need in self.needs)

    def _grow(self, team: Team, seats: frozenset[int], at: int, cost: int) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS or (self.best is not None and cost >= self.best_cost):
            return
        if len(team) >= self.least and self._serves(team):
            self.best, self.best_cost = tuple(sorted(team)), cost
            return
        short = max(1, self.least - len(team))
        for place in range(at, len(self.rest)):
            one = self.rest[place]
            least_more = cost + short * self.cost[one]
            if self.best is not None and least_more >= self.best_cost:
                return
            if self.world.seat[one] not in seats:
                self._grow(
                    (*team, one), seats | {self.world.seat[one]}, place + 1, cost + self.cost[one]
                )

    def _peel(self) -> None:
        """Too many people to try them all: take one for each seat and let go whom nobody needs."""
        team: dict[int, int] = {self.world.seat[one]: one for one in self.forced}
        for one in self.rest:
            team.setdefault(self.world.seat[one], one)
        chosen = list(team.values())
        if not self._serves(chosen):
            return
        for one in reversed(self.rest):
            fewer = [other for other in chosen if other != one]
            if len(fewer) < len(chosen) and self._serves(fewer):
                chosen = fewer
        self.best = tuple(sorted(chosen))
        self.best_cost = sum(self.cost[one] for one in chosen)
