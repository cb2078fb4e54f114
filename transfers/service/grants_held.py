"""Grants another country gave us: kept as they came, redeemed when an officer asks for it, by the worker.

What comes for one is taken only as far as the grant reaches. Whoever had a grant redeemed alone reads what names a
person. Source: DOM-5.3, DOM-R45, EXP-9.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState
from core.exchange import grants as wire
from core.exchange.errors import GrantRefused
from core.exchange.grants import Grant
from core.exchange.manifests import Manifest
from transfers.rules.delivery import wait_after
from transfers.service import evidence, installation, record
from transfers.service.bodies import InfoReply, Message, Summary
from transfers.service.correspondence import correspondent
from transfers.service.evidence import Direction
from transfers.service.officers import tell
from transfers.store import disclosure as store
from transfers.tables.delivery import DeliveryInRow
from transfers.tables.disclosure import GrantHeldRow
from transfers.tables.transfer import MessageRow, TransferRow

HELD: Final = "held"
ASKED: Final = "asked"
REDEEMED: Final = "redeemed"
REFUSED: Final = "refused"


@dataclass(frozen=True)
class HeldGrant:
    """A grant of theirs as officers see it."""

    id: str
    state: str
    items: tuple[str, ...]
    redaction: str
    purpose: str
    office: str
    role: str
    expires_at: datetime
    came_at: datetime
    asked_by: str
    trouble: str


@dataclass(frozen=True)
class ToRedeem:
    """A grant the worker redeems now."""

    id: str
    token: str


def take(
    session: Session, row: TransferRow, message: MessageRow, said: Message, *, now: datetime
) -> None:
    """Keep the grants a message of theirs brings.

    Raises:
        BadInput: one is not signed by this partner, not for us, or about something else.
    """
    if not isinstance(said.body, InfoReply | Summary) or not said.body.grants:
        return
    partner = correspondent(session, row.partner, now=now)
    own = installation.name_if_any(session)
    if partner is None:
        raise BadInput("/body/grants", "grant_not_for_us")
    for text in said.body.grants:
        try:
            grant = wire.read(text, partner.ring.pinned())
        except GrantRefused:
            raise BadInput("/body/grants", "grant_not_for_us") from None
        if grant.permission.partner != own or grant.permission.ref != row.ref:
            raise BadInput("/body/grants", "grant_not_for_us")
        if store.held_named(session, row.partner, grant.id) is None:
            _keep(session, row, message, grant, now=now)


def list_held(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[HeldGrant, ...]:
    """Return the grants of theirs on a transfer, oldest first, and note that they were read.

    Raises:
        NotThere, RoleMayNot: no such transfer, not yours, or not an officer.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    record.require_officer(actor)
    record.note(session, actor, row, "grant.held_listed", now=now)
    return tuple(_view(one) for one in store.held_on(session, row.id))


def ask(session: Session, actor: Actor, held_id: str, *, now: datetime) -> None:
    """Have a grant redeemed: the worker fetches what it gives. Asking again by the same person is no use more.

    Raises:
        NotThere, RoleMayNot: no such grant, not yours, or not an officer's.
        WrongState: it is over, or another officer had it redeemed.
    """
    asked(session, actor, held_id, now=now)


def asked(
    session: Session, actor: Actor, held_id: str, *, now: datetime
) -> tuple[TransferRow, GrantHeldRow]:
    """Do what ``ask`` says, and return what it is about, locked."""
    found = store.held(session, held_id)
    if found is None:
        raise NotThere("grant")
    row = record.held(session, actor, found.transfer_id, now=now)
    grant = store.held(session, held_id, lock=True)
    if grant is None:
        raise NotThere("grant")
    if grant.asked_by not in {"", actor.person_id} or grant.state == REFUSED:
        raise WrongState("grant", grant.state, "redeem_grant")
    if grant.expires_at <= now:
        raise WrongState("grant", "over", "redeem_grant")
    if grant.state in {HELD, ASKED}:
        grant.state, grant.asked_by, grant.asked_at = ASKED, actor.person_id, now
        grant.next_try_at = now
        session.add(grant)
        session.flush()
    record.note(session, actor, row, "grant.redemption_asked", now=now, codes={"grant": grant.id})
    return row, grant


def due(session: Session, partner: str, *, now: datetime) -> list[ToRedeem]:
    """Return what is to be redeemed with a partner now."""
    return [ToRedeem(one.id, one.token) for one in store.to_redeem(session, partner, now=now)]


def waiting(session: Session) -> Sequence[GrantHeldRow]:
    """Return every grant of theirs that is to be redeemed and was not yet."""
    return store.held_waiting(session)


