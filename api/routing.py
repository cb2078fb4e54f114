"""Routes that do a write sent twice once (``Idempotency-Key``), and the classification of every route.

Each route says whom it is for with ``reach(...)``; a test walks them all and fails the build for a route
without one.
"""

from collections.abc import Callable, Coroutine
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api.problems.answers import MEDIA
from core import idempotency
from core.accounts.authenticate import actor_of
from core.db import Database

HEADER: Final = "Idempotency-Key"
_DOC: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Any text of your own, 8 to 80 characters, new for each act; the same request sent again with "
    "the same key is answered as before and done once. Kept for a day.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 80},
}


class Reach(StrEnum):
    """Whom a route is for; the generated access tests use it."""

    PUBLIC = "public"  # anyone, signed in or not
    SELF = "self"  # the signed-in person's own things
    CASE = "case"  # decided by reach to the case in the path, or to those in the list
    PANEL = "panel"  # decided by seat or secretary of the panel or sitting in the path
    OFFICE = "office"  # a role over an office or country, no single case
    ADMIN = "admin"  # accounts, packs, keys: no case content
    STATISTICS = "statistics"  # counts without children


def reach(kind: Reach, *, ids: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the ``openapi_extra`` that classifies a route.

    Args:
        kind: whom it is for.
        ids: kinds of the path parameters in order, where their names do not say it.
    """
    return {"x-reach": kind.value, **({"x-ids": list(ids)} if ids else {})}


class OnceRoute(APIRoute):
    """A route whose writes carry an optional ``Idempotency-Key``."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        methods = set(options.get("methods") or {"GET"})
        extra = dict(options.get("openapi_extra") or {})
        if methods - {"GET", "HEAD"} and extra.get("x-reach") != Reach.PUBLIC:
            extra["parameters"] = [*extra.get("parameters", []), _DOC]
            options["openapi_extra"] = extra
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler: look the key up first, keep the answer after."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method in {"GET", "HEAD"}:
                return await handle(request)
            return await _done_once(request, key, handle)

        return once


async def _done_once(
    request: Request, key: str, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    from starlette.concurrency import run_in_threadpool  # noqa: PLC0415

    body = await request.body()
    text = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    request.state.idempotency = (key, sha256(text).hexdigest())
    kept = await run_in_threadpool(_kept, request)
    if kept is not None:
        media = MEDIA if kept.status >= 400 else "application/json"  # noqa: PLR2004  HTTP classes
        return Response(kept.body, kept.status, {"Idempotency-Replayed": "true"}, media)
    response = await handle(request)
    row_id = getattr(request.state, "idempotency_row", None)
    if row_id is not None and hasattr(response, "body"):
        return _KeptFirst(request, row_id, response)
    return response


class _KeptFirst(Response):
    """An answer that is kept once its act is committed, just before it leaves.

    The unit of work of the act ends after the route's handler returned: keeping any earlier would wait for it.
    """

    def __init__(self, request: Request, row_id: str, answer: Response) -> None:
        super().__init__(status_code=answer.status_code)
        self._request, self._row_id, self._answer = request, row_id, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep the answer, then send it."""
        from starlette.concurrency import run_in_threadpool  # noqa: PLC0415

        answer = self._answer
        body = bytes(answer.body)
        await run_in_threadpool(_keep, self._request, self._row_id, answer.status_code, body)
        await answer(scope, receive, send)


def _database(request: Request) -> Database:
    found: Database = request.app.state.database
    return found


def _kept(request: Request) -> idempotency.Kept | None:
    """Look for an answer given before, without taking the key."""
    from api.dependencies import cookie_name, now_of  # noqa: PLC0415  dependencies import this module's neighbours

    key, digest = request.state.idempotency
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" and bearer else None
    cookie = request.cookies.get(cookie_name(request.app.state.settings))
    now = now_of(request)
    with _database(request).unit_of_work() as session:
        device = request.headers.get("user-agent", "")
        signed = actor_of(
            session, cookie=None if token else cookie, bearer=token, now=now, device=device
        )
        return idempotency.find(
            session, account_id=signed.actor.account_id, key=key, request_hash=digest
        )


def _keep(request: Request, row_id: str, status: int, body: bytes) -> None:
    from api.dependencies import now_of  # noqa: PLC0415  as above

    with _database(request).unit_of_work() as session:
        idempotency.keep(session, row_id, status=status, body=body, now=now_of(request))


def feature_router(prefix: str, tag: str) -> APIRouter:
    """Return the router of one subject; every feature router is made here."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=OnceRoute)
