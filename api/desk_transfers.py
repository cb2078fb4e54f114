"""Pages of transfers: the board of the secretariat, and one transfer with its gate as a checklist."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk.crossing import crossing, list_open, today
from api.desk.forms import day_in, version_of
from api.desk.frame import to
from api.desk.inbox_page import alert_lines
from api.desk.room_acts import Act
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import BadInput, NotThere
from transfers.rules.codes import Direction
from transfers.service import corridors, travel
from transfers.service.board import Which

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]


@router.api_route("/desk/transfers", methods=READ)
async def read_board(request: Request) -> Response:
    """The open transfers of the country, both directions, longest standing first."""
    return await shown(request, _board)


@router.api_route("/desk/transfers/{transfer_id}", methods=READ)
async def read_transfer(request: Request, transfer_id: str) -> Response:
    """One transfer: where it stands, who has to act, and what keeps the child from travelling."""
    return await shown(request, lambda visit: _page(visit, transfer_id, dict(request.query_params)))


@router.post("/desk/transfers/{transfer_id}")
async def act_on_journey(request: Request, transfer_id: str) -> Response:
    """Note what somebody found out for the day of travel, clear the child, take that back, or say that it left."""

    def act(visit: Visit, form: Form) -> Response:
        wanted = ACTS.get(form.get("act", "fact"))
        if wanted is None:
            raise NotThere("act")
        wanted(visit, transfer_id, form)
        return to(f"/desk/transfers/{transfer_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _page(visit, transfer_id, form, refusal)

    return await sent(request, act, again)


def _records(visit: Visit, transfer_id: str, form: Form) -> None:
    found_on = day_in(form, "found")
    if found_on is None:
        raise BadInput("/found-day", "day_needed")
    travel.record_fact(
        visit.session, visit.actor, transfer_id, given(form, "fact", 60), given(form, "answer", 20),
        found_on=found_on, words=given(form, "words", 1500), now=visit.now,
    )  # fmt: skip


def _clears(visit: Visit, transfer_id: str, form: Form) -> None:
    on = day_in(form, "on")
    if on is None:
        raise BadInput("/on-day", "day_needed")
    travel.clear_to_travel(
        visit.session, visit.actor, transfer_id, on=on, now=visit.now,
        expected_version=version_of(form),
    )  # fmt: skip


def _takes_clearance_back(visit: Visit, transfer_id: str, form: Form) -> None:
    del form
    travel.unclear(visit.session, visit.actor, transfer_id, now=visit.now)


def _departs(visit: Visit, transfer_id: str, form: Form) -> None:
    del form
    travel.depart(visit.session, visit.actor, transfer_id, now=visit.now)


ACTS: Final[Mapping[str, Act]] = {
    "fact": _records,
    "clear": _clears,
    "unclear": _takes_clearance_back,
    "depart": _departs,
}


def _board(visit: Visit) -> Response:
    asked = visit.request.query_params
    direction = asked.get("direction", "")
    ways = corridors.list_corridors(visit.session, visit.actor, now=visit.now)
    corridor = asked.get("corridor", "")
    origin, _, destination = corridor.partition("-")
    if corridor not in {one.name for one in ways}:
        corridor = ""
    which = Which(
        direction=Direction(direction) if direction in set(Direction) else None,
        corridor=(origin, destination) if corridor else None,
        mine=asked.get("mine") == "yes",
    )
    lines, more = list_open(visit, which, asked.get("after") or None)
    words = visit.words
    return visit.page(
        "transfers.html",
        lines=lines,
        more=more,
        which=which,
        corridor=corridor,
        corridors=[
            (one.name, words("way", origin=words.country(one.name[:2]), to=words.country(one.name[3:])))
            for one in ways
        ],
        alerts=alert_lines(visit),
    )  # fmt: skip


def _page(visit: Visit, transfer_id: str, form: Form, refusal: Refusal | None = None) -> Response:
    on: date = day_in(form, "on") or today(visit)
    return visit.page(
        "transfer.html",
        409 if refusal else 200,
        refusal=refusal,
        transfer=crossing(visit, transfer_id, on),
        on=on,
        given=form,
    )
