"""The page of a panel member: signing, answering, reading, declaring, saying when one is away."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.dependencies import settings_of
from api.desk import own_seat as seat
from api.desk.forms import chosen, moment_in
from api.desk.frame import to
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import BadInput, NotThere, StaleWrite
from panels.rules.conflicts import Ground
from panels.rules.planning import BusyKind
from panels.service import busy_times, calendar, conflicts, members, own_calendars, own_seat
from panels.service.busy_times import Hours

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
PATH: Final = "/desk/seat"
AWAY: Final = (BusyKind.LEAVE, BusyKind.DUTY)


@router.api_route(PATH, methods=READ)
async def read_seat(request: Request) -> Response:
    """The reader's seats, sittings to come, and absences."""
    return await shown(request, lambda visit: _page(visit, {}, None))


@router.post(PATH)
async def act_from_seat(request: Request) -> Response:
    """Sign, answer, declare, be away."""

    def act(visit: Visit, form: Form) -> Response:
        if form.get("act") == "make_address":
            return _page(visit, {}, None, address=_made_address(visit))
        wanted = ACTS.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        wanted(visit, form)
        return to(PATH)

    return await sent(request, act, _page)


def _signs(visit: Visit, form: Form) -> None:
    """Sign the text on the page: another text than was read is not signed."""
    if form.get("agreed") != "yes":
        raise BadInput("/agreed", "agree_first")
    signed = seat.hash_of(seat.undertaking(visit))
    if form.get("text") != signed:
        raise StaleWrite("undertaking", 0, 1)
    today = visit.now.date()
    members.record_undertaking(
        visit.session, visit.actor, given(form, "member", 40), signed_on=today,
        document_sha256=signed, now=visit.now,
    )  # fmt: skip


def _answers(visit: Visit, form: Form) -> None:
    comes = form.get("act") == "comes"
    own_seat.answer_call(
        visit.session, visit.actor, given(form, "sitting", 40), comes=comes, now=visit.now
    )


def _declares_none(visit: Visit, form: Form) -> None:
    conflicts.declare_none(visit.session, visit.actor, given(form, "item", 40), now=visit.now)


def _declares(visit: Visit, form: Form) -> None:
    conflicts.declare_conflict(
        visit.session, visit.actor, given(form, "item", 40), ground=chosen(Ground, form, "ground"),
        words=given(form, "words"), now=visit.now,
    )  # fmt: skip


def _is_away(visit: Visit, form: Form) -> None:
    hours = Hours(
        moment_in(form, "away", "away_at", visit.zone),
        moment_in(form, "back", "back_at", visit.zone),
    )
    kind = chosen(BusyKind, form, "kind")
    if kind not in AWAY:
        raise BadInput("/kind", "choose_one")
    busy_times.add_busy_time(
        visit.session, visit.actor, given(form, "member", 40), kind, hours, now=visit.now
    )


def _is_back(visit: Visit, form: Form) -> None:
    busy_times.forget_busy_time(visit.session, visit.actor, given(form, "busy", 40), now=visit.now)


def _made_address(visit: Visit) -> str:
    """Make the private address of one's sittings; it is shown this once."""
    secret = calendar.make_address(visit.session, visit.actor, now=visit.now)
    base = settings_of(visit.request).public_url or str(visit.request.base_url)
    return f"{base.rstrip('/')}/calendars/{secret}.ics"


def _ends_address(visit: Visit, form: Form) -> None:
    del form
    calendar.end_address(visit.session, visit.actor, now=visit.now)


def _reads_own(visit: Visit, form: Form) -> None:
    own_calendars.set_address(
        visit.session, visit.actor, given(form, "member", 40), given(form, "address", 1000),
        now=visit.now,
    )  # fmt: skip


ACTS: Final[Mapping[str, Callable[[Visit, Form], None]]] = {
    "sign": _signs,
    "comes": _answers,
    "does_not": _answers,
    "no_conflict": _declares_none,
    "conflict": _declares,
    "away": _is_away,
    "back": _is_back,
    "end_address": _ends_address,
    "own_calendar": _reads_own,
}


def _page(visit: Visit, form: Form, refusal: Refusal | None, *, address: str = "") -> Response:
    words = visit.words
    return visit.page(
        "seat.html",
        409 if refusal else 200,
        refusal=refusal,
        given=form,
        made_address=address,
        page=seat.page(visit),
        grounds=[(one.value, words.of("ground", one.value)) for one in Ground],
        kinds=[(one.value, words.of("busy", one)) for one in AWAY],
    )
