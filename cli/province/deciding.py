"""Sittings of all panels on one day, what is told to the children, deferrals, appeals."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from cli.province import forms
from cli.province.sitting import Sitting, in_two_weeks
from cli.province.stories import Story
from cli.province.world import Case, World


def convene(world: World, cases: Sequence[Case]) -> None:
    """Call the panels of these children together."""
    starts = in_two_weeks(world)
    world.sittings = []
    offices = {case.office.district.code: case.office for case in cases}
    for code, office in sorted(offices.items()):
        mine = [case for case in cases if case.office.district.code == code]
        world.sittings.append(Sitting(world, office, mine, starts))
    world.side_by_side(
        "Agendas and papers", [[one] for one in world.sittings], lambda sitting: sitting.convene()
    )
    world.expect(cases, "bid_listed")


def sit(world: World) -> None:
    """Hold the sittings that were called, and see that each child is where the panel left her."""
    held: list[Sitting] = world.sittings
    world.side_by_side("Sittings", [[sitting] for sitting in held], _sit_one)
    decided = [case for sitting in held for case in sitting.decided]
    deferred = [case for sitting in held for case in sitting.deferred]
    heard = {case.id for case in (*decided, *deferred)}
    back = [case for sitting in held for case in sitting.cases if case.id not in heard]
    world.expect(decided, "bid_decided")
    world.expect(deferred, "bid_deferred")
    world.expect(back, "bid_ready")
    for case in (*deferred, *back):
        case.sitting += 1
    _too_early(world, decided)


def _sit_one(sitting: Sitting) -> None:
    sitting.hold()
    sitting.write_down()


def _too_early(world: World, decided: Sequence[Case]) -> None:
    for case in decided:
        if case.story is Story.EARLY_IMPLEMENTATION:
            world.must_refuse(
                "A decision is carried out before the child was told",
                partial(case.office["coordinator"].post, f"{case.path}/implementation"),
                "R9",
            )


def tell(world: World) -> None:
    """Workers explain each signed decision to the child, with the ways to complain and appeal."""
    told = [case for sitting in world.sittings for case in sitting.decided]

    def tell_one(case: Case) -> None:
        worker = case.office["worker"]
        body = forms.talk(case, world.clock.now().isoformat(), teller=worker.person_id)
        worker.post(f"/determinations/{case.decision_id}/talk", body)
        world.count("children told")

    world.each("Telling the children", told, tell_one)
    world.expect(told, "communicated")


def waive(world: World) -> None:
    """Some guardians give up the rest of the time for appeals, after asking the child."""
    told = [case for sitting in world.sittings for case in sitting.decided]

    def waive_one(case: Case) -> None:
        if case.story is Story.APPEAL or not _gives_up(case):
            return
        path = f"/determinations/{case.decision_id}/waiver"
        case.office["guardian"].post(path, {"child_was_asked": True})
        world.count("windows waived")

    world.each("Appeal windows", told, waive_one)


def _gives_up(case: Case) -> bool:
    """Whoever was heard late need not wait any longer; of the others every second waits."""
    return case.sitting > 0 or case.child.number % 2 == 0


def answer_questions(world: World) -> None:
    """Assessors find out what panels asked; coordinators check the reports again."""
    asked = [case for sitting in world.sittings for case in sitting.deferred]
    world.each("Answers to panels", asked, _answer)
    world.expect(asked, "bid_quality_check")
    for case in asked:
        case.office["coordinator"].post(f"{case.path}/report/quality-check")
    world.expect(asked, "bid_ready")


def _answer(case: Case) -> None:
    assessor = case.office["assessor"]
    deferrals = assessor.get(f"{case.path}/deferrals")["deferrals"]
    for question in deferrals[-1]["questions"]:
        path = f"/deferral-questions/{question['id']}/answer"
        assessor.post(path, {"answer": "Visited on two days: willing, and a room is ready."})


def appeal(world: World) -> None:
    """A guardian says that the child disagrees; nothing is carried out meanwhile."""
    for case in world.of(Story.APPEAL):
        body = {
            "by": "guardian",
            "received_at": world.clock.now().isoformat(),
            "grounds": "I disagree",
        }
        path = f"/determinations/{case.decision_id}/appeals"
        case.appeal_id = case.office["guardian"].post(path, body)["id"]
        world.count("appeals")
    world.expect(world.of(Story.APPEAL), "under_appeal")
    for case in world.of(Story.APPEAL):
        world.must_refuse(
            "A decision under appeal is carried out",
            partial(case.office["coordinator"].post, f"{case.path}/implementation"),
            "R42",
        )


def hear_appeals(world: World) -> None:
    """The head of the secretariat, who took no part in the decision, hears the appeal."""
    for case in world.of(Story.APPEAL):
        hearer = world.people.national["head"]
        others = [hearer.person_id]
        path = f"/appeals/{case.appeal_id}/result"
        words = "The child was heard again, alone. The home suits her; her wish for visits is kept."
        ruling: dict[str, Any] = {"result": "upheld", "reasons": words, "hearers": others}
        voter = case.office.seats["deputy"].person_id
        world.must_refuse(
            "Somebody who voted hears the appeal",
            partial(hearer.post, path, ruling | {"hearers": [*others, voter]}),
            "DOM-2.3",
        )
        hearer.post(path, ruling)
        world.count("appeals heard by others")


def to_be_heard_again(world: World) -> list[Case]:
    """Return the children who go back to a panel."""
    return [case for case in world.at_panels() if case.sitting > 0 and not case.decision_id]
