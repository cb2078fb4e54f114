"""Is it alive, is it ready, how much does it do, and what does a refusal mean. Nothing about a child."""

import hmac
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Path as PathParam
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.dependencies import NowDep, SettingsDep, database_of
from api.problems.answers import PAGE_WORDS, in_language
from api.problems.catalogue import for_reader, problems
from api.problems.reading import reader, said
from api.routing import Reach, feature_router, reach
from core import outbox, wakeups
from core.errors import NotThere

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"
router = feature_router("", "operations")
_pages = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
Slug = Annotated[str, PathParam(pattern="^[a-z0-9-]{1,60}$")]


@router.get("/healthz", openapi_extra=reach(Reach.PUBLIC))
def is_alive() -> dict[str, str]:
    """Answer that the process runs."""
    return {"status": "alive"}


@router.get(
    "/readyz", openapi_extra=reach(Reach.PUBLIC), responses={503: {"description": "Not ready."}}
)
def is_ready(request: Request, now: NowDep) -> JSONResponse:
    """Answer whether acts can be stored, and whether cases are being moved on by Prefect or without it."""
    try:
        with database_of(request).unit_of_work() as session:
            waiting = wakeups.waiting_count(session, now=now)
            unsent = outbox.unsent_count(session)
    except Exception as error:  # noqa: BLE001  readiness reports, whatever the cause
        return JSONResponse({"status": "no database", "kind": type(error).__name__}, 503)
    status: Any = getattr(request.app.state, "procedure_status", None)
    procedure = status() if callable(status) else {"runner": "elsewhere"}
    body = {"status": "ready", "waiting_cases": waiting, "unsent_messages": unsent}
    return JSONResponse({**body, "procedure": procedure})


@router.get("/metrics", openapi_extra=reach(Reach.PUBLIC), response_class=PlainTextResponse)
def metrics(request: Request, settings: SettingsDep) -> Response:
    """Give counts and times to the Prometheus server that knows the token of the settings."""
    token = settings.metrics_token
    given = request.headers.get("authorization", "").partition("Bearer ")[2]
    if token is None or not hmac.compare_digest(
        sha256(given.encode()).digest(), sha256(token.get_secret_value().encode()).digest()
    ):
        raise NotThere("metrics")
    text = generate_latest(request.app.state.metrics.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


@router.get(
    "/problems/{slug}",
    openapi_extra=reach(Reach.PUBLIC),
    response_class=HTMLResponse,
    responses={
        404: {"description": "No such refusal; a page says so.", "content": {"text/html": {}}}
    },
)
def explain_problem(slug: Slug) -> HTMLResponse:
    """Explain one kind of refusal on a page anyone can open."""
    found = next((words for words in problems().values() if words.slug == slug), None)
    spoken = {name: said(f"page.{name}", text) for name, text in PAGE_WORDS.items()}
    page = _pages.get_template("problem.html" if found else "unknown_problem.html")
    html = page.render(problem=for_reader(found) if found else None, reader=reader(), **spoken)
    return HTMLResponse(html, 200 if found else 404, in_language())
