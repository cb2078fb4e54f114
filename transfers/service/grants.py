"""Grants of ours: an officer proposes one, the head gives or refuses it, any one officer takes it back at once.

Without a grant that names it nothing highly sensitive, and no identity, leaves. A grant names items, purpose, office
and role of one partner, and ends. Nothing leaves by giving one: the partner fetches what it names (``redeeming``).

Source: DOM-2.3, DOM-5.4, DOM-R45, EXP-9.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from cases.errors import RoleMayNot
from cases.rules.access import Level as Sight
from cases.service import files_abroad
from cases.service.access import reach_of
from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState
from core.exchange import grants as wire
from core.exchange.grants import PACKAGE_LASTS, SUMMARY_LASTS, USES, Permission
from core.exchange.manifests import Purpose, Redaction
from transfers.errors import NotOurStep, NotSent, OneOfficerAlone
from transfers.rules import disclosure as rules
from transfers.rules.codes import Direction, MessageType, Round
from transfers.rules.codes import Redaction as Level
from transfers.rules.machine import TransferState, Transition
from transfers.rules.sayable import UNSENT
from transfers.service import (
    evidence,
    grant_content,
    grants_judging,
    installation,
    messages,
    recalls,
    record,
)
from transfers.service.bodies import Body, InfoReply, InfoRequest, Summary, write_message
from transfers.service.evidence import Direction as Way
from transfers.service.grants_counting import ISSUED, PROPOSED, REFUSED, REVOKED, record_version
from transfers.service.saying import SIGNED, said_in
from transfers.service.steps_of_messages import step_of
from transfers.store import disclosure as store
from transfers.store import transfers as transfer_store
from transfers.tables.disclosure import GrantGivenRow
from transfers.tables.transfer import MessageRow, TransferRow

GIVERS: Final = frozenset({Role.SECRETARIAT_HEAD})
CODE: Final = re.compile(r"[a-z0-9_]{1,60}", re.ASCII)


@dataclass(frozen=True)
class NewGrant:
    """What an officer proposes.

    Args:
        items: item codes (``transfers.rules.disclosure``); the summary is always among them.
        purpose: what they may be used for over there.
        office: code of the office that reads them.
        role: code of the role that reads them.
        reason: in words; sealed.
        asked: number of the message of theirs that asks for it, if one does.
    """

    items: Collection[str]
    purpose: Purpose
    office: str
    role: str
    reason: str
    asked: str | None = None


@dataclass(frozen=True)
class GrantView:
    """A grant of ours as officers see it."""

    id: str
    state: str
    items: tuple[str, ...]
    redaction: str
    purpose: str
    office: str
    role: str
    reason: str
    asked: str | None
    proposed_by: str
    proposed_at: datetime
    answered_by: str
    expires_at: datetime | None
    redeemed_at: datetime | None
    revoked_by: str
    revoked_for: str
    record_version: int
    version: int


def propose(
    session: Session, actor: Actor, transfer_id: str, new: NewGrant, *, now: datetime
) -> str:
    """Propose a grant and return its id; nothing is given by this.

    Raises:
        NotThere, RoleMayNot: no such transfer, no such document, not yours, or not an officer's.
        NotOurStep: the other country does not know of this transfer, it is over, or the child is theirs.
        NotSent: with everything that stands against telling these items.
        BadInput: the message named does not ask for this, or a purpose nothing is granted for.
    """
    row = _outbound(session, actor, transfer_id, now=now)
    if reach_of(session, actor, str(row.case_id), now=now).level < Sight.FULL:
        raise NotThere("case")
    scope = (rules.SUMMARY, *sorted(set(new.items) - {rules.SUMMARY}))
    purpose = grants_judging.purpose_of(new.purpose)
    _require_asked(session, row, new)
    sensitive = grants_judging.sensitive_papers(session, row, scope)
    level = rules.redaction_of(scope, sensitive)
    gaps = (
        *rules.scope_gaps(scope),
        *grants_judging.gaps_of(session, row, scope, purpose, level, now=now),
    )
    if gaps:
        raise NotSent("propose_grant", gaps)
    grant = GrantGivenRow(
        transfer_id=row.id, partner=row.partner, asked_no=new.asked, office=new.office,
        role=new.role, scope=list(scope), record_version=record_version(session, row),
        redaction=level.value, purpose=new.purpose.value, uses=USES, state=PROPOSED,
        proposed_by=actor.person_id, proposed_at=now,
    )  # fmt: skip
    grant_content.keep_words(session, row, grant, {"reason": new.reason})
    session.add(grant)
    session.flush()
    record.note(
        session, actor, row, "grant.proposed", now=now,
        codes={"grant": grant.id, "redaction": grant.redaction, "purpose": grant.purpose},
    )  # fmt: skip
    return grant.id


def answer(
    session: Session, actor: Actor, grant_id: str, *, approve: bool, now: datetime
) -> str | None:
    """Give or refuse a grant; one that is given leaves in a message, whose id is returned.

    Raises:
        NotThere: no such grant, or not yours.
        RoleMayNot: the head of the secretariat gives grants.
        OneOfficerAlone: whoever proposed it, or put one of the documents on file.
        WrongState: answered or taken back before.
        NotSent: with everything that stands against telling these items now.
    """
    row, grant = _held(session, actor, grant_id, now=now)
    if not actor.has(*GIVERS):
        raise RoleMayNot
    if grant.state != PROPOSED:
        raise WrongState("grant", grant.state, "answer_grant")
    if actor.person_id in {grant.proposed_by, *_authors(session, row, grant.scope)}:
        raise OneOfficerAlone
    grant.answered_by, grant.answered_at = actor.person_id, now
    session.add(grant)
    record.note(
        session, actor, row, "grant.answered", now=now,
        codes={"grant": grant.id, "approved": approve},
    )  # fmt: skip
    if not approve:
        grant.state = REFUSED
        session.flush()
        return None
    grants_judging.require_tellable(session, row, grant, now=now)
    return _give(session, actor, row, grant, now=now)


def revoke(session: Session, actor: Actor, grant_id: str, *, reason: str, now: datetime) -> None:
    """Take a grant back: from this moment nothing is given for it. What it gave before is taken back too.

    Raises:
        NotThere, RoleMayNot: no such grant, not yours, or not an officer's.
        WrongState: refused or taken back before.
        BadInput: the reason is no code.
    """
    row, grant = _held(session, actor, grant_id, now=now)
    if CODE.fullmatch(reason) is None:
        raise BadInput("/reason", "not_a_code")
    if grant.state not in {PROPOSED, ISSUED}:
        raise WrongState("grant", grant.state, "revoke_grant")
    for message_id in store.sent_under(session, grant):
        recalls.recall(session, actor, message_id, reason=reason, now=now)
    record.note(session, actor, row, "grant.revoked", now=now, codes={"grant": grant.id})
    end(session, grant, by=actor.person_id, reason=reason, now=now)


def end(session: Session, grant: GrantGivenRow, *, by: str, reason: str, now: datetime) -> None:
    """End a grant for good, and keep evidence of it."""
    was_out = grant.state == ISSUED
    grant.state, grant.revoked_by, grant.revoked_at, grant.revoked_for = REVOKED, by, now, reason
    session.add(grant)
    session.flush()
    if was_out:
        evidence.note(
            session, "grant.revoked", subject=grant.id, actor=by, obj=grant.token_sha256, now=now
        )


def list_grants(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[GrantView, ...]:
    """Return the grants of ours on a transfer, oldest first, and note that they were read.

    Raises:
        NotThere, RoleMayNot: no such transfer, not yours, or not an officer.
    """
    row = record.seen(session, actor, transfer_id, now=now)
    record.require_officer(actor)
    record.note(session, actor, row, "grant.listed", now=now)
    return tuple(_view(session, row, one) for one in store.given_on(session, row.id))


def _give(
    session: Session, actor: Actor, row: TransferRow, grant: GrantGivenRow, *, now: datetime
) -> str:
    own = installation.name_of(session)
    permission = Permission(
        partner=grant.partner, office=grant.office, role=grant.role, scope=tuple(grant.scope),
        ref=row.ref, version=grant.record_version, redaction=Redaction(grant.redaction),
        purpose=Purpose(grant.purpose), uses=grant.uses,
    )  # fmt: skip
    made = wire.make(
        permission, owner=own, grant=grant.id, key=installation.signing_key(session, now=now),
        now=now, expires_at=now + _lasts(Level(grant.redaction)),
    )  # fmt: skip
    grant.token, grant.token_sha256 = made.token.text, made.token.digest
    grant.expires_at, grant.state = made.expires_at, ISSUED
    message = _carrier(session, actor, row, grant, now=now)
    grant.message_id = message.id
    session.add(grant)
    session.flush()
    evidence.keep(
        session, made.token, Way.SENT, subject=grant.id, actor=actor.person_id, now=now,
        detail={"transfer": row.id},
    )  # fmt: skip
    return message.id


def _carrier(
    session: Session, actor: Actor, row: TransferRow, grant: GrantGivenRow, *, now: datetime
) -> MessageRow:
    """Make the message that brings a grant over: the answer where one is awaited, else a summary."""
    answers: Body = InfoReply(answers=(), grants=(grant.token,))
    step = _reply_step(row, answers) if grant.asked_no is not None else None
    if step is not None:
        type_, body, reply_to = MessageType.INFO_REPLY, answers, grant.asked_no
    else:
        type_, body, reply_to = MessageType.SUMMARY, Summary(items=(), grants=(grant.token,)), None
    message = signed_message(
        session, row, grant, type_, body, reply_to=reply_to, now=now, by=actor.person_id
    )
    if step is not None:
        record.take(
            session, row, step, side=record.our_side(row), actor=actor, now=now,
            message_id=message.id,
        )  # fmt: skip
        messages.note_answers(session, row, message, now=now)
    return message


def signed_message(
    session: Session,
    row: TransferRow,
    grant: GrantGivenRow,
    type_: MessageType,
    body: Body,
    *,
    reply_to: str | None,
    by: str,
    now: datetime,
) -> MessageRow:
    """Make a message that stands on a grant: written by whoever proposed it, signed by whoever gave it."""
    message = MessageRow(
        transfer_id=row.id, seq=transfer_store.next_message(session, row.id), is_ours=True,
        type=type_.value, standing=SIGNED, reply_to=reply_to, written_by=grant.proposed_by,
        written_at=grant.proposed_at, signed_by=by, signed_at=now, restricted=b"",
    )  # fmt: skip
    raw = write_message(type_, body, ref=row.ref, no=message.no, reply_to=reply_to)
    message.restricted = record.seal_in_message(session, row, message, "restricted", raw.decode())
    if type_ is MessageType.SUMMARY:
        told = dict(grant_content.summary_of(session, row, now=now))
        message.summary = record.seal_in_message(session, row, message, "summary", told)
    session.add(message)
    session.flush()
    return message


def _reply_step(row: TransferRow, body: Body) -> Transition | None:
    return step_of(
        MessageType.INFO_REPLY,
        body,
        TransferState(row.state),
        record.our_side(row),
        Round(row.round),
    )


def _lasts(level: Level) -> timedelta:
    """An identity is read as soon as a summary (DOM-5.3: short expiry), everything else as a package."""
    return SUMMARY_LASTS if level in {Level.R0, Level.R1} else PACKAGE_LASTS


def _require_asked(session: Session, row: TransferRow, new: NewGrant) -> None:
    if new.asked is None:
        return
    message = transfer_store.message_by_no(session, new.asked)
    is_question = message is not None and message.type == MessageType.INFO_REQUEST
    if message is None or message.transfer_id != row.id or message.is_ours or not is_question:
        raise BadInput("/asked", "not_of_this_transfer")
    body = said_in(session, row, message).body
    wanted = body.wanted if isinstance(body, InfoRequest) else None
    if wanted is not None and (wanted.purpose, wanted.office, wanted.role) != (
        new.purpose.value, new.office, new.role,
    ):  # fmt: skip
        raise BadInput("/purpose", "not_as_asked")


def _authors(session: Session, row: TransferRow, scope: Collection[str]) -> frozenset[str]:
    """Return who put the named documents on file."""
    ids = [one.removeprefix(rules.ATTACHMENT_PREFIX) for one in scope]
    files = [files_abroad.find(session, str(row.case_id), one) for one in ids]
    return frozenset(file.added_by for file in files if file is not None)


def _outbound(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> TransferRow:
    row = record.held(session, actor, transfer_id, now=now)
    is_known_there = row.state not in UNSENT and bool(row.partner)
    if row.direction != Direction.OUTBOUND or row.case_id is None or not is_known_there:
        raise NotOurStep("transfer", row.state, "propose_grant")
    if not row.is_open:
        raise NotOurStep("transfer", row.state, "propose_grant")
    return row


def _held(
    session: Session, actor: Actor, grant_id: str, *, now: datetime
) -> tuple[TransferRow, GrantGivenRow]:
    found = store.given(session, grant_id)
    if found is None:
        raise NotThere("grant")
    row = record.held(session, actor, found.transfer_id, now=now)
    grant = store.given(session, grant_id, lock=True)
    if grant is None:
        raise NotThere("grant")
    return row, grant


def _view(session: Session, row: TransferRow, grant: GrantGivenRow) -> GrantView:
    return GrantView(
        id=grant.id, state=grant.state, items=tuple(grant.scope), redaction=grant.redaction,
        purpose=grant.purpose, office=grant.office, role=grant.role,
        reason=str(grant_content.words_of(session, row, grant).get("reason", "")),
        asked=grant.asked_no, proposed_by=grant.proposed_by, proposed_at=grant.proposed_at,
        answered_by=grant.answered_by, expires_at=grant.expires_at, redeemed_at=grant.redeemed_at,
        revoked_by=grant.revoked_by, revoked_for=grant.revoked_for,
        record_version=grant.record_version, version=grant.version,
    )  # fmt: skip
