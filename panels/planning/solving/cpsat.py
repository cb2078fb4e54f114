"""The door to CP-SAT: yes-or-no and whole-number questions, sums with limits, one thing to make small.

Talks to the solver's own messages, not to its comfortable layer, which loads a data-frame library and costs half
a second at every start. Imported only when something is to be solved. One thread and limits in the solver's own
count of work, never in seconds: the same question gets the same answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ortools.sat.python import cp_model_helper as solver

WIDE: Final = 2**50
Terms = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Solved:
    """What came back: values of all variables (empty without a solution), the proven bound, the work done."""

    values: Sequence[int]
    bound: int
    proven: bool
    impossible: bool
    work: float


class Question:
    """A model under construction; variables are numbers."""

    def __init__(self) -> None:
        self.proto: Any = solver.CpModelProto()
        self._variables = self.proto.variables
        self._constraints = self.proto.constraints
        self.count = 0

    def whole(self, least: int, most: int) -> int:
        """Add a whole number."""
        self._variables.add().domain.extend((least, most))
        self.count += 1
        return self.count - 1

    def choice(self) -> int:
        """Add a yes or no."""
        return self.whole(0, 1)

    def between(
        self, terms: Terms, least: int = -WIDE, most: int = WIDE, only_if: Sequence[int] = ()
    ) -> None:
        """Ask that the sum of (variable, factor) keeps its limits, when all of ``only_if`` are yes."""
        made = self._constraints.add()
        if only_if:
            made.enforcement_literal.extend(only_if)
        linear = made.linear
        linear.vars.extend([variable for variable, _ in terms])
        linear.coeffs.extend([factor for _, factor in terms])
        linear.domain.extend((least, most))

    def exactly_one(self, choices: Sequence[int]) -> None:
        """Ask that one of these is yes and no other; of none, that cannot be."""
        if not choices:
            self.some(())
            return
        self._constraints.add().exactly_one.literals.extend(choices)

    def at_most_one(self, choices: Sequence[int]) -> None:
        """Ask that no two of these are yes."""
        if len(choices) > 1:
            self._constraints.add().at_most_one.literals.extend(choices)

    def implies(self, one: int, other: int) -> None:
        """Ask that the second is yes when the first is."""
        made = self._constraints.add()
        made.enforcement_literal.extend((one,))
        made.bool_and.literals.extend((other,))

    def some(self, choices: Sequence[int], only_if: Sequence[int] = ()) -> None:
        """Ask that one of these at least is yes; of none, that cannot be."""
        choices = choices or [self.whole(0, 0)]
        made = self._constraints.add()
        if only_if:
            made.enforcement_literal.extend(only_if)
        made.bool_or.literals.extend(choices)

    def make_small(self, terms: Terms) -> None:
        """Say what is to be as small as possible."""
        self.proto.clear_objective()
        objective = self.proto.objective
        objective.vars.extend([variable for variable, factor in terms if factor])
        objective.coeffs.extend([factor for _, factor in terms if factor])

    def suppose(self, values: Mapping[int, int]) -> None:
        """Give a solution to begin with."""
        self.proto.clear_solution_hint()
        hint = self.proto.solution_hint
        hint.vars.extend(list(values))
        hint.values.extend(list(values.values()))


def solve(
    question: Question,
    *,
    work: float,
    seed: int,
    seconds: float | None = None,
    effort: str = "linearization_level: 2",
    found: Callable[[int, int], None] | None = None,
) -> Solved:
    """Answer a question with one thread and a limit in the solver's count of work.

    Args:
        question: what is asked.
        work: the limit in units of the solver; one unit is near a second of an ordinary core.
        seed: breaks ties; the same seed, the same answer.
        seconds: an emergency brake that makes the answer depend on the machine.
        effort: further parameters, as the solver writes them.
        found: told each better value with the bound known then.
    """
    parameters = solver.SatParameters()
    parameters.num_workers = 1
    parameters.max_deterministic_time = max(work, 1e-3)
    parameters.random_seed = seed % 2**31
    if seconds is not None:
        parameters.max_time_in_seconds = max(seconds, 0.01)
    parameters.merge_text_format(effort)
    wrapper = solver.SolveWrapper()
    wrapper.set_parameters(parameters)
    telling = (
        _Telling(found) if found is not None else None
    )  # kept alive: the solver only borrows it
    if telling is not None:
        wrapper.add_solution_callback(telling)
    answer: Any = wrapper.solve(question.proto)  # type: ignore[no-untyped-call]
    done = answer.status == solver.CpSolverStatus.OPTIMAL
    has = done or answer.status == solver.CpSolverStatus.FEASIBLE
    return Solved(
        values=list(answer.solution) if has else (),
        bound=_up(answer.best_objective_bound),
        proven=done,
        impossible=answer.status == solver.CpSolverStatus.INFEASIBLE,
        work=answer.deterministic_time,
    )


def _up(bound: float) -> int:
    """Round a bound up to the next whole number, forgiving the solver's fractions."""
    floor = int(bound // 1)
    return floor if bound - floor < 1e-6 else floor + 1  # noqa: PLR2004  rounding of doubles


class _Telling(solver.SolutionCallback):
    """Hands each better value on."""

    def __init__(self, found: Callable[[int, int], None]) -> None:
        solver.SolutionCallback.__init__(self)
        self.found = found

    def OnSolutionCallback(self) -> None:  # noqa: N802  the solver calls it so
        """Tell the value and the bound."""
        response = self.Response()  # type: ignore[no-untyped-call]
        self.found(round(response.objective_value), _up(response.best_objective_bound))

    def on_solution_callback(self) -> None:
        """Tell the value and the bound."""
        self.OnSolutionCallback()
