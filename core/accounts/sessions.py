"""Sessions at browsers: opened after both steps of sign-in, bound to the rights of that moment, ended on request.

The cookie is a random 256-bit text kept as a hash. A session counts only while the account holds exactly the rights it
was opened under: a role given, ended or lapsed since makes the old cookie worthless, and the next sign-in gives a new
one. So no cookie outlives a change of rights, whoever caused it. Source: EXP-10.1, EXP-TT62.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from core import audit
from core.accounts import store
from core.accounts.credentials import csrf_token_of, digest_of, matches, new_secret
from core.accounts.tables import AccountRow, SessionRow
from core.actors import Actor, Grant
from core.errors import NotThere

SEEN_EVERY: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Lifetime:
    """How long a sign-in lasts without use, and in any case. Source: EXP-10.1."""

    idle: timedelta = timedelta(minutes=15)
    whole: timedelta = timedelta(hours=10)

    @classmethod
    def of(cls, *, idle_minutes: int, whole_hours: int) -> "Lifetime":
        """Return the lifetime an installation has set."""
        return cls(timedelta(minutes=idle_minutes), timedelta(hours=whole_hours))


DEFAULT_LIFETIME: Final = Lifetime()


@dataclass(frozen=True)
class Opened:
    """A fresh session. ``cookie`` and ``csrf`` are shown to the browser once and not kept."""

    session_id: str
    cookie: str
    csrf: str
    ends_at: datetime


@dataclass(frozen=True)
class SessionView:
    """One of somebody's own sessions, as they see it in the list."""

    id: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime


def rights_of(grants: Iterable[Grant]) -> str:
    """Return a fingerprint of a set of grants."""
    lines = sorted(f"{grant.role}|{grant.scope}|{grant.ref}" for grant in grants)
    return sha256("\n".join(lines).encode()).hexdigest()


def open_session(
    session: Session,
    account: AccountRow,
    *,
    device: str = "",
    lifetime: Lifetime = DEFAULT_LIFETIME,
    now: datetime,
) -> Opened:
    """Open a session under an id nobody has seen before.

    Args:
        session: the unit of work.
        account: whose both steps of sign-in succeeded just now.
        device: the browser's own description; another one will not be served under this cookie.
        lifetime: from the settings.
        now: when, aware.
    """
    cookie = new_secret()
    csrf = csrf_token_of(cookie)
    grants = store.grants_in_force(session, account.id, now=now)
    row = SessionRow(
        account_id=account.id,
        token_hash=digest_of(cookie),
        csrf_hash=digest_of(csrf),
        device_hash=digest_of(device) if device else "",
        rights=rights_of(grant.to_grant() for grant in grants),
        idle_seconds=int(lifetime.idle.total_seconds()),
        started_at=now,
        seen_at=now,
        ends_at=now + lifetime.whole,
    )
    session.add(row)
    session.flush()
    return Opened(row.id, cookie, csrf, row.ends_at)


def still_counts(
    row: SessionRow, grants: Iterable[Grant], device: str | None, *, now: datetime
) -> bool:
    """Whether a session is neither ended, nor idle too long, nor opened under other rights or elsewhere."""
    if row.ended_at is not None or now >= row.ends_at:
        return False
    if now - row.seen_at >= timedelta(seconds=row.idle_seconds):
        return False
    if device is not None and row.device_hash and not matches(row.device_hash, device):
        return False
    return row.rights == rights_of(grants)


def note_use(session: Session, row: SessionRow, *, now: datetime) -> None:
    """Remember that a session is in use; at most one write in half a minute."""
    if now - row.seen_at >= SEEN_EVERY:
        row.seen_at = now
        session.add(row)


def csrf_matches(csrf_hash: str | None, token: str | None) -> bool:
    """Whether a form carries the token of its own session. Source: EXP-10.1, EXP-TT63."""
    return matches(csrf_hash, token)


def list_sessions(session: Session, actor: Actor, *, now: datetime) -> list[SessionView]:
    """Return the actor's own sessions that still count, newest first."""
    return [
        SessionView(row.id, row.started_at, row.seen_at, row.ends_at)
        for row in store.live_sessions(session, actor.account_id, now=now)
        if now - row.seen_at < timedelta(seconds=row.idle_seconds)
    ]


def end_session(session: Session, actor: Actor, session_id: str, *, now: datetime) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotThere: no such session, ended already, or somebody else's.
    """
    live = store.live_sessions(session, actor.account_id, now=now)
    row = next((row for row in live if row.id == session_id), None)
    if row is None:
        raise NotThere("session")
    row.ended_at, row.ended_why = now, "signed_out"
    session.add(row)
    audit.record(session, actor, "session.ended", thing="session", thing_id=row.id, now=now)


def end_everywhere(session: Session, actor: Actor, *, now: datetime) -> int:
    """End all sessions of the actor's account; return how many."""
    ended = end_all_of(session, actor.account_id, why="signed_out", now=now)
    audit.record(
        session, actor, "session.ended_everywhere", thing="account", thing_id=actor.account_id,
        codes={"sessions": ended}, now=now,
    )  # fmt: skip
    return ended


def account_behind(session: Session, cookie: str | None) -> str | None:
    """Return whose session a cookie belongs, or belonged, to; it opens nothing."""
    row = store.session_by_hash(session, digest_of(cookie)) if cookie else None
    return row.account_id if row is not None else None


def end_by_cookie(session: Session, cookie: str | None, *, why: str, now: datetime) -> None:
    """End the session a browser came with, so that a planted cookie is worth nothing after sign-in."""
    row = store.session_by_hash(session, digest_of(cookie)) if cookie else None
    if row is not None and row.ended_at is None:
        row.ended_at, row.ended_why = now, why
        session.add(row)


def end_all_of(session: Session, account_id: str, *, why: str, now: datetime) -> int:
    """End all sessions of an account because its rights, password or second factor changed."""
    ended = session.exec(
        sa.update(SessionRow)
        .where(col(SessionRow.account_id) == account_id, col(SessionRow.ended_at).is_(None))
        .values(ended_at=now, ended_why=why)
        .execution_options(synchronize_session="fetch")
    )
    return int(ended.rowcount)
