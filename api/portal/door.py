"""The door of the pages for recipients: who is here, whether a form is ours, and what every answer carries.

A change needs three things: it comes from a page of ours, it carries the token of its visit, and the visit lasts.
Before somebody is let in, the same holds for the browser at the door. Source: EXP-10, EXP-10.1, EXP-TT62, EXP-TT63.
"""

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.dependencies import database_of, now_of, settings_of
from api.portal.forms import FORMS
from api.portal.words import Words, words_for
from api.problems.answers import request_id
from api.problems.catalogue import detail_of, gap_sentence, problem_of
from core import audit
from core.accounts.credentials import csrf_token_of, new_secret
from core.db import Session
from core.errors import DomainError, Incomplete, NotThere
from core.settings import Settings
from transfers.errors import VisitOver
from transfers.service import guest_reading
from transfers.service.guest_reading import Visitor

COOKIE: Final = "bid-guest"
AT_DOOR: Final = "bid-door"
MOST_FIELDS: Final = 200
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
log = logging.getLogger(__name__)

Form = Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    """One request of a recipient who was let in, in its own unit of work."""

    request: Request
    session: Session
    here: Visitor
    now: datetime
    words: Words

    def page(self, name: str, status: int = 200, **facts: Any) -> Response:
        """Return one page with the reader's name on it."""
        return html(self.request, name, status, here=self.here, now=self.now, **facts)


Act = Callable[[Visit], Response]

PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[2] / "templates" / "guests"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


async def visited(request: Request, act: Act, *, form: Form | None = None) -> Response:
    """Do one thing for a recipient who is here; ``form``: it changes something.

    Everybody else gets the same page, and a refusal is a page with its words.
    """
    return await run_in_threadpool(_visited, request, act, form)


def _visited(request: Request, act: Act, form: Form | None) -> Response:
    words, now = words_of(request), now_of(request)
    try:
        with database_of(request).unit_of_work() as session:
            here = visitor_of(request, session, form, now=now)
            return act(Visit(request, session, here, now, words))
    except DomainError as refusal:
        return refused(request, refusal, form)


def visitor_of(request: Request, session: Session, form: Form | None, *, now: datetime) -> Visitor:
    """Return who is here; a form counts only from a page of this very visit.

    Raises:
        VisitOver: nobody, or the form is not ours.
    """
    cookie = request.cookies.get(name_of(COOKIE, settings_of(request)))
    here = guest_reading.visitor(session, cookie, device=device_of(request), now=now)
    request.state.actor = here.actor
    if form is not None and not (is_ours(request) and _fits(here.form_token, form)):
        raise VisitOver
    request.state.visitor = here
    return here


def at_door(request: Request, form: Form) -> bool:
    """Whether a form of somebody who is not let in yet comes from our page in this browser."""
    mark = request.cookies.get(name_of(AT_DOOR, settings_of(request)), "")
    return bool(mark) and is_ours(request) and _fits(csrf_token_of(mark), form)


