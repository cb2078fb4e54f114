"""The planner: from an instance to the best lawful plan that the given effort finds, with what is proven about it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from panels.planning.reading.instance import NUMBERS, Instance, Override
from panels.planning.solving.first import Filling, kept
from panels.planning.solving.first import first_plan as simple_plan
from panels.planning.world.draft import Draft
from panels.planning.world.scoring import numbers
from panels.planning.world.units import Ground
from panels.planning.world.world import World

WORK_A_SECOND: Final = 0.3  # the solver's count of work that a slow core does in a second
BRAKE: Final = 1.5  # so many times the seconds asked for and the plan is handed over as it is
SMALL: Final = (80, 6_000)  # units, places a unit may take: what is asked of the solver as a whole
FEW_SITTINGS: Final = 400  # with more, nobody is asked to stand by


@dataclass(frozen=True)
class Effort:
    """How much may be spent on a plan.

    Args:
        seconds: turned into a count of work, so that the same effort gives the same plan on every machine.
        seed: breaks ties.
        threads: how many bounds of panels are proven side by side; the search for plans uses one thread.
    """

    seconds: float = 30.0
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True)
class Progress:
    """What there is so far: the step, the six numbers, what no plan can be below."""

    step: str
    numbers: dict[str, int]
    bounds: dict[str, int]


@dataclass
class Plan:
    """A plan and what is known about it; ``conflict`` is filled when overrides cannot hold together."""

    draft: Draft
    bounds: dict[str, int] = field(default_factory=dict)
    proven: list[str] = field(default_factory=list)
    conflict: tuple[Override, ...] = ()
    stopped: bool = False
    first_seconds: float = 0.0
    proven_seconds: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def status(self) -> str:
        """The word of the document."""
        if self.conflict:
            return "infeasible_overrides"
        return "optimal" if set(self.proven) == set(NUMBERS) else "feasible"


Told = Callable[[Progress], None]


def make_plan(
    instance: Instance,
    effort: Effort | None = None,
    told: Told = lambda _progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> Plan:
    """Plan an instance.

    Args:
        instance: what is given.
        effort: how much may be spent.
        told: hears of every step; the plan exists from the first on.
        stop: asked between steps; when it says yes, the best plan so far is returned.
    """
    return _Planning(instance, effort or Effort(), told, stop).run()


class _Planning:
    def __init__(
        self, instance: Instance, effort: Effort, told: Told, stop: Callable[[], bool]
    ) -> None:
        self.begun = time.process_time()
        self.instance = instance
        self.effort = effort
        self.told = told
        self.stop = stop
        self.stopped = False

    def over(self) -> bool:
        """Whether somebody asked to stop, or the machine is far slower than the count of work supposes."""
        passed = time.process_time() - self.begun
        if self.stop() or passed > self.effort.seconds * BRAKE * self.effort.threads:
            self.stopped = True
        return self.stopped

    def run(self) -> Plan:
        ground = Ground(World(self.instance))
        draft = first_plan(ground)
        if draft is None:
            from panels.planning.solving.conflict import conflict  # noqa: PLC0415  loads the solver

            return Plan(Draft(ground), conflict=conflict(self.instance))
        first = time.process_time() - self.begun
        plan = Plan(draft)
        self._tell("first", plan)
        if not self.over():
            plan = self._better(plan)
        plan.first_seconds = first
        plan.seconds = time.process_time() - self.begun
        plan.stopped = self.stopped
        return plan

    def _tell(self, step: str, plan: Plan) -> None:
        self.told(Progress(step, numbers(plan.draft), dict(plan.bounds)))

    def _better(self, plan: Plan) -> Plan:
        from panels.planning.solving.search import Search  # noqa: PLC0415  loads the solver

        def tell(step: str) -> None:
            passed = time.process_time() - self.begun
            for name in plan.proven:
                plan.proven_seconds.setdefault(name, passed)
            self._tell(step, plan)

        search = Search(plan, self.effort, self.over, tell)
        units = plan.draft.ground.units
        places = sum(len(unit.best) for unit in units)
        if len(units) <= SMALL[0] and places <= SMALL[1]:
            search.whole()
        else:
            search.in_pieces()
        return plan


def first_plan(ground: Ground) -> Draft | None:
    """Return a first plan in which everything fixed by hand holds; None when that cannot be."""
    draft = simple_plan(ground)
    if _fixed_hold(draft):
        return draft
    from panels.planning.solving.conflict import fixed_sittings  # noqa: PLC0415  loads the solver

    if any(not ground.units[ground.unit_of[case]].slots for case in ground.world.pinned):
        return None
    held = fixed_sittings(ground)
    if held is None:
        return None
    draft = Draft(ground)
    for one in held:
        draft.put(one)
    kept(draft)
    Filling(draft, [unit for unit in ground.units if unit.number not in draft.place]).run()
    return draft


def _fixed_hold(draft: Draft) -> bool:
    world = draft.world
    heard = all(draft.ground.unit_of[case] in draft.place for case in world.pinned)
    return heard and world.opened <= set(draft.sittings)
