"""What holds for every request: a number, a size limit, headers that keep answers private, and counting."""

import re
import time
import uuid
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems.answers import NUL, plain, problem
from api.problems.reading import LANGUAGE, listen

PRIVATE: Final = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
]  # fmt: skip
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
EXCHANGE: Final = "/exchange/v1/"
_TOO_LARGE: Final = 413
DESK: Final = "/desk"
_PAPERS: Final = re.compile(
    r"/guest/items/[^/]{1,100}/papers|/desk/transfers/[^/]{1,100}/answer-forms"
)


class Metrics:
    """Counts of requests by route template and status; no ids, no people."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "bid_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "bid_request_seconds", "Time to answer", ["route"], registry=self.registry
        )


class Frame:
    """Pure ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, max_body: int, metrics: Metrics, country: str) -> None:
        self.app = app
        self.country = country
        self.max_body = max_body
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counted and bounded."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = str(uuid.uuid4())
        _listen(scope, self.country)
        started = time.perf_counter()
        status = 500

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                names = {name for name, _ in message["headers"]}
                extra = [pair for pair in PRIVATE if pair[0] not in names]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        try:
            await self._bounded(scope, receive, answered)
        finally:
            self._count(scope, status, time.perf_counter() - started)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        if b"%00" in scope.get("raw_path", b"") or b"%00" in scope.get("query_string", b""):
            await _refuse(scope, send, NUL)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if _is_upload(scope):  # the endpoint counts while it stores
            await self.app(scope, receive, send)
            return
        if not length.isdigit() or int(length) > self.max_body:
            await _refuse(scope, send, _TOO_LARGE)
            return
        body = await _read(receive, self.max_body)
        if body is None:
            await _refuse(scope, send, _TOO_LARGE)
        elif b"\x00" in body or b"\\u0000" in body:
            await _refuse(scope, send, NUL)
        else:
            await self.app(scope, _again(body, receive), send)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.seconds.labels(route).observe(seconds)


def _is_upload(scope: Scope) -> bool:
    """Whether the endpoint reads and bounds the bytes itself; any other address would keep all of them in memory."""
    kind = dict(scope["headers"]).get(b"content-type", b"")
    if scope["path"].startswith(EXCHANGE):  # nothing is read before it is known who calls
        return True
    if scope["method"] == "POST" and _PAPERS.fullmatch(scope["path"]):
        return True
    is_content = scope["method"] == "PUT" and scope["path"].endswith("/content")
    return is_content and bool(kind.startswith(b"application/octet-stream"))


async def _read(receive: Receive, limit: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        size += len(message.get("body", b""))
        if size > limit:
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    answer = problem(Request(scope), status or 422, *plain(status))
    await answer(scope, _nothing, send)


def _listen(scope: Scope, country: str) -> None:
    """Take up the reader's language: on pages the one chosen there, else what the program asks for."""
    request = Request(scope)
    chosen = request.cookies.get(LANGUAGE, "") if scope["path"].startswith(DESK) else ""
    listen(request.headers.get("accept-language", ""), chosen=chosen, country=country)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
