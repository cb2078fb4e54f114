"""Plans of sittings over HTTP: how a panel wants them, who is away, asking for a plan, why, accepting it.

A plan is made apart: asking answers at once, and the plan can be read as soon as its state is `draft`.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Query

from api.bodies.planning import (
    AcceptedView,
    AddressIn,
    Asked,
    CalendarIn,
    HoursIn,
    HoursView,
    LoadView,
    PlanAsked,
    PlanLine,
    PlanShown,
    ReasonView,
    RoomClosed,
    WaitingView,
    WhyView,
    WishesIn,
    WishesView,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.problems.catalogue import gap_sentence
from api.problems.reading import reader
from api.routing import Reach, feature_router, reach
from panels.rules.mass import Apart
from panels.service import (
    busy_times,
    mass,
    own_calendars,
    plan_accepting,
    plan_load,
    plan_wishes,
    plans,
)
from panels.service.plan_words import plan_words

router = feature_router("", "planning")
PANEL: Final = reach(Reach.PANEL)
SlotQuery = Annotated[str | None, Query(pattern=r"^[0-9-]{1,20}$")]


@router.get("/panels/{panel_id}/planning", openapi_extra=PANEL)
def show_wishes(panel_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> WishesView:
    """Show how the panel wants its sittings planned."""
    return WishesView.of(plan_wishes.show_wishes(session, actor, panel_id, now=now))


@router.put("/panels/{panel_id}/planning", status_code=204, openapi_extra=PANEL)
def set_wishes(
    *,
    panel_id: IdPath,
    body: WishesIn,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Say how the panel wants its sittings planned; from then on proposals are made for it."""
    plan_wishes.set_wishes(
        session, actor, panel_id, body.to_wishes(), now=now, place=body.place, link=body.link,
        expected_version=version,
    )  # fmt: skip


@router.post("/panels/{panel_id}/sitting-plans", status_code=202, openapi_extra=PANEL)
def ask_plan(
    panel_id: IdPath, body: PlanAsked, session: SessionDep, actor: ActorDep, now: NowDep
) -> Asked:
    """Ask for a plan of the panel's sittings, or for what one more of something would change."""
    return Asked(id=plans.ask_plan(session, actor, panel_id, body.to_asking(), now=now))


@router.get("/panels/{panel_id}/sitting-plans", openapi_extra=PANEL)
def list_plans(
    *,
    panel_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[PlanLine]:
    """List the plans of the panel, newest first; proposals are among them."""
    found = plans.list_plans(session, actor, panel_id, now=now, limit=limit)
    return [PlanLine.model_validate(row) for row in found]


@router.get("/sitting-plans/{plan_id}", openapi_extra=PANEL)
def show_plan(plan_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> PlanShown:
    """Show a plan beside today's calendar, with every change and its reason."""
    return PlanShown.of(plans.show_plan(session, actor, plan_id, now=now, words=_words()))


@router.get("/sitting-plans/{plan_id}/cases/{case_id}/why", openapi_extra=PANEL)
def explain_plan(
    *,
    plan_id: IdPath,
    case_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    slot: SlotQuery = None,
) -> WhyView:
    """Say why a case is heard when it is, why not earlier, and what would help."""
    found = plans.explain(session, actor, plan_id, case_id, slot=slot, now=now, words=_words())
    return WhyView.model_validate(found)


@router.post("/sitting-plans/{plan_id}/accept", openapi_extra=PANEL)
def accept_plan(
    plan_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> AcceptedView:
    """Carry out a plan: sittings are planned, cases listed, members told. All of it or nothing."""
    done = plan_accepting.accept_plan(session, actor, plan_id, now=now, expected_version=version)
    said = [ReasonView(code=gap.code, text=gap_sentence(gap)) for gap in done.warnings]
    return AcceptedView.of(done, said)


@router.post("/sitting-plans/{plan_id}/set-aside", status_code=204, openapi_extra=PANEL)
def set_plan_aside(
    plan_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Set a plan aside; nothing moves."""
    plans.set_aside(session, actor, plan_id, now=now, expected_version=version)


@router.get("/panels/{panel_id}/mass-groups", openapi_extra=PANEL)
def show_mass_groups(
    panel_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> WaitingView:
    """Show which children could be heard in one exercise, and who is heard apart, by rule."""
    return WaitingView.of(mass.waiting_groups(session, actor, panel_id, now=now))


@router.post("/sittings/{sitting_id}/take-out", openapi_extra=PANEL)
def take_out(
    sitting_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> dict[str, list[Apart]]:
    """Take every child off a mass sitting whom a rule takes out; the answer names the reasons."""
    found = mass.take_out(session, actor, sitting_id, now=now)
    return {case_id: list(why) for case_id, why in found.items()}


@router.get("/panels/{panel_id}/load", openapi_extra=PANEL)
def show_load(panel_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> LoadView:
    """Show who carried the panel's sittings over the last year, and which nearly failed."""
    return LoadView.of(plan_load.load_of(session, actor, panel_id, now=now))


@router.post("/panels/{panel_id}/rooms/closed", status_code=201, openapi_extra=PANEL)
def close_room(
    panel_id: IdPath, body: RoomClosed, session: SessionDep, actor: ActorDep, now: NowDep
) -> Asked:
    """Say that a room of the district cannot be had."""
    made = busy_times.close_room(session, actor, panel_id, body.room, body.to_hours(), now=now)
    return Asked(id=made)


@router.get("/panels/members/{member_id}/busy-times", openapi_extra=PANEL)
def list_busy_times(
    member_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[HoursView]:
    """List when a member is away, to that member and to the panel's clerks."""
    found = busy_times.list_busy_times(session, actor, member_id, now=now)
    return [HoursView.model_validate(row) for row in found]


@router.post("/panels/members/{member_id}/busy-times", status_code=201, openapi_extra=PANEL)
def add_busy_time(
    member_id: IdPath, body: HoursIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> Asked:
    """Say that a member cannot come; what breaks by it is planned anew, as a proposal."""
    made = busy_times.add_busy_time(session, actor, member_id, body.kind, body.to_hours(), now=now)
    return Asked(id=made)


@router.put("/panels/members/{member_id}/calendar", openapi_extra=PANEL)
def take_calendar(
    member_id: IdPath, body: CalendarIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> dict[str, int]:
    """Read a member's own calendar in place of the one before; only its hours are kept."""
    count = busy_times.take_calendar(session, actor, member_id, body.ics.encode(), now=now)
    return {"busy_times": count}


@router.put("/panels/members/{member_id}/busy-calendar", status_code=204, openapi_extra=PANEL)
def set_busy_calendar(
    member_id: IdPath, body: AddressIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Say where one's own calendar can be fetched, or forget it with an empty address; it is kept sealed."""
    own_calendars.set_address(session, actor, member_id, body.address, now=now)


@router.delete("/panels/busy-times/{busy_id}", status_code=204, openapi_extra=PANEL)
def forget_busy_time(busy_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Take back that a member cannot come."""
    busy_times.forget_busy_time(session, actor, busy_id, now=now)


def _words() -> Mapping[str, str]:
    return plan_words(reader().language).told
