"""Pages of plans: what a panel wishes, a plan asked for, read, questioned, fixed by hand, accepted or set aside."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import planning, preparing, yearly
from api.desk.forms import chosen, hour_in, number_in, version_of
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import BadInput, NotThere
from panels.rules.planning import Fixed, FixedKind, HalfDay, More, PlanState, Wishes
from panels.rules.roster import Sector
from panels.rules.sittings import SittingMode
from panels.service import plan_accepting, plan_wishes, plans
from panels.service.plans import Asking

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
HALF_DAYS: Final = 4
MOST_ROOMS: Final = 20
LOOK_AGAIN: Final = "4"
EFFORTS: Final = ("8", "30", "120")
Act = Callable[[Visit, str, Form], str]


@router.api_route("/desk/plans", methods=READ)
async def read_panels(request: Request) -> Response:
    """The panels whose sittings this person plans."""

    def show(visit: Visit) -> Response:
        kept = preparing.kept_panels(visit)
        if len(kept) == 1:
            return _panel(visit, kept[0][0], {}, None)
        return visit.page("plans.html", panels=kept)

    return await shown(request, show)


@router.api_route("/desk/plans/panels/{panel_id}", methods=READ)
async def read_panel(request: Request, panel_id: str) -> Response:
    """How a panel wants its sittings planned, and its plans."""
    return await shown(request, lambda visit: _panel(visit, panel_id, {}, None))


@router.post("/desk/plans/panels/{panel_id}")
async def act_on_panel(request: Request, panel_id: str) -> Response:
    """Say how the panel wants its sittings planned; ask for a plan."""

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _panel(visit, panel_id, form, refusal)

    return await sent(request, _one_of(OF_PANEL, panel_id), again)


@router.api_route("/desk/plans/panels/{panel_id}/year", methods=READ)
async def read_year(request: Request, panel_id: str) -> Response:
    """Who carried the panel's sittings over a year, and which nearly failed."""
    return await shown(
        request,
        lambda visit: visit.page("year.html", panel_id=panel_id, year=yearly.year(visit, panel_id)),
    )


@router.api_route("/desk/plans/panels/{panel_id}/groups", methods=READ)
async def read_groups(request: Request, panel_id: str) -> Response:
    """Which children could be heard in one exercise, and who is heard apart."""
    return await shown(request, lambda visit: _groups(visit, panel_id, {}, None))


@router.post("/desk/plans/panels/{panel_id}/groups")
async def plan_group(request: Request, panel_id: str) -> Response:
    """Ask for a plan of an exercise for the children in one situation."""

    def act(visit: Visit, form: Form) -> Response:
        asking = Asking(mass=given(form, "situation", 80))
        if not asking.mass:
            raise BadInput("/situation", "choose_one")
        return to(_ask(visit, panel_id, asking))

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _groups(visit, panel_id, form, refusal)

    return await sent(request, act, again)


@router.api_route("/desk/plans/{plan_id}", methods=READ)
async def read_plan(request: Request, plan_id: str) -> Response:
    """A plan beside today's calendar; while it is made the page looks again by itself."""
    return await shown(request, lambda visit: _plan(visit, plan_id, {}, None))


@router.post("/desk/plans/{plan_id}")
async def act_on_plan(request: Request, plan_id: str) -> Response:
    """Accept a plan, set it aside, fix something by hand and plan again, ask what one more would change."""

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _plan(visit, plan_id, form, refusal)

    return await sent(request, _one_of(OF_PLAN, plan_id), again)


@router.api_route("/desk/plans/{plan_id}/children/{case_id}", methods=READ)
async def read_why(request: Request, plan_id: str, case_id: str, slot: str = "") -> Response:
    """Why a child is heard when it is, why not earlier, and what would help."""

    def show(visit: Visit) -> Response:
        found = planning.why(visit, plan_id, case_id, slot[:20] or None)
        page = planning.page(visit, plan_id)
        return visit.page("why.html", why=found, page=page, case_id=case_id, asked=slot)

    return await shown(request, show)


def _one_of(acts: Mapping[str, Act], subject: str) -> Callable[[Visit, Form], Response]:
    def act(visit: Visit, form: Form) -> Response:
        wanted = acts.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        return to(wanted(visit, subject, form))

    return act


