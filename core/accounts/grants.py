"""Giving and ending roles. Every change ends the sessions of the account, so the next sign-in has a new id.

The person is locked while their roles are looked at, so two givers at the same moment cannot together give what
neither may give alone. Grants are ended, never deleted: who held what, from whom, stays answerable.

Source: DOM-2.1, DOM-2.3, EXP-10.1.
"""

from datetime import datetime

from sqlmodel import Session

from core import audit
from core.accounts import roles, sessions, store
from core.accounts.errors import AlreadyGranted
from core.accounts.people import tell_data_protection
from core.accounts.tables import AccountRow, RoleGrantRow
from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput, NotThere
from core.packs.lookup import pack_of


def has_lost_role(session: Session, account_id: str, *, since: datetime, now: datetime) -> bool:
    """Answer whether an account, or the one that answers for a machine, lost a role since a moment."""
    token = store.machine_token(session, account_id)
    answering = token.answered_by if token is not None else account_id
    return store.has_ended_grant(session, answering, since=since, now=now)


def give_role(
    session: Session,
    actor: Actor,
    account_id: str,
    grant: Grant,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    now: datetime,
) -> str:
    """Give an account a role with its reach; return the id of the grant.

    Args:
        session: the unit of work.
        actor: who gives; recorded with the grant.
        account_id: who receives.
        grant: role, scope and reference.
        starts_at: from when it counts; at once when None.
        ends_at: until when; until somebody ends it when None.
        now: when, aware.

    Raises:
        NotThere: no such account, or the actor gives no roles at all.
        BadInput: scope, reference or dates do not fit, or an office that the country does not have.
        NotAllowed: to oneself, not the actor's to give, or not beside what the person holds.
        AlreadyGranted: the account holds exactly this.
    """
    account = _account_for_giving(session, actor, account_id)
    roles.check_scope(grant, country=account.country)
    _require_office(grant, account.country, now)
    roles.check_giver(actor, account.person_id, grant)
    begin = starts_at or now
    if ends_at is not None and ends_at <= max(begin, now):
        raise BadInput(pointer="/ends_at", code="ends_before_it_begins")
    held = store.grants_to_come(session, account.person_id, now=now)
    roles.check_mix({Role(row.role) for row in held}, grant.role)
    _close_lapsed(session, account_id, grant, now)
    row = RoleGrantRow(
        account_id=account.id, person_id=account.person_id, role=grant.role.value,
        scope=grant.scope.value, ref=grant.ref, starts_at=begin, ends_at=ends_at,
        given_by=actor.person_id, given_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    sessions.end_all_of(session, account.id, why="rights_changed", now=now)
    _record(session, actor, "grant.given", row, now)
    if grant.scope is ScopeKind.COUNTRY or grant.role in {Role.CHAIR, Role.SUPERVISOR}:
        tell_data_protection(session, actor, account.id, f"role_given.{grant.role}", now=now)
    return row.id


def _require_office(grant: Grant, country: str, now: datetime) -> None:
    """A role for an office nobody works in would give somebody a right that nobody can see or use."""
    if grant.scope is ScopeKind.OFFICE and grant.ref not in pack_of(country, on=now.date()).places:
        raise BadInput(pointer="/ref", code="unknown_place")


def end_role(
    session: Session, actor: Actor, account_id: str, grant_id: str, *, now: datetime
) -> None:
    """End a role an account holds, at once. Whoever could give a role may end it; one's own as well.

    Raises:
        NotThere: no such grant of this account in force, or not the actor's to end.
    """
    account = store.officer_of(session, account_id, actor.country)
    if account is None:
        raise NotThere("grant")
    store.person(session, account.person_id, lock=True)
    row = next((g for g in store.open_grants(session, [account_id]) if g.id == grant_id), None)
    if row is None or not _may_end(actor, account, row):
        raise NotThere("grant")
    row.ended_at, row.ended_by = now, actor.person_id
    session.add(row)
    session.flush()
    sessions.end_all_of(session, account.id, why="rights_changed", now=now)
    _record(session, actor, "grant.ended", row, now)


def persons_with(
    session: Session, role: Role, scope: ScopeKind, ref: str, *, now: datetime
) -> list[str]:
    """Return the persons who hold exactly this role and reach now, through an account in use; ordered by id."""
    return store.holders(session, role.value, scope.value, ref, now=now)


def data_protection_officers(session: Session, country: str, *, now: datetime) -> list[str]:
    """Return the persons to alert when a file is opened in an emergency. Source: DOM-2.2."""
    return persons_with(session, Role.DATA_PROTECTION, ScopeKind.COUNTRY, country, now=now)


def persons_reaching(
    session: Session, role: Role, *, office: str, country: str, now: datetime
) -> list[str]:
    """Return the persons whose role covers an office: given for it, or for its whole country."""
    near = persons_with(session, role, ScopeKind.OFFICE, office, now=now)
    wide = persons_with(session, role, ScopeKind.COUNTRY, country, now=now)
    return sorted({*near, *wide})


def _account_for_giving(session: Session, actor: Actor, account_id: str) -> AccountRow:
    account = store.officer_of(session, account_id, actor.country)
    if account is None or not actor.has(*roles.MAY_GIVE):
        raise NotThere("account")
    store.person(session, account.person_id, lock=True)
    return account


def _close_lapsed(session: Session, account_id: str, grant: Grant, now: datetime) -> None:
    for row in store.open_grants(session, [account_id]):
        if row.to_grant() != grant:
            continue
        if row.ends_at is None or row.ends_at > now:
            raise AlreadyGranted
        row.ended_at = row.ends_at
        session.add(row)
    session.flush()


def _may_end(actor: Actor, account: AccountRow, row: RoleGrantRow) -> bool:
    if not actor.is_human:
        return False
    if account.person_id == actor.person_id:
        return True
    return roles.may_keep(actor, [row.to_grant()])


def _record(session: Session, actor: Actor, action: str, row: RoleGrantRow, now: datetime) -> None:
    audit.record(
        session, actor, action, thing="account", thing_id=row.account_id,
        codes={"grant": row.id, "role": row.role, "scope": row.scope, "ref": row.ref}, now=now,
    )  # fmt: skip