def is_ours(request: Request) -> bool:
    """Whether a page of ours sends this, as far as the browser says where it comes from.

    Browsers of before 2021 say nothing, or ``null``, because our pages tell them to send no referrer; there the
    token of the form decides alone.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.headers.get("host", "")


async def form_of(request: Request) -> Form:
    """Return the fields of a form; of several with one name the ticked ones, joined by commas."""
    text = (await request.body()).decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    fields: dict[str, str] = {}
    for name, value in pairs:
        clean = value.replace("\r\n", "\n").strip()
        fields[name] = f"{fields[name]},{clean}" if name in fields else clean
    return fields


def html(request: Request, name: str, status: int = 200, **facts: Any) -> Response:
    """Return a page; whoever is not let in yet gets the mark by which their form is known again."""
    settings, here = settings_of(request), facts.pop("here", None)
    mark = request.cookies.get(name_of(AT_DOOR, settings)) or new_secret()
    words = words_of(request)
    token = csrf_token_of(mark) if here is None else here.form_token
    text = PAGES.get_template(name).render(
        w=words,
        here=here,
        form_token=token,
        ours=words.country(settings.country),
        **{"now": now_of(request), **facts},
    )
    headers = {**HEADERS, "Content-Language": words.code}
    answer = HTMLResponse(text, status, headers)
    if here is None:
        _set(answer, name_of(AT_DOOR, settings), mark, settings)
    return answer


def refused(request: Request, refusal: DomainError, form: Form | None = None) -> Response:
    """Return the page of a refusal; what is not yours is not there, and a visit that is over looks like none.

    What somebody wrote while their visit ended is shown to them once more, to be copied; it is kept nowhere. The
    cookie is left: a page of somebody else that sends a form must not end the visit of whoever opens it.
    """
    status = problem_of(refusal).status
    log.info(
        "request.refused", extra={"reason": type(refusal).__name__, "request": request_id(request)}
    )
    _note(request, refusal)
    if isinstance(refusal, VisitOver):
        return html(request, "over.html", status, typed=_typed(request, form or {}))
    here = getattr(request.state, "visitor", None)
    if isinstance(refusal, NotThere):
        return html(request, "not_there.html", status, here=here)
    gaps = [gap_sentence(gap) for gap in refusal.gaps] if isinstance(refusal, Incomplete) else []
    title, detail = problem_of(refusal).title, detail_of(refusal)
    return html(request, "refused.html", status, here=here, title=title, detail=detail, gaps=gaps)


def let_in(request: Request, cookie: str, goal: str) -> Response:
    """Set the cookie of a visit that began and lead on."""
    settings = settings_of(request)
    answer = to(goal)
    _set(answer, name_of(COOKIE, settings), cookie, settings)
    answer.delete_cookie(name_of(AT_DOOR, settings), secure=settings.secure_cookies, httponly=True)
    return answer


def forget(answer: Response, settings: Settings) -> None:
    """Let the browser forget a visit."""
    answer.delete_cookie(name_of(COOKIE, settings), secure=settings.secure_cookies, httponly=True)


def to(goal: str) -> Response:
    """Lead on to a page, so that going back sends nothing twice."""
    return RedirectResponse(goal, 303, HEADERS)


def name_of(cookie: str, settings: Settings) -> str:
    """Return the name of a cookie, which depends on whether HTTPS is there."""
    return f"__Host-{cookie}" if settings.secure_cookies else cookie


def words_of(request: Request) -> Words:
    """Return the words in the reader's language."""
    return words_for(request.headers.get("accept-language", ""))


def device_of(request: Request) -> str:
    """Return the browser's own description."""
    return request.headers.get("user-agent", "")


def address_of(request: Request) -> str:
    """Return the network address, as the trusted proxy reports it."""
    return request.client.host if request.client is not None else "unknown"


def _typed(request: Request, form: Form) -> list[tuple[str, str]]:
    """Return what was written on a page of ours; a page of somebody else could make us show its own words."""
    if request.headers.get("sec-fetch-site") != "same-origin":
        return []
    labels = {field.name: field.label for one in FORMS.values() for field in one.fields}
    return [(labels[name], text) for name, text in form.items() if name in labels and text]


def _fits(token: str, form: Form) -> bool:
    return hmac.compare_digest(token.encode(), form.get("form_token", "").encode())


def _set(answer: Response, name: str, value: str, settings: Settings) -> None:
    answer.set_cookie(
        name, value, secure=settings.secure_cookies, httponly=True, samesite="lax", path="/"
    )


def _note(request: Request, refusal: DomainError) -> None:
    """Keep on record who was refused what; the act itself was rolled back. Source: DOM-R50."""
    actor = getattr(request.state, "actor", None)
    if actor is None:
        return
    route = getattr(request.scope.get("route"), "path_format", "")
    codes: dict[str, str | int | bool | None] = {
        "refusal": type(refusal).__name__, "route": route, "method": request.method,
    }  # fmt: skip
    with database_of(request).unit_of_work() as session:
        audit.record(
            session, actor, "request.refused", thing="request", thing_id=request_id(request),
            now=now_of(request), codes=codes,
        )  # fmt: skip
