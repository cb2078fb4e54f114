"""Pages of a recipient who is here: the list, one item, what can be done with it, and the way out.

Source: EXP-10, EXP-5.2, DOM-R50.
"""

import re
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.dependencies import database_of, now_of, settings_of
from api.documents import blocks_of
from api.portal import filling
from api.portal.door import (
    COOKIE,
    HEADERS,
    Form,
    Visit,
    forget,
    form_of,
    html,
    name_of,
    refused,
    to,
    visited,
    visitor_of,
)
from api.portal.forms import FORMS, AnswerForm, forms_for
from api.portal.papers import body_of, read_form
from api.portal.words import in_order
from core.errors import DomainError, NotThere
from core.exchange.media import SHOWN
from core.ids import new_id
from core.scanning import scanner_of
from transfers.errors import NotToBeTaken
from transfers.service import guest_answers, guest_reading
from transfers.service.guest_reading import Opened

router = APIRouter(include_in_schema=False)
FormDep = Annotated[Form, Depends(form_of)]
ITEMS: Final = "/guest/items"
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@router.get(ITEMS)
async def list_items(request: Request) -> Response:
    """What the recipient may read today."""

    def act(visit: Visit) -> Response:
        found = guest_reading.list_items(visit.session, visit.here, now=visit.now)
        return visit.page("items.html", items=found)

    return await visited(request, act)


@router.get(f"{ITEMS}/{{item_id}}")
async def read_item(request: Request, item_id: str) -> Response:
    """One item: what it says, what can be done, what was sent back."""

    def act(visit: Visit) -> Response:
        return _item_page(visit, _open(visit, item_id))

    return await visited(request, act)


@router.post(f"{ITEMS}/{{item_id}}/acknowledgements")
async def acknowledge(request: Request, item_id: str, form: FormDep) -> Response:
    """Say that it came."""

    def act(visit: Visit) -> Response:
        guest_reading.acknowledge(visit.session, visit.here, item_id, now=visit.now)
        return to(f"{ITEMS}/{quote(item_id)}")

    return await visited(request, act, form=form)


@router.post(f"{ITEMS}/{{item_id}}/parts/{{number}}")
async def download(request: Request, item_id: str, number: str, form: FormDep) -> Response:
    """Hand one part over, when the reader has said what for."""

    def act(visit: Visit) -> Response:
        if form.get("received") != "yes":
            return _item_page(visit, _open(visit, item_id), "error.tick")
        wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0  # noqa: PLR2004
        part, content = guest_reading.download(
            visit.session, visit.here, item_id, wanted,
            files=settings_of(request).files_dir, now=visit.now,
        )  # fmt: skip
        named = f"attachment; filename*=UTF-8''{quote(part.name)}"
        headers = HEADERS | {"Content-Disposition": named, "X-Content-Type-Options": "nosniff"}
        media = part.media if part.media in SHOWN else "application/octet-stream"
        headers["Content-Length"] = str(part.size)
        return StreamingResponse(blocks_of(content), 200, headers, media)

    return await visited(request, act, form=form)


@router.get(f"{ITEMS}/{{item_id}}/answers/{{code}}")
async def read_answer_form(request: Request, item_id: str, code: str) -> Response:
    """The form of one answer, as far as it can be given now."""

    def act(visit: Visit) -> Response:
        form = _form(visit, item_id, code)
        return _form_page(visit, item_id, form, {"received_by": visit.here.identity.name})

    return await visited(request, act)


