"""What other installations call: deliveries, receipts, recalls, our mailbox. For machines with tokens only.

Every call passes ``exchange_gate``. Views and problems are those of the exchange protocol
(`urn:bidx:problem:…`); nothing in an address, header or problem is about a child. Source: EXP-6.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api.dependencies import database_of
from api.exchange_gate import JSON_BYTES, Call, admitted, ground_of, in_one_unit, problem
from api.routing import Reach, reach
from core.db import Session
from core.exchange.deliveries import wrong_parts
from core.exchange.kinds import MAX_PARTS
from core.exchange.shapes import is_id
from transfers.service import admitting, incoming, mailbox, recalls, receipts_taken, redeeming
from transfers.service.incoming import UNKNOWN, Refused, View
from transfers.service.storage import PIECE

router = APIRouter(prefix="/exchange/v1", tags=["exchange"])
MACHINES: Final = reach(Reach.PARTNER)
MOST_RECEIPTS: Final = 50
_RANGE: Final = re.compile(r"bytes ([0-9]{1,12})-([0-9]{1,12})/([0-9]{1,12})", re.ASCII)
_ASKED: Final = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})", re.ASCII)
_NUMBER: Final = re.compile(r"[1-9][0-9]?", re.ASCII)
_BAD: Final = Refused("bad-request")


@router.get("/ping", openapi_extra=MACHINES)
async def ping(request: Request) -> Response:
    """Say that the line and the tokens work, and what time it is here."""
    call = await admitted(request, limit=0)
    if isinstance(call, Response):
        return call
    return JSONResponse(
        {"now": int(call.now.timestamp()), "partner": call.caller.partner.installation}
    )


@router.post("/deliveries", openapi_extra=MACHINES)
async def offer_delivery(request: Request) -> Response:
    """Announce a delivery; the same again is answered like before."""
    ground = ground_of(request)

    def act(session: Session, call: Call) -> View | Refused:
        body = call.members("delivery", "keys")
        if body is None:
            return _BAD
        return incoming.offer(
            session,
            call.caller.partner,
            body["delivery"],
            body["keys"],
            ground=ground,
            now=call.now,
        )

    return await _viewed(request, act, limit=JSON_BYTES)


@router.get("/deliveries/{delivery_id}", openapi_extra=MACHINES)
async def look_at_delivery(request: Request, delivery_id: str) -> Response:
    """Say how far a delivery is."""
    ground = ground_of(request)

    def act(session: Session, call: Call) -> View | Refused:
        if not is_id(delivery_id):
            return UNKNOWN
        return incoming.look(session, call.caller.partner, delivery_id, ground=ground)

    return await _viewed(request, act, limit=0)


@router.put("/deliveries/{delivery_id}/parts/{number}", openapi_extra=MACHINES)
async def put_piece(request: Request, delivery_id: str, number: str) -> Response:
    """Store a piece of a part, right behind what is here."""
    ground = ground_of(request)

    def act(session: Session, call: Call) -> View | Refused:
        n = _number(number)
        span = _RANGE.fullmatch(request.headers.get("content-range", ""))
        if not is_id(delivery_id) or n is None:
            return UNKNOWN
        if span is None:
            return Refused("bad-range")
        first, last, total = (int(each) for each in span.groups())
        if last - first + 1 != len(call.body):
            return Refused("bad-range")
        return incoming.put_piece(
            session, call.caller.partner, delivery_id, n, at=first, total=total, data=call.body,
            ground=ground, now=call.now,
        )  # fmt: skip

    return await _viewed(request, act, limit=PIECE)


@router.post("/deliveries/{delivery_id}/complete", openapi_extra=MACHINES)
async def complete_delivery(request: Request, delivery_id: str) -> Response:
    """Compare everything with what was signed, sign for it, and open what is small."""
    ground = ground_of(request)
    call = await admitted(request, limit=JSON_BYTES)
    if isinstance(call, Response):
        return call
    if call.members() is None:
        return problem(request, _BAD)
    partner = call.caller.partner

    def measure(session: Session, _call: Call) -> Any:
        if not is_id(delivery_id):
            return UNKNOWN
        return incoming.to_measure(session, partner, delivery_id, ground=ground)

    found = await in_one_unit(request, call, measure)
    if isinstance(found, View | Refused):
        return _shown(request, found)
    wrong = await run_in_threadpool(wrong_parts, *found)

    def finish(session: Session, _call: Call) -> View | Refused:
        return incoming.complete(
            session, partner, delivery_id, wrong=wrong, ground=ground, now=call.now
        )

    done = await in_one_unit(request, call, finish)
    if isinstance(done, View) and done.receipts:
        await run_in_threadpool(
            admitting.admit_small, database_of(request).unit_of_work, partner.installation,
            delivery_id, ground=ground, now=call.now,
        )  # fmt: skip
        done = await in_one_unit(
            request,
            call,
            lambda session, _: incoming.look(session, partner, delivery_id, ground=ground),
        )
    return _shown(request, done)


@router.post("/receipts", openapi_extra=MACHINES)
async def take_receipts(request: Request) -> Response:
    """Take receipts about what we sent, each for itself."""
    call = await admitted(request, limit=JSON_BYTES)
    if isinstance(call, Response):
        return call
    body = call.members("receipts")
    texts = None if body is None else body["receipts"]
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_RECEIPTS:
        return problem(request, _BAD)
    stored: list[str] = []
    not_stored: list[dict[str, str]] = []
    for text in texts:

        def take(session: Session, call: Call, text: object = text) -> receipts_taken.Taken:
            return receipts_taken.take(session, call.caller.partner, text, now=call.now)

        taken = await in_one_unit(request, call, take)
        if isinstance(taken, Refused):
            return problem(request, taken)
        if taken.jti is not None:
            stored.append(taken.jti)
        else:
            not_stored.append({"sha256": taken.sha256, "code": taken.code})
    return JSONResponse({"stored": stored, "not_stored": not_stored})


@router.post("/notices", openapi_extra=MACHINES)
async def take_notice(request: Request) -> Response:
    """Block a package of the caller at once, and sign that it was heard."""
    call = await admitted(request, limit=JSON_BYTES)
    if isinstance(call, Response):
        return call
    body = call.members("notice")
    if body is None:
        return problem(request, _BAD)
    done = await in_one_unit(
        request, call,
        lambda session, _: recalls.take_notice(
            session, call.caller.partner, body["notice"], now=call.now
        ),
    )  # fmt: skip
    return problem(request, done) if isinstance(done, Refused) else JSONResponse({"receipt": done})


@router.post("/grants/redeem", openapi_extra=MACHINES)
async def redeem_grant(request: Request) -> Response:
    """Give the sealed package of a grant; one answer for every grant that does not count."""
    call = await admitted(request, limit=JSON_BYTES)
    if isinstance(call, Response):
        return call
    body = call.members("grant")
    if body is None:
        return problem(request, _BAD)
    done = await in_one_unit(
        request, call,
        lambda session, _: redeeming.redeem(
            session, call.caller.partner, body["grant"], storage=ground_of(request).storage,
            now=call.now,
        ),
    )  # fmt: skip
    if isinstance(done, Refused):
        return problem(request, done)
    return JSONResponse({"delivery": done.delivery, "keys": done.keys})


@router.get("/mailbox", openapi_extra=MACHINES)
async def list_mailbox(request: Request) -> Response:
    """List what waits here for the caller, in order."""
    call = await admitted(request, limit=0)
    if isinstance(call, Response):
        return call
    after = request.query_params.get("after", "")
    if after and not is_id(after):
        return problem(request, _BAD)
    name = call.caller.partner.installation
    found = await in_one_unit(
        request, call,
        lambda session, _: mailbox.items(session, name, after=after, now=call.now),
    )  # fmt: skip
    return problem(request, found) if isinstance(found, Refused) else JSONResponse(found)


@router.get("/mailbox/{delivery_id}/keys", openapi_extra=MACHINES)
async def fetch_keys(request: Request, delivery_id: str) -> Response:
    """Give the sealed box of a delivery that waits for the caller."""
    found = await _fetched(request, lambda session, call: _box(session, call, request, delivery_id))
    return found if isinstance(found, Response) else JSONResponse({"keys": found.decode("ascii")})


@router.get("/mailbox/{delivery_id}/parts/{number}", openapi_extra=MACHINES)
async def fetch_part(request: Request, delivery_id: str, number: str) -> Response:
    """Give a piece of a sealed part of a delivery that waits for the caller."""
    span = _ASKED.fullmatch(request.headers.get("range", "bytes=0-"))
    first = int(span[1]) if span else 0
    last = int(span[2]) if span and span[2] else first + PIECE - 1

    def act(session: Session, call: Call) -> Any:
        n = _number(number)
        if not is_id(delivery_id) or n is None:
            return UNKNOWN
        if span is None or last < first:
            return Refused("bad-range")
        return mailbox.piece(
            session, call.caller.partner.installation, delivery_id, n, first=first,
            length=min(PIECE, last - first + 1), storage=ground_of(request).storage, now=call.now,
        )  # fmt: skip

    found = await _fetched(request, act)
    if isinstance(found, Response):
        return found
    end = first + len(found.data) - 1
    headers = {"Content-Range": f"bytes {first}-{end}/{found.total}"}
    return Response(found.data, 206, headers, "application/octet-stream")


def _box(session: Session, call: Call, request: Request, delivery_id: str) -> bytes | Refused:
    if not is_id(delivery_id):
        return UNKNOWN
    name = call.caller.partner.installation
    storage = ground_of(request).storage
    return mailbox.box(session, name, delivery_id, storage=storage, now=call.now)


async def _fetched(request: Request, act: Callable[[Session, Call], Any]) -> Any:
    call = await admitted(request, limit=0)
    if isinstance(call, Response):
        return call
    found = await in_one_unit(request, call, act)
    return problem(request, found) if isinstance(found, Refused) else found


async def _viewed(request: Request, act: Callable[[Session, Call], Any], *, limit: int) -> Response:
    call = await admitted(request, limit=limit)
    if isinstance(call, Response):
        return call
    return _shown(request, await in_one_unit(request, call, act))


def _shown(request: Request, found: View | Refused) -> Response:
    if isinstance(found, Refused):
        return problem(request, found)
    return JSONResponse(found.body(), 201 if found.is_new else 200)


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) and int(text) <= MAX_PARTS else None
