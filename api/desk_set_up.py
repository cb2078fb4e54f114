"""Pages on which somebody invited sets their account up: the authenticator app, then the password, then spare codes."""

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.dependencies import database_of, now_of
from api.desk.frame import html, said, words_of
from api.desk.visit import Refusal
from api.portal.door import Form, at_door, form_of
from core.accounts import invitations
from core.accounts.errors import InvitationRefused
from core.db import Session
from core.errors import DomainError

router = APIRouter(include_in_schema=False)
FormDep = Annotated[Form, Depends(form_of)]
READ: Final = ["GET", "HEAD"]


@router.api_route("/desk/set-up", methods=READ)
async def read_set_up(request: Request) -> Response:
    """Ask for the one-time text an administrator handed over."""
    return html(request, "set_up.html")


@router.post("/desk/set-up")
async def open_set_up(request: Request, form: FormDep) -> Response:
    """Show what the authenticator app needs; looking twice shows the same."""
    return await _app(request, form, None)


@router.post("/desk/set-up/account")
async def complete_set_up(request: Request, form: FormDep) -> Response:
    """Choose the password and prove the app; the one-time text is used up."""
    if not at_door(request, form):
        return html(request, "set_up.html", 403)
    if form.get("password", "") != form.get("again", ""):
        return await _app(request, form, "set_up.not_the_same")
    now = now_of(request)

    def work(session: Session) -> tuple[str, ...]:
        _welcome(session, form, now)
        return invitations.accept_invitation(
            session, _token(form), password=form.get("password", "")[:200],
            code=form.get("code", "")[:40], now=now,
        )  # fmt: skip

    found = await _in_one_unit(request, work)
    if isinstance(found, DomainError):
        return await _app(request, form, found)
    return html(request, "set_up_done.html", codes=found)


async def _app(request: Request, form: Form, fault: DomainError | str | None) -> Response:
    """Return the page with key and password, or the first one again when the text does not count."""
    now = now_of(request)
    if not at_door(request, form):
        return html(request, "set_up.html", 403)

    def work(session: Session) -> invitations.Welcome:
        return _welcome(session, form, now)

    found = await _in_one_unit(request, work)
    if isinstance(found, DomainError):
        return html(request, "set_up.html", 403, refusal=Refusal(**said(InvitationRefused())))
    code = segno.make(found.enrolment.uri, error="m")
    return html(
        request, "set_up_app.html", 200 if fault is None else 422, token=_token(form),
        login=found.login, secret=found.enrolment.secret, uri=found.enrolment.uri,
        picture=code.svg_data_uri(scale=4, border=4), refusal=_words(request, fault),
    )  # fmt: skip


def _welcome(session: Session, form: Form, now: datetime) -> invitations.Welcome:
    """Open an invitation for whoever has both the name and the one-time text; the text alone opens no account.

    Raises:
        InvitationRefused: either of them does not fit.
    """
    found = invitations.open_invitation(session, _token(form), now=now)
    given = form.get("login", "").strip().lower()[:200]
    if not hmac.compare_digest(given.encode(), found.login.encode()):
        raise InvitationRefused
    return found


def _words(request: Request, fault: DomainError | str | None) -> Refusal | None:
    if fault is None:
        return None
    if isinstance(fault, DomainError):
        return Refusal(**said(fault))
    return Refusal(words_of(request)(fault))


def _token(form: Form) -> str:
    return form.get("token", "").strip()[:100]


async def _in_one_unit(request: Request, work: Callable[[Session], Any]) -> Any:
    """Do one thing at the door, committed before the answer leaves; a refusal is returned, rolled back."""

    def done() -> Any:
        try:
            with database_of(request).unit_of_work() as session:
                return work(session)
        except DomainError as refusal:
            return refusal

    return await run_in_threadpool(done)
