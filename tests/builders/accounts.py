"""Ordinary people with accounts. A test states only what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from sqlmodel import Session

from core.accounts import grants, invitations, people, sign_in, store
from core.accounts.people import Contact
from core.accounts.sign_in import Refused, SignedIn, Ticket
from core.accounts.system import operator_actor
from core.actors import Actor, Grant, Role, ScopeKind
from core.vault import Vault, vault_of

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
