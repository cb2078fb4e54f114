"""Routes that are one unit of work each, that do a write sent twice once, and that say whom they are for.

Each route says whom it is for with ``reach(...)``; a test walks them all and fails the build for a route
without one.
"""

from collections.abc import Callable, Coroutine
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from anyio import CancelScope
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from api.problems.answers import MEDIA
from core import idempotency
from core.db import Database
from core.papers.press import the_press
from core.papers.setting import (
    MOST_LOOKS,
    NotSetYet,
    OpenedInAdvance,
    PaperKeptChanging,
    SetOutside,
)

Handle = Callable[[Request], Coroutine[Any, Any, Response]]

HEADER: Final = "Idempotency-Key"
_IN_ADVANCE: Final = ("sec-purpose", "purpose", "x-purpose", "x-moz")
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
    PARTNER = "partner"  # another installation, by a signed token for each call; never a person


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

    def get_route_handler(self) -> Handle:
        """Wrap the handler: one unit of work for the act and the answer kept for its key."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            await _note_key(request)
            return await _in_one_unit(request, handle)

        return once


class PrintedRoute(OnceRoute):
    """A route that gives a paper: its type is set while nothing is held in the database.

    The record is looked at in one unit of work, the type set outside any, and the paper issued in another, which looks
    again: what changed meanwhile is printed as it is now. A reading ahead of a browser prints nothing.
    """

    def get_route_handler(self) -> Handle:
        """Wrap the handler: look, set, look again, until everything is set."""
        handle = APIRoute.get_route_handler(self)

        async def printed(request: Request) -> Response:
            if is_in_advance(request):
                raise OpenedInAdvance
            setting = request.state.setting = SetOutside(the_press())
            for _ in range(MOST_LOOKS):
                try:
                    return await _in_one_unit(request, handle)
                except NotSetYet:
                    await run_in_threadpool(setting.set_all)
                    if hasattr(request.state, "now"):  # each look reads the clock
                        del request.state.now
            raise PaperKeptChanging

        return printed


def is_in_advance(request: Request) -> bool:
    """Whether a program asks before a person does, as browsers say it."""
    said = [request.headers.get(name, "") for name in _IN_ADVANCE]
    return any(
        word in text.lower() for text in said for word in ("prefetch", "prerender", "preview")
    )


class Replay(Exception):
    """This request was answered before; nothing is done again."""

    def __init__(self, kept: idempotency.Kept) -> None:
        super().__init__()
        self.kept = kept


async def _note_key(request: Request) -> None:
    """Remember key and hash of the request; the key is taken once it is known who asks."""
    key = request.headers.get(HEADER)
    if key is None or request.method in {"GET", "HEAD"}:
        return
    # The bytes of a file are read piece by piece where they are stored; storing the same ones again changes nothing.
    is_file = request.headers.get("content-type", "").startswith("application/octet-stream")
    body = b"" if is_file else await request.body()
    text = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    request.state.idempotency = (key, sha256(text).hexdigest())


async def _in_one_unit(request: Request, handle: Handle) -> Response:
    """Answer a request in one unit of work, committed before the answer leaves.

    Nothing is begun in the database before the first statement. What a client that hung up asked for is
    finished all the same: half an act is none.
    """
    database: Database = request.app.state.database
    unit = database.unit_of_work()
    request.state.session = unit.__enter__()
    try:
        response = await handle(request)
        await run_in_threadpool(_keep, request, response)
    except Replay as done:  # nothing is done again; that it was told again is on record
        response = _again(done.kept)
    except BaseException as error:
        with CancelScope(shield=True):
            await run_in_threadpool(unit.__exit__, type(error), error, error.__traceback__)
        raise
    with CancelScope(shield=True):
        await run_in_threadpool(unit.__exit__, None, None, None)
    return response


def _again(kept: idempotency.Kept) -> Response:
    media = MEDIA if kept.status >= HTTPStatus.BAD_REQUEST else "application/json"
    return Response(kept.body, kept.status, {"Idempotency-Replayed": "true"}, media)


def _keep(request: Request, response: Response) -> None:
    """Keep the answer with the act it answers, so that the key never has the one without the other."""
    row_id = getattr(request.state, "idempotency_row", None)
    if row_id is not None and hasattr(response, "body"):
        session, now = request.state.session, request.state.now
        body = bytes(response.body)
        idempotency.keep(session, row_id, status=response.status_code, body=body, now=now)


def feature_router(prefix: str, tag: str, route_class: type[OnceRoute] = OnceRoute) -> APIRouter:
    """Return the router of one subject; every feature router is made here."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=route_class)
