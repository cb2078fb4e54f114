"""Assessment, the need for a panel, the report and its quality check."""

from datetime import date
from functools import partial

from cli.province import forms
from cli.province.stories import Story
from cli.province.world import Case, World


def assess(world: World) -> None:
    """Workers assess, supervisors approve; the procedure finds out who needs a panel."""
    world.each("Assessments", world.cases, partial(assess_one, world))
    world.each("Approval of assessments", world.cases, approve_newest)
    world.expect(world.at_panels(), "bid_required")
    world.expect(world.of(Story.SERVICES), "planned")
    for case in world.of(Story.EMERGENCY):
        _duty_done(case)
    for case in world.of(Story.WAIVER_REFUSED):
        supervisor = case.office["supervisor"]
        world.must_refuse(
            "A supervisor waives a trigger that follows from the facts",
            partial(supervisor.act, "DELETE", f"{case.path}/triggers/B1"),
            "R3",
        )
        world.count("waivers refused")


def _duty_done(case: Case) -> None:
    """Report the assessment that had to follow the urgent act as done (R4)."""
    worker = case.office["worker"]
    for task in worker.get(f"{case.path}/tasks"):
        if task["code"] == "short_assessment_after_emergency" and not task["done_at"]:
            worker.post(f"/tasks/{task['id']}/completion", version=task["version"])


def approve_newest(case: Case) -> None:
    """Approve the assessment that lies with the supervisor."""
    supervisor = case.office["supervisor"]
    found = supervisor.get(f"{case.path}/assessments")[-1]
    supervisor.post(f"{case.path}/assessments/{found['id']}/approval", version=found["version"])


def assess_one(world: World, case: Case) -> None:
    """Write one assessment and hand it in."""
    worker = case.office["worker"]
    today = world.clock.now().date()
    begun = worker.post(f"{case.path}/assessments", {"kind": "comprehensive"})
    path = f"{case.path}/assessments/{begun['id']}"
    at_panel = case.story is not Story.SERVICES
    considered = ["durable_solution", "temporary_care"] if at_panel else ["services_only"]
    form = forms.assessment(case, today, owner=worker.person_id, considered=considered)
    saved = worker.act("PATCH", path, form, version=begun["version"])
    worker.post(f"{path}/submission", version=saved["version"])
    world.count("assessments")


def report(world: World) -> None:
    """Assessors write, coordinators check; the case is ready for a panel."""
    siblings = _siblings(world)
    heard = world.at_panels()
    world.each("Naming assessors", heard, _name_assessor)
    world.each("Reports", heard, lambda case: _write(world, case, siblings.get(case.id, [])))
    world.each("Quality checks", heard, _check)
    world.expect(heard, "bid_ready")


def _name_assessor(case: Case) -> None:
    person = case.office["assessor"].person_id
    case.office["supervisor"].post(f"{case.path}/report", {"person_id": person})


def _check(case: Case) -> None:
    coordinator = case.office["coordinator"]
    read = coordinator.get(f"{case.path}/report")
    coordinator.post(f"{case.path}/report/quality-check", version=read["version"])


def _siblings(world: World) -> dict[str, list[str]]:
    by_number = {case.child.number: case for case in world.cases}
    found: dict[str, list[str]] = {}
    for case in world.cases:
        if case.child.sibling_of is not None:
            older = by_number[case.child.sibling_of]
            found.setdefault(case.id, []).append(older.id)
            found.setdefault(older.id, []).append(case.id)
    return found


def _write(world: World, case: Case, siblings: list[str]) -> None:
    assessor = case.office["assessor"]
    today = world.clock.now().date()
    if case.destination:
        check_destination(case, today)
    offer = {
        "procedure": "determination", "offered_on": today.isoformat(), "answer": "declined",
        "words": "Wants the guardian to speak.",
    }  # fmt: skip
    assessor.post(f"{case.path}/legal-offers", offer)
    body = forms.report(case, today, siblings=siblings)
    saved = assessor.act("PATCH", f"{case.path}/report", body)
    assessor.post(f"{case.path}/report/submission", version=saved["version"])
    world.count("reports")


def check_destination(case: Case, today: date) -> None:
    """Find out once more whether the country the child is to go to is safe for this child (R23)."""
    check = {
        "destination": case.destination, "result": "cleared", "basis": "Visit of the two offices.",
        "qualification": "protection_officer", "checked_on": today.isoformat(),
    }  # fmt: skip
    case.office["assessor"].post(f"{case.path}/destination-checks", check)
