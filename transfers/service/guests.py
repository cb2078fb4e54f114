"""Who may read something of ours in a country without an installation: proposed by one officer, verified by another.

The second officer makes sure of the person under a number of the office that we knew before, or face to face. An
account has a second factor and signs in at a door of its own; it holds no role, so it opens nothing but the
items it was given.

Source: EXP-10, EXP-10.1, DOM-2.1/A17, DOM-2.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import pycountry
from sqlmodel import Session

from cases.errors import RoleMayNot
from core import audit, outbox
from core.accounts import invitations, second_factor, sessions
from core.accounts import store as accounts
from core.accounts.invitations import Invitation
from core.accounts.people import Contact, login_key_of, login_name_of
from core.accounts.tables import GUEST, INVITED, SUSPENDED, AccountRow, PersonRow
from core.actors import Actor, Role, ScopeKind
from core.db import check_version
from core.errors import BadInput, NotThere, WrongState
from core.ids import new_reference
from core.vault import Place, seal, unseal, vault_of
from transfers.errors import SecondOfficerNeeded
from transfers.rules.guests import LONGEST_DAYS, GuestState, Verified
from transfers.service import record
from transfers.store import guests as store
from transfers.tables.guest import GuestRow

_THING: Final = "guest"


@dataclass(frozen=True)
class Identity:
    """Who a recipient is.

    Args:
        name: of the person, as on their papers.
        office: where they work.
        post: what they are there.
        phone: number of the office, under which the second officer calls.
        number_from: where that number comes from; never from the recipient.
    """

    name: str
    office: str
    post: str
    phone: str
    number_from: str


@dataclass(frozen=True)
class GuestView:
    """A recipient as officers see them."""

    id: str
    of_country: str
    state: GuestState
    identity: Identity
    has_account: bool
    proposed_by: str
    proposed_at: datetime
    verified_by: str
    verified_at: datetime | None
    ends_on: date
    version: int


@dataclass(frozen=True)
class SetUp:
    """What is handed over so that an account can be set up; shown once and not kept.

    Args:
        login: name to sign in with; random, so that it tells nothing.
        invitation: the one-time token.
    """

    login: str
    invitation: Invitation


def propose(
    session: Session,
    actor: Actor,
    of_country: str,
    identity: Identity,
    *,
    ends_on: date,
    now: datetime,
) -> str:
    """Propose a recipient and return the id; nothing can be given before another officer verified the person.

    Raises:
        RoleMayNot: not an officer of the secretariat.
        BadInput: not another country, or a day that has passed or lies too far ahead.
    """
    require_officer(actor)
    if of_country == actor.country or pycountry.countries.get(alpha_2=of_country) is None:
        raise BadInput("/of_country", "another_country_needed")
    last = (now + timedelta(days=LONGEST_DAYS)).date()
    if not now.date() < ends_on <= last:
        raise BadInput("/ends_on", "not_within_400_days")
    row = GuestRow(
        country=actor.country, of_country=of_country, state=GuestState.PROPOSED.value,
        proposed_by=actor.person_id, proposed_at=now, ends_on=ends_on, restricted=b"",
    )  # fmt: skip
    vault_of(session).ensure_key(session, row.id, now=now)
    row.restricted = sealed_identity(session, row.id, identity)
    session.add(row)
    session.flush()
    audit.record(session, actor, "guest.proposed", thing=_THING, thing_id=row.id, now=now)
    outbox.post(
        session, topic="guest.to_verify", key=f"guest.to_verify:{row.id}", subject=row.id, now=now,
        payload={"role": str(Role.SECRETARIAT), "country": row.country},
    )  # fmt: skip
    return row.id


def verify(
    session: Session,
    actor: Actor,
    guest_id: str,
    how: Verified,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Say that you called the office under the number on record, or met the person, and that it is who it says.

    Raises:
        NotThere: no such recipient.
        SecondOfficerNeeded: whoever proposed the person.
        WrongState: verified already, or ended.
    """
    row = held(session, actor, guest_id, expected_version=expected_version)
    if row.state != GuestState.PROPOSED:
        raise WrongState("recipient", row.state, "verify_recipient")
    if row.proposed_by == actor.person_id:
        raise SecondOfficerNeeded("guest_proposer_verifies")
    row.state, row.verified_by, row.verified_at = GuestState.VERIFIED, actor.person_id, now
    row.verified_how = how.value
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "guest.verified", thing=_THING, thing_id=row.id, now=now,
        codes={"how": how.value},
    )  # fmt: skip


def end(session: Session, actor: Actor, guest_id: str, *, now: datetime) -> None:
    """End a recipient at once: account, visits and everything that was given.

    Raises:
        NotThere: no such recipient.
        WrongState: ended already.
    """
    row = held(session, actor, guest_id)
    if row.state == GuestState.ENDED:
        raise WrongState("recipient", row.state, "end_recipient")
    row.state, row.ended_at, row.ended_by = GuestState.ENDED, now, actor.person_id
    session.add(row)
    account = _account(session, row)
    if account is not None:
        account.state, account.changed_at = SUSPENDED, now
        session.add(account)
        invitations.withdraw(session, account.id, now=now)
    leave(session, row, why="ended", now=now)
    audit.record(session, actor, "guest.ended", thing=_THING, thing_id=row.id, now=now)


