"""Persons and their accounts: opening, suspending, taking back into use. Names and login names are sealed.

Suspending ends every session and revokes every machine token of the account in the same moment. Nobody suspends or
resets themselves, and a lower role never does it to a higher one. Source: EXP-10.1, EXP-TT65, DOM-2.1/A26.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core import audit, outbox, vault
from core.accounts import roles, sessions, store, tokens
from core.accounts.errors import ActOnOneself, HigherAccount, LoginTaken, NotAccountKeeper
from core.accounts.tables import ACTIVE, INVITED, SUSPENDED, AccountRow, PersonRow, RoleGrantRow
from core.actors import Actor, Grant, Role
from core.db import check_version
from core.errors import BadInput, DomainError, NotThere, WrongState

SHORTEST_LOGIN: Final = 3
LONGEST_LOGIN: Final = 64
MAY_LIST: Final = (*roles.MAY_GIVE, Role.DATA_PROTECTION, Role.AUDITOR)


@dataclass(frozen=True)
class Contact:
    """A person's name and how to reach them. Empty text where unknown."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class GrantView:
    """A role an account holds or will hold."""

    id: str
    grant: Grant
    starts_at: datetime
    ends_at: datetime | None
    given_by: str


@dataclass(frozen=True)
class AccountView:
    """An account as its keeper sees it."""

    id: str
    person_id: str
    login: str
    contact: Contact
    state: str
    grants: tuple[GrantView, ...]
    version: int


def login_of(text: str) -> str:
    """Return the one form of a login name: case, width and outer blanks do not make another person.

    Raises:
        BadInput: too short, too long, or with blanks inside.
    """
    login = unicodedata.normalize("NFKC", text).strip().casefold()
    if not SHORTEST_LOGIN <= len(login) <= LONGEST_LOGIN or not all(_fits_login(c) for c in login):
        raise BadInput(pointer="/login", code="not_a_login_name")
    return login


def login_key_of(session: Session, login: str, *, now: datetime) -> str:
    """Return the keyed hash under which a login name is found."""
    return vault.keyed_hash(vault.vault_of(session).index_key(session, now=now), "login", login)


def open_account(
    session: Session,
    actor: Actor,
    *,
    login: str,
    contact: Contact,
    person_id: str | None = None,
    now: datetime,
) -> str:
    """Open an account, for a new person or as a further account of a known one; return its id.

    It cannot sign in before an invitation is accepted, and may do nothing before a role is given.

    Raises:
        NotAccountKeeper: the actor opens no accounts, or no further ones for a known person.
        NotThere: no such person.
        LoginTaken: somebody has this login name.
    """
    if not roles.is_keeper(actor):
        raise NotAccountKeeper
    wanted = login_of(login)
    key = login_key_of(session, wanted, now=now)
    if store.account_by_login(session, key) is not None:
        raise LoginTaken
    person = _person_for(session, actor, person_id, contact, now)
    row = AccountRow(
        person_id=person.id, country=actor.country, login_key=key, restricted=b"",
        created_at=now, created_by=actor.person_id, changed_at=now,
    )  # fmt: skip
    row.restricted = vault.seal(
        session, owner=person.id, place=_account_place(row.id), value={"login": wanted}
    )
    _insert(session, row)
    audit.record(
        session, actor, "account.opened", thing="account", thing_id=row.id,
        codes={"person": person.id}, now=now,
    )  # fmt: skip
    return row.id


