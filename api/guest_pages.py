"""Pages for recipients without an installation: the door, by link and by account, and one's own items.

No script, nothing from elsewhere, no name in an address or a title. Whatever is wrong with a link, the same page
answers after about the same time; reading an address changes nothing. Source: EXP-10, EXP-TT60 to TT64.
"""

import asyncio
import hmac
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.dependencies import database_of, now_of, settings_of
from api.portal.door import (
    COOKIE,
    HEADERS,
    Form,
    address_of,
    at_door,
    device_of,
    form_of,
    html,
    let_in,
    name_of,
)
from api.problems.catalogue import gap_sentence
from core.accounts import invitations, sign_in
from core.accounts.errors import CodeRefused, InvitationRefused
from core.accounts.invitations import Welcome
from core.accounts.sessions import Lifetime
from core.accounts.sign_in import Refused, SignedIn
from core.accounts.tables import GUEST
from core.db import Session
from core.errors import DomainError, Incomplete
from transfers.service import guest_links
from transfers.service.guest_links import NotOpened

router = APIRouter(include_in_schema=False)
FormDep = Annotated[Form, Depends(form_of)]
READ: Final = ["GET", "HEAD"]
ITEMS: Final = "/guest/items"
FLOOR_SECONDS: Final = 0.1
"""Whatever the door answers to a try leaves this long after it, or a multiple of it."""
STYLE: Final = Path(__file__).resolve().parents[1] / "templates" / "guests" / "guests.css"
Work = Callable[[Session], Any]


@router.api_route("/guest/style.css", methods=READ)
async def read_style() -> Response:
    """The one style sheet of these pages."""
    kept = HEADERS | {"Cache-Control": "public, max-age=86400"}
    kept.pop("Vary")
    return Response(_style(), 200, kept, "text/css; charset=utf-8")


@cache
def _style() -> bytes:
    return STYLE.read_bytes()


@router.api_route("/r/{secret:path}", methods=READ)
async def read_link(request: Request, secret: str) -> Response:
    """The same page for every link, also for one nobody made; it asks for the code and changes nothing."""
    del secret
    return html(request, "link.html", failed=False, wait=0)


@router.post("/r/{secret:path}")
async def open_link(request: Request, secret: str, form: FormDep) -> Response:
    """Open a link with the code that went another way."""
    started = time.monotonic()
    if not at_door(request, form):
        return await _later(started, html(request, "link.html", 403, failed=True, wait=0))
    now = now_of(request)

    def work(session: Session) -> Any:
        return guest_links.open_link(
            session, secret[:100], form.get("code", "")[:40], address=address_of(request),
            device=device_of(request), now=now,
        )  # fmt: skip

    found = await _in_one_unit(request, work)
    if isinstance(found, NotOpened):
        return await _later(started, _not_let_in(request, "link.html", found.wait_seconds))
    return await _later(started, let_in(request, found.cookie, f"{ITEMS}/{found.item_id}"))


@router.api_route("/guest", methods=READ)
async def read_sign_in(request: Request) -> Response:
    """Name and password of an account."""
    return html(request, "sign_in.html", failed=False, wait=0)


@router.post("/guest")
async def begin_sign_in(request: Request, form: FormDep) -> Response:
    """The first of two steps; the answer never says what was wrong."""
    started = time.monotonic()
    if not at_door(request, form):
        return await _later(started, html(request, "sign_in.html", 403, failed=True, wait=0))
    now = now_of(request)

    def work(session: Session) -> Any:
        return sign_in.begin(
            session, login=form.get("login", "")[:200], password=form.get("password", "")[:200],
            address=address_of(request), kind=GUEST, now=now,
        )  # fmt: skip

    found = await _in_one_unit(request, work)
    if isinstance(found, DomainError):  # no possible name
        return await _later(started, _not_let_in(request, "sign_in.html", 0))
    if isinstance(found, Refused):
        return await _later(started, _not_let_in(request, "sign_in.html", found.wait_seconds))
    return await _later(started, html(request, "code.html", ticket=found.token))


