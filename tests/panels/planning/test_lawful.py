"""Every plan keeps every rule: the checker accepts plans of all eight kinds, with overrides and re-plans."""

import pytest

from benchmarks.instances.changes import replanned, with_overrides
from benchmarks.instances.kinds import KINDS
from panels.planning.checker.check import check_plan
from panels.planning.solving.planner import Effort
from tests.builders.plans import planned

SIZES = {
    "district-month": 0.6,
    "district-quarter": 0.3,
    "overloaded": 0.3,
    "region": 0.2,
    "scarce-interpreters": 0.2,
    "cross-border": 0.2,
    "mass": 0.01,
    "nation": 0.0005,
}
EFFORT = Effort(seconds=0.1, seed=3)
SEEDS = range(9)  # each gives three instances: 8 kinds x 9 seeds x 3 = 216


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", list(KINDS))
def test_checker_accepts_every_plan_of_a_kind_with_overrides_and_re_plans(kind: str) -> None:
    found = {}
    for seed in SEEDS:
        document = KINDS[kind](seed, SIZES[kind])
        plan = planned(document, EFFORT)
        fixed = with_overrides(document, plan, seed)
        later = replanned(document, plan, seed)
        for name, one, made in (
            ("new", document, plan),
            ("fixed", fixed, planned(fixed, EFFORT)),
            ("later", later, planned(later, EFFORT)),
        ):
            found[seed, name] = check_plan(one, made)
            assert made["status"] != "infeasible_overrides", (seed, name)

    assert len(found) == 27
    assert {key: wrong for key, wrong in found.items() if wrong} == {}