def _ask(visit: Visit, panel_id: str, asking: Asking) -> str:
    made = plans.ask_plan(visit.session, visit.actor, panel_id, asking, now=visit.now)
    return f"/desk/plans/{made}"


def _asks(visit: Visit, panel_id: str, form: Form) -> str:
    return _ask(visit, panel_id, Asking(seconds=number_in(form, "seconds") or plans.SECONDS))


def _wishes(visit: Visit, panel_id: str, form: Form) -> str:
    plan_wishes.set_wishes(
        visit.session, visit.actor, panel_id, _wanted(visit, panel_id, form), now=visit.now,
        place=given(form, "place", 200), link=given(form, "link", 200),
        expected_version=version_of(form) or None,
    )  # fmt: skip
    return f"/desk/plans/panels/{panel_id}"


def _wanted(visit: Visit, panel_id: str, form: Form) -> Wishes:
    """Return the wishes of the form; what the form does not ask stays as it was."""
    halves = tuple(
        _half_day(form, at) for at in range(1, HALF_DAYS + 1) if given(form, f"starts-{at}")
    )
    kept = _kept(visit, panel_id)
    before = kept.wishes if kept else Wishes(halves, visit.zone)
    minutes = {**(before.minutes or {}), "default": _between(form, "minutes", 5, 480)}
    return replace(
        before,
        half_days=halves,
        mode=chosen(SittingMode, form, "mode").value,
        rooms=_rooms(form),
        minutes=minutes,
        opening_minutes=_between(form, "opening", 0, 120),
        max_cases=_between(form, "most", 1, 200),
        max_per_week=_between(form, "week", 1, 14),
        days_ahead=_between(form, "ahead", 7, 180),
    )


def _half_day(form: Form, at: int) -> HalfDay:
    begins = hour_in(form, f"starts-{at}")
    day = number_in(form, f"weekday-{at}")
    if day not in range(7):
        raise BadInput(f"/weekday-{at}", "choose_one")
    return HalfDay(day, f"{begins:%H:%M}", _between(form, f"length-{at}", 5, 480))


def _between(form: Form, name: str, least: int, most: int) -> int:
    found = number_in(form, name)
    if not least <= found <= most or not given(form, name):
        raise BadInput(f"/{name}", "number_out_of_range")
    return found


def _rooms(form: Form) -> tuple[str, ...]:
    rooms = tuple(word for word in given(form, "rooms", 400).replace(",", " ").split() if word)
    plain = all(one.isascii() and one.replace("-", "").replace("_", "").isalnum() for one in rooms)
    if len(rooms) > MOST_ROOMS or not plain:
        raise BadInput("/rooms", "rooms_as_codes")
    return rooms


OF_PANEL: Final[Mapping[str, Act]] = {"ask": _asks, "wishes": _wishes}


def _accepts(visit: Visit, plan_id: str, form: Form) -> str:
    plan_accepting.accept_plan(
        visit.session, visit.actor, plan_id, now=visit.now, expected_version=version_of(form)
    )
    return f"/desk/plans/{plan_id}"


def _sets_aside(visit: Visit, plan_id: str, form: Form) -> str:
    plans.set_aside(
        visit.session, visit.actor, plan_id, now=visit.now, expected_version=version_of(form)
    )
    return f"/desk/plans/{plan_id}"


def _fixes(visit: Visit, plan_id: str, form: Form) -> str:
    row = plans.plan_seen(visit.session, visit.actor, plan_id, now=visit.now)
    kept = [one for name, one in sorted(form.items()) if name.startswith("keep-")]
    fixed = [_read(one) for one in kept]
    if given(form, "kind"):
        fixed.append(_new(form))
    asking = Asking(days=row.days, seconds=row.seconds, fixed=tuple(fixed), mass=row.mass)
    return _ask(visit, row.panel_id, asking)


def _new(form: Form) -> Fixed:
    kind = chosen(FixedKind, form, "kind")
    slot = given(form, "slot", 20)
    if not slot:
        raise BadInput("/slot", "choose_one")
    case = given(form, "case", 40) if kind is FixedKind.CASE_SLOT else ""
    if kind is FixedKind.CASE_SLOT and not case:
        raise BadInput("/case", "choose_one")
    is_member = kind in {FixedKind.MEMBER_IN, FixedKind.MEMBER_OUT}
    member = given(form, "member", 40) if is_member else ""
    if is_member and not member:
        raise BadInput("/member", "choose_one")
    return Fixed(kind, slot, case, member)


