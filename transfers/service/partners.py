"""Whom we trust across the border: proposing an installation, the ceremony of two officers, suspending, ending.

What did not work out (another fingerprint heard) is answered, not raised: it has to be on record, so the edge commits
and says it in words. Source: EXP-3.3, EXP-11, DOM-R51.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere
from core.exchange import statements
from core.exchange.errors import TokenRefused
from core.exchange.keys import VerifyingKey, read_verifying_key
from core.exchange.published import statements_in
from core.exchange.shapes import is_code
from core.exchange.statements import Statement
from transfers.errors import (
    AlreadyPartner,
    AnchorSeenBefore,
    FingerprintDiffers,
    StatementRefused,
)
from transfers.rules.guests import PAPER
from transfers.rules.partnership import (
    Act,
    Channel,
    Standing,
    State,
    after,
    heard_right,
    shown,
)
from transfers.service import evidence, installation
from transfers.service.evidence import PROCEDURE
from transfers.service.officers import READERS, SUSPENDERS, TRUSTERS, require, tell
from transfers.service.partner_statements import add_statement, stored_statement
from transfers.service.partner_steps import step_by, tell_suspended
from transfers.store import partner as store
from transfers.tables.partner import PartnerRow, PartnerStepRow


@dataclass(frozen=True)
class StepView:
    """One step: who, when, how."""

    step: str
    state: str
    person_id: str
    channel: str | None
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class PartnerView:
    """A partner as officers see it.

    Args:
        fingerprint: of its anchor; while it is not trusted yet without the groups officers have to hear.
        waits_for: what one person began and a second has to do.
        seen_at: when its statement was last known to be the newest.
    """

    id: str
    installation: str
    state: State
    fingerprint: tuple[str, ...]
    waits_for: Act | None
    begun_by: str | None
    seq: int
    statement_ends_at: datetime
    seen_at: datetime
    base_url: str | None
    steps: tuple[StepView, ...] = ()


def propose(session: Session, actor: Actor, data: bytes, *, now: datetime) -> str:
    """Load the key statement of an installation nobody trusts yet; return the id of the partner.

    Args:
        session: the unit of work.
        actor: a trust officer.
        data: the file the other side exported, or what its address answers.
        now: when, aware.

    Raises:
        NotThere: not somebody who may trust.
        StatementRefused: not a key statement that counts today.
        BadInput: it is our own.
        AlreadyPartner: the installation is proposed or trusted already.
        AnchorSeenBefore: the anchor is that of another installation, or of a partnership ended for good.
    """
    require(actor, TRUSTERS)
    own = installation.own_row(
        session, lock=True
    ).id  # two proposals at once: the second sees the first
    found = _first_statement(data, now)
    if found.issuer == own:
        raise BadInput("/statement", "our_own")
    if found.issuer.endswith(f".{PAPER}"):
        raise BadInput("/statement", "name_stands_for_paper")
    if store.of_installation(session, found.issuer) is not None:
        raise AlreadyPartner
    if any(row.anchor["kid"] == found.anchor.kid for row in store.every(session)):
        raise AnchorSeenBefore
    row = PartnerRow(
        installation=found.issuer, state=State.PROPOSED.value, anchor=found.anchor.public_jwk(),
        opened_at=now, seen_at=datetime.fromtimestamp(found.issued_at, now.tzinfo),
    )  # fmt: skip
    session.add(row)
    session.flush()
    add_statement(session, row, found, actor=actor.person_id, now=now)
    step_by(session, row, "proposed", actor, now)
    return row.id


def confirm(
    session: Session,
    actor: Actor,
    partner_id: str,
    *,
    channel: Channel,
    groups: tuple[str, ...],
    now: datetime,
) -> State | FingerprintDiffers:
    """Say that one heard the end of the fingerprint from the partner; the second person's word makes it active.

    Args:
        session: the unit of work; commit it whatever the answer.
        actor: a trust officer.
        partner_id: whom.
        channel: over which way it was heard; the second person's is another one.
        groups: the last two groups, as heard.
        now: when, aware.

    Returns:
        The state it is in now, or that something else was heard; then nothing changed and all officers are told.

    Raises:
        NotThere: no such partner, or not somebody who may trust.
        WrongState: it is not waiting to be confirmed.
        NotAllowed: the same person, or the same channel, twice.
    """
    row = _locked(session, actor, partner_id, TRUSTERS)
    standing = after(row.to_standing(), Act.CONFIRM, actor.person_id, channel=channel)
    anchor = read_verifying_key(row.anchor)
    if not heard_right(anchor.fingerprint(), groups):
        _misheard(session, row, actor, channel, now)
        return FingerprintDiffers()
    _stand(session, row, standing, "confirmed", actor=actor, now=now, channel=channel)
    if standing.state is State.ACTIVE:
        _sign_ceremony(session, row, anchor, now)
    return standing.state


def suspend(
    session: Session, actor: Actor, partner_id: str, *, reason: str, now: datetime
) -> State:
    """Stop sending to and receiving from a partner, at once; one person is enough.

    Raises:
        NotThere: no such partner, or not somebody who may.
        WrongState: it is not active.
        BadInput: not a code.
    """
    row = _locked(session, actor, partner_id, SUSPENDERS)
    standing = after(row.to_standing(), Act.SUSPEND, actor.person_id)
    _stand(session, row, standing, "suspended", actor=actor, now=now, reason=_code(reason))
    tell_suspended(session, row, now)
    return standing.state


def resume(session: Session, actor: Actor, partner_id: str, *, now: datetime) -> State:
    """Trust a suspended partner again; it takes two people.

    Raises:
        NotThere: no such partner, or not somebody who may trust.
        WrongState: it is not suspended.
        NotAllowed: the same person twice.
    """
    row = _locked(session, actor, partner_id, TRUSTERS)
    standing = after(row.to_standing(), Act.RESUME, actor.person_id)
    _stand(session, row, standing, "resumed", actor=actor, now=now)
    return standing.state


def revoke(session: Session, actor: Actor, partner_id: str, *, reason: str, now: datetime) -> State:
    """End a partnership for good: two people, from suspended; a proposal nobody trusted yet, one.

    Raises:
        NotThere: no such partner, or not somebody who may trust.
        WrongState: it is active (suspend it first) or ended.
        NotAllowed: the same person twice.
        BadInput: not a code.
    """
    row = _locked(session, actor, partner_id, TRUSTERS)
    standing = after(row.to_standing(), Act.REVOKE, actor.person_id)
    _stand(session, row, standing, "revoked", actor=actor, now=now, reason=_code(reason))
    return standing.state


def list_partners(session: Session, actor: Actor, *, now: datetime) -> list[PartnerView]:
    """Show all partners by name, those ended for good too, and note that they were read.

    Raises:
        NotThere: not somebody who has to do with partners.
    """
    require(actor, READERS)
    audit.record(session, actor, "partners.read", thing="partner", thing_id="all", now=now)
    return [_view(session, row) for row in store.every(session)]


def read_partner(session: Session, actor: Actor, partner_id: str, *, now: datetime) -> PartnerView:
    """Show one partner with every step, and note that it was read.

    Raises:
        NotThere: no such partner, or not somebody who has to do with partners.
    """
    require(actor, READERS)
    row = store.find(session, partner_id)
    if row is None:
        raise NotThere("partner")
    audit.record(session, actor, "partner.read", thing="partner", thing_id=row.id, now=now)
    return _view(session, row, store.steps(session, row.id))


def id_of(session: Session, installation_name: str) -> str:
    """Return the id of a partner by the name of its installation; for the command line.

    Raises:
        NotThere: it is no partner now.
    """
    row = store.of_installation(session, installation_name)
    if row is None:
        raise NotThere("partner")
    return row.id


def _first_statement(data: bytes, now: datetime) -> Statement:
    try:
        (text,) = statements_in(data)[:1]
        found = statements.read_first(text)
    except TokenRefused as error:
        raise StatementRefused(str(error.reason)) from error
    judged = statements.judge(text, issuer=found.issuer, anchor=found.anchor, stored=None, now=now)
    if judged.fault is not None:
        raise StatementRefused(str(judged.fault))
    return found


def _locked(session: Session, actor: Actor, partner_id: str, roles: Collection[Role]) -> PartnerRow:
    require(actor, roles)
    row = store.find(session, partner_id, lock=True)
    if row is None:
        raise NotThere("partner")
    return row


def _stand(
    session: Session,
    row: PartnerRow,
    standing: Standing,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    channel: Channel | None = None,
    reason: str | None = None,
) -> None:
    row.stand(standing)
    session.add(row)
    done = step if standing.half is None else f"{step}_first"
    step_by(session, row, done, actor, now, channel=channel, reason=reason)


def _misheard(
    session: Session, row: PartnerRow, actor: Actor, channel: Channel, now: datetime
) -> None:
    step_by(session, row, "fingerprint_differs", actor, now, channel=channel)
    tell(
        session, topic="partner.fingerprint_differs", subject=row.id,
        occasion=f"{row.id}:{actor.person_id}:{now.isoformat()}",
        facts={"installation": row.installation}, now=now,
    )  # fmt: skip


def _sign_ceremony(session: Session, row: PartnerRow, anchor: VerifyingKey, now: datetime) -> None:
    """Put on record who confirmed and how, under our signature. Source: EXP-3.3."""
    last = [step for step in store.steps(session, row.id) if step.step.startswith("confirmed")][-2:]
    detail = {
        "installation": row.installation,
        "fingerprint": " ".join(anchor.fingerprint()),
        "confirmed": [
            {"by": step.person_id, "channel": step.channel, "at": int(step.at.timestamp())}
            for step in last
        ],
    }
    evidence.note(
        session, "partner.ceremony", subject=row.id, actor=PROCEDURE, detail=detail, now=now
    )
    evidence.sign_checkpoint(session, now=now)


def _code(reason: str) -> str:
    if not is_code(reason):
        raise BadInput("/reason", "not_a_code")
    return reason


def _view(session: Session, row: PartnerRow, steps: Sequence[PartnerStepRow] = ()) -> PartnerView:
    standing = row.to_standing()
    statement = stored_statement(session, row)
    whole = read_verifying_key(row.anchor).fingerprint()
    untrusted = standing.state in {State.PROPOSED, State.HALF_CONFIRMED}
    half = standing.half
    return PartnerView(
        id=row.id,
        installation=row.installation,
        state=standing.state,
        fingerprint=shown(whole) if untrusted else whole,
        waits_for=None if half is None else half.act,
        begun_by=None if half is None else half.person_id,
        seq=statement.seq,
        statement_ends_at=datetime.fromtimestamp(statement.expires_at, row.seen_at.tzinfo),
        seen_at=row.seen_at,
        base_url=statement.base_url,
        steps=tuple(
            StepView(s.step, s.state, s.person_id, s.channel, s.reason, s.at) for s in steps
        ),
    )
