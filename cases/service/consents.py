"""Consent and assent as they are given, withdrawn, withheld from, or overridden by two people.

Source: DOM-4.2, DOM-R47, DOM-R48.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules import consent as rules
from cases.rules.access import Level
from cases.rules.consent import Assent, Disclosure, GivenBy, LegalBasis, NotAskedReason, Request
from cases.service import files, steps
from cases.service.access import case_for
from cases.service.notes import note, seal_words
from cases.store import consents as store
from cases.tables.case_file import CaseRow
from cases.tables.consent import ConsentRow
from core.actors import Actor, Role
from core.db import check_version
from core.errors import BadInput, NotThere

RECORDERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR, Role.GUARDIAN})
HIGHLY_SENSITIVE: Final = "highly_sensitive"


@dataclass(frozen=True)
class NewConsent:
    """A consent as a worker takes it down.

    Args:
        given_by: who consented.
        assent: whether the child agrees.
        assent_reason: code, needed when the child was not able to say.
        purposes: what for (``SharingPurpose``).
        share_with: with whom (``Receiver``).
        partners: countries named, ISO 3166-1 alpha-2.
        language: in which it was explained.
        given_on: the day.
        expires_on: last day, or until withdrawn.
        words: anything the child or adult added; sealed.
    """

    given_by: GivenBy
    assent: Assent
    given_on: date
    assent_reason: str = ""
    purposes: tuple[str, ...] = ()
    share_with: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    legal_basis: LegalBasis = LegalBasis.CONSENT
    language: str = ""
    expires_on: date | None = None
    words: str = ""


def record_consent(
    session: Session, actor: Actor, case_id: str, given: NewConsent, *, now: datetime
) -> str:
    """Keep a consent and return its id.

    Raises:
        NotThere: no such case, or not yours.
        BadInput: the child could not say yes or no and nobody said why; or given in the future.
    """
    row = case_for(session, actor, case_id, roles=RECORDERS, now=now)
    return keep_consent(session, actor, row, given, now=now)


def keep_consent(
    session: Session, actor: Actor, row: CaseRow, given: NewConsent, *, now: datetime
) -> str:
    """Keep a consent with a locked case; for acts that record it on the way."""
    if given.assent is Assent.NOT_ABLE and not given.assent_reason:
        raise BadInput(pointer="/body/assent_reason", code="reason_needed")
    if given.given_on > now.date():
        raise BadInput(pointer="/body/given_on", code="in_the_future")
    kept = ConsentRow(
        case_id=row.id,
        given_by=str(given.given_by),
        assent=str(given.assent),
        assent_reason=given.assent_reason,
        purposes=sorted(given.purposes),
        share_with=sorted(given.share_with),
        partners=sorted(given.partners),
        legal_basis=str(given.legal_basis),
        language=given.language,
        explained_by=actor.person_id,
        given_on=given.given_on,
        expires_on=given.expires_on,
        recorded_at=now,
        recorded_by=actor.person_id,
    )
    seal_words(session, kept, {"words": given.words})
    session.add(kept)
    session.flush()
    note(session, actor, "consent.recorded", kept, now=now, assent=kept.assent)
    steps.wake(session, row.id, now=now)
    return kept.id


def withdraw_consent(
    session: Session,
    actor: Actor,
    case_id: str,
    consent_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Take a consent back. From this moment nothing more is shared on it; twice is once.

    Source: DOM-4.2 (withdrawn_at).
    """
    row = case_for(session, actor, case_id, roles=RECORDERS, now=now)
    kept = store.lock_consent(session, row.id, consent_id)
    if kept is None:
        raise NotThere("consent")
    check_version(kept, "consent", expected_version)
    if kept.withdrawn_at is None:
        kept.withdrawn_at = now
        kept.withdrawn_by = actor.person_id
        session.add(kept)
        session.flush()
        note(session, actor, "consent.withdrawn", kept, now=now)
        steps.wake(session, row.id, now=now)


def may_disclose(session: Session, case_id: str, request: Request) -> Disclosure:
    """Say whether and what may be told, from everything on file now. Exports call this each time.

    Says nothing about who asks: ``reach_of`` does.

    Source: DOM-R47, DOM-R48.
    """
    row = steps.lock(session, case_id)
    return rules.may_disclose(
        request,
        consents=[_value(kept) for kept in store.consents_of(session, case_id)],
        overrides=[
            rules.Override(kept.purpose, kept.receiver, kept.expires_on)
            for kept in store.overrides_of(session, case_id)
            if kept.approved
        ],
        withheld=[
            rules.Withhold(kept.item, kept.from_whom)
            for kept in store.withheld_of(session, case_id)
        ],
        danger=bool(files.sensitive_of(session, row).get("sharing_danger")),
    )


def has_consent(session: Session, case_id: str) -> bool:
    """Whether any consent or assent is on file that was not withdrawn."""
    return any(kept.withdrawn_at is None for kept in store.consents_of(session, case_id))


def guardian_level(session: Session, case_id: str) -> Level:
    """Return how far guardian and lawyer see: highly sensitive parts unless the child objects.

    Source: DOM-2.2.
    """
    objected = any(
        kept.item in {HIGHLY_SENSITIVE, rules.EVERYTHING}
        and kept.from_whom in {str(rules.Receiver.GUARDIAN), rules.EVERYBODY}
        for kept in store.withheld_of(session, case_id)
    )
    return Level.FULL if objected else Level.SENSITIVE


def not_asked(reason: NotAskedReason | None) -> Mapping[str, str]:
    """Return the coded fact that consent could not be asked, for the history."""
    return {"consent_not_asked": str(reason)} if reason is not None else {}


def _value(kept: ConsentRow) -> rules.Consent:
    return rules.Consent(
        given_by=GivenBy(kept.given_by),
        assent=Assent(kept.assent),
        purposes=frozenset(kept.purposes),
        share_with=frozenset(kept.share_with),
        partners=frozenset(kept.partners),
        expires_on=kept.expires_on,
        is_withdrawn=kept.withdrawn_at is not None,
    )
