"""Who is at this page, and forms that lose nothing: one unit of work for each page, and one for what a form does.

A form that was refused comes back with the refusal at its top and everything that was typed; one whose session had
ended comes back after signing in, to the same person only. Nothing typed is kept on the server. Source: EXP-10.1.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, TypeVar

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from api.dependencies import cookie_name, database_of, now_of, settings_of
from api.desk import frame
from api.desk.frame import KEPT
from api.desk.words import DeskWords
from api.portal.door import Form, device_of, form_of, is_ours
from api.portal.papers import body_of, read_form
from api.problems.answers import request_id
from core import audit, idempotency
from core.accounts import directory
from core.accounts.authenticate import Signed, actor_of
from core.accounts.credentials import csrf_token_of
from core.accounts.errors import NotSignedIn, PageNotOurs
from core.accounts.sessions import csrf_matches
from core.actors import Actor
from core.db import Session
from core.errors import DomainError, NotThere
from core.packs.lookup import pack_of
from core.packs.models import Pack
from transfers.service.guest_answers import Paper

log = logging.getLogger(__name__)
LONGEST: Final = 200_000
ONCE: Final = "once"
"""Field by which a form that would make something a second time is known again."""


@dataclass
class Visit:
    """One page for somebody signed in, in its own unit of work."""

    request: Request
    session: Session
    signed: Signed
    now: datetime
    words: DeskWords
    pack: Pack
    shows_no_child: bool = False
    """Set by an act whose answering page may be given again as it was: it tells nothing of a child but a code."""
    _names: dict[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """Who is here."""
        return self.signed.actor

    def page(self, name: str, status: int = 200, **facts: Any) -> Response:
        """Return one page with the person's name on it."""
        token = csrf_token_of(self.request.cookies.get(cookie_name(settings_of(self.request)), ""))
        own = self.names([self.actor.person_id]).get(self.actor.person_id, "")
        return frame.html(
            self.request, name, status, visit=self, form_token=token, own_name=own, **facts
        )

    def names(self, person_ids: list[str | None]) -> dict[str, str]:
        """Return the names of colleagues by person id; one look at the directory for each page."""
        wanted = {one for one in person_ids if one} - self._names.keys()
        if wanted:
            self._names |= directory.names_of(self.session, self.actor, wanted, now=self.now)
        return self._names

    def name(self, person_id: str | None) -> str:
        """Return the name of a colleague; empty when nobody is named, and words for a person we cannot name."""
        if not person_id:
            return ""
        return self.names([person_id]).get(person_id) or self.words("someone")

    def place(self, code: str) -> str:
        """Return the name of a place of this country; elsewhere as its country is called."""
        found = self.pack.places.get(code)
        return found.name if found is not None else self.words.country(code[:2])

    @property
    def device_mark(self) -> str:
        """By which a browser knows whose writing it keeps: nobody else reads who it is from it."""
        return sha256(f"device:{self.actor.account_id}".encode()).hexdigest()[:16]

    @property
    def zone(self) -> str:
        """The clock this country's offices go by."""
        return self.pack.timezone


Came = TypeVar("Came")
Show = Callable[[Visit], Response]
Act = Callable[[Visit, Form], Response]
Again = Callable[[Visit, Form, "Refusal | None"], Response]


@dataclass(frozen=True)
class Refusal:
    """Why something was not done, for the top of the form it came from.

    Args:
        title: what happened.
        detail: what to do next.
        items: each thing that is missing, as a sentence, with the field it is about, if one is.
    """

    title: str
    detail: str = ""
    items: tuple[tuple[str, str], ...] = ()


async def shown(request: Request, show: Show) -> Response:
    """Show a page to somebody signed in; others are asked to sign in and come back to it."""
    return await run_in_threadpool(_shown, request, show)


async def sent(request: Request, act: Act, again: Again) -> Response:
    """Do what a form asks, or show the form again as it was filled in.

    Args:
        request: the form.
        act: does it, in one unit of work, and leads on.
        again: shows the page of the form with what was typed, and why it was not done.
    """
    form = await form_of(request)
    return await run_in_threadpool(_sent, request, act, again, form)


async def sent_file(
    request: Request,
    read: Callable[[Paper | None], Came],
    act: Callable[[Visit, Form, Came], Response],
    again: Again,
    *,
    too_large: DomainError,
) -> Response:
    """As ``sent``, for a form with one file. Nothing of the file is looked at before it is known who sends it.

    Args:
        request: the form.
        read: reads the file, outside any unit of work; it may take long.
        act: does what the form asks with what was read, in one unit of work.
        again: shows the page of the form with what was typed; the file itself must be chosen again.
        too_large: why a form that is too long is not taken.
    """
    try:
        await run_in_threadpool(_known, request)
    except NotSignedIn:
        return frame.asked_to_sign_in(request, back=_here(request))
    body = await body_of(request)
    if body is None:
        return await run_in_threadpool(_again, request, again, {}, too_large)
    kind = request.headers.get("content-type", "")
    form, paper = await run_in_threadpool(read_form, kind, body)

    def done() -> Response:
        try:
            came = read(paper)
        except DomainError as refusal:
            note(request, refusal)
            return _again(request, again, typed(form), refusal)
        return _sent(request, lambda visit, given: act(visit, given, came), again, form)

    return await run_in_threadpool(done)


def _known(request: Request) -> None:
    with database_of(request).unit_of_work() as session:
        enter(request, session)


