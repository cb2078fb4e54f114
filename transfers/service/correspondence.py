"""With whom we exchange today, and by which keys: what every call, delivery and receipt asks first.

A partner that is suspended can still be recognised, so that it hears that it is; nothing of it is taken.
Source: EXP-3.3, EXP-3.4, EXP-4.1, EXP-11.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from core.errors import Answer, Gap, answer
from core.exchange import statements, tokens
from core.exchange.errors import Reason, TokenRefused
from core.exchange.keyring import KeyRing
from core.exchange.keys import STRANGER, SealingKey
from core.exchange.kinds import Kind
from core.exchange.statements import Statement
from core.exchange.tokens import Token
from transfers.rules.partnership import State
from transfers.service import installation
from transfers.service.partner_statements import is_old, statements_of
from transfers.store import partner as store
from transfers.tables.partner import PartnerRow

_RECOGNISED = frozenset({State.ACTIVE, State.SUSPENDED})


class Door(StrEnum):
    """What happens to what a partner sends now."""

    OPEN = "open"
    QUARANTINE = "quarantine"
    CLOSED = "closed"


@dataclass(frozen=True)
class Correspondent:
    """An installation we know, with every key it listed.

    Args:
        partner_id: of the partner.
        installation: its name.
        state: how far it is trusted.
        statement: the newest that was taken.
        ring: all its keys.
        is_old: its statement was not seen to be the newest for thirty days.
    """

    partner_id: str
    installation: str
    state: State
    statement: Statement
    ring: KeyRing
    is_old: bool

    @property
    def base_url(self) -> str | None:
        """Where it can be reached, if it can."""
        return self.statement.base_url


def correspondent(session: Session, name: str, *, now: datetime) -> Correspondent | None:
    """Return the partner of this name, in whatever state short of ended; None for a stranger."""
    row = store.of_installation(session, name)
    return None if row is None else _correspondent(session, row, now)


def read_from(
    session: Session, text: object, kind: Kind, *, now: datetime
) -> tuple[Correspondent, Token]:
    """Read a token that has just come in, from whoever it says it is; it must be for us.

    The same work is done for a stranger, for a partner nobody confirmed and for a bad signature. Whether the
    partner is active is asked by the caller once the signature has held.

    Raises:
        TokenRefused: with the reason, for the local log; the answer is the same for every reason.
    """
    own = installation.name_of(session)
    found = correspondent(session, tokens.issuer_of(text, kind), now=now)
    if found is None or found.state not in _RECOGNISED:
        tokens.read(text, kind, STRANGER, audience=own, now=now)
        raise TokenRefused(Reason.KEY)
    audience = None if kind is Kind.CHECKPOINT else own
    return found, found.ring.read(text, kind, audience=audience, now=now)


def sending_gaps(session: Session, name: str, *, now: datetime) -> Answer:
    """Say what keeps us from sending to an installation now; what is queued stays queued. Source: EXP-3.4, EXP-12."""
    found = correspondent(session, name, now=now)
    if found is None:
        return answer("send", [Gap("partner_unknown", {"installation": name})])
    facts = {"installation": name}
    ours = installation.current_statement(session)
    common = statements.common_version(ours.versions, found.statement.versions)
    return answer(
        "send",
        [
            None if found.state is State.ACTIVE else Gap("partner_not_active", facts),
            Gap("partner_statement_past", facts) if found.statement.is_past(now) else None,
            None if found.ring.sealing_key(now) else Gap("partner_without_key", facts),
            None if common else Gap("partner_other_version", facts),
            Gap("own_statement_past") if ours.is_past(now) else None,
        ],
    )


def sealing_key_for(session: Session, name: str, *, now: datetime) -> SealingKey:
    """Return the key to seal to for a partner to whom we may send now.

    Raises:
        Incomplete: with everything that keeps us from sending.
    """
    sending_gaps(session, name, now=now).require()
    found = correspondent(session, name, now=now)
    key = None if found is None else found.ring.sealing_key(now)
    if key is None:
        raise TypeError
    return key


def door_for(found: Correspondent | None, now: datetime) -> Door:
    """Say what happens to what an installation sends now; a person decides about what is in quarantine.

    Source: EXP-7.2.
    """
    if found is None or found.state not in _RECOGNISED:
        return Door.CLOSED
    if found.state is State.SUSPENDED or found.statement.is_past(now):
        return Door.QUARANTINE
    return Door.OPEN


def _correspondent(session: Session, row: PartnerRow, now: datetime) -> Correspondent:
    said = statements_of(session, row)
    ring = KeyRing.of(row.installation, said)
    state = State(row.state)
    return Correspondent(row.id, row.installation, state, said[-1], ring, is_old(row, now))
