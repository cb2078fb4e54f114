"""Carrying decisions and plans out: placement, visits, a placement that breaks, closing by two people."""

from collections.abc import Sequence
from functools import partial

from cli.province import assessing, forms
from cli.province.stories import GOES_TO, Story, end_of
from cli.province.world import Case, World

VISITS: int = 3


def begin_plans(world: World) -> None:
    """Where no panel was needed the plan is agreed; the procedure begins it."""
    plans = world.of(Story.SERVICES)

    def agree(case: Case) -> None:
        body = {
            "voice": "agrees", "child_words": forms.wish(case),
            "review_on": world.clock.day(60).date().isoformat(),
        }  # fmt: skip
        case.office["supervisor"].post(f"{case.path}/plan/agreement", body)
        world.count("plans agreed")

    world.each("Plans without a panel", plans, agree)
    world.expect(plans, "implementing")


def begin_decisions(world: World) -> None:
    """Coordinators begin what was decided and told, once nobody can appeal any more."""
    stays = [case for case in world.at_panels() if case.story not in GOES_TO]

    def begin(case: Case) -> None:
        case.office["coordinator"].post(f"{case.path}/implementation")
        world.count("decisions begun")

    world.each("Carrying out", stays, begin)
    for case in world.of(*GOES_TO):
        world.must_refuse(
            "A child is moved abroad without the other country's acceptance",
            partial(case.office["coordinator"].post, f"{case.path}/implementation"),
            "R33",
        )
    world.expect(stays, "implementing")


def settle_in(world: World) -> None:
    """Homes are seen, children move in, actions are reported done; follow-up begins."""
    moving = [case for case in world.cases if case.story not in GOES_TO]
    world.each("Moving in", moving, partial(_settle_in, world))
    world.expect(moving, "follow_up")


def _settle_in(world: World, case: Case) -> None:
    worker = case.office["worker"]
    today = world.clock.now().date()
    if case.story is not Story.SERVICES:
        study = worker.post(f"{case.path}/home-studies", forms.home_study(case, today))
        body = forms.placement(case, today, study=study["id"])
        case.placement_id = worker.post(f"{case.path}/placements", body)["id"]
        world.count("placements")
    for action in worker.get(f"{case.path}/plan")["actions"]:
        done = {"result": "Done, with the child."}
        worker.post(f"{case.path}/plan/actions/{action['id']}/completion", done)


def visit(world: World, number: int) -> None:
    """See every child alone, at home."""
    seen = [case for case in world.cases if case.state == "follow_up"]

    def see(case: Case) -> None:
        worker = case.office["worker"]
        waiting = [one for one in worker.get(f"{case.path}/visits") if one["status"] == "planned"]
        broken = case.story is Story.BROKEN_PLACEMENT and number == VISITS - 1
        body = forms.visit(case, world.clock.now().date(), last=number == VISITS, broken=broken)
        worker.post(f"{case.path}/visits/{waiting[0]['id']}/report", body)
        world.count("visits")
        if broken:
            _break_down(world, case)

    world.each(f"Visit {number} of {VISITS}", seen, see)
    world.service.settle()


def _break_down(world: World, case: Case) -> None:
    """The placement has broken down: it ends, the case is opened again, a new assessment begins."""
    worker, supervisor = case.office["worker"], case.office["supervisor"]
    ended = {
        "ended_on": world.clock.now().date().isoformat(), "reason": "breakdown",
        "words": "The carer is in hospital for months.",
    }  # fmt: skip
    worker.post(f"{case.path}/placements/{case.placement_id}/end", ended)
    new = {"reason": "placement_broke_down", "what_is_new": "The carer can no longer care."}
    supervisor.post(f"{case.path}/reopening", new)
    case.state = "reopened"
    world.count("broken placements")
    world.count("reopened")
    supervisor.post(f"{case.path}/allocation", {"owner_person": worker.person_id})
    assessing.assess_one(world, case)
    assessing.approve_newest(case)
    world.expect([case], "bid_required")


def close(world: World) -> None:
    """Workers ask, supervisors approve."""
    ending = [case for case in world.cases if end_of(case.story)[0] == "closed"]

    def ask(case: Case) -> None:
        body = forms.closing(world.clock.now().date())
        case.office["worker"].post(f"{case.path}/closing-requests", body)

    def approve(case: Case) -> None:
        case.office["supervisor"].post(f"{case.path}/closing-approval")
        world.count("closed")

    world.each("Asking to close", ending, ask)
    world.each("Closing", ending, approve)
    settle_ends(world, world.cases)


def settle_ends(world: World, cases: Sequence[Case]) -> None:
    """See that every case is where its story ends."""
    for state in sorted({end_of(case.story)[0] for case in cases}):
        world.expect([case for case in cases if end_of(case.story)[0] == state], state)
