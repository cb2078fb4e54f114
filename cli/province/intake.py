"""From the imported list to a worker with a case: guardian, consent, urgent protection, allocation."""

from datetime import timedelta
from functools import partial
from typing import Any

from cli.province.stories import Story
from cli.province.world import Case, World


def receive(world: World) -> None:
    """Take every child in on the day of registration."""
    _meet(world)
    for case in world.of(Story.EMERGENCY):
        _protect_at_once(world, case)
    world.each("Guardians", world.cases, partial(name_guardian, world))
    world.each("Consent", world.cases, partial(_consent, world))
    _link_siblings(world)
    world.each("Allocation", world.cases, allocate)
    world.expect(world.cases, "bia_in_progress")


def allocate(case: Case) -> None:
    """Give the case to a worker of its office."""
    worker = case.office["worker"].person_id
    case.office["supervisor"].post(f"{case.path}/allocation", {"owner_person": worker})


def _meet(world: World) -> None:
    """Open each file once: age and languages as they were taken over."""
    world.each("Opening the files", world.cases, _open)


def _open(case: Case) -> None:
    facts = case.office["worker"].get(case.path)["facts"]
    case.languages = tuple(facts.get("languages", ()))


def _protect_at_once(world: World, case: Case) -> None:
    """A child in a police cell is taken to safety now; papers follow (R4, R27)."""
    now = world.clock.now()
    worker = case.office["worker"]
    listed = worker.get(f"{case.path}/detentions")
    if not listed:
        since = (now - timedelta(hours=30)).isoformat()
        body: dict[str, Any] = {
            "since": since,
            "place_type": "police_cell",
            "details": "With adults.",
        }
        worker.post(f"{case.path}/detentions", body)
    world.count("detained")
    act = {
        "danger": "detention", "measure": "released_from_detention",
        "acted_at": now.isoformat(), "words": "Fetched from the cell by the duty officer.",
    }  # fmt: skip
    worker.post(f"{case.path}/emergency-actions", act)
    release = {
        "released_at": world.clock.now().isoformat(), "released_to": "place_of_safety",
        "order": "Order of the magistrate on duty.",
    }  # fmt: skip
    held = worker.post(f"{case.path}/release", release)
    world.count("emergencies")
    world.count("hours in detention", int(held.get("hours", 0)) + 24 * int(held.get("days", 0)))


def name_guardian(world: World, case: Case) -> None:
    """Keep whom the court named for a child who is alone."""
    if case.child.accompaniment == "accompanied":
        return
    guardian = case.office["guardian"]
    body = {
        "kind": "guardian", "name": guardian.name, "contact": "through the office",
        "appointed_by": "court", "from_on": world.clock.now().date().isoformat(),
        "independent": True, "independence_note": "Works for no body that decides or cares.",
        "person_id": guardian.person_id,
    }  # fmt: skip
    case.office["supervisor"].post(f"{case.path}/guardians", body)
    world.count("guardians")


def _consent(world: World, case: Case) -> None:
    body = {
        "given_by": "guardian" if case.child.accompaniment != "accompanied" else "parent",
        "assent": "yes", "given_on": world.clock.now().date().isoformat(),
        "purposes": ["case_management", "tracing", "referral"],
        "share_with": ["authorities", "guardian"], "language": case.language,
    }  # fmt: skip
    case.office["worker"].post(f"{case.path}/consents", body)
    world.count("consents")


def _link_siblings(world: World) -> None:
    by_number = {case.child.number: case for case in world.cases}
    for case in world.cases:
        if case.child.sibling_of is None:
            continue
        older = by_number[case.child.sibling_of]
        link = {"other_case_id": older.id, "relation": "sibling"}
        case.office["worker"].post(f"{case.path}/linked-children", link)
        world.count("siblings", 2)
