"""What if a case were heard at a given slot: the plan made anew with that fixed, and the six numbers beside it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from panels.planning.reading.instance import Instance, Override, OverrideKind
from panels.planning.solving.planner import Effort, Plan, make_plan
from panels.planning.world.scoring import numbers


@dataclass(frozen=True)
class WhatIf:
    """The plan with the case forced; without one, the overrides that stand against it."""

    before: dict[str, int]
    after: dict[str, int]
    conflict: tuple[Override, ...]
    plan: Plan

    @property
    def difference(self) -> dict[str, int]:
        """What each number would grow by; empty when it cannot be."""
        return {name: self.after[name] - self.before[name] for name in self.after}


def what_if(
    instance: Instance,
    before: dict[str, int],
    case: str,
    slot: str,
    *,
    effort: Effort,
    stop: Callable[[], bool] = lambda: False,
) -> WhatIf:
    """Force a case to a slot and plan again."""
    pin = Override(OverrideKind.CASE_SLOT, slot=slot, case=case)
    forced = replace(instance, overrides=(*instance.overrides, pin))
    plan = make_plan(forced, effort, stop=stop)
    after = {} if plan.conflict else numbers(plan.draft)
    return WhatIf(before, after, plan.conflict, plan)
