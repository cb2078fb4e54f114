"""The plan document with its reasons: who stands by, why a case is not heard, what moved and which rule forced it."""

from collections.abc import Mapping
from typing import Any

from panels.planning.answers.why import Asking, Reason
from panels.planning.answers.words import told
from panels.planning.reading.instance import Override, OverrideKind
from panels.planning.solving.planner import FEW_SITTINGS, Plan
from panels.planning.solving.standby import standby
from panels.planning.solving.written import document, waiting_cases
from panels.planning.world.closed import Code


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return the plan as section 5 of the statement has it."""
    if plan.conflict:
        return _conflict(plan)
    draft = plan.draft
    asking = Asking(draft)
    few = len(draft.sittings) <= FEW_SITTINGS
    found = document(
        draft,
        seconds=plan.seconds,
        bounds=plan.bounds,
        proven=plan.proven,
        standby=standby(draft) if few else {},
        unscheduled=[_unheard(asking, case) for case in waiting_cases(draft)],
    )
    if draft.world.instance.previous is not None:
        found["changes"] = changes(asking)
    return found


def _conflict(plan: Plan) -> dict[str, Any]:
    """No plan: the one in force stays, and nothing that was fixed is dropped without a word."""
    return {
        "instance": plan.draft.world.instance.id,
        "status": plan.status,
        "seconds": round(plan.seconds, 3),
        "sittings": [],
        "unscheduled": [],
        "objective": {},
        "bounds": {},
        "proven": [],
        "conflict": [written(one) for one in plan.conflict],
    }


def written(override: Override) -> dict[str, str]:
    """Return an override as the instance has it."""
    found = {"type": override.kind.value, "slot": override.slot}
    if override.kind is OverrideKind.CASE_SLOT and override.case is not None:
        found["case"] = override.case
    if override.member is not None:
        found["member"] = override.member
    return found


def _unheard(asking: Asking, case: int) -> dict[str, Any]:
    reasons = [told(one) for one in not_heard(asking, case)]
    return {"case": asking.instance.cases[case].id, "reasons": reasons}


def not_heard(asking: Asking, case: int) -> list[Reason]:
    """Say why a case can be heard nowhere; what closes most slots is named by its codes."""
    unit = asking.unit(case)
    if unit.slots:
        return [Reason("no_place")]
    names = asking.instance.cases[case].panels
    slots = [
        one
        for n in sorted(names)
        for one in asking.world.panels[asking.world.panel_number[n]].slots
    ]
    if not slots:
        return [Reason("no_slots")]
    codes: set[Code] = set()
    for slot in slots:
        for one in asking.ground.closed.siblings[case]:
            codes |= asking.ground.closed.codes(one, slot)
    return [Reason("no_slot", {"codes": ", ".join(one.value for one in Code if one in codes)})]


def cannot_be_in_time(asking: Asking) -> list[tuple[int, list[Reason]]]:
    """Return every case that could not be in time even if it were the only one, with what stands against it."""
    found = []
    for unit in asking.ground.units:
        if unit.slots and not unit.floor:
            continue
        found += [(case, _against_time(asking, case)) for case in unit.cases]
    return found


def _against_time(asking: Asking, case: int) -> list[Reason]:
    names = asking.instance.cases[case].panels
    panels = {asking.world.panel_number[name] for name in names}
    in_time = [
        one
        for one in asking.world.slots
        if one.panel in panels
        and one.end <= asking.world.deadline[case]
        and one.start >= asking.world.now
    ]
    if not in_time:
        return [Reason("no_slots")]
    codes: set[Code] = set()
    for slot in in_time:
        codes |= asking.ground.closed.codes(case, slot.number)
    return [Reason("no_slot", {"codes": ", ".join(one.value for one in Code if one in codes)})]


def changes(asking: Asking) -> list[dict[str, Any]]:
    """Return every case that is no longer where it was, with what forced it."""
    world, draft = asking.world, asking.draft
    found = []
    for case, slot in world.was_at.items():
        place = draft.place.get(draft.ground.unit_of[case])
        if place == slot:
            continue
        found.append(
            {
                "case": asking.instance.cases[case].id,
                "from": world.slots[slot].id,
                "to": None if place is None else world.slots[place].id,
                "reason": _moved(asking, case, slot),
            }
        )
    return found


def _moved(asking: Asking, case: int, slot: int) -> dict[str, Any]:
    why = asking.why(case, slot)
    if why.codes:
        codes = ", ".join(code.value for code in why.codes)
        return told(Reason("moved_by_rule", {"codes": codes}), *why.reasons, code=codes)
    if why.reasons and why.reasons[0].code in FORCED:
        return told(Reason("moved_sitting"), *why.reasons, code=why.reasons[0].code)
    return told(Reason("moved_for_others"), code="order")


FORCED = {
    "sibling": "group",
    "siblings_together": "group",
    "agenda_full": "capacity",
    "room_taken": "room",
    "bridge_taken": "resource",
    "members_elsewhere": "member",
    "interpreter_elsewhere": "interpreter",
}


def explained(asking: Asking, case: int, slot: int | None) -> Mapping[str, Any]:
    """Return what ``bid plan explain`` tells about a case: its date, its deadline, and every earlier slot."""
    unit = asking.unit(case)
    place = asking.draft.place.get(unit.number)
    until = slot if slot is not None else place
    whys = [asking.why(case, slot)] if slot is not None else []
    if slot is None and until is not None:
        whys = asking.before(case, until)
    elif slot is None:
        whys = [asking.why(case, one.number) for one in _panel_slots(asking, case)]
    return {
        "case": asking.instance.cases[case].id,
        "slot": None if place is None else asking.world.slots[place].id,
        "deadline": asking.instance.cases[case].deadline.isoformat(),
        "late_days": 0 if place is None else unit.lateness(place),
        "slots": [
            {
                "slot": one.slot,
                "codes": [code.value for code in one.codes],
                "reasons": [told(reason) for reason in one.reasons],
            }
            for one in whys
        ],
    }


def _panel_slots(asking: Asking, case: int) -> list[Any]:
    panels = {asking.world.panel_number[name] for name in asking.instance.cases[case].panels}
    found = [one for one in asking.world.slots if one.panel in panels]
    return sorted(found, key=lambda one: (one.start, one.number))
