"""Pages of sittings: the calendar, and the sitting screen that is projected in the room."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk import calendar
from api.desk.deciding import ACTIONS
from api.desk.frame import to
from api.desk.preparing import kept_panels
from api.desk.room import screen
from api.desk.room_acts import ITEM, QUESTIONS, SITTING, Act
from api.desk.visit import Refusal, Visit, sent, shown
from api.portal.door import Form
from cases.rules.plans import ActionKind
from cases.rules.reports import FactorGroup
from core.errors import NotThere
from panels.rules.conflicts import Ground
from panels.rules.determination import ViewsWeight

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]


@router.api_route("/desk/sittings", methods=READ)
async def read_sittings(request: Request) -> Response:
    """The sittings of one's panels, as a list."""
    return await shown(
        request,
        lambda visit: visit.page(
            "sittings.html", sittings=calendar.coming(visit), keeps=bool(kept_panels(visit))
        ),
    )


@router.api_route("/desk/sittings/month", methods=READ)
async def read_month(request: Request, of: str = "") -> Response:
    """The sittings of a month."""
    return await shown(
        request, lambda visit: visit.page("month.html", month=calendar.month(visit, of))
    )


@router.api_route("/desk/sittings/{sitting_id}", methods=READ)
async def read_sitting(request: Request, sitting_id: str) -> Response:
    """The screen of a sitting, with the item in hand or the next one."""
    return await shown(request, lambda visit: _screen(visit, sitting_id, ""))


@router.api_route("/desk/sittings/{sitting_id}/items/{item_id}", methods=READ)
async def read_item(request: Request, sitting_id: str, item_id: str) -> Response:
    """The screen of a sitting with one item chosen."""
    return await shown(request, lambda visit: _screen(visit, sitting_id, item_id))


@router.api_route("/desk/sittings/{sitting_id}/items/{item_id}/live", methods=READ)
async def read_room(request: Request, sitting_id: str, item_id: str) -> Response:
    """What changes in the room while the screen is shown; reads nothing of the file."""
    return await shown(
        request,
        lambda visit: visit.page(
            "live.html", screen=screen(visit, sitting_id, item_id, only_room=True)
        ),
    )


@router.post("/desk/sittings/{sitting_id}")
async def act_in_sitting(request: Request, sitting_id: str) -> Response:
    """Somebody comes or goes; the sitting opens, adjourns or ends."""
    path = f"/desk/sittings/{sitting_id}"
    return await _acted(request, SITTING, sitting_id, path, (sitting_id, ""))


@router.post("/desk/sittings/{sitting_id}/items/{item_id}")
async def act_on_item(request: Request, sitting_id: str, item_id: str) -> Response:
    """What happens to the item in hand: declared, called, voted, put off."""
    path = f"/desk/sittings/{sitting_id}/items/{item_id}"
    return await _acted(request, ITEM, item_id, path, (sitting_id, item_id))


async def _acted(
    request: Request, acts: Mapping[str, Act], subject: str, path: str, at: tuple[str, str]
) -> Response:
    def act(visit: Visit, form: Form) -> Response:
        wanted = acts.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        wanted(visit, subject, form)
        return to(path if form.get("act") != "conflict" else f"/desk/sittings/{at[0]}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _screen(visit, *at, given=form, refusal=refusal)

    return await sent(request, act, again)


def _screen(
    visit: Visit,
    sitting_id: str,
    item_id: str,
    given: Form | None = None,
    refusal: Refusal | None = None,
) -> Response:
    found = screen(visit, sitting_id, item_id)
    words = visit.words
    return visit.page(
        "sitting.html",
        409 if refusal else 200,
        refusal=refusal,
        screen=found,
        given=given or {},
        grounds=[(one.value, words.of("ground", one.value)) for one in Ground],
        questions=range(1, QUESTIONS + 1),
        weights=[(one.value, words.of("weight", one.value)) for one in ViewsWeight],
        groups=[(one.value, words.of("factor", one.value)) for one in FactorGroup],
        kinds=[(one.value, words.of("action", one.value)) for one in ActionKind],
        tongues=[(one, words.said("languages", one)) for one in visit.pack.languages.child_notes],
        actions=range(1, ACTIONS + 1),
    )
