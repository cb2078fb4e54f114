"""Who sends this request: the one door from a cookie or a token to an actor."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.accounts import sessions, store
from core.accounts.credentials import digest_of
from core.accounts.errors import NotSignedIn
from core.accounts.tables import ACTIVE, OFFICER
from core.accounts.tokens import actor_for_token
from core.actors import Actor


@dataclass(frozen=True)
class Signed:
    """Who is signed in, and through what.

    Args:
        actor: account, person, grants.
        session_id: the session at a browser; None for machines.
        csrf_hash: hash of the token every form of this session carries; None for machines.
    """

    actor: Actor
    session_id: str | None
    csrf_hash: str | None


def actor_of(
    session: Session,
    *,
    cookie: str | None,
    bearer: str | None,
    now: datetime,
    device: str | None = None,
    kind: str = OFFICER,
) -> Signed:
    """Return who sends a request; a token counts before a cookie.

    Args:
        session: the unit of work.
        cookie: value of the session cookie.
        bearer: token of a machine.
        now: when, aware.
        device: the browser's own description, empty when it sent none; a session opened by another one does
            not count. None does not ask.
        kind: whose door this is; a session of the other kind of account does not count.

    Raises:
        NotSignedIn: neither counts. One answer for every reason.
    """
    if bearer:
        return Signed(actor_for_token(session, bearer, now=now), None, None)
    if not cookie:
        raise NotSignedIn
    row = store.session_by_hash(session, digest_of(cookie))
    account = store.account(session, row.account_id) if row is not None else None
    if row is None or account is None or account.state != ACTIVE or account.kind != kind:
        raise NotSignedIn
    grants = frozenset(g.to_grant() for g in store.grants_in_force(session, account.id, now=now))
    if not sessions.still_counts(row, grants, device, now=now):
        raise NotSignedIn
    sessions.note_use(session, row, now=now)
    actor = Actor(account.id, account.person_id, account.country, grants)
    return Signed(actor, row.id, row.csrf_hash)


def actor_at_console(session: Session, account_id: str, *, now: datetime) -> Actor:
    """Return the account an operator names at the console, for example as the one who imports a list.

    Raises:
        NotSignedIn: no such account, or it is not in use.
    """
    account = store.account(session, account_id)
    if account is None or account.state != ACTIVE or account.kind != OFFICER:
        raise NotSignedIn
    grants = frozenset(g.to_grant() for g in store.grants_in_force(session, account.id, now=now))
    return Actor(account.id, account.person_id, account.country, grants)
