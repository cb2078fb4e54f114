"""Calls of other installations that fit no address: known callers hear that there is nothing, all others nothing.

An address or a way of calling it that does not exist is told only to whoever has proven who they are. Another version
of the protocol is answered before anything of the call is read, because nobody here can read it.
Source: EXP-4.1, EXP-12, EXP-TT10.
"""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.exchange_gate import JSON_BYTES, admitted, problem
from api.routing import Reach, reach
from core.exchange.statements import VERSIONS
from transfers.service.incoming import Refused

router = APIRouter(prefix="/exchange", tags=["exchange"], include_in_schema=False)
EVERY_WAY: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


@router.api_route("/v1/{rest:path}", methods=EVERY_WAY, openapi_extra=reach(Reach.PARTNER))
async def no_such_call(request: Request) -> Response:
    """Check the call like any other; whoever passes hears that there is no such call."""
    call = await admitted(request, limit=JSON_BYTES)
    return call if isinstance(call, Response) else problem(request, Refused("unknown-call"))


@router.api_route("/{version}/{rest:path}", methods=EVERY_WAY, openapi_extra=reach(Reach.PUBLIC))
async def another_version(request: Request) -> Response:
    """Say which versions are spoken here; the caller goes back to one of them or waits for a person."""
    return problem(request, Refused("version-unsupported", {"versions": list(VERSIONS)}))