@router.post("/guest/code")
async def complete_sign_in(request: Request, form: FormDep) -> Response:
    """The second step; a visit with a new id begins. A code that was wrong leads back to the first."""
    started = time.monotonic()
    if not at_door(request, form):
        return await _later(started, html(request, "sign_in.html", 403, failed=True, wait=0))
    settings, now = settings_of(request), now_of(request)
    idle, whole = settings.session_idle_minutes, settings.session_hours

    def work(session: Session) -> Any:
        return sign_in.complete(
            session, ticket=form.get("ticket", "")[:100], code=form.get("code", "")[:40],
            address=address_of(request), device=device_of(request),
            replaces=request.cookies.get(name_of(COOKIE, settings)),
            lifetime=Lifetime.of(idle_minutes=idle, whole_hours=whole), kind=GUEST, now=now,
        )  # fmt: skip

    found = await _in_one_unit(request, work)
    if not isinstance(found, SignedIn):
        wait = found.wait_seconds if isinstance(found, Refused) else 0
        return await _later(started, _not_let_in(request, "sign_in.html", wait))
    return await _later(started, let_in(request, found.opened.cookie, ITEMS))


@router.api_route("/guest/set-up", methods=READ)
async def read_set_up(request: Request) -> Response:
    """Ask for the one-time token an officer handed over."""
    return html(request, "set_up.html", failed=False)


@router.post("/guest/set-up")
async def open_set_up(request: Request, form: FormDep) -> Response:
    """Show what the authenticator app needs; looking twice shows the same."""
    return await _set_up(request, form, "")


@router.post("/guest/set-up/password")
async def complete_set_up(request: Request, form: FormDep) -> Response:
    """Choose the password and prove the app; the token is used up."""
    if not at_door(request, form):
        return html(request, "set_up.html", 403, failed=True)
    if form.get("password", "") != form.get("again", ""):
        return await _set_up(request, form, "error.not_the_same")
    now = now_of(request)

    def work(session: Session) -> Any:
        _welcome(session, form, now)
        return invitations.accept_invitation(
            session, _token(form), password=form.get("password", "")[:200],
            code=form.get("code", "")[:40], kind=GUEST, now=now,
        )  # fmt: skip

    found = await _in_one_unit(request, work)
    if isinstance(found, CodeRefused):
        return await _set_up(request, form, "error.code")
    if isinstance(found, Incomplete):
        return await _set_up(request, form, "", [gap_sentence(gap) for gap in found.gaps])
    if isinstance(found, DomainError):
        return html(request, "set_up.html", 403, failed=True)
    return html(request, "set_up_done.html", codes=found)


@router.api_route("/guest/{rest:path}", methods=READ)
async def nothing_here(request: Request, rest: str) -> Response:
    """Every other address under these pages: a page all the same, for people who copied one wrongly."""
    del rest
    return html(request, "not_there.html", 404)


async def _set_up(
    request: Request, form: Form, fault: str, said: list[str] | None = None
) -> Response:
    now = now_of(request)
    if not at_door(request, form):
        return html(request, "set_up.html", 403, failed=True)

    def work(session: Session) -> Any:
        return _welcome(session, form, now)

    found = await _in_one_unit(request, work)
    if isinstance(found, DomainError):
        return html(request, "set_up.html", 403, failed=True)
    status = 422 if fault or said else 200
    return html(
        request, "set_up_password.html", status, token=_token(form), login=found.login,
        secret=found.enrolment.secret, uri=found.enrolment.uri, fault=fault, said=said or [],
    )  # fmt: skip


def _token(form: Form) -> str:
    return form.get("token", "")[:100].strip()


def _welcome(session: Session, form: Form, now: datetime) -> Welcome:
    """Open an invitation for whoever has both parts, the name and the one-time text: they went two different ways.

    Raises:
        InvitationRefused: either of them does not fit.
    """
    found = invitations.open_invitation(session, _token(form), kind=GUEST, now=now)
    given = form.get("login", "")[:100].strip().lower()
    if not hmac.compare_digest(given.encode(), found.login.encode()):
        raise InvitationRefused
    return found


async def _in_one_unit(request: Request, work: Work) -> Any:
    """Do one thing at the door, committed before the answer leaves; a refusal is returned, rolled back."""

    def done() -> Any:
        try:
            with database_of(request).unit_of_work() as session:
                return work(session)
        except DomainError as refusal:
            return refusal

    return await run_in_threadpool(done)


def _not_let_in(request: Request, page: str, wait: int) -> Response:
    answer = html(request, page, 429 if wait else 403, failed=True, wait=wait)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


async def _later(started: float, answer: Response) -> Response:
    spent = time.monotonic() - started
    await asyncio.sleep(FLOOR_SECONDS - spent % FLOOR_SECONDS)
    return answer