@router.post(f"{ITEMS}/{{item_id}}/answers/{{code}}")
async def send_answer(request: Request, item_id: str, code: str, form: FormDep) -> Response:
    """Send an answer to the officers of the country that asks; they confirm it."""

    def act(visit: Visit) -> Response:
        wanted = _form(visit, item_id, code)
        filled = filling.fill(
            wanted, form, zones=filling.zones_of(visit.here.of_country),
            fixed=wanted.fixed(visit.here),
        )  # fmt: skip
        if filled.body is None or form.get("stated") != "yes":
            faults = dict(filled.faults) | (
                {} if form.get("stated") == "yes" else {"stated": "error.tick"}
            )
            return _form_page(visit, item_id, wanted, form, faults)
        guest_answers.answer(
            visit.session, visit.here, item_id, wanted.type, filled.body,
            no=_no_of(form), now=visit.now,
        )  # fmt: skip
        return to(f"{ITEMS}/{quote(item_id)}#sent")

    return await visited(request, act, form=form)


@router.post(f"{ITEMS}/{{item_id}}/papers")
async def send_paper(request: Request, item_id: str) -> Response:
    """Send a scanned paper; nothing of it is read before it is known who sends it."""
    now = now_of(request)

    def known() -> None:
        with database_of(request).unit_of_work() as session:
            visitor_of(request, session, None, now=now)

    try:
        await run_in_threadpool(known)
        body = await body_of(request)
    except DomainError as refusal:
        return refused(request, refusal)
    kind = request.headers.get("content-type", "")
    form, paper = await run_in_threadpool(read_form, kind, body or b"")
    if body is None:  # too long to be read, so its token was not read either
        return refused(request, NotToBeTaken())

    def act(visit: Visit) -> Response:
        if paper is None:
            raise NotToBeTaken
        guest_answers.take_paper(
            visit.session, visit.here, item_id, paper, folder=settings_of(request).files_dir,
            scan=scanner_of(settings_of(request).virus_scanner), now=visit.now,
        )  # fmt: skip
        return to(f"{ITEMS}/{quote(item_id)}#sent")

    return await visited(request, act, form=form)


@router.post("/guest/sign-out")
async def sign_out(request: Request, form: FormDep) -> Response:
    """End the visit."""
    settings = settings_of(request)
    cookie = request.cookies.get(name_of(COOKIE, settings), "")

    def act(visit: Visit) -> Response:
        guest_reading.leave(visit.session, visit.here, cookie, now=visit.now)
        answer = html(request, "left.html")
        forget(answer, settings)
        return answer

    return await visited(request, act, form=form)


def _open(visit: Visit, item_id: str) -> Opened:
    files = settings_of(visit.request).files_dir
    return guest_reading.open_item(visit.session, visit.here, item_id, files=files, now=visit.now)


def _item_page(visit: Visit, found: Opened, fault: str = "") -> Response:
    """One item; what its message says again that its summary says already is said once."""
    summary = in_order(found.summary or {})
    says = {name: one for name, one in found.says.items() if summary.get(name) != one}
    return visit.page(
        "item.html", 422 if fault else 200, item=found, summary=summary, says=says,
        forms=forms_for(found.answers), fault=fault,
    )  # fmt: skip


def _form(visit: Visit, item_id: str, code: str) -> AnswerForm:
    """Return a form that can be sent now.

    Raises:
        NotThere: no such form, or not where the transfer stands.
    """
    _, row, _ = guest_reading.loaded(visit.session, visit.here, item_id, now=visit.now)
    found = FORMS.get(code)
    if found is None or found.type not in guest_reading.answers_of(row):
        raise NotThere("answer")
    return found


def _form_page(
    visit: Visit, item_id: str, form: AnswerForm, given: Form, faults: dict[str, str] | None = None
) -> Response:
    shown: dict[str, Any] = {"item_id": item_id, "form": form, "given": given}
    zones = filling.zones_of(visit.here.of_country)
    return visit.page(
        "answer.html", 422 if faults else 200, faults=faults or {}, zones=zones,
        no=given.get("no") or new_id(), **shown,
    )  # fmt: skip


def _no_of(form: Form) -> str:
    """Return the id the form was given, so that sending it twice is once.

    Raises:
        NotThere: none of ours.
    """
    found = form.get("no", "")
    if not _ID.fullmatch(found):
        raise NotThere("answer")
    return found
