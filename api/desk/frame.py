"""The frame of every page for people with accounts: its head, its words, what it may load, and the way to sign in.

No script or style stands in a page, nothing comes from elsewhere, and everything works without script.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.dependencies import now_of, settings_of
from api.desk import assets
from api.desk.words import MIRRORED, DeskWords, spoken, words_for
from api.portal.door import AT_DOOR, Form, name_of
from api.problems.catalogue import detail_of, gap_sentence, problem_of, words_of_value
from api.problems.reading import LANGUAGE
from cases.service import statistics
from core.accounts.credentials import csrf_token_of, new_secret
from core.actors import Actor, Role
from core.errors import BadInput, DomainError, Incomplete
from core.settings import Settings
from transfers.service import bilateral

HOME: Final = "/desk"
KEPT: Final = "kept"
KEPT_FIELD: Final = "kept."
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}
SECRETARIAT: Final = (Role.SECRETARIAT, Role.SECRETARIAT_HEAD)
FOR_ROLES: Final[Mapping[str, tuple[Role, ...]]] = {
    "sittings": (Role.CHAIR, Role.MEMBER, Role.SECRETARY, Role.COORDINATOR, *SECRETARIAT),
    "inbox": SECRETARIAT,
    "seat": (Role.CHAIR, Role.MEMBER),
    "plans": (Role.SECRETARY, Role.COORDINATOR),
    "transfers": SECRETARIAT,
    "figures": (*statistics.NATIONAL, *statistics.OFFICE, *bilateral.READERS),
    "recipients": SECRETARIAT,
    "partners": (
        *SECRETARIAT,
        Role.TRUST_OFFICER,
        Role.ADMINISTRATOR,
        Role.DATA_PROTECTION,
        Role.AUDITOR,
    ),
    "accounts": (Role.ADMINISTRATOR, Role.SECRETARIAT_HEAD, Role.SUPERVISOR),
    "panels": (Role.ADMINISTRATOR, *SECRETARIAT),
    "rules": (Role.ADMINISTRATOR, Role.DATA_PROTECTION, Role.AUDITOR, *SECRETARIAT),
    "keys": (Role.ADMINISTRATOR, Role.TRUST_OFFICER, Role.AUDITOR),
    "installation": (Role.ADMINISTRATOR, Role.AUDITOR),
    "traces": (Role.DATA_PROTECTION, Role.AUDITOR),
    "opened-by-force": (Role.DATA_PROTECTION,),
    "keeping": (Role.DATA_PROTECTION, Role.SECRETARIAT_HEAD),
}
WITHOUT_CASES: Final = (Role.ADMINISTRATOR, Role.AUDITOR)
"""Roles held alone that open no child's file."""
PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[2] / "templates" / "desk"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

PAGES.globals["new_mark"] = new_secret


def html(request: Request, name: str, status: int = 200, **facts: Any) -> Response:
    """Return a page, for somebody signed in or at the door."""
    settings, words = settings_of(request), words_of(request)
    facts = {"visit": None, "own_name": "", "now": now_of(request), "refusal": None, **facts}
    mark = request.cookies.get(name_of(AT_DOOR, settings)) or new_secret()
    facts.setdefault("form_token", csrf_token_of(mark))
    visit = facts["visit"]
    text = PAGES.get_template(name).render(
        w=words,
        sections=sections_of(visit.actor) if visit is not None else (),
        asset=assets.address_of,
        sheet=assets.sheet_address(settings.page_colour),
        languages=languages_of(settings),
        ours=words.country(settings.country),
        here=request.url.path,
        **facts,
    )
    answer = HTMLResponse(text, status, {**HEADERS, "Content-Language": words.code})
    if facts["visit"] is None:
        answer.set_cookie(
            name_of(AT_DOOR, settings), mark, secure=settings.secure_cookies, httponly=True,
            samesite="lax", path="/",
        )  # fmt: skip
    return answer


def sections_of(actor: Actor) -> tuple[str, ...]:
    """Return the parts of the product whose links this person sees; a link opens nothing by itself."""
    more = {name for name, roles in FOR_ROLES.items() if actor.has(*roles)}
    cases = () if actor.has(*WITHOUT_CASES) else ("cases",)
    return ("work", *cases, *(name for name in FOR_ROLES if name in more))


def asked_to_sign_in(request: Request, *, back: str, typed: Form | None = None) -> Response:
    """Return the page to sign in, carrying the page to come back to and what was typed there.

    What was typed stays in this page alone; it is shown again only to whoever typed it.
    """
    kept = {f"{KEPT_FIELD}{name}": text for name, text in (typed or {}).items()}
    return html(
        request, "sign_in.html", 401, failed=False, wait=0, back=goal(back), kept=kept, ended=True
    )


def brought_back(form: Form) -> dict[str, str]:
    """Return what was typed before signing in again."""
    size = len(KEPT_FIELD)
    return {name[size:]: text for name, text in form.items() if name.startswith(KEPT_FIELD)}


def goal(path: str) -> str:
    """Return a page of ours to lead to; anything else leads to the first page."""
    parts = urlsplit(path)
    is_plain = not parts.scheme and not parts.netloc and "\\" not in path and "//" not in path
    is_ours = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    return parts.path if is_plain and is_ours and path.isprintable() else HOME


def to(path: str) -> Response:
    """Lead on to a page, so that going back sends nothing twice."""
    return RedirectResponse(path, 303, HEADERS)


def words_of(request: Request) -> DeskWords:
    """Return the words in the reader's language."""
    settings = settings_of(request)
    return words_for(
        request.cookies.get(LANGUAGE, ""), request.headers.get("accept-language", ""),
        country=settings.country, with_mirrored=settings.mirrored_language,
    )  # fmt: skip


def languages_of(settings: Settings) -> tuple[str, ...]:
    """Return the languages a reader may choose from."""
    return (*sorted(spoken()), *((MIRRORED,) if settings.mirrored_language else ()))


def status_of(refusal: DomainError) -> int:
    """Return the status of a refusal."""
    return problem_of(refusal).status


def said(refusal: DomainError) -> Mapping[str, Any]:
    """Return the words of a refusal: title, what to do next, and each thing that is missing."""
    items: tuple[tuple[str, str], ...] = ()
    if isinstance(refusal, Incomplete):
        items = tuple((gap_sentence(gap), "") for gap in refusal.gaps)
    elif isinstance(refusal, BadInput):
        field = refusal.pointer.rpartition("/")[2]
        items = ((words_of_value(refusal.code), field),)
    return {"title": problem_of(refusal).title, "detail": detail_of(refusal), "items": items}
