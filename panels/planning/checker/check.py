"""The whole check: a plan is lawful when nothing is returned."""

from collections.abc import Mapping
from typing import Any, Final

from panels.planning.checker import numbers, people, quorum, rules
from panels.planning.checker.facts import Broken, Ground, seen

OF_SITTINGS: Final = (
    rules.panel,
    rules.release,
    rules.attendance,
    rules.holiday,
    rules.room,
    people.members,
    quorum.quorum,
    quorum.standby,
    rules.interpreter,
    people.interpreters,
    rules.capacity,
    rules.override,
)


def check_plan(instance: Mapping[str, Any], plan: Any) -> list[Broken]:
    """Return everything that is wrong with a plan, in the order of the rules.

    Args:
        instance: the parsed document of an instance that was read without refusal.
        plan: the parsed document of a plan, from anywhere.
    """
    ground = Ground(instance)
    sittings, wrong = seen(ground, plan)
    if wrong:
        return wrong
    unheard = [one["case"] for one in plan["unscheduled"]]
    if plan.get("instance") != instance["id"]:
        wrong.append(Broken(0, "other_instance"))
    if plan["status"] == "infeasible_overrides":
        return [*wrong, *_conflict(ground, plan)]
    wrong += rules.once(ground, sittings, unheard)
    for rule in OF_SITTINGS:
        wrong += rule(ground, sittings)
    wrong += numbers.stated(ground, sittings, plan)
    wrong += _changes(ground, {case: one.at for one in sittings for case in one.cases}, plan)
    return wrong


def _conflict(ground: Ground, plan: Mapping[str, Any]) -> list[Broken]:
    """Say when a plan claims that overrides conflict and names none, or some that were not given."""
    named = plan.get("conflict")
    good = isinstance(named, list) and bool(named) and all(one in ground.overrides for one in named)
    return [] if good else [Broken(0, "conflict_not_given")]


def _changes(ground: Ground, now_at: Mapping[str, str], plan: Mapping[str, Any]) -> list[Broken]:
    """Every case that was moved is told, and no other."""
    if ground.instance.get("previous") is None:
        return []
    told = plan.get("changes")
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        return [Broken(0, "changes_missing")]
    given = {str(one.get("case")): (one.get("from"), one.get("to")) for one in told}
    due = {
        case: (slot, now_at.get(case))
        for case, slot in ground.was_at.items()
        if now_at.get(case) != slot
    }
    untold = [case for case in due if given.get(case) != due[case]]
    false = [case for case in given if case in ground.was_at and case not in due]
    return [Broken(0, "change_not_told", {"case": case}) for case in (*untold, *false)]
