"""The gate every call of another installation passes: nothing of its body is read before it is known.

The order of the checks is the protocol's. Answers to strangers are the same bytes, and leave after the same time,
whatever was wrong. Source: EXP-4.1, EXP-6.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import ClientDisconnect

from api.dependencies import database_of, now_of, settings_of
from api.problems.answers import MEDIA, request_id
from core.accounts.waits import network_of
from core.db import Session
from core.exchange.encoding import NotStrict, b64, read_object
from core.exchange.errors import TokenRefused
from core.exchange.tokens import require_body
from core.scanning import scanner_of
from transfers.errors import NoKeyCounts
from transfers.rules.delivery import Limits
from transfers.service import calls
from transfers.service.calls import Caller, NotTaken
from transfers.service.incoming import Ground, Refused
from transfers.service.storage import Store

BAD_CALLS_A_MINUTE: Final = 60
CALLS_A_MINUTE: Final = 1200
WAIT_SECONDS: Final = 60
JSON_BYTES: Final = 256 * 1024
FLOOR_SECONDS: Final = 0.05
"""A refusal of a stranger leaves this long after its call, or a multiple of it: the work behind it does not show."""
SCHEME: Final = "BIDX "
DETAIL: Final = "See the exchange protocol, version 1, under this type."

log = logging.getLogger(__name__)

TITLES: Final[dict[str, tuple[int, str]]] = {
    "authentication-failed": (401, "This call was not taken as genuine"),
    "grant-refused": (403, "This grant gives nothing"),
    "partner-suspended": (403, "The exchange with you is suspended"),
    "bad-request": (400, "The request cannot be read"),
    "bad-range": (400, "The range does not fit the part"),
    "unknown-delivery": (404, "There is no such delivery"),
    "unknown-call": (404, "There is no such call"),
    "delivery-conflict": (409, "Another object has this id"),
    "sequence-conflict": (409, "Another delivery has this number"),
    "offset-mismatch": (409, "The piece does not follow what is here"),
    "incomplete": (409, "Parts are missing"),
    "delivery-expired": (410, "The delivery is over"),
    "too-large": (413, "This is too large"),
    "delivery-invalid": (422, "The delivery does not hold"),
    "unknown-encryption-key": (422, "It is sealed to a key that does not open here"),
    "hash-mismatch": (422, "Parts are not what was signed"),
    "notice-invalid": (422, "The notice does not hold"),
    "version-unsupported": (426, "Another version of the protocol is spoken here"),
    "slow-down": (429, "Too many requests"),
    "try-later": (503, "Not now"),
    "insufficient-storage": (507, "There is no room"),
}


class ExchangeCalls:
    """Counts bad calls of each network and all calls of each partner, in this process."""

    def __init__(self, bad: int = BAD_CALLS_A_MINUTE, calls: int = CALLS_A_MINUTE) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._bad, self._all = RateLimitItemPerMinute(bad), RateLimitItemPerMinute(calls)

    def may_try(self, address: str) -> bool:
        """Whether a network has not sent too many bad calls of late."""
        return self._limiter.test(self._bad, "bad", network_of(address))

    def note_bad(self, address: str) -> None:
        """Count a call that was not taken."""
        self._limiter.hit(self._bad, "bad", network_of(address))

    def may_call(self, partner: str) -> bool:
        """Count a call of a partner and say whether it is answered."""
        return self._limiter.hit(self._all, "partner", partner)


@dataclass(frozen=True)
class Call:
    """A call that was taken, with its whole body."""

    caller: Caller
    body: bytes
    now: datetime

    def members(self, *names: str) -> dict[str, Any] | None:
        """Return the members of a JSON body; None when it is not exactly these."""
        try:
            found = read_object(self.body)
        except NotStrict:
            return None
        return found if found.keys() == set(names) else None


Answer = Response | Refused
Act = Callable[[Session, Call], Any]


async def admitted(request: Request, *, limit: int) -> Call | Response:
    """Check a call in the protocol's order and read its body; or the answer to it."""
    started = time.monotonic()
    counts, address = _counts(request), _address(request)
    if not counts.may_try(address):
        return problem(request, Refused("slow-down"))
    now = now_of(request)
    checked = await run_in_threadpool(_check, request, now)
    if isinstance(checked, NotTaken):
        counts.note_bad(address)
        return await _stranger(request, checked, started, now)
    if checked.is_suspended:
        return problem(request, Refused("partner-suspended"))
    return await _with_body(request, checked, limit, started, now)


