"""Making a plan better with the solver: small instances as a whole, large ones in pieces."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from panels.planning.solving import cpsat
from panels.planning.solving.bounds import Pool, pools
from panels.planning.solving.improve import Improving, Piece
from panels.planning.solving.part import Part, Scope
from panels.planning.solving.planner import WORK_A_SECOND, Effort, Plan
from panels.planning.solving.skeleton import Skeleton
from panels.planning.solving.stages import Budget, Proof, floors, stretches, whole_plan
from panels.planning.world.draft import Draft
from panels.planning.world.scoring import numbers

PIECE = Piece(sittings=4, work=0.03)
SMALL_PIECE = Piece(sittings=5, work=0.1)
MIDDLE = 800  # units up to which larger pieces are worth their time
LEAN_UNITS = 60
LEAN_SHARE = 0.35
COUNTING = 0.02  # work that counting costs, in the solver's count
Proposal = tuple[tuple[int, ...], dict[int, int]]


@dataclass(frozen=True)
class PoolBound:
    """What a pool costs at least, the work it took to know, and where its units might be heard."""

    least: int
    work: float
    proposal: Proposal | None


class Search:
    """Works on one plan until the effort is spent."""

    def __init__(
        self, plan: Plan, effort: Effort, over: Callable[[], bool], tell: Callable[[str], None]
    ) -> None:
        self.plan = plan
        self.effort = effort
        self.over = over
        self.tell = tell
        self.budget = Budget(effort.seconds * WORK_A_SECOND, over)
        self.ground = plan.draft.ground
        self.proposals: list[Proposal] = []

    def whole(self) -> None:
        """Make each number small in turn over the whole instance; then polish what is not proven."""

        def told(_name: str, _value: int, _bound: int) -> None:
            self.tell("solver")

        order = self.ground.world.instance.policy.objective_order

        def settled(draft: Draft, proof: Proof) -> None:
            self.plan.draft = draft
            self._note(proof)
            self.tell("number")

        self.plan.draft, proof = whole_plan(
            self.plan.draft, self.budget, self.effort.seed, told, settled
        )
        self._note(proof)
        self.tell("whole")
        if len(proof.proven) < len(order) and self.budget.left > 0:
            self._pieces(SMALL_PIECE)

    def in_pieces(self) -> None:
        """Prove what counting proves, then take the plan apart piece by piece."""
        self._prove()
        self.tell("bounds")
        self._pieces(SMALL_PIECE if len(self.ground.units) <= MIDDLE else PIECE)

    def _note(self, proof: Proof) -> None:
        self.plan.bounds, self.plan.proven = proof.bounds, proof.proven

    def _pieces(self, piece: Piece) -> None:
        improving = Improving(self.plan.draft, self.budget, self.effort.seed, piece)
        improving.repair()
        self.tell("repair")
        for slots, places in self.proposals:
            improving.propose(slots, places)
        self.tell("proposals")
        share = self.budget.left / 2 / max(1, len(self.proposals))
        for slots, _ in self.proposals:
            if self.budget.left > 0:
                improving.at_once(slots, share)
        self.tell("panels")
        for _ in improving.rounds():
            self.tell("round")
        improving.level()
        self._settle()

    def _settle(self) -> None:
        """Say which numbers are proven: those at their bound, as long as all before them are."""
        found, bounds = numbers(self.plan.draft), self.plan.bounds
        self.plan.proven = []
        for name in self.ground.world.instance.policy.objective_order:
            if name not in bounds or found[name] > bounds[name]:
                break
            self.plan.proven.append(name)
        told = (*self.plan.proven, *self._next_bound())
        self.plan.bounds = {name: min(bounds[name], found[name]) for name in told}

    def _next_bound(self) -> tuple[str, ...]:
        """A bound counts for the first number that is not proven; those after it have none yet."""
        order = self.ground.world.instance.policy.objective_order
        rest = [name for name in order if name not in self.plan.proven and name in self.plan.bounds]
        return tuple(rest)

    def _prove(self) -> None:
        """Bound the cost of a plan whose cases are all heard, and as early as if each were alone."""
        order = self.ground.world.instance.policy.objective_order
        found, known = numbers(self.plan.draft), floors(self.ground)
        first = order[: order.index("cost")]
        settled = all(found[n] == known[n] for n in ("unscheduled", "tardiness"))
        self.plan.bounds = {name: known[name] for name in order if name != "cost"}
        if not settled or not {"unscheduled", "tardiness"} <= set(first):
            return
        all_pools = [pool for pool in pools(self.ground) if pool.units]
        threads = self.effort.threads
        share = self.budget.work * LEAN_SHARE * threads / max(1, len(all_pools))
        with ThreadPoolExecutor(threads) as workers:
            found_bounds = list(workers.map(lambda pool: self._pool_bound(pool, share), all_pools))
        self.budget.spent += sum(one.work for one in found_bounds) / threads
        self.plan.bounds["cost"] = sum(one.least for one in found_bounds)
        self.proposals = [one.proposal for one in found_bounds if one.proposal is not None]

    def _pool_bound(self, pool: Pool, work: float) -> PoolBound:
        counted = Skeleton(self.ground, pool).bound()
        if len(pool.units) > LEAN_UNITS or self.over():
            return PoolBound(counted, COUNTING, None)
        units = tuple(sorted(unit.number for unit, _, _ in pool.units))
        slots = tuple(slot for group in pool.slots for slot in group)
        scope = Scope(units, slots, in_time=True, all_seated=True, lean=True)
        part = Part(Draft(self.ground), scope)
        stretches(part, [pool])
        terms, _ = part.terms("cost")
        part.question.make_small(terms)
        part.question.between(terms, least=counted)
        solved = cpsat.solve(part.question, work=work, seed=self.effort.seed)
        proposal = (slots, part.places(solved.values)) if solved.values else None
        return PoolBound(max(counted, solved.bound), COUNTING + solved.work, proposal)