def open_account(session: Session, actor: Actor, guest_id: str, *, now: datetime) -> SetUp:
    """Open the account of a verified recipient, or take password and second factor away and begin anew.

    Raises:
        NotThere: no such recipient.
        WrongState: not verified, or over.
    """
    row = held(session, actor, guest_id)
    if not counts(row, now=now):
        raise WrongState("recipient", row.state, "open_account")
    account = _account(session, row) or _new_account(session, actor, row, now=now)
    account.state, account.password_hash, account.changed_at = INVITED, None, now
    session.add(account)
    second_factor.remove(session, account.id)
    leave(session, row, why="reset", now=now)
    invitation = invitations.invite_guest(session, actor, account, now=now)
    return SetUp(login_name_of(session, account), invitation)


def list_guests(session: Session, actor: Actor, *, now: datetime) -> tuple[GuestView, ...]:
    """Return every recipient of this installation.

    Raises:
        RoleMayNot: not an officer of the secretariat.
    """
    require_officer(actor)
    found = store.guests(session, actor.country)
    audit.record(
        session, actor, "guest.listed", thing=_THING, thing_id="list", now=now,
        codes={"count": len(found)},
    )  # fmt: skip
    return tuple(_view(session, row) for row in found)


def held(
    session: Session, actor: Actor, guest_id: str, *, expected_version: int | None = None
) -> GuestRow:
    """Lock a recipient for an act of an officer.

    Raises:
        NotThere: no such recipient, or the actor is no officer.
        StaleWrite: the caller read an older version.
    """
    row = store.guest(session, guest_id, lock=True)
    if row is None or row.country != actor.country or not is_officer(actor):
        raise NotThere("recipient")
    check_version(row, "recipient", expected_version)
    return row


def counts(row: GuestRow, *, now: datetime) -> bool:
    """Whether a recipient is verified and not over."""
    return row.state == GuestState.VERIFIED and now.date() <= row.ends_on


def identity_of(session: Session, row: GuestRow) -> Identity:
    """Open who a recipient is."""
    told: Mapping[str, Any] = unseal(
        session, owner=row.id, place=_place(row.id), sealed=row.restricted
    )
    return Identity(**told)


def sealed_identity(session: Session, guest_id: str, identity: Identity) -> bytes:
    """Seal who a recipient is."""
    return seal(session, owner=guest_id, place=_place(guest_id), value=vars(identity))


def leave(session: Session, row: GuestRow, *, why: str, now: datetime) -> None:
    """End every visit of a recipient, by account and by link: what they may do has changed. Source: EXP-TT62."""
    if row.account_id is not None:
        sessions.end_all_of(session, row.account_id, why=why, now=now)
    for item in store.items_of_guest(session, row.id, on=date.min):
        store.end_visits(session, item.id, now=now)


def _new_account(session: Session, actor: Actor, row: GuestRow, *, now: datetime) -> AccountRow:
    """An account under the country of the recipient, so that keepers of our accounts do not meet it."""
    who = identity_of(session, row)
    person = PersonRow(country=row.of_country, restricted=b"", created_at=now)
    vault_of(session).ensure_key(session, person.id, now=now)
    contact = Contact(who.name)
    person.restricted = seal(
        session, owner=person.id, place=Place("person", "restricted", person.id),
        value={"name": contact.name, "email": contact.email, "phone": contact.phone},
    )  # fmt: skip
    login = new_reference("G").casefold()
    account = AccountRow(
        person_id=person.id, country=row.of_country, kind=GUEST, restricted=b"",
        login_key=login_key_of(session, login, now=now), created_at=now,
        created_by=actor.person_id, changed_at=now,
    )  # fmt: skip
    account.restricted = seal(
        session, owner=person.id, place=Place("account", "restricted", account.id),
        value={"login": login},
    )  # fmt: skip
    session.add(person)
    session.flush()
    session.add(account)
    session.flush()
    row.account_id = account.id
    session.add(row)
    session.flush()
    return account


def _account(session: Session, row: GuestRow) -> AccountRow | None:
    return None if row.account_id is None else accounts.account(session, row.account_id, lock=True)


def _view(session: Session, row: GuestRow) -> GuestView:
    return GuestView(
        id=row.id, of_country=row.of_country, state=GuestState(row.state),
        identity=identity_of(session, row), has_account=row.account_id is not None,
        proposed_by=row.proposed_by, proposed_at=row.proposed_at, verified_by=row.verified_by,
        verified_at=row.verified_at, ends_on=row.ends_on, version=row.version,
    )  # fmt: skip


def is_officer(actor: Actor) -> bool:
    """Whether a person is an officer of the secretariat of the own country."""
    is_here = actor.has_for(record.OFFICERS, ScopeKind.COUNTRY, actor.country)
    return actor.is_human and is_here


def require_officer(actor: Actor) -> None:
    """Refuse whoever is no officer of the secretariat, and machines.

    Raises:
        RoleMayNot: another role.
    """
    if not is_officer(actor):
        raise RoleMayNot


def _place(guest_id: str) -> Place:
    return Place("guest", "restricted", guest_id)
