"""Two installations that can trust each other: keys, statements, officers, and the ceremony as it should go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlmodel import Session

from core.accounts.system import operator_actor
from core.actors import Actor, Grant, Role, ScopeKind
from core.exchange.keys import OpeningKey, SigningKey
from core.exchange.kinds import DAY
from core.exchange.statements import ListedKey, Statement, make_statement
from core.ids import new_id
from tests.builders.exchange import (
    NAMIBIA,
    ZAMBIA,
    T,
    anchor_of,
    opening_key_of,
    signing_key_of,
)
from transfers.rules.partnership import Channel, State
from transfers.service import installation, keys, partners
from transfers.service.installation import FreshKeys

OPERATOR = operator_actor("ZM")


@cache
def a_signing_key(name: str) -> SigningKey:
    """A signing key known by a name of the test."""
    del name
    return SigningKey.fresh()


@cache
def an_opening_key(name: str) -> OpeningKey:
    """An encryption key known by a name of the test."""
    del name
    return OpeningKey.fresh()


def an_officer(role: Role = Role.TRUST_OFFICER, country: str = "ZM") -> Actor:
    """A person with one right over the country."""
    grant = Grant(role, ScopeKind.COUNTRY, country)
    return Actor(new_id(), new_id(), country, frozenset({grant}))


def listed(
    *found: SigningKey | OpeningKey, begins: int = T, days: int = 365, **terms: object
) -> tuple[ListedKey, ...]:
    """Keys as a statement lists them."""
    return tuple(
        ListedKey(key.public, begins, begins + days * DAY, **terms)  # type: ignore[arg-type]
        for key in found
    )


def a_statement(
    issuer: str = NAMIBIA,
    *,
    seq: int = 1,
    keys: Iterable[ListedKey] | None = None,
    issued_at: int = T,
    days: int = 365,
    anchor: SigningKey | None = None,
    next_anchor: SigningKey | None = None,
) -> Statement:
    """A partner's statement about its ordinary keys."""
    own = listed(signing_key_of(issuer), opening_key_of(issuer))
    return make_statement(
        anchor or anchor_of(issuer),
        issuer=issuer,
        seq=seq,
        keys=tuple(own if keys is None else keys),
        issued_at=issued_at,
        expires_at=issued_at + days * DAY,
        next_anchor=None if next_anchor is None else next_anchor.public,
    )


def as_file(*texts: str | Statement) -> bytes:
    """A statement file: a token a line."""
    lines = [one.text if isinstance(one, Statement) else one for one in texts]
    return "\n".join(lines).encode() + b"\n"


def set_up(
    session: Session, now: datetime, name: str = ZAMBIA, actor: Actor = OPERATOR
) -> Statement:
    """This installation with its name, keys and first statement."""
    fresh = FreshKeys(signing_key_of(name), opening_key_of(name))
    anchor = anchor_of(name)
    installation.set_up(session, actor, name=name, anchor=anchor.public, fresh=fresh, now=now)
    return keys.issue(session, actor, anchor, now=now)


@dataclass(frozen=True)
class Pair:
    """A partner that was confirmed, and the two officers who did."""

    partner_id: str
    first: Actor
    second: Actor


def last_groups(key: SigningKey) -> tuple[str, ...]:
    """What an officer hears at the end of the fingerprint."""
    return key.public.fingerprint()[-2:]


def proposed(session: Session, now: datetime, statement: Statement | None = None) -> Pair:
    """Namibia's statement loaded; nobody trusts it yet."""
    first, second = an_officer(), an_officer()
    found = statement or a_statement()
    return Pair(partners.propose(session, first, as_file(found), now=now), first, second)


def trusted(session: Session, now: datetime, statement: Statement | None = None) -> Pair:
    """Namibia as an active partner."""
    pair = proposed(session, now, statement)
    heard = last_groups(anchor_of((statement or a_statement()).issuer))
    for officer, channel in ((pair.first, Channel.LETTER), (pair.second, Channel.VIDEO)):
        state = partners.confirm(
            session, officer, pair.partner_id, channel=channel, groups=heard, now=now
        )
    assert state is State.ACTIVE
    return pair
