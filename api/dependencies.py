"""What every endpoint asks for: the unit of work, who acts, what time it is, which version was read."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request

from api.problems.answers import request_id
from api.routing import Replay
from cases.service.access import has_lost_access
from core import audit, idempotency
from core.accounts.authenticate import Signed, actor_of
from core.accounts.errors import PageNotOurs
from core.accounts.grants import has_lost_role
from core.actors import Actor
from core.clock import utc_now
from core.db import Database, Session
from core.errors import BadInput
from core.settings import Settings

COOKIE = "__Host-bid"
COOKIE_PLAIN = "bid"  # a laptop without HTTPS cannot set a __Host- cookie
KEY_SIZE = (8, 80)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def database_of(request: Request) -> Database:
    """Return the database of this application."""
    found = request.app.state.database
    if not isinstance(found, Database):
        raise TypeError
    return found


def settings_of(request: Request) -> Settings:
    """Return the settings of this application."""
    found = request.app.state.settings
    if not isinstance(found, Settings):
        raise TypeError
    return found


def now_of(request: Request) -> datetime:
    """Read the clock once for each request; everything below gets this moment."""
    if not hasattr(request.state, "now"):
        clock: Any = getattr(request.app.state, "clock", utc_now)
        request.state.now = clock()
    moment: datetime = request.state.now
    return moment


# Dependencies that neither wait nor compute are coroutines: each plain function costs a hop to a thread.
async def _now(request: Request) -> datetime:
    return now_of(request)


async def _settings(request: Request) -> Settings:
    return settings_of(request)


async def _session(request: Request) -> Session:
    """Give the unit of work of the request, which its route opened and ends."""
    session: Session = request.state.session
    return session


SessionDep = Annotated[Session, Depends(_session)]
NowDep = Annotated[datetime, Depends(_now)]
SettingsDep = Annotated[Settings, Depends(_settings)]


def cookie_name(settings: Settings) -> str:
    """Return the name of the session cookie, which depends on whether HTTPS is there."""
    return COOKIE if settings.secure_cookies else COOKIE_PLAIN


def signed_in(request: Request, session: SessionDep, now: NowDep) -> Signed:
    """Find out who sends this request, by session cookie or by ``Authorization: Bearer``.

    Raises:
        NotSignedIn: by nobody we know.
        PageNotOurs: a change asked for without the form token, or by a page of another site.
    """
    cookie = request.cookies.get(cookie_name(settings_of(request)))
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" and bearer else None
    device = request.headers.get("user-agent", "")
    cookie = None if token else cookie
    signed = actor_of(session, cookie=cookie, bearer=token, now=now, device=device)
    if signed.csrf_hash is not None and request.method not in SAFE_METHODS:
        _check_same_site(request, signed.csrf_hash)
    _take_key(request, session, signed, now)
    return replace(signed, actor=replace(signed.actor, request_id=request_id(request)))


def _check_same_site(request: Request, csrf_hash: str) -> None:
    token = request.headers.get("x-csrf-token", "")
    given = sha256(token.encode()).hexdigest()
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"} or not hmac.compare_digest(given, csrf_hash):
        raise PageNotOurs


def _take_key(request: Request, session: Session, signed: Signed, now: datetime) -> None:
    """Take the request's Idempotency-Key in the same unit of work as the act itself."""
    taken = getattr(request.state, "idempotency", None)
    if taken is None:
        return
    key, digest = taken
    if not KEY_SIZE[0] <= len(key) <= KEY_SIZE[1]:
        raise BadInput(pointer="/header/idempotency-key", code="8_to_80_characters")
    answer = idempotency.begin(
        session, account_id=signed.actor.account_id, key=key, request_hash=digest, now=now
    )
    if not isinstance(answer, str):
        _note_repeat(request, session, signed.actor, answer, now)
        raise Replay(answer)
    request.state.idempotency_row = answer


def _note_repeat(
    request: Request, session: Session, actor: Actor, kept: idempotency.Kept, now: datetime
) -> None:
    """Note that an answer is given again; whoever lost something since then is not told again.

    Source: DOM-R14, DOM-R50.
    """
    account_id, person_id = actor.account_id, actor.person_id
    if has_lost_access(session, person_id, since=kept.since, now=now) or has_lost_role(
        session, account_id, since=kept.since, now=now
    ):
        raise idempotency.AlreadyDone
    codes: dict[str, str | int | bool | None] = {
        "route": getattr(request.scope.get("route"), "path_format", ""),
        "method": request.method,
    }
    audit.record(
        session, actor, "request.repeated", thing="request", thing_id=request_id(request),
        now=now, codes=codes,
    )  # fmt: skip


SignedDep = Annotated[Signed, Depends(signed_in)]


async def acting(request: Request, signed: SignedDep) -> Actor:
    """Return the actor of this request, and remember them in case the act is refused."""
    request.state.actor = signed.actor
    return signed.actor


ActorDep = Annotated[Actor, Depends(acting)]


async def version_read(
    if_match: Annotated[
        str | None,
        Header(
            description="Version of the record you read, from its `version` or `ETag`.",
            max_length=20,
        ),
    ] = None,
) -> int | None:
    """Return the version the caller read, from ``If-Match``; None when the header is absent.

    Raises:
        BadInput: not a number in quotes.
    """
    if if_match is None:
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004  fits an integer column
        raise BadInput(pointer="/header/if-match", code="not_a_version")
    return int(text)


VersionDep = Annotated[int | None, Depends(version_read)]


@dataclass(frozen=True)
class Paging:
    """Which page of a list: how many, and after which cursor (opaque, from the page before)."""

    limit: int
    cursor: str | None


async def page_asked(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Paging:
    """Return the page asked for."""
    return Paging(limit, cursor)


PagingDep = Annotated[Paging, Depends(page_asked)]
