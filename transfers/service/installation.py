"""Who we are to other installations: our name, our keys in use, and what we publish about them.

Private keys are sealed and parsed once per process. The anchor is shown here once, while it is in hand, to sign; only
its public half is kept. Source: EXP-2.1, EXP-3.1, EXP-3.2.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.errors import BadInput
from core.exchange.keys import OpeningKey, SigningKey, VerifyingKey, read_verifying_key
from core.exchange.shapes import is_installation
from core.exchange.statements import Statement, read_signed
from core.vault import Place, vault_of
from transfers.errors import AlreadySetUp, NoKeyCounts, NotSetUp
from transfers.rules.key_life import Term, term_from
from transfers.service.officers import KEY_KEEPERS, READERS, require
from transfers.store import installation as store
from transfers.tables.installation import ExchangeKeyRow, InstallationRow

SIG: Final = "sig"
ENC: Final = "enc"
_PARSED: Final[dict[str, SigningKey | OpeningKey]] = {}


@dataclass(frozen=True)
class FreshKeys:
    """A pair of new keys, made before the unit of work begins: making one takes a second."""

    signing: SigningKey
    opening: OpeningKey

    @classmethod
    def make(cls) -> "FreshKeys":
        """Make both."""
        return cls(SigningKey.fresh(), OpeningKey.fresh())


@dataclass(frozen=True)
class Identity:
    """What officers read out to a partner: name, whole fingerprint, and how long the statement is good."""

    installation: str
    fingerprint: tuple[str, ...]
    statement: Statement
    next_fingerprint: tuple[str, ...] | None


def set_up(
    session: Session,
    actor: Actor,
    *,
    name: str,
    anchor: VerifyingKey,
    fresh: FreshKeys,
    base_url: str | None = None,
    now: datetime,
) -> None:
    """Give this installation its name, its anchor and its first keys; the first statement is issued after it.

    Raises:
        NotThere: not somebody who keeps keys.
        AlreadySetUp: it has a name.
        BadInput: not a name of this country.
    """
    require(actor, KEY_KEEPERS)
    if store.own(session, lock=True) is not None:
        raise AlreadySetUp
    if not is_installation(name) or not name.startswith(f"{actor.country}."):
        raise BadInput("/installation", "not_a_name")
    row = InstallationRow(
        id=name,
        anchor=anchor.public_jwk(),
        base_url=base_url,
        made_at=now,
        made_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    for key in (fresh.signing, fresh.opening):
        add_key(session, key, term_from(now), now=now)
    audit.record(
        session, actor, "installation.set_up", thing="installation", thing_id=name,
        codes={"anchor": anchor.kid}, now=now,
    )  # fmt: skip


def name_if_any(session: Session) -> str | None:
    """Return the name of this installation; None before set-up."""
    row = store.own(session)
    return None if row is None else row.id


def name_of(session: Session) -> str:
    """Return the name of this installation.

    Raises:
        NotSetUp: it has none.
    """
    return own_row(session).id


def own_row(session: Session, *, lock: bool = False) -> InstallationRow:
    """Return who we are.

    Raises:
        NotSetUp: nobody yet.
    """
    row = store.own(session, lock=lock)
    if row is None:
        raise NotSetUp
    return row


def anchor_of(row: InstallationRow) -> VerifyingKey:
    """Return the public half of our anchor."""
    return read_verifying_key(row.anchor)


def current_statement(session: Session) -> Statement:
    """Return what we publish about our keys.

    Raises:
        NotSetUp: nothing yet.
    """
    row, newest = own_row(session), store.newest_statement(session)
    if newest is None:
        raise NotSetUp
    return read_signed(newest.text, issuer=row.id, anchor=anchor_of(row))


def identity(session: Session, actor: Actor, *, now: datetime) -> Identity:
    """Show what a partner has to hear from us, and note that it was read.

    Raises:
        NotThere: not somebody who has to do with partners.
        NotSetUp: there is nothing yet.
    """
    require(actor, READERS)
    row = own_row(session)
    audit.record(
        session, actor, "installation.read", thing="installation", thing_id=row.id, now=now
    )
    following = row.next_anchor
    return Identity(
        row.id,
        anchor_of(row).fingerprint(),
        current_statement(session),
        None if following is None else read_verifying_key(following).fingerprint(),
    )


def signing_key(session: Session, *, now: datetime) -> SigningKey:
    """Return the key to sign with today: the youngest that has begun and counts.

    Raises:
        NoKeyCounts: there is none.
    """
    for row in store.keys_held(session, SIG):
        if row.revoked_at is None and row.begins_at <= now < row.ends_at:
            key = _parsed(session, row)
            if isinstance(key, SigningKey):
                return key
    raise NoKeyCounts(SIG)


def opening_keys(session: Session) -> tuple[OpeningKey, ...]:
    """Return every key that opens boxes sealed to us, retired and revoked ones until they are destroyed."""
    found = (_parsed(session, row) for row in store.keys_held(session, ENC))
    return tuple(key for key in found if isinstance(key, OpeningKey))


def verifying_keys(session: Session) -> tuple[VerifyingKey, ...]:
    """Return the public halves of every signing key we ever had."""
    return tuple(read_verifying_key(one.jwk) for one in store.keys(session) if one.use == SIG)


def add_key(
    session: Session, key: SigningKey | OpeningKey, term: Term, *, now: datetime
) -> ExchangeKeyRow:
    """Seal a new key under a data key of its own, and keep it."""
    vault = vault_of(session)
    owner = owner_of(key.kid)
    vault.make_key(session, owner, now=now)
    sealed = vault.seal_bytes(session, owner=owner, place=_place(key.kid), data=key.private_bytes())
    row = ExchangeKeyRow(
        kid=key.kid,
        use=SIG if isinstance(key, SigningKey) else ENC,
        jwk=key.public.public_jwk(),
        sealed=sealed,
        made_at=now,
        begins_at=term.begins,
        ends_at=term.ends,
    )
    session.add(row)
    session.flush()
    return row


def forget(kid: str) -> None:
    """Drop a destroyed key from this process."""
    _PARSED.pop(kid, None)


def owner_of(kid: str) -> str:
    """Return the owner in the vault of one private key."""
    return f"exchange-key:{kid}"


def _parsed(session: Session, row: ExchangeKeyRow) -> SigningKey | OpeningKey:
    """Open and parse a private key the first time this process needs it."""
    found = _PARSED.get(row.kid)
    if found is None and row.sealed is not None:
        private = vault_of(session).unseal_bytes(
            session, owner=owner_of(row.kid), place=_place(row.kid), sealed=row.sealed
        )
        found = (SigningKey if row.use == SIG else OpeningKey).load(private)
        _PARSED[row.kid] = found
    if found is None:
        raise NoKeyCounts(row.use)
    return found


def _place(kid: str) -> Place:
    return Place("exchange_key", "sealed", kid)
