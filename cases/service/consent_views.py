"""Consents, withheld items and overrides as they are shown to somebody who sees the full file."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from cases.rules.access import Level
from cases.service.access import reach_of
from cases.service.notes import Sealed, note_read, words_of
from cases.store import consents as store
from cases.tables.consent import ConsentRow, OverrideRow, WithholdRow
from core.actors import Actor
from core.errors import NotThere


@dataclass(frozen=True)
class ConsentView:
    """A consent as it is shown."""

    id: str
    given_by: str
    assent: str
    assent_reason: str
    purposes: tuple[str, ...]
    share_with: tuple[str, ...]
    partners: tuple[str, ...]
    legal_basis: str
    language: str
    explained_by: str
    given_on: date
    expires_on: date | None
    withdrawn_at: datetime | None
    words: str
    version: int


@dataclass(frozen=True)
class WithheldView:
    """What a child wants kept from whom."""

    id: str
    item: str
    from_whom: str
    reason: str
    words: str


@dataclass(frozen=True)
class OverrideView:
    """A request to share without consent."""

    id: str
    purpose: str
    receiver: str
    legal_basis: str
    child_told: bool
    asked_by: str
    expires_on: date
    approved: bool | None
    reason: str


def show_consents(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[tuple[ConsentView, ...], tuple[WithheldView, ...], tuple[OverrideView, ...]]:
    """Show consents, withheld items and overrides of a case to somebody who sees the full file.

    Raises:
        NotThere: no such case, or not so much of it.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    note_read(session, actor, "consent", case_id, now=now, count=1)
    return (
        tuple(_consent_view(session, kept) for kept in store.consents_of(session, case_id)),
        tuple(_withheld_view(session, kept) for kept in store.withheld_of(session, case_id)),
        tuple(_override_view(session, kept) for kept in store.overrides_of(session, case_id)),
    )


def _consent_view(session: Session, kept: ConsentRow) -> ConsentView:
    return ConsentView(
        id=kept.id,
        given_by=kept.given_by,
        assent=kept.assent,
        assent_reason=kept.assent_reason,
        purposes=tuple(kept.purposes),
        share_with=tuple(kept.share_with),
        partners=tuple(kept.partners),
        legal_basis=kept.legal_basis,
        language=kept.language,
        explained_by=kept.explained_by,
        given_on=kept.given_on,
        expires_on=kept.expires_on,
        withdrawn_at=kept.withdrawn_at,
        words=_words(session, kept),
        version=kept.version,
    )


def _withheld_view(session: Session, kept: WithholdRow) -> WithheldView:
    words = _words(session, kept)
    return WithheldView(kept.id, kept.item, kept.from_whom, kept.reason, words)


def _override_view(session: Session, kept: OverrideRow) -> OverrideView:
    return OverrideView(
        id=kept.id,
        purpose=kept.purpose,
        receiver=kept.receiver,
        legal_basis=kept.legal_basis,
        child_told=kept.child_told,
        asked_by=kept.asked_by,
        expires_on=kept.expires_on,
        approved=kept.approved,
        reason=_words(session, kept),
    )


def _words(session: Session, kept: Sealed) -> str:
    return str(words_of(session, kept).get("words", ""))
