"""Checking a paper by its code, for anybody, without an account: genuine, superseded or unknown.

Nothing about a child is known here. Whatever the code, the answer has one form and leaves after about the same time.
Rate-limited for each network. Source: decision 0020.
"""

import asyncio
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Path as InPath
from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.dependencies import database_of
from api.fields import View
from api.problems.answers import MEDIA, request_id
from api.public_calls import WAIT_SECONDS
from api.routing import Reach, feature_router, reach
from core.papers.codes import grouped, read_code
from core.papers.issuing import Checked, Standing, check
from core.papers.words import Words, words_in

router = feature_router("", "papers")
PUBLIC: Final = reach(Reach.PUBLIC)
FLOOR_SECONDS: Final = 0.1
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "templates" / "check"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
Code = Annotated[
    str, InPath(max_length=60, description="Check code as printed; case and dashes do not matter.")
]


class PaperCheckView(View):
    """What is said of a code. Kind and date are those printed on the genuine paper; null where it is unknown."""

    standing: Standing
    kind: str | None
    dated_on: date | None
    superseded_on: date | None


@router.get("/paper-checks/{code}", openapi_extra=PUBLIC, response_model=PaperCheckView)
async def check_paper(code: Code, request: Request) -> Response:
    """Say whether a code belongs to a genuine paper of this installation, and whether it still counts."""
    if not _may_ask(request):
        return _slow_down(request)
    found = await _asked(request, code)
    view = PaperCheckView(
        standing=found.standing,
        kind=found.kind or None,
        dated_on=found.dated_on,
        superseded_on=found.superseded_at.date() if found.superseded_at else None,
    )
    return JSONResponse(view.model_dump(mode="json"))


@router.get("/check", include_in_schema=False)
async def ask_code(request: Request, code: Annotated[str, Query(max_length=60)] = "") -> Response:
    """The page that asks for a code, in the language of the browser."""
    if code.strip():
        return RedirectResponse(f"/check/{quote(code.strip(), safe='')}", 303)
    return _page(request, found=None, code="")


@router.get("/check/{code:path}", include_in_schema=False)
async def show_check(code: Code, request: Request) -> Response:
    """The answer to a code, as a page: where the QR code of a paper leads."""
    if not _may_ask(request):
        return _page(request, 429, found=None, code="", wait=WAIT_SECONDS)
    found = await _asked(request, code)
    known = read_code(code)
    return _page(request, found=found, code=grouped(known) if known else code)


async def _asked(request: Request, code: str) -> Checked:
    started = time.monotonic()

    def look() -> Checked:
        with database_of(request).unit_of_work() as session:
            return check(session, code)

    found = await run_in_threadpool(look)
    taken = time.monotonic() - started
    await asyncio.sleep(FLOOR_SECONDS - taken % FLOOR_SECONDS)
    return found


def _may_ask(request: Request) -> bool:
    address = request.client.host if request.client is not None else "unknown"
    allowed: bool = request.app.state.paper_checks.may_ask(address)
    return allowed


def _page(
    request: Request, status: int = 200, *, found: Checked | None, code: str, wait: int = 0
) -> Response:
    words = words_in(*_accepted(request))
    facts: dict[str, Any] = {
        "found": found,
        "code": code,
        "wait": wait,
        "facts": _facts(words, found),
    }
    text = PAGES.get_template("check.html").render(w=words, **facts)
    headers = HEADERS | ({"Retry-After": str(wait)} if wait else {})
    return HTMLResponse(text, status, headers)


def _facts(words: Words, found: Checked | None) -> dict[str, str]:
    """Say what must be the same on the paper in hand."""
    if found is None or found.standing is Standing.UNKNOWN:
        return {}
    told = {
        words("check.kind"): words(f"kind.{found.kind}"),
        words("check.dated"): words.day(found.dated_on),
    }
    if found.superseded_at is not None:
        told[words("check.superseded_on")] = words.day(found.superseded_at.date())
    return told


def _accepted(request: Request) -> list[str]:
    accepted = request.headers.get("accept-language", "")
    return [one.partition(";")[0].strip() for one in accepted.split(",")[:10]]


def _slow_down(request: Request) -> Response:
    body = {
        "type": "/problems/slow-down", "title": "Too many questions", "status": 429,
        "detail": "Wait a minute and check the code again.",
        "instance": f"urn:uuid:{request_id(request)}",
    }  # fmt: skip
    return JSONResponse(body, 429, {"Retry-After": str(WAIT_SECONDS)}, MEDIA)