def note_refused(session: Session, held_id: str, *, now: datetime) -> None:
    """Note that the owner gives nothing for a grant; why is not told. Whoever asked hears of it."""
    grant = store.held(session, held_id, lock=True)
    if grant is None or grant.state != ASKED:
        return
    grant.state, grant.trouble = REFUSED, "grant-refused"
    session.add(grant)
    session.flush()
    tell(
        session, topic="exchange.grant_refused_there", subject=grant.transfer_id, occasion=grant.id,
        persons=[grant.asked_by], role=Role.SECRETARIAT, facts={"installation": grant.partner}, now=now,
    )  # fmt: skip
    evidence.note(
        session, "grant.refused", subject=grant.grant_id, actor=evidence.PROCEDURE,
        obj=grant.token_sha256, now=now,
    )  # fmt: skip


def note_failure(
    session: Session, held_id: str, code: str, *, chance: float, now: datetime
) -> None:
    """Note a try that ended without an answer that counts; it is tried again until the grant is over."""
    grant = store.held(session, held_id, lock=True)
    if grant is None or grant.state != ASKED:
        return
    grant.attempts += 1
    grant.trouble = code[:40]
    grant.next_try_at = now + wait_after(grant.attempts, chance)
    session.add(grant)


def require_covered(session: Session, partner: str, manifest: Manifest, said: Message) -> None:
    """Refuse what says it comes under a grant and is not what that grant gives. Source: EXP-9, EXP-TT51.

    Raises:
        BadInput: no such grant of this partner to us, nobody here asked for it, or it is more, other or further than
            the grant reaches.
    """
    named = said.body.grant if isinstance(said.body, Summary) else None
    letter = manifest.letter
    if letter.grant != named:
        raise BadInput("/grant", "not_as_granted")
    if named is None:
        return
    grant = store.held_named(session, partner, named)
    told = isinstance(said.body, Summary) and set(said.body.items)
    if grant is None or not grant.asked_by or not told or not told <= set(grant.scope):
        raise BadInput("/grant", "not_as_granted")
    of_parts = {part.hs_grant for part in manifest.parts} - {None}
    meant = (grant.redaction, grant.purpose)
    if (str(letter.redaction), str(letter.purpose)) != meant or not of_parts <= {named}:
        raise BadInput("/grant", "not_as_granted")


def note_came(session: Session, row: DeliveryInRow, grant_id: str | None, *, now: datetime) -> None:
    """Note that what a grant gives was admitted; whoever asked hears of it."""
    grant = (
        None if grant_id is None
        else store.held_named(session, row.partner, grant_id, lock=True)
    )  # fmt: skip
    if grant is None or grant.state == REDEEMED:
        return
    grant.state, grant.delivery_id, grant.trouble = REDEEMED, row.delivery_id, ""
    session.add(grant)
    session.flush()
    tell(
        session, topic="exchange.grant_redeemed", subject=grant.transfer_id, occasion=grant.id,
        persons=[grant.asked_by] if grant.asked_by else [], role=Role.SECRETARIAT,
        facts={"installation": grant.partner}, now=now,
    )  # fmt: skip
    evidence.note(
        session, "grant.redeemed", subject=grant.grant_id, actor=evidence.PROCEDURE,
        obj=grant.token_sha256, detail={"delivery": row.delivery_id}, now=now,
    )  # fmt: skip


def _keep(
    session: Session, row: TransferRow, message: MessageRow, grant: Grant, *, now: datetime
) -> None:
    allowed = grant.permission
    kept = GrantHeldRow(
        grant_id=grant.id, partner=row.partner, transfer_id=row.id, message_id=message.id,
        token=grant.token.text, token_sha256=grant.token.digest, office=allowed.office,
        role=allowed.role, scope=list(allowed.scope), record_version=allowed.version,
        redaction=str(allowed.redaction), purpose=str(allowed.purpose),
        expires_at=grant.expires_at, came_at=now, state=HELD, next_try_at=now,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    evidence.keep(
        session, grant.token, Direction.RECEIVED, subject=grant.id, actor=evidence.PROCEDURE,
        now=now, detail={"transfer": row.id},
    )  # fmt: skip


def _view(grant: GrantHeldRow) -> HeldGrant:
    return HeldGrant(
        id=grant.id, state=grant.state, items=tuple(grant.scope), redaction=grant.redaction,
        purpose=grant.purpose, office=grant.office, role=grant.role, expires_at=grant.expires_at,
        came_at=grant.came_at, asked_by=grant.asked_by, trouble=grant.trouble,
    )  # fmt: skip
