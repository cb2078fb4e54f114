"""Ordinary people with accounts. A test states only what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from sqlmodel import Session

from core.accounts import grants, invitations, people, sign_in, store
from core.accounts.grants import give_role
from core.accounts.people import Contact, open_account
from core.accounts.sign_in import Refused, SignedIn, Ticket
from core.accounts.system import operator_actor
from core.accounts.tables import ACTIVE, PersonRow
from core.actors import Actor, Grant, Role, ScopeKind
from core.vault import Vault, seal, vault_of
from tests.conftest import NOON

PASSWORD = "kettle whistles at nine"
DESK = "192.0.2.10"
ELSEWHERE = "198.51.100.7"
COUNTRY_GRANT = ScopeKind.COUNTRY
OPERATOR = operator_actor("ZM")


@dataclass(frozen=True)
class Known:
    """A person who can sign in, with what only they know."""

    login: str
    account_id: str
    person_id: str
    secret: str = ""
    recovery_codes: Sequence[str] = field(default=())

    def code(self, now: datetime) -> str:
        """Six digits of this moment."""
        return pyotp.TOTP(self.secret).at(now)

    def actor(self, *held: Grant) -> Actor:
        """The actor this person is when holding these roles."""
        return Actor(self.account_id, self.person_id, "ZM", frozenset(held))


def country_wide(role: Role) -> Grant:
    """A role over the whole of Zambia."""
    return Grant(role, ScopeKind.COUNTRY, "ZM")


def in_office(role: Role, office: str = "ZM-07-LIV") -> Grant:
    """A role in one office."""
    return Grant(role, ScopeKind.OFFICE, office)


def an_invited_account(
    session: Session, now: datetime, login: str = "t.zimba", *, person_id: str | None = None
) -> Known:
    """An account opened by the operator that nobody has set up yet."""
    contact = Contact("Thandiwe Zimba", "t.zimba@example.org", "+260 97 000000")
    account_id = people.open_account(
        session, OPERATOR, login=login, contact=contact, person_id=person_id, now=now
    )
    row = store.account(session, account_id)
    assert row is not None
    return Known(login, account_id, row.person_id)


def named(session: Session, person_id: str, name: str, now: datetime = NOON) -> None:
    """Give a person of the builders, who may have no name yet, one that pages can show."""
    person = session.get(PersonRow, person_id) or PersonRow(
        id=person_id, country="ZM", restricted=b"", created_at=now
    )
    vault_of(session).ensure_key(session, person.id, now=now)
    contact = {"name": name, "email": "", "phone": ""}
    place = people._person_place(person.id)
    person.restricted = seal(session, owner=person.id, place=place, value=contact)
    session.add(person)
    session.flush()


def someone(
    session: Session,
    now: datetime,
    login: str = "t.zimba",
    *held: Grant,
    person_id: str | None = None,
) -> Known:
    """A person who has set up password and second factor and holds these roles."""
    known = an_invited_account(session, now, login, person_id=person_id)
    enrolment, codes = invitations.set_up_at_console(
        session, OPERATOR, known.account_id, password=PASSWORD, now=now
    )
    for grant in held:
        grants.give_role(session, OPERATOR, known.account_id, grant, now=now)
    return Known(login, known.account_id, known.person_id, enrolment.secret, codes)


def first_step(
    session: Session, login: str, now: datetime, *, password: str = PASSWORD, address: str = DESK
) -> Ticket | Refused:
    """Name and password."""
    return sign_in.begin(session, login=login, password=password, address=address, now=now)


def signed_in(
    session: Session, who: Known, now: datetime, *, address: str = DESK, device: str = ""
) -> SignedIn:
    """Both steps, as they should go. Takes a moment later each time, since a code works once."""
    ticket = first_step(session, who.login, now, address=address)
    assert isinstance(ticket, Ticket)
    result = sign_in.complete(
        session,
        ticket=ticket.token,
        code=who.code(now),
        address=address,
        device=device,
        now=now,
    )
    assert isinstance(result, SignedIn)
    return result


def ready_keys(session: Session, now: datetime) -> Vault:
    """The vault with its index key made, for tests with several connections."""
    vault = vault_of(session)
    vault.index_key(session, now=now)
    return vault


def later(now: datetime, **delta: float) -> datetime:
    """A moment after now."""
    return now + timedelta(**delta)


def employ(session: Session, *people: Actor, now: datetime = NOON) -> None:
    """Let people who only act in a test have an account with the roles they act in. Twice is once."""
    for actor in people:
        if store.person(session, actor.person_id) is not None:
            continue
        vault_of(session).ensure_key(session, actor.person_id, now=now)
        session.add(
            PersonRow(id=actor.person_id, country=actor.country, restricted=b"", created_at=now)
        )
        session.flush()
        operator, login = operator_actor(actor.country), f"person-{actor.person_id[:8]}"
        account_id = open_account(
            session, operator, login=login, contact=Contact("Invented Person"),
            person_id=actor.person_id, now=now,
        )  # fmt: skip
        account = store.account(session, account_id)
        assert account is not None
        account.state = ACTIVE
        session.add(account)
        for grant in sorted(actor.grants, key=str):
            give_role(session, operator, account_id, grant, now=now)
    session.flush()
