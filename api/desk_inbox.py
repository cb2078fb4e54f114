"""Pages of what came from other countries: the inbox, the child it is about, what they took back, letters on paper."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from api.desk.frame import to
from api.desk.inbox_page import inbox_page
from api.desk.match_page import match_page, names_in
from api.desk.message_page import grounds
from api.desk.visit import Refusal, Visit, given, sent, shown
from api.portal.door import Form
from core.errors import BadInput, NotThere
from core.exchange.receipts import DECLINING
from transfers.service import matching, recalls, retention
from transfers.service.retention import Ground

router = APIRouter(include_in_schema=False)
READ: Final = ["GET", "HEAD"]
Act = Callable[[Visit, Form], None]


@router.api_route("/desk/inbox", methods=READ)
async def read_inbox(request: Request) -> Response:
    """What came and waits for somebody here."""
    return await shown(request, lambda visit: _inbox(visit, {}))


@router.post("/desk/inbox")
async def act_on_inbox(request: Request) -> Response:
    """Answer when they took something back, or destroy what may not be kept any longer."""

    def act(visit: Visit, form: Form) -> Response:
        wanted = ACTS.get(form.get("act", ""))
        if wanted is None:
            raise NotThere("act")
        wanted(visit, form)
        return to("/desk/inbox")

    return await sent(request, act, _inbox)


@router.api_route("/desk/transfers/{transfer_id}/child", methods=READ)
async def read_match(request: Request, transfer_id: str) -> Response:
    """What they write of the child, and who on file may be the same; a person decides."""
    return await shown(request, lambda visit: _match(visit, transfer_id, {}))


@router.post("/desk/transfers/{transfer_id}/child")
async def act_on_match(request: Request, transfer_id: str) -> Response:
    """Look with names, say who it is, or open a case; names travel in the form, never in an address."""

    def act(visit: Visit, form: Form) -> Response:
        match form.get("act", ""):
            case "look":
                return _match(visit, transfer_id, form)
            case "match":
                matching.match(
                    visit.session, visit.actor, transfer_id, given(form, "case", 40), now=visit.now
                )
            case "open":
                matching.open_case(
                    visit.session, visit.actor, transfer_id, office=given(form, "office", 30),
                    now=visit.now,
                )  # fmt: skip
            case _:
                raise NotThere("act")
        return to(f"/desk/transfers/{transfer_id}")

    def again(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
        return _match(visit, transfer_id, form, refusal)

    return await sent(request, act, again)


def _answers(visit: Visit, form: Form) -> None:
    """What was destroyed loses its key at once; its bytes go with the next look of the exchange."""
    what = form.get("answer", "")
    if what not in {"destroyed", *DECLINING}:
        raise BadInput("/answer", "choose_one")
    recalls.answer(
        visit.session, visit.actor, given(form, "recall", 40),
        declined=None if what == "destroyed" else what, now=visit.now,
    )  # fmt: skip


def _destroys(visit: Visit, form: Form) -> None:
    retention.destroy_content(
        visit.session, visit.actor, given(form, "delivery", 40), ground=Ground.TIME_OVER,
        now=visit.now,
    )  # fmt: skip


ACTS: Final[Mapping[str, Act]] = {
    "recall": _answers,
    "destroy": _destroys,
}


def _inbox(visit: Visit, form: Form, refusal: Refusal | None = None) -> Response:
    return visit.page(
        "inbox.html",
        409 if refusal else 200,
        refusal=refusal,
        inbox=inbox_page(visit),
        grounds=grounds(visit),
        given=form,
    )


def _match(visit: Visit, transfer_id: str, form: Form, refusal: Refusal | None = None) -> Response:
    return visit.page(
        "match.html",
        409 if refusal else 200,
        refusal=refusal,
        found=match_page(visit, transfer_id, names_in(form)),
        given=form,
    )