async def _with_body(
    request: Request, checked: Caller, limit: int, started: float, now: datetime
) -> Call | Response:
    try:
        body = await _body(request, limit)
    except ClientDisconnect:  # nobody hears the answer; the caller tries again with a new token
        log.info("exchange.line_broke", extra={"request": request_id(request)})
        return Response(status_code=HTTPStatus.REQUEST_TIMEOUT)
    if body is None:
        return problem(request, Refused("too-large"))
    try:
        require_body(checked.token, b64(sha256(body).digest()))
    except TokenRefused as error:
        return await _stranger(request, NotTaken(str(error.reason), error.hint), started, now)
    if not _counts(request).may_call(checked.partner.installation):
        return problem(request, Refused("slow-down"))
    return Call(checked, body, now)


async def in_one_unit(request: Request, call: Call, act: Act) -> Any:
    """Do one act in one unit of work, committed before the answer leaves; refusals that left a record too."""

    def work() -> Any:
        with database_of(request).unit_of_work() as session:
            return act(session, call)

    try:
        return await run_in_threadpool(work)
    except NoKeyCounts:
        return Refused("try-later")


def ground_of(request: Request) -> Ground:
    """Return what the receiving side stands on."""
    settings = settings_of(request)
    limits = Limits(
        settings.exchange_open_deliveries, settings.exchange_unfinished_mib * 1024**2,
        settings.exchange_reserve_mib * 1024**2,
    )  # fmt: skip
    store = Store(settings.exchange_folder, settings.files_dir)
    return Ground(store, limits, scanner_of(settings.virus_scanner))


def problem(request: Request, refused: Refused) -> Response:
    """Answer with a problem of the exchange."""
    status, title = TITLES[refused.code]
    body = {
        "type": f"urn:bidx:problem:{refused.code}", "title": title, "status": status,
        "detail": DETAIL,
        "instance": f"urn:uuid:{request_id(request)}", **refused.facts,
    }  # fmt: skip
    answer = JSONResponse(body, status, media_type=MEDIA)
    if refused.code in {"slow-down", "try-later"}:
        answer.headers["Retry-After"] = str(WAIT_SECONDS)
    return answer


def _check(request: Request, now: datetime) -> Caller | NotTaken:
    with database_of(request).unit_of_work() as session:
        return calls.check(
            session, _token(request), method=request.method, target=_target(request), now=now
        )


def _token(request: Request) -> str | None:
    """The token of exactly one header of exactly our scheme."""
    found = [value for name, value in request.scope["headers"] if name == b"authorization"]
    if len(found) != 1:
        return None
    text = bytes(found[0]).decode("latin-1")
    return text.removeprefix(SCHEME) if text.startswith(SCHEME) else None


def _target(request: Request) -> str:
    """Path with query of the request line, as it was sent; host and proxies have no part in it."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope.get("query_string", b"")
    return (raw.split(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


async def _body(request: Request, limit: int) -> bytes | None:
    """Read the body within its limit; None when it is longer."""
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length) > limit:
        return None
    blocks, size = [], 0
    async for block in request.stream():
        size += len(block)
        if size > limit:
            return None
        blocks.append(block)
    return b"".join(blocks)


async def _stranger(request: Request, refused: NotTaken, started: float, now: datetime) -> Response:
    log.info("exchange.not_taken", extra={"why": refused.why, "request": request_id(request)})
    facts: dict[str, Any] = {} if refused.hint is None else {"hint": refused.hint}
    if refused.hint == "clock":
        facts["now"] = int(now.timestamp())
    answer = problem(request, Refused("authentication-failed", facts))
    spent = time.monotonic() - started
    await asyncio.sleep(FLOOR_SECONDS - spent % FLOOR_SECONDS)
    return answer


def _counts(request: Request) -> ExchangeCalls:
    found = request.app.state.exchange_calls
    if not isinstance(found, ExchangeCalls):
        raise TypeError
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"
