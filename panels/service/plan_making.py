"""Making a plan of an instance that was built: no database is open meanwhile, since it may take a while.

A family that was told a date is moved for a rule, or because others would be late or unheard; then that is named.
A move nothing forces is undone by planning once more with the told dates fixed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from panels.planning.answers.help import what_would_help
from panels.planning.answers.taken_up import draft_of
from panels.planning.answers.told import cannot_be_in_time, explained, plan_document
from panels.planning.answers.what_if import what_if
from panels.planning.answers.why import Asking, Reason
from panels.planning.answers.words import told
from panels.planning.reading.instance import Instance, Override, OverrideKind
from panels.planning.reading.plans import read_plan
from panels.planning.reading.whole import instance_of
from panels.planning.solving.planner import Effort, Plan, make_plan
from panels.planning.world.scoring import numbers
from panels.planning.world.units import Ground
from panels.planning.world.world import World

NO_RULE: Final = "order"
FORCING: Final = ("unscheduled", "tardiness")


@dataclass(frozen=True)
class Made:
    """A plan as the planner tells it, and who cannot be heard in time whatever is planned.

    Args:
        beside: the six numbers of the plan without what was added or fixed; empty when nothing was.
    """

    document: dict[str, Any]
    at_risk: tuple[dict[str, Any], ...]
    beside: dict[str, int]


def make(
    instance: Mapping[str, Any],
    *,
    seconds: float,
    seed: int,
    beside: Mapping[str, Any] | None = None,
) -> Made:
    """Plan; the same instance, effort and seed give the same plan.

    Args:
        instance: what is planned.
        seconds: how much work may be spent.
        seed: breaks ties.
        beside: the instance without what was added or fixed, to say what that changes.
    """
    read = instance_of(dict(instance))
    effort = Effort(seconds, seed)
    plan = make_plan(read, effort)
    document = plan_document(plan)
    usual = numbers(make_plan(instance_of(dict(beside)), effort).draft) if beside else {}
    if plan.conflict:
        return Made(document, (), usual)
    if _unnamed(read, document):
        document, plan = _without_unforced(read, plan, document, effort)
    asking = Asking(plan.draft)
    at_risk = tuple(_risk(asking, *one) for one in cannot_be_in_time(asking))
    return Made(document, at_risk, usual)


def told_cases(instance: Instance) -> dict[str, str]:
    """Return where each family that was told a date is heard now: case to slot."""
    return {
        one.case: sitting.slot
        for sitting in instance.previous or ()
        for one in sitting.cases
        if one.notified
    }


def _unnamed(instance: Instance, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the moves of families that were told, for which no rule is named."""
    told = told_cases(instance)
    return [
        one
        for one in document.get("changes", ())
        if one["case"] in told and one["reason"]["code"] == NO_RULE
    ]


def _without_unforced(
    instance: Instance, plan: Plan, document: dict[str, Any], effort: Effort
) -> tuple[dict[str, Any], Plan]:
    """Fix the told dates and plan again; where that costs nobody a date it is the plan."""
    moved = _unnamed(instance, document)
    pins = tuple(
        Override(OverrideKind.CASE_SLOT, slot=one["from"], case=one["case"]) for one in moved
    )
    fixed = make_plan(replace(instance, overrides=(*instance.overrides, *pins)), effort)
    if not fixed.conflict and not _worse(numbers(plan.draft), numbers(fixed.draft)):
        again = plan_document(fixed)
        return again, fixed
    for one in moved:
        before = numbers(plan.draft)
        found = what_if(instance, before, one["case"], one["from"], effort=effort)
        forced = [name for name in FORCING if found.difference.get(name, 1) > 0]
        name = forced[0] if forced else "tardiness"
        one["reason"] = told(Reason(f"forced_{name}"), code=name)  # type: ignore[index]
    return document, plan


def _worse(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    return [after[name] for name in FORCING] > [before[name] for name in FORCING]


def _risk(asking: Asking, case: int, reasons: Any) -> dict[str, Any]:
    return {
        "case": asking.instance.cases[case].id,
        "reasons": [told(one) for one in reasons],
    }


def asking_of(instance: Mapping[str, Any], document: Mapping[str, Any]) -> Asking:
    """Return what answers questions about a plan that was made."""
    ground = Ground(World(instance_of(dict(instance))))
    return Asking(draft_of(ground, read_plan(document)))


def explain(
    instance: Mapping[str, Any], document: Mapping[str, Any], case: str, slot: str | None
) -> dict[str, Any] | None:
    """Say why a case is heard when it is, why not earlier, and what would help; None: no such case or slot."""
    asking = asking_of(instance, document)
    known = {one.id: number for number, one in enumerate(asking.instance.cases)}
    if case not in known or (slot is not None and slot not in asking.world.slot_number):
        return None
    number = None if slot is None else asking.world.slot_number[slot]
    found = dict(explained(asking, known[case], number))
    until = (
        number if number is not None else asking.draft.place.get(asking.unit(known[case]).number)
    )
    helps = [] if until is None else what_would_help(asking, known[case], until)
    found["help"] = [told(one) for one in helps]
    return found
