"""What partners say about their keys: taken when it holds, refused with an alarm when it does not.

A refusal is answered, not raised: the alarm has to stay, so the edge commits. Nothing of what was stored before
changes. Source: EXP-3.2, EXP-3.4, EXP-11.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.exchange import statements
from core.exchange.errors import TokenRefused
from core.exchange.keyring import KeyRing
from core.exchange.keys import read_verifying_key
from core.exchange.kinds import Kind
from core.exchange.published import statements_in
from core.exchange.statements import Fault, Judged, Statement
from transfers.rules.partnership import State
from transfers.service import evidence
from transfers.service.evidence import PROCEDURE, Direction, Standing
from transfers.service.officers import TRUSTERS, require, tell
from transfers.service.partner_steps import suspend_for
from transfers.store import deliveries
from transfers.store import evidence as evidence_store
from transfers.store import partner as store
from transfers.tables.partner import PartnerRow, PartnerStatementRow

OLD_AFTER: Final = timedelta(seconds=statements.OLD_AFTER_SECONDS)
_ANSWERED_BY_KEYS: Final = frozenset({"unknown-encryption-key", "version-unsupported"})
"""What keeps a delivery here until the partner says something new about its keys or versions."""


class Source(StrEnum):
    """How a statement came: what was fetched just now is fresh, a file is as old as its making."""

    FETCHED = "fetched"
    FILE = "file"


@dataclass(frozen=True)
class Taking:
    """What became of what a partner said.

    Args:
        fault: why it was not taken; None when it was, or was known.
        is_new: something changed.
        short_notice: new keys used sooner than they have to be listed.
        compromised: keys that are compromised since; their objects are to be looked at.
    """

    fault: Fault | None = None
    is_new: bool = False
    short_notice: tuple[str, ...] = ()
    compromised: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToReview:
    """Something a partner sent, signed with a key that was somebody else's by then."""

    sha256: str
    kind: str
    subject: str
    kid: str
    received_at: datetime


def load_statement(
    session: Session, actor: Actor, partner_id: str, data: bytes, *, now: datetime
) -> list[Taking]:
    """Take what an officer received from a partner: one statement, or two of a change of anchors.

    Args:
        session: the unit of work; commit it whatever the answer.
        actor: a trust officer.
        partner_id: whose it should be.
        data: the file.
        now: when, aware.

    Raises:
        NotThere: no such partner, one that was ended, or not somebody who may trust.
    """
    require(actor, TRUSTERS)
    row = store.find(session, partner_id, lock=True)
    if row is None or row.state == State.REVOKED.value:
        raise NotThere("partner")
    audit.record(
        session, actor, "partner.statement_loaded", thing="partner", thing_id=row.id, now=now
    )
    return take_all(session, row, data, source=Source.FILE, actor=actor.person_id, now=now)


def take_all(
    session: Session,
    row: PartnerRow,
    data: bytes,
    *,
    source: Source,
    actor: str = PROCEDURE,
    now: datetime,
) -> list[Taking]:
    """Take every statement in a file or in what a partner published; the row is locked by the caller."""
    try:
        texts = statements_in(data)
    except TokenRefused:
        return [_refuse(session, row, Judged(None, Fault.TOKEN), "", actor=actor, now=now)]
    return [take(session, row, text, source=source, actor=actor, now=now) for text in texts]


def take(
    session: Session,
    row: PartnerRow,
    text: str,
    *,
    source: Source,
    actor: str = PROCEDURE,
    now: datetime,
) -> Taking:
    """Take one statement of a partner, or refuse it with an alarm; the row is locked by the caller."""
    stored = stored_statement(session, row)
    anchor = read_verifying_key(row.anchor)
    judged = statements.judge(text, issuer=row.installation, anchor=anchor, stored=stored, now=now)
    if judged.fault is not None or judged.statement is None:
        return _refuse(session, row, judged, text, actor=actor, now=now)
    fresh = now if source is Source.FETCHED else _moment(judged.statement.issued_at, now)
    row.seen_at = max(row.seen_at, min(fresh, now))
    session.add(row)
    if judged.moves_anchor:
        return _move_anchor(session, row, judged.statement, actor, now)
    if judged.is_known:
        session.flush()
        return Taking()
    before = {key.kid for key in ring_of(session, row).compromised()}
    add_statement(session, row, judged.statement, actor=actor, now=now)
    return _after_taking(session, row, judged.statement, stored, before=before, now=now)


def add_statement(
    session: Session, row: PartnerRow, found: Statement, *, actor: str, now: datetime
) -> None:
    """Keep a statement that holds, and the token it came as."""
    kid = found.signed_by
    session.add(
        PartnerStatementRow(
            partner_id=row.id, seq=found.seq, anchor_kid=kid, text=found.text, taken_at=now
        )
    )
    session.flush()
    evidence.keep_text(
        session, found.text, Kind.KEYS, Direction.RECEIVED, issuer=row.installation, kid=kid,
        subject=row.id, actor=actor, detail={"seq": found.seq}, now=now,
    )  # fmt: skip


def stored_statement(session: Session, row: PartnerRow) -> Statement:
    """Return the newest statement of a partner that was taken."""
    return statements_of(session, row)[-1]


def statements_of(session: Session, row: PartnerRow) -> list[Statement]:
    """Return every statement of a partner that was taken, in its order; each was verified when it came."""
    return [statements.read_stored(kept.text) for kept in store.statements(session, row.id)]


