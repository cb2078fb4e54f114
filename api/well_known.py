"""What other installations may ask without being known: our key statement. Rate-limited, and nothing about a child.

Refusals are those of the exchange protocol (`urn:bidx:problem:…`). Source: EXP-3.2, EXP-6.
"""

from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.bodies.partners import KeySet, Published
from api.dependencies import SessionDep
from api.problems.answers import MEDIA, request_id
from api.public_calls import WAIT_SECONDS, PublicCalls
from api.routing import Reach, feature_router, reach
from core.db import Session
from core.exchange.published import jwks, published
from core.exchange.statements import Statement
from transfers.errors import NotSetUp
from transfers.service import installation

router = feature_router("/.well-known", "exchange")
PUBLIC: Final = reach(Reach.PUBLIC)


@router.get("/bid-exchange", openapi_extra=PUBLIC, response_model=Published)
def publish_statement(request: Request, session: SessionDep) -> Response:
    """Give our name, the protocol versions we work with, and the key statement our anchor signed."""
    found = _asked(request, session)
    return found if isinstance(found, Response) else JSONResponse(published(found))


@router.get("/jwks.json", openapi_extra=PUBLIC, response_model=KeySet)
def publish_keys(request: Request, session: SessionDep) -> Response:
    """Give the plain list of our public keys, for information; no partner trusts it."""
    found = _asked(request, session)
    return found if isinstance(found, Response) else JSONResponse(jwks(found))


def _asked(request: Request, session: Session) -> Statement | Response:
    calls: Any = request.app.state.public_calls
    address = request.client.host if request.client is not None else "unknown"
    if isinstance(calls, PublicCalls) and not calls.may_ask(address):
        slow = _problem(request, 429, "slow-down", "Too many requests")
        slow.headers["Retry-After"] = str(WAIT_SECONDS)
        return slow
    try:
        return installation.current_statement(session)
    except NotSetUp:
        return _problem(request, 404, "not-set-up", "This installation exchanges nothing yet")


def _problem(request: Request, status: int, code: str, title: str) -> Response:
    body = {
        "type": f"urn:bidx:problem:{code}",
        "title": title,
        "status": status,
        "detail": "Nothing was stored. Try again later.",
        "instance": f"urn:uuid:{request_id(request)}",
    }
    return JSONResponse(body, status, media_type=MEDIA)
