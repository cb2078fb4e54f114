"""Sharing without consent: one person asks with reasons, another answers. Source: DOM-R48, DOM-2.3."""

from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.errors import SamePersonApproves
from cases.rules.access import Level
from cases.rules.consent import LegalBasis, SharingPurpose
from cases.service import steps
from cases.service.access import case_for
from cases.service.notes import note, seal_words
from cases.store import consents as store
from cases.tables.consent import OverrideRow
from core.actors import Actor, Role
from core.errors import BadInput, NotThere, WrongState

OVERRIDERS: Final = frozenset(
    {Role.CASEWORKER, Role.SUPERVISOR, Role.COORDINATOR, Role.SECRETARIAT, Role.SECRETARIAT_HEAD}
)
APPROVERS: Final = frozenset({Role.SUPERVISOR, Role.SECRETARIAT_HEAD})


def ask_override(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    purpose: SharingPurpose,
    receiver: str,
    legal_basis: LegalBasis,
    reason: str,
    child_told: bool,
    expires_on: date,
    now: datetime,
) -> str:
    """Ask to share without consent, with reasons; somebody else decides.

    Args:
        session: the unit of work.
        actor: who asks.
        case_id: the child's case.
        purpose: what for.
        receiver: kind of receiver, or the country code of a partner.
        legal_basis: anything but consent.
        reason: in words; sealed.
        child_told: whether the child was told.
        expires_on: last day it would be good for.
        now: when.

    Source: DOM-R48.
    """
    row = case_for(session, actor, case_id, roles=OVERRIDERS, now=now)
    if legal_basis is LegalBasis.CONSENT:
        raise BadInput(pointer="/body/legal_basis", code="not_consent")
    if expires_on < now.date():
        raise BadInput(pointer="/body/expires_on", code="in_the_past")
    kept = OverrideRow(
        case_id=row.id,
        purpose=str(purpose),
        receiver=receiver,
        legal_basis=str(legal_basis),
        child_told=child_told,
        asked_by=actor.person_id,
        asked_at=now,
        expires_on=expires_on,
    )
    seal_words(session, kept, {"words": reason})
    session.add(kept)
    session.flush()
    note(session, actor, "consent.override_asked", kept, now=now, purpose=kept.purpose)
    return kept.id


def answer_override(
    session: Session,
    actor: Actor,
    case_id: str,
    override_id: str,
    *,
    approve: bool,
    now: datetime,
) -> None:
    """Approve or refuse sharing without consent. Never the person who asked.

    Raises:
        SamePersonApproves: the same person, whichever account or role.
        WrongState: answered before.

    Source: DOM-4.2 (approver ≠ asker), DOM-2.3.
    """
    row = case_for(session, actor, case_id, roles=APPROVERS, now=now, level=Level.CODED)
    kept = store.lock_override(session, row.id, override_id)
    if kept is None:
        raise NotThere("override")
    if kept.asked_by == actor.person_id:
        raise SamePersonApproves
    if kept.approved is not None:
        raise WrongState(kind="override", state="answered", act="answer_override")
    kept.approved = approve
    kept.answered_by = actor.person_id
    kept.answered_at = now
    session.add(kept)
    session.flush()
    note(session, actor, "consent.override_answered", kept, now=now, approved=approve)
    steps.wake(session, row.id, now=now)
