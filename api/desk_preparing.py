"""Pages on the way to a sitting: a new one, its agenda, convening, putting off, calling off."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import preparing
from api.desk.forms import chosen, moment_in, number_in, version_of
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import BadInput, NotThere
from panels.rules.items import Invited
from panels.rules.sittings import SittingMode, SittingType
from panels.service import agenda, calling, listing, mass, papers, putting_off, sittings
from panels.service.listing import Invitation
from panels.service.preparing import put_on_agenda
from panels.service.putting_off import Later
from panels.service.sitting_views import show_sitting
from panels.service.sittings import NewSitting

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
USUAL_MINUTES: Final = "180"
LONGEST_MINUTES: Final = 600
TYPES: Final = (
    SittingType.ORDINARY,
    SittingType.EXTRAORDINARY,
    SittingType.AD_HOC_BATCH,
    SittingType.JOINT,
)
Act = Callable[[Visit, str, Form], str]
"""Does what a form asks and returns the address to lead to."""


@router.api_route("/desk/sittings/new", methods=READ)
async def new_sitting(request: Request) -> Response:
    """The form of a new sitting."""
    return await shown(request, lambda visit: _new(visit, {"minutes": USUAL_MINUTES}, None))


@router.post("/desk/sittings/new")
async def plan_sitting(request: Request) -> Response:
    """Plan a sitting; its agenda is built next."""

    def act(visit: Visit, form: Form) -> Response:
        made = sittings.plan_sitting(
            visit.session, visit.actor, given(form, "panel", 40), _wanted(visit, form),
            now=visit.now,
        )  # fmt: skip
        return to(f"/desk/sittings/{made}/agenda")

    return await sent(request, act, _new)


@router.api_route("/desk/sittings/{sitting_id}/agenda", methods=READ)
async def read_agenda(request: Request, sitting_id: str) -> Response:
    """The agenda of a sitting that is prepared, and the children who could be put on it."""
    return await shown(request, lambda visit: _page(visit, sitting_id, {}, None))


@router.post("/desk/sittings/{sitting_id}/agenda")
async def prepare(request: Request, sitting_id: str) -> Response:
    """Put a child on, take one off, convene, put off, call off."""

    def act(visit: Visit, form: Form) -> Response:
        wanted = ACTS.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        return to(wanted(visit, sitting_id, form))

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _page(visit, sitting_id, form, refusal)

    return await sent(request, act, again)


def _wanted(visit: Visit, form: Form) -> NewSitting:
    minutes = number_in(form, "minutes")
    if not 0 < minutes <= LONGEST_MINUTES:
        raise BadInput("/minutes", "minutes_needed")
    return NewSitting(
        type=chosen(SittingType, form, "type"),
        mode=chosen(SittingMode, form, "mode"),
        starts_at=moment_in(form, "on", "at", visit.zone),
        minutes=minutes,
        timezone=visit.zone,
        place=given(form, "place", 200),
        link=given(form, "link", 200),
    )


def _lists(visit: Visit, sitting_id: str, form: Form) -> str:
    put_on_agenda(visit.session, visit.actor, sitting_id, given(form, "case", 40), now=visit.now)
    return _agenda(sitting_id)


def _takes_off(visit: Visit, sitting_id: str, form: Form) -> str:
    reason = given(form, "off_reason", 40)
    if reason not in preparing.TAKEN_OFF:
        raise BadInput(f"/off-{given(form, 'item', 40)}", "choose_one")
    agenda.withdraw_item(
        visit.session, visit.actor, given(form, "item", 40), reason, now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip
    return _agenda(sitting_id)


def _invites(visit: Visit, sitting_id: str, form: Form) -> str:
    kind = chosen(Invited, form, "kind")
    listing.invite(
        visit.session, visit.actor, given(form, "item", 40), Invitation(kind), now=visit.now
    )
    return _agenda(sitting_id)


def _convenes(visit: Visit, sitting_id: str, form: Form) -> str:
    sittings.convene_sitting(
        visit.session, visit.actor, sitting_id, now=visit.now, expected_version=version_of(form)
    )
    return _agenda(sitting_id)


def _sends(visit: Visit, sitting_id: str, form: Form) -> str:
    del form
    papers.release_to_latecomers(visit.session, visit.actor, sitting_id, now=visit.now)
    return _agenda(sitting_id)


def _puts_off(visit: Visit, sitting_id: str, form: Form) -> str:
    row = show_sitting(visit.session, visit.actor, sitting_id, now=visit.now).sitting
    later = Later(
        moment_in(form, "later", "later_at", row.timezone), given(form, "later_place", 200)
    )
    made = putting_off.put_off_sitting(
        visit.session, visit.actor, sitting_id, later, now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip
    return _agenda(made)


def _calls_off(visit: Visit, sitting_id: str, form: Form) -> str:
    reason = given(form, "reason", 40)
    if reason not in preparing.CALLED_OFF:
        raise BadInput("/reason", "choose_one")
    sittings.cancel_sitting(
        visit.session, visit.actor, sitting_id, reason, now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip
    return "/desk/sittings"


def _calls(visit: Visit, sitting_id: str, form: Form) -> str:
    member = given(form, "member", 40)
    if not member:
        raise BadInput("/member", "choose_one")
    calling.call_to_roster(visit.session, visit.actor, sitting_id, [member], now=visit.now)
    return _agenda(sitting_id)


def _did_not_open(visit: Visit, sitting_id: str, form: Form) -> str:
    del form
    sittings.declare_inquorate(visit.session, visit.actor, sitting_id, now=visit.now)
    return "/desk/sittings"


def _takes_out(visit: Visit, sitting_id: str, form: Form) -> str:
    del form
    mass.take_out(visit.session, visit.actor, sitting_id, now=visit.now)
    return _agenda(sitting_id)


ACTS: Final[Mapping[str, Act]] = {
    "call": _calls,
    "inquorate": _did_not_open,
    "take_out": _takes_out,
    "list": _lists,
    "take_off": _takes_off,
    "invite": _invites,
    "convene": _convenes,
    "papers": _sends,
    "put_off": _puts_off,
    "call_off": _calls_off,
}


def _agenda(sitting_id: str) -> str:
    return f"/desk/sittings/{sitting_id}/agenda"


def _new(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    words = visit.words
    kept = preparing.kept_panels(visit)
    if not kept:
        raise NotThere("panel")
    return visit.page(
        "sitting_new.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        panels=kept,
        types=[(one.value, words.of("sitting_type", one)) for one in TYPES],
        modes=[(one.value, words.of("sitting_mode", one)) for one in SittingMode],
    )


def _page(visit: Visit, sitting_id: str, form: Form, refusal: Refusal | None) -> Response:
    words = visit.words
    return visit.page(
        "agenda.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        page=preparing.prepared(visit, sitting_id),
        off_reasons=[(one, words.of("taken_off", one)) for one in preparing.TAKEN_OFF],
        call_off_reasons=[(one, words.of("called_off", one)) for one in preparing.CALLED_OFF],
    )