def suspend(
    session: Session,
    actor: Actor,
    account_id: str,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> int:
    """Close an account at once: its sessions end, its machine tokens are revoked; return how many tokens.

    Raises:
        NotThere: no such account here.
        ActOnOneself: one's own account.
        HigherAccount: it holds a role the actor could not give.
        WrongState: suspended already.
    """
    row = kept_by(session, actor, account_id, now=now)
    check_version(row, "account", expected_version)
    if row.state == SUSPENDED:
        raise WrongState(kind="account", state=row.state, act="suspend")
    row.state, row.changed_at = SUSPENDED, now
    session.add(row)
    sessions.end_all_of(session, row.id, why="suspended", now=now)
    revoked = tokens.revoke_all_of(session, actor, row.id, now=now)
    audit.record(
        session, actor, "account.suspended", thing="account", thing_id=row.id,
        codes={"tokens": revoked}, now=now,
    )  # fmt: skip
    return revoked


def restore(
    session: Session,
    actor: Actor,
    account_id: str,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> None:
    """Let a suspended account sign in again with the password and second factor it had.

    Raises:
        NotThere: no such account here.
        ActOnOneself: one's own account.
        HigherAccount: it holds a role the actor could not give.
        WrongState: not suspended.
    """
    row = kept_by(session, actor, account_id, now=now)
    check_version(row, "account", expected_version)
    if row.state != SUSPENDED:
        raise WrongState(kind="account", state=row.state, act="restore")
    row.state, row.changed_at = ACTIVE if row.password_hash else INVITED, now
    session.add(row)
    audit.record(session, actor, "account.restored", thing="account", thing_id=row.id, now=now)
    tell_data_protection(session, actor, row.id, "account_restored", now=now)


def list_accounts(
    session: Session, actor: Actor, *, after: str = "", limit: int = 50, now: datetime
) -> list[AccountView]:
    """Return accounts in order of id, from after the one given.

    Raises:
        NotAccountKeeper: the actor may not see who has accounts.
    """
    if not actor.has(*MAY_LIST):
        raise NotAccountKeeper
    rows = store.accounts_page(session, actor.country, after=after, limit=limit)
    audit.record(
        session, actor, "account.listed", thing="account", thing_id="list",
        codes={"count": len(rows)}, now=now,
    )  # fmt: skip
    return _views(session, rows)


def read_account(session: Session, actor: Actor, account_id: str, *, now: datetime) -> AccountView:
    """Return one account: one's own, or any for those who may list them.

    Raises:
        NotThere: no such account, or not the actor's to see.
    """
    row = store.officer_of(session, account_id, actor.country)
    own = row is not None and row.id == actor.account_id
    if row is None or not (own or actor.has(*MAY_LIST)):
        raise NotThere("account")
    audit.record(session, actor, "account.read", thing="account", thing_id=row.id, now=now)
    return _views(session, [row])[0]


def account_id_of(session: Session, login: str, *, now: datetime) -> str:
    """Return the id of the account with this login name, for the console.

    Raises:
        NotThere: none.
    """
    row = store.account_by_login(session, login_key_of(session, login_of(login), now=now))
    if row is None:
        raise NotThere("account")
    return row.id


def person_of_login(session: Session, login: str, *, now: datetime) -> str | None:
    """Return the person whose account has this login name, None without one; for lists from elsewhere."""
    try:
        key = login_key_of(session, login_of(login), now=now)
    except DomainError:  # no possible login name
        return None
    row = store.account_by_login(session, key)
    return None if row is None else row.person_id


def account_ids_of(session: Session, person_id: str) -> tuple[str, ...]:
    """Return the ids of every account of a person, for whoever looks up what was done through them."""
    return tuple(row.id for row in store.accounts_of_person(session, person_id))


def kept_by(session: Session, actor: Actor, account_id: str, *, now: datetime) -> AccountRow:
    """Return an account, locked, that this actor may suspend, restore or reset.

    Raises:
        NotThere: no such account, or the actor keeps no accounts.
        ActOnOneself: an account of the actor's own person.
        HigherAccount: it holds a role the actor could not give.
    """
    row = store.officer_of(session, account_id, actor.country, lock=True)
    if row is None or not roles.is_keeper(actor):
        raise NotThere("account")
    if row.person_id == actor.person_id:
        raise ActOnOneself
    held = [grant.to_grant() for grant in store.grants_to_come(session, row.person_id, now=now)]
    opened_here = not held and row.created_by == actor.person_id
    if not opened_here and not roles.may_keep(actor, held):
        raise HigherAccount
    return row


def login_name_of(session: Session, row: AccountRow) -> str:
    """Open the login name of an account."""
    opened = vault.unseal(
        session, owner=row.person_id, place=_account_place(row.id), sealed=row.restricted
    )
    return str(opened["login"])


def contact_of(session: Session, person: PersonRow) -> Contact:
    """Open the name and contact of a person."""
    place = _person_place(person.id)
    opened: dict[str, Any] = vault.unseal(
        session, owner=person.id, place=place, sealed=person.restricted
    )
    return Contact(opened["name"], opened["email"], opened["phone"])


def tell_data_protection(
    session: Session, actor: Actor, account_id: str, code: str, *, now: datetime
) -> None:
    """Leave a notice to the data protection officers: somebody may now act who could not before."""
    outbox.post(
        session,
        topic="account.notice",
        key=f"account:{code}:{account_id}:{now.isoformat()}",
        subject=account_id,
        payload={
            "role": Role.DATA_PROTECTION.value,
            "country": actor.country,
            "code": code,
            "by": actor.person_id,
        },
        now=now,
    )


def _person_for(
    session: Session, actor: Actor, person_id: str | None, contact: Contact, now: datetime
) -> PersonRow:
    if person_id is not None:
        if not actor.has(Role.ADMINISTRATOR):
            raise NotAccountKeeper
        found = store.person(session, person_id)
        if found is None or found.country != actor.country:
            raise NotThere("person")
        return found
    person = PersonRow(country=actor.country, restricted=b"", created_at=now)
    vault.vault_of(session).ensure_key(session, person.id, now=now)
    person.restricted = vault.seal(
        session,
        owner=person.id,
        place=_person_place(person.id),
        value={"name": contact.name, "email": contact.email, "phone": contact.phone},
    )
    session.add(person)
    session.flush()
    return person


def _insert(session: Session, row: AccountRow) -> None:
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise LoginTaken from error


def _views(session: Session, rows: Sequence[AccountRow]) -> list[AccountView]:
    persons = {p.id: p for p in store.persons(session, {row.person_id for row in rows})}
    held: dict[str, list[RoleGrantRow]] = {row.id: [] for row in rows}
    for grant in store.open_grants(session, list(held)):
        held[grant.account_id].append(grant)
    return [_view(session, row, persons[row.person_id], held[row.id]) for row in rows]


def _view(
    session: Session, row: AccountRow, person: PersonRow, held: Sequence[RoleGrantRow]
) -> AccountView:
    try:
        login, contact = login_name_of(session, row), contact_of(session, person)
    except vault.Erased:
        login, contact = "", Contact("")
    grants = tuple(GrantView(g.id, g.to_grant(), g.starts_at, g.ends_at, g.given_by) for g in held)
    return AccountView(row.id, row.person_id, login, contact, row.state, grants, row.version)


def _fits_login(letter: str) -> bool:
    return letter.isalnum() or letter in "._-@+'"


def _person_place(person_id: str) -> vault.Place:
    return vault.Place("person", "restricted", person_id)


def _account_place(account_id: str) -> vault.Place:
    return vault.Place("account", "restricted", account_id)