def _read(sent_before: str) -> Fixed:
    parts = sent_before.split("|")
    if len(parts) != len(("kind", "slot", "case", "member")) or parts[0] not in set(FixedKind):
        raise BadInput("/kind", "choose_one")
    return Fixed(FixedKind(parts[0]), *(one[:40] for one in parts[1:]))


def _more(visit: Visit, plan_id: str, form: Form) -> str:
    row = plans.plan_seen(visit.session, visit.actor, plan_id, now=visit.now)
    more = More(given(form, "sector", 40), given(form, "language", 10))
    if given(form, "starts-1"):
        more = replace(more, half_day=_half_day(form, 1))
    if more.is_nothing:
        raise BadInput("/sector", "choose_one")
    fixed = tuple(_read(planning.sent_as(one)) for one in row.fixed)
    return _ask(
        visit, row.panel_id, Asking(days=row.days, seconds=row.seconds, more=more, fixed=fixed)
    )


OF_PLAN: Final[Mapping[str, Act]] = {
    "accept": _accepts,
    "set_aside": _sets_aside,
    "fix": _fixes,
    "more": _more,
}


def _kept(visit: Visit, panel_id: str) -> plan_wishes.WishesView | None:
    try:
        return plan_wishes.show_wishes(visit.session, visit.actor, panel_id, now=visit.now)
    except NotThere:
        plan_wishes.clerk_of(visit.session, visit.actor, panel_id, now=visit.now)
        return None


def _panel(visit: Visit, panel_id: str, form: Form, refusal: Refusal | None) -> Response:
    words = visit.words
    kept = _kept(visit, panel_id)
    return visit.page(
        "plan_panel.html",
        409 if refusal else 200,
        refusal=refusal,
        panel_id=panel_id,
        panel_name=dict(preparing.kept_panels(visit)).get(panel_id, ""),
        kept=kept,
        given={**_as_form(kept), **form},
        halves=range(1, HALF_DAYS + 1),
        days=[(str(number), planning.weekday(visit, number)) for number in range(7)],
        modes=[(one.value, words.of("sitting_mode", one)) for one in SittingMode],
        efforts=[(one, words(f"plan.effort.{one}")) for one in EFFORTS],
        plans=planning.lines(visit, panel_id),
    )


def _as_form(kept: plan_wishes.WishesView | None) -> dict[str, str]:
    """Return the wishes as the fields of their form."""
    if kept is None:
        usual = Wishes((), "")
        found = {"minutes": "30", "mode": "in_person"}
    else:
        usual = kept.wishes
        found = {
            "place": kept.place, "link": kept.link, "rooms": " ".join(usual.rooms),
            "mode": usual.mode, "minutes": str(usual.minutes_for("default")),
        }  # fmt: skip
    for at, half in enumerate(usual.half_days[:HALF_DAYS], 1):
        found |= {
            f"weekday-{at}": str(half.weekday),
            f"starts-{at}": half.starts,
            f"length-{at}": str(half.minutes),
        }
    return found | {
        "opening": str(usual.opening_minutes),
        "most": str(usual.max_cases),
        "week": str(usual.max_per_week),
        "ahead": str(usual.days_ahead),
    }


def _groups(visit: Visit, panel_id: str, form: Form, refusal: Refusal | None) -> Response:
    return visit.page(
        "groups.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        panel_id=panel_id,
        found=yearly.groups(visit, panel_id),
    )


def _plan(visit: Visit, plan_id: str, form: Form, refusal: Refusal | None) -> Response:
    words = visit.words
    page = planning.page(visit, plan_id)
    answer = visit.page(
        "plan.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        page=page,
        kinds=planning.fixed_kinds(visit),
        sectors=[(one.value, words.of("sector", one)) for one in Sector],
        tongues=[(one, words.said("languages", one)) for one in visit.pack.languages.child_notes],
        days=[(str(number), planning.weekday(visit, number)) for number in range(7)],
    )
    if page.state == PlanState.ASKED and refusal is None:
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer
