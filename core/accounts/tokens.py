"""Tokens of machines: named, hashed, ending within a year, never a person.

A machine gets no more than the person who answers for it: at each use its roles are cut to what that person holds at
that moment. Only alerts coming in and de-identified counts going out may be set up by an administrator, who holds no
case role.

Source: EXP-10.1, DOM-R50.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from core import audit
from core.accounts import roles, store
from core.accounts.credentials import digest_of, new_secret
from core.accounts.errors import NotSignedIn, PersonNeeded
from core.accounts.system import OPERATOR_ID
from core.accounts.tables import ACTIVE, MachineGrantRow, MachineTokenRow
from core.actors import Actor, Grant, Role
from core.errors import BadInput, NotThere

PREFIX: Final = "bid_"
LONGEST: Final = timedelta(days=365)
USED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class MadeToken:
    """A token just made. ``token`` is shown once and not kept."""

    id: str
    token: str
    ends_at: datetime


@dataclass(frozen=True)
class TokenView:
    """A machine token as the list shows it."""

    id: str
    name: str
    answered_by: str
    grants: tuple[Grant, ...]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def make_token(
    session: Session,
    actor: Actor,
    *,
    name: str,
    grants: Collection[Grant],
    ends_at: datetime,
    answered_by: str | None = None,
    now: datetime,
) -> MadeToken:
    """Make a token for a machine; the actor's account answers for it.

    Args:
        session: the unit of work.
        actor: who makes it.
        name: what people call the machine; no child's data, it is kept in clear.
        grants: what it acts as.
        ends_at: at most a year away.
        answered_by: another account that answers for it; only the operator at the console may say so.
        now: when, aware.

    Raises:
        PersonNeeded: a machine cannot make tokens.
        BadInput: no name, no role, an end in the past or more than a year away, or a reach that does not fit.
        NotForMachines: a role that belongs to people, or more than the person who answers holds.
    """
    if not actor.is_human:
        raise PersonNeeded
    _check_form(name, grants, ends_at, now)
    maker, keeper = _answering(session, actor, answered_by, now)
    for grant in grants:
        roles.check_scope(grant, country=actor.country)
        roles.check_machine_grant(maker, grant)
    token = PREFIX + new_secret()
    row = MachineTokenRow(
        name=name.strip(), country=actor.country, token_hash=digest_of(token), answered_by=keeper,
        made_at=now, ends_at=ends_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for grant in set(grants):
        session.add(
            MachineGrantRow(
                token_id=row.id, role=grant.role.value, scope=grant.scope.value, ref=grant.ref
            )
        )
    session.flush()
    audit.record(
        session, actor, "token.made", thing="token", thing_id=row.id,
        codes={"answered_by": keeper, "roles": ",".join(sorted(g.role for g in grants))}, now=now,
    )  # fmt: skip
    return MadeToken(row.id, token, ends_at)


def list_tokens(
    session: Session, actor: Actor, *, after: str = "", limit: int = 50, now: datetime
) -> list[TokenView]:
    """Return machine tokens in order of id: an administrator sees all, others those they answer for."""
    if actor.has(Role.ADMINISTRATOR):
        rows = store.machine_tokens(session, actor.country, after=after, limit=limit)
    else:
        rows = store.machine_tokens_of(session, actor.account_id, after=after, limit=limit)
    held: dict[str, list[Grant]] = {row.id: [] for row in rows}
    for grant in store.machine_grants(session, list(held)):
        held[grant.token_id].append(grant.to_grant())
    audit.record(
        session, actor, "token.listed", thing="token", thing_id="list",
        codes={"count": len(rows)}, now=now,
    )  # fmt: skip
    return [
        TokenView(
            row.id, row.name, row.answered_by, tuple(held[row.id]),
            row.made_at, row.ends_at, row.used_at, row.revoked_at,
        )
        for row in rows
    ]  # fmt: skip


def revoke_token(session: Session, actor: Actor, token_id: str, *, now: datetime) -> None:
    """Make a token worthless at once.

    Raises:
        NotThere: no such token, revoked already, or not the actor's.
    """
    row = store.machine_token(session, token_id)
    mine = row is not None and (
        row.answered_by == actor.account_id or actor.has(Role.ADMINISTRATOR)
    )
    if row is None or not mine or row.country != actor.country or row.revoked_at is not None:
        raise NotThere("token")
    _revoke(session, actor, row, now)


def revoke_all_of(session: Session, actor: Actor, account_id: str, *, now: datetime) -> int:
    """Revoke every token an account answers for, because it is suspended; return how many."""
    count, after = 0, ""
    while page := store.machine_tokens_of(session, account_id, after=after, limit=200):
        for row in page:
            if row.revoked_at is None:
                _revoke(session, actor, row, now)
                count += 1
        after = page[-1].id
    return count


def actor_for_token(session: Session, token: str, *, now: datetime) -> Actor:
    """Return the machine a token belongs to, with the roles that count now.

    Raises:
        NotSignedIn: unknown, revoked, past its end, or nothing left that it may act as.
    """
    row = store.token_by_hash(session, digest_of(token))
    if row is None or row.revoked_at is not None or now >= row.ends_at:
        raise NotSignedIn
    keeper = store.account(session, row.answered_by)
    if keeper is None or keeper.state != ACTIVE:
        raise NotSignedIn
    held = {g.to_grant() for g in store.grants_in_force(session, keeper.id, now=now)}
    wanted = {g.to_grant() for g in store.machine_grants(session, [row.id])}
    left = frozenset(g for g in wanted if _still_counts(held, g))
    if not left:
        raise NotSignedIn
    if row.used_at is None or now - row.used_at >= USED_EVERY:
        row.used_at = now
        session.add(row)
    return Actor(row.id, row.id, row.country, left, is_human=False)


def _still_counts(held: Collection[Grant], wanted: Grant) -> bool:
    by_administrator = any(g.role is Role.ADMINISTRATOR for g in held)
    harmless = by_administrator and wanted.role in roles.HARMLESS_FOR_MACHINES
    return harmless or roles.covers(held, wanted)


def _answering(
    session: Session, actor: Actor, answered_by: str | None, now: datetime
) -> tuple[Actor, str]:
    """Return whose roles bound the token, and the account that answers for it."""
    if answered_by is None or answered_by == actor.account_id:
        if actor.account_id == OPERATOR_ID:
            raise BadInput(pointer="/answered_by", code="needs_an_account")
        return actor, actor.account_id
    row = store.account(session, answered_by)
    if actor.account_id != OPERATOR_ID or row is None or row.state != ACTIVE:
        raise NotThere("account")
    held = frozenset(g.to_grant() for g in store.grants_in_force(session, row.id, now=now))
    return Actor(row.id, row.person_id, row.country, held), row.id


def _check_form(name: str, grants: Collection[Grant], ends_at: datetime, now: datetime) -> None:
    if not name.strip():
        raise BadInput(pointer="/name", code="needs_a_name")
    if not grants:
        raise BadInput(pointer="/grants", code="needs_a_role")
    if not now < ends_at <= now + LONGEST:
        raise BadInput(pointer="/ends_at", code="within_a_year")


def _revoke(session: Session, actor: Actor, row: MachineTokenRow, now: datetime) -> None:
    row.revoked_at, row.revoked_by = now, actor.person_id
    session.add(row)
    audit.record(session, actor, "token.revoked", thing="token", thing_id=row.id, now=now)