def ring_of(session: Session, row: PartnerRow) -> KeyRing:
    """Return every key a partner listed, as its statements leave it."""
    return KeyRing.of(row.installation, statements_of(session, row))


def is_old(row: PartnerRow, now: datetime) -> bool:
    """Whether the statement was not seen to be the newest for thirty days."""
    return row.seen_at + OLD_AFTER <= now


def review(session: Session, actor: Actor, partner_id: str, *, now: datetime) -> list[ToReview]:
    """List what a partner sent signed with a compromised key and came in since it was; and note that it was read.

    Source: EXP-3.4.

    Raises:
        NotThere: no such partner, or not somebody who may trust.
    """
    require(actor, TRUSTERS)
    row = store.find(session, partner_id)
    if row is None:
        raise NotThere("partner")
    audit.record(session, actor, "partner.reviewed", thing="partner", thing_id=row.id, now=now)
    found = to_review(session, row, now=now)
    return sorted(found, key=lambda one: (one.received_at, one.sha256))


def to_review(session: Session, row: PartnerRow, *, now: datetime) -> list[ToReview]:
    """Return what a partner sent signed with a compromised key and came in since it was."""
    return [
        ToReview(kept.sha256, kept.kind, kept.subject, kept.kid, kept.kept_at)
        for key in ring_of(session, row).compromised()
        for kept in evidence_store.received_with_key(
            session,
            issuer=row.installation,
            kid=key.kid,
            since=_moment(key.compromised_since or 0, now),
        )
    ]


def remind(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Tell officers of partners whose statement was not refreshed for thirty days, or came to its end; how many.

    For the sweep. Nothing is sent or stopped by it: what stops, stops because the statement is past.
    """
    told = 0
    for row in store.every(session)[:limit]:
        if row.state not in {State.ACTIVE.value, State.SUSPENDED.value}:
            continue
        statement = stored_statement(session, row)
        occasion = f"{row.id}:{statement.seq}:{row.seen_at:%Y-%m-%d}"
        facts = {"installation": row.installation}
        if statement.is_past(now):
            told += tell(
                session, topic="partner.statement_past", subject=row.id, occasion=occasion,
                facts=facts, now=now,
            )  # fmt: skip
        elif is_old(row, now):
            told += tell(
                session, topic="partner.statement_old", subject=row.id, occasion=occasion,
                facts=facts, now=now,
            )  # fmt: skip
    return told


def _after_taking(
    session: Session,
    row: PartnerRow,
    found: Statement,
    stored: Statement,
    *,
    before: set[str],
    now: datetime,
) -> Taking:
    deliveries.try_again(session, row.installation, _ANSWERED_BY_KEYS, now=now)
    if statements.is_lowered(statements.VERSIONS, stored.versions, found.versions):
        suspend_for(session, row, reason="version_lowered", now=now)
    short = statements.short_notice(found, stored)
    lost = tuple(
        sorted(key.kid for key in ring_of(session, row).compromised() if key.kid not in before)
    )
    occasion = f"{row.id}:{found.seq}"
    facts = {"installation": row.installation}
    if lost:
        tell(
            session, topic="partner.key_compromised", subject=row.id, occasion=occasion,
            facts=facts, now=now,
        )  # fmt: skip
    if short:
        tell(
            session, topic="partner.key_at_short_notice", subject=row.id, occasion=occasion,
            facts=facts, now=now,
        )  # fmt: skip
    return Taking(is_new=True, short_notice=short, compromised=lost)


def _move_anchor(
    session: Session, row: PartnerRow, found: Statement, actor: str, now: datetime
) -> Taking:
    following = found.next_anchor
    if following is None:
        raise TypeError
    add_statement(session, row, found, actor=actor, now=now)
    row.anchor = following.public_jwk()
    session.add(row)
    evidence.note(
        session, "partner.anchor_moved", subject=row.id, actor=actor,
        detail={"installation": row.installation, "anchor": following.kid}, now=now,
    )  # fmt: skip
    tell(
        session, topic="partner.anchor_moved", subject=row.id, occasion=f"{row.id}:{following.kid}",
        facts={"installation": row.installation}, now=now,
    )  # fmt: skip
    return Taking(is_new=True)


def _refuse(
    session: Session, row: PartnerRow, judged: Judged, text: str, *, actor: str, now: datetime
) -> Taking:
    """Leave everything as it was, but for the alarm; another anchor suspends the partner. Source: EXP-11."""
    fault = judged.fault or Fault.TOKEN
    found = judged.statement
    kept = found is not None and evidence.keep_text(
        session, text, Kind.KEYS, Direction.RECEIVED, issuer=row.installation, kid=found.signed_by,
        subject=row.id, actor=actor, standing=Standing.UNVERIFIED, detail={"fault": str(fault)},
        now=now,
    )  # fmt: skip
    if not kept:  # no statement at all, or one that is here already: an old one shown again
        evidence.note(
            session, "statement.refused", subject=row.id, actor=actor,
            detail={"fault": str(fault)}, now=now,
        )  # fmt: skip
    if fault is Fault.OTHER_ANCHOR:
        suspend_for(session, row, reason="anchor_differs", now=now)
    tell(
        session, topic="partner.statement_refused", subject=row.id,
        occasion=f"{row.id}:{fault}:{now:%Y-%m-%d}",
        facts={"installation": row.installation, "code": str(fault)}, now=now,
    )  # fmt: skip
    return Taking(fault)


def _moment(second: int, like: datetime) -> datetime:
    return datetime.fromtimestamp(second, like.tzinfo)