def _shown(request: Request, show: Show) -> Response:
    try:
        with database_of(request).unit_of_work() as session:
            return show(enter(request, session))
    except NotSignedIn:
        return frame.asked_to_sign_in(request, back=_here(request))
    except DomainError as refusal:
        return refused(request, refusal)


def _sent(request: Request, act: Act, again: Again, form: Form) -> Response:
    kept = typed(form)
    if KEPT in form and is_ours(request):
        return _again(request, again, frame.brought_back(form), None)
    try:
        with database_of(request).unit_of_work() as session:
            visit = enter(request, session)
            _require_ours(request)
            if not csrf_matches(visit.signed.csrf_hash, form.get("form_token")):
                return again(visit, kept, _of_an_older_page(visit.words))
            return _once(visit, act, form)
    except NotSignedIn:
        ours = is_ours(request) and len(repr(kept)) < LONGEST
        return frame.asked_to_sign_in(request, back=_here(request), typed=kept if ours else {})
    except PageNotOurs as refusal:
        return refused(request, refusal)
    except DomainError as refusal:
        note(request, refusal)
        return _again(request, again, kept, refusal)


def _once(visit: Visit, act: Act, form: Form) -> Response:
    """Do what a form asks; one with a mark of its own that comes twice as it was is done once.

    A button pressed twice, or a page sent again because no answer came, leads where the first one led. Where it led is
    all that is kept, and only of what was done; what a page shows of a child never is.
    """
    if ONCE not in form:
        return act(visit, form)
    said = json.dumps([visit.request.url.path, sorted(form.items())])
    mark = sha256(said.encode()).hexdigest()
    before = idempotency.begin(
        visit.session, account_id=visit.actor.account_id, key=f"page:{mark}", request_hash=mark,
        now=visit.now,
    )  # fmt: skip
    if isinstance(before, idempotency.Kept):
        text = before.body.decode()
        is_path = before.status == HTTPStatus.SEE_OTHER
        return frame.to(text) if is_path else HTMLResponse(text, before.status, frame.HEADERS)
    answer = act(visit, form)
    body = answer.headers.get("location", "").encode()
    if visit.shows_no_child:
        body = bytes(answer.body)
    if body:
        idempotency.keep(visit.session, before, status=answer.status_code, body=body, now=visit.now)
    return answer


def _again(request: Request, again: Again, kept: Form, refusal: DomainError | None) -> Response:
    try:
        with database_of(request).unit_of_work() as session:
            visit = enter(request, session)
            said = Refusal(**frame.said(refusal)) if refusal is not None else None
            return again(visit, kept, said)
    except NotSignedIn:
        return frame.asked_to_sign_in(request, back=_here(request), typed=kept)
    except DomainError as error:
        return refused(
            request, refusal if refusal is not None else error, noted=refusal is not None
        )


def enter(request: Request, session: Session) -> Visit:
    """Return the visit of whoever is signed in at this browser.

    Raises:
        NotSignedIn: nobody.
    """
    settings, now = settings_of(request), now_of(request)
    cookie = request.cookies.get(cookie_name(settings))
    signed = actor_of(session, cookie=cookie, bearer=None, now=now, device=device_of(request))
    signed = replace(signed, actor=replace(signed.actor, request_id=request_id(request)))
    request.state.actor = signed.actor
    pack = pack_of(signed.actor.country, on=now.date())
    return Visit(request, session, signed, now, frame.words_of(request), pack)


def typed(form: Form) -> Form:
    """Return what a person typed: everything but what the page itself put into the form."""
    ours = {"form_token", KEPT, ONCE, "code", "ticket", "back"}
    return {name: text for name, text in form.items() if name not in ours}


def refused(request: Request, refusal: DomainError, *, noted: bool = False) -> Response:
    """Return the page of a refusal; what is not yours is not there."""
    if not noted:
        note(request, refusal)
    status, said = frame.status_of(refusal), frame.said(refusal)
    try:
        with database_of(request).unit_of_work() as session:
            visit = enter(request, session)
            if isinstance(refusal, NotThere):
                return visit.page("not_there.html", status)
            number = request_id(request) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
            alone = tuple((text, "") for text, _ in said["items"])  # no field is on this page
            refused_as = Refusal(said["title"], said["detail"], alone)
            return visit.page("refused.html", status, refusal=refused_as, number=number)
    except NotSignedIn:
        return frame.asked_to_sign_in(request, back="/desk")


def note(request: Request, refusal: DomainError) -> None:
    """Keep on record who was refused what; the act itself was rolled back. Source: DOM-R50."""
    log.info(
        "request.refused", extra={"reason": type(refusal).__name__, "request": request_id(request)}
    )
    actor = getattr(request.state, "actor", None)
    if actor is None:
        return
    codes: dict[str, str | int | bool | None] = {
        "refusal": type(refusal).__name__,
        "route": getattr(request.scope.get("route"), "path_format", ""),
        "method": request.method,
    }
    with database_of(request).unit_of_work() as session:
        audit.record(
            session, actor, "request.refused", thing="request", thing_id=request_id(request),
            now=now_of(request), codes=codes,
        )  # fmt: skip


def _require_ours(request: Request) -> None:
    if not is_ours(request):
        raise PageNotOurs


def _of_an_older_page(words: DeskWords) -> Refusal:
    return Refusal(words("older_page.title"), words("older_page.detail"))


def _here(request: Request) -> str:
    return request.url.path


def given(form: Mapping[str, str], name: str, most: int = 4000) -> str:
    """Return what was typed into a field, without blanks around it."""
    return form.get(name, "").strip()[:most]
