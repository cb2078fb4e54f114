"""How refusals and mistakes are answered: RFC 9457 problems, one handler for each kind."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.problems.catalogue import detail_of, gaps_of, problem_of, words_of_value
from api.problems.core import NOTHING_HERE
from api.problems.reading import reader, said
from core import audit
from core.actors import Actor
from core.errors import BadInput, DomainError

MEDIA: Final = "application/problem+json"
PAGES: Final = "/desk"
OUR_FAULT: Final = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body>
<main>
<h1>{heading}</h1>
<p>{sorry}</p>
<p>{number}</p>
<p><a href="/desk">{home}</a></p>
</main>
</body>
</html>
"""
"""A page that needs nothing that may just have failed."""
OUR_FAULT_WORDS: Final[Mapping[str, str]] = {
    "title": "Something went wrong",
    "heading": "Something went wrong on our side",
    "sorry": "We are sorry. Nothing was stored. Go back: what you wrote is still there. Try again in a little while.",
    "number": "If it happens again, give the administrator this number: {number}",
    "home": "To my work today",
}
PAGE_WORDS: Final[Mapping[str, str]] = {
    "nothing_lost": "Nothing was lost: a request that is refused changes nothing.",
    "unknown": "Nothing here",
    "unknown_why": "There is no page about this kind of refusal. Check the address.",
}
"""Words around a refusal on the page that explains it."""
log = logging.getLogger(__name__)
NUL: Final = 0
"""Null characters in a request; answered as one that cannot be read."""
PLAIN: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad-request", "The request cannot be read", "Check the request against the documentation."),
    401: ("not-signed-in", "Please sign in", "Sign in and send the request again."),
    404: ("not-there", "Nothing here", NOTHING_HERE),
    405: ("method", "Not possible at this address", "Look up the address in the documentation."),
    413: ("too-large", "This is too large", "Send less at once; the documentation names the limits."),
    415: ("media-type", "This kind of content is not taken", "Send JSON, or for files one of the allowed kinds."),
    422: ("badly-formed", "The request is not complete or not readable",
          "Correct the parts named in errors and send it again; nothing was stored."),
    429: ("slow-down", "Too many requests", "Wait a little and try again."),
    NUL: ("badly-formed", "The request is not readable",
          "Remove the null characters and send it again; nothing was stored."),
    500: ("our-fault", "Something went wrong on our side",
          "We are sorry. Nothing was stored. Give the administrator the number below."),
}  # fmt: skip


def install(app: FastAPI) -> None:
    """Answer every refusal, malformed request and bug of this application as a problem."""
    app.add_exception_handler(DomainError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def problem(
    request: Request, status: int, slug: str, title: str, detail: str, **more: Any
) -> JSONResponse:
    """Build one problem answer; ``instance`` is the request's number, nothing else identifies it."""
    body = {
        "type": f"/problems/{slug}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{request_id(request)}",
        **more,
    }
    return JSONResponse(body, status_code=status, media_type=MEDIA, headers=in_language())


def in_language() -> dict[str, str]:
    """Return the headers of an answer in words: in which language it is, and that it follows the reader."""
    return {"Content-Language": reader().language, "Vary": "Accept-Language"}


def plain(status: int) -> tuple[str, str, str]:
    """Return slug, title and detail of a refusal that no rule of ours made, for its reader."""
    slug, title, detail = PLAIN.get(status, PLAIN[400])
    key = f"plain.{status if status in PLAIN else 400}"
    return slug, said(f"{key}.title", title), said(f"{key}.detail", detail)


def request_id(request: Request) -> str:
    """Return the random number of this request."""
    if not hasattr(request.state, "request_id"):
        request.state.request_id = str(uuid.uuid4())
    return str(request.state.request_id)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DomainError):
        raise error
    words = problem_of(error)
    log.info(
        "request.refused", extra={"reason": type(error).__name__, "request": request_id(request)}
    )
    await run_in_threadpool(_note_refusal, request, error)
    more: dict[str, Any] = {"missing": gaps_of(error)} if gaps_of(error) else {}
    if isinstance(error, BadInput):
        more["errors"] = [
            {"pointer": error.pointer, "code": error.code, "detail": words_of_value(error.code)}
        ]
    return problem(request, words.status, words.slug, words.title, detail_of(error), **more)


def _note_refusal(request: Request, error: DomainError) -> None:
    """Keep in the audit log who was refused what; the act itself was rolled back before.

    Source: DOM-R50.
    """
    actor = getattr(request.state, "actor", None)
    if not isinstance(actor, Actor):
        return
    route = getattr(request.scope.get("route"), "path_format", "")
    codes: dict[str, str | int | bool | None] = {
        "refusal": type(error).__name__,
        "route": route,
        "method": request.method,
    }
    from api.dependencies import now_of  # noqa: PLC0415  dependencies import this module's request_id

    with request.app.state.database.unit_of_work() as session:
        audit.record(
            session, actor, "request.refused", thing="request", thing_id=request_id(request),
            now=now_of(request), codes=codes,
        )  # fmt: skip


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [
        {"pointer": "/" + "/".join(str(part) for part in item["loc"]), "detail": item["msg"]}
        for item in found
    ]
    return problem(request, 422, *plain(422), errors=errors)


async def _http(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = problem(request, status, *plain(status))
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


async def _bug(request: Request, error: Exception) -> Response:
    # Only the kind of the error is logged: its text may hold a child's data.
    log.error(
        "request.failed", extra={"kind": type(error).__name__, "request": request_id(request)}
    )
    if request.url.path.startswith(PAGES):
        return HTMLResponse(_our_fault(request), 500, {"Cache-Control": "no-store"})
    return problem(request, 500, *plain(500))


def _our_fault(request: Request) -> str:
    words = {name: said(f"fault.{name}", text) for name, text in OUR_FAULT_WORDS.items()}
    words["number"] = words["number"].format(number=request_id(request))
    reads = reader()
    return OUR_FAULT.format(language=reads.language, direction=reads.locale.text_direction, **words)
