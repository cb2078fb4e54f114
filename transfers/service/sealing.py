"""A signed message becomes a sealed package: its bytes on the disk, its row and its number in one unit of work.

Sealed once; sealed anew only for another key of the receiver, then under a new delivery id and the same package id.
What it says is never changed here. Source: EXP-5, EXP-7.1.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from cases.service import steps
from core.exchange import packages, tokens
from core.exchange.encoding import canonical
from core.exchange.kinds import Kind
from core.exchange.manifests import Approval, Basis, Handling, Letter, PartRole, Purpose, Redaction
from core.exchange.manifests import Message as Says
from core.exchange.media import BASE_MEDIA, JSON
from core.exchange.packages import PlainPart, Route
from core.exchange.shelves import BOX, part_name
from core.ids import new_id
from transfers.rules.codes import MessageType
from transfers.rules.delivery import OutState
from transfers.service import (
    documents,
    evidence,
    grant_content,
    installation,
    leaving,
    numbering,
    record,
)
from transfers.service.correspondence import sealing_key_for
from transfers.service.drafting import corridor_for
from transfers.service.evidence import Direction
from transfers.service.storage import Store
from transfers.store import deliveries as store
from transfers.store import disclosure as disclosure_store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryOutRow
from transfers.tables.disclosure import GrantGivenRow
from transfers.tables.transfer import MessageRow, TransferRow

_IDENTIFYING: Final = frozenset({
    MessageType.ACCEPT, MessageType.TRAVEL_PLAN, MessageType.TRAVEL_CONFIRM,
    MessageType.HANDOVER_NOTICE, MessageType.RECEIPT, MessageType.FOLLOWUP_REPORT,
    MessageType.PLACEMENT_CHANGE, MessageType.INFO_REPLY, MessageType.ENQUIRY_REPLY,
})  # fmt: skip
"""Messages that may name a person."""
_WITH_CONSENT: Final = frozenset({
    MessageType.ENQUIRY, MessageType.REQUEST, MessageType.PACKAGE, MessageType.SUMMARY,
})  # fmt: skip


@dataclass(frozen=True)
class ToSeal:
    """A signed message that no package carries yet, and whom it is for."""

    message_id: str
    partner: str


def waiting(session: Session, *, limit: int = 100) -> list[ToSeal]:
    """Return signed messages of ours that no package carries yet, the oldest first."""
    found = []
    for message in store.to_seal(session, limit=limit):
        row = transfer_store.find(session, message.transfer_id)
        if row is not None:
            found.append(ToSeal(message.id, row.partner))
    return found


def seal(session: Session, message_id: str, *, storage: Store, now: datetime) -> str | None:
    """Seal a signed message and queue it; returns the delivery's id, None when it was sealed before.

    Raises:
        Incomplete: we may not send to this partner now; the message waits as it is.
        NotSent: a document may no longer leave; the message waits for a person.
        NoKeyCounts: nobody can sign now.
        CannotMake, ContentRefused, SummaryInvalid: it cannot be sent like this.
    """
    found = transfer_store.find_message(session, message_id)
    row = None if found is None else _locked(session, found.transfer_id)
    if found is None or row is None:
        return None
    session.refresh(found)
    if found.package_id is not None or not found.is_ours or found.standing != "signed":
        return None
    found.package_id = new_id()
    session.add(found)
    return _sealed(session, row, found, found.package_id, storage=storage, now=now)


def reseal(session: Session, delivery_id: str, *, storage: Store, now: datetime) -> str | None:
    """Seal the content of a delivery anew, for the receiver's key of today; returns the new delivery's id.

    None when it has arrived, was taken back or was sealed anew already.

    Raises:
        Incomplete, NoKeyCounts, CannotMake, ContentRefused, SummaryInvalid: as for ``seal``.
    """
    before = store.out(session, delivery_id)
    row = None if before is None else _locked(session, before.transfer_id)
    old = store.out(session, delivery_id, lock=True)
    if old is None or row is None or OutState(old.state) not in _MAY_RESEAL:
        return None
    message = transfer_store.find_message(session, old.message_id)
    if message is None:
        return None
    old.state, old.state_since = OutState.RESEALED.value, now
    session.add(old)
    session.flush()
    return _sealed(session, row, message, old.package_id, storage=storage, now=now)


def lost(session: Session, *, storage: Store) -> list[str]:
    """Return deliveries that wait and whose sealed bytes are not on the disk any more; what they say is here still."""
    return [row.id for row in store.out_waiting(session) if is_lost(row, storage=storage)]


def is_lost(row: DeliveryOutRow, *, storage: Store) -> bool:
    """Whether not all sealed bytes of a delivery of ours are on the disk any more."""
    return not storage.has_sent(row.id, _sizes(row.token))


def _sizes(token: str) -> dict[str, int]:
    said = tokens.unverified_claims(token, Kind.DELIVERY)  # a delivery of our own records
    parts = {part_name(part["n"]): int(part["size"]) for part in said["parts"]}
    return {BOX: int(said["keys"]["size"]), **parts}


_MAY_RESEAL: Final = frozenset({
    OutState.QUEUED, OutState.TRANSFERRING, OutState.WAITING, OutState.NEEDS_ATTENTION,
    OutState.EXPIRED, OutState.HANDED_AS_FILE, OutState.REFUSED,
})  # fmt: skip


def parts_of(
    session: Session,
    row: TransferRow,
    message: MessageRow,
    *,
    files: Path | None = None,
    only_words: bool = False,
) -> tuple[PlainPart, ...]:
    """Return what a message carries: the summary, when there is one, then the message, then its documents.

    The receiver finds the message by its place, not by its name.

    Args:
        session: the unit of work.
        row: the transfer.
        message: of ours.
        files: where sealed files of cases lie.
        only_words: the summary and the message, without what a grant gives and without documents.
    """
    raw = record.open_in_message(session, row, message, "restricted", message.restricted)
    said = PlainPart("message.json", JSON, PartRole.OTHER, io.BytesIO(str(raw).encode()))
    parts = [said]
    if message.summary is not None:
        parts.insert(0, _coded(session, row, message, message.summary))
    if only_words:
        return tuple(parts)
    grant = disclosure_store.given_for(session, message.id)
    if grant is not None:
        parts += grant_content.parts_for(session, row, grant, first=len(parts) + 1)
    parts += documents.parts_for(session, row, message, files=files)
    return tuple(parts)


def _coded(session: Session, row: TransferRow, message: MessageRow, sealed: bytes) -> PlainPart:
    summary: dict[str, Any] = record.open_in_message(session, row, message, "summary", sealed)
    return PlainPart("summary.json", JSON, PartRole.SUMMARY, io.BytesIO(canonical(summary)))


def letter_of(session: Session, row: TransferRow, message: MessageRow, *, now: datetime) -> Letter:
    """Return what the manifest says of a message: who stood for it, what it may be used for, until when it is kept."""
    type_ = MessageType(message.type)
    corridor = corridor_for(row, now=now)
    answered = (
        None if message.reply_to is None
        else transfer_store.message_by_no(session, message.reply_to)
    )  # fmt: skip
    grant = disclosure_store.given_for(session, message.id)
    return Letter(
        ref=row.ref, message=Says(type_.value),
        purpose=purpose_of(type_) if grant is None else Purpose(grant.purpose),
        basis=Basis.CONSENT if type_ in _WITH_CONSENT else Basis.LEGAL_DUTY,
        redaction=_redaction(message, type_),
        handling=Handling(
            view_only=message.view_only,
            retain_until=_kept_until(corridor.retain_days, grant, now=now),
        ),
        approvals=_approvals(message),
        reply_to=None if answered is None else answered.package_id,
        grant=None if grant is None else grant.id,
        decision_sha256=(row.decision_sha256 or None) if type_ is MessageType.REQUEST else None,
    )  # fmt: skip


def _locked(session: Session, transfer_id: str) -> TransferRow | None:
    """Lock a transfer; the case first, since what leaves is judged by it once more."""
    found = transfer_store.find(session, transfer_id)
    if found is not None and found.case_id is not None:
        steps.lock(session, found.case_id)
    return transfer_store.lock(session, transfer_id)


def _kept_until(days: int, grant: GrantGivenRow | None, *, now: datetime) -> date:
    """As long as the corridor says; an identity no longer than its grant lasts (DOM-5.3: short expiry)."""
    longest = (now + timedelta(days=days)).date()
    is_identity = grant is not None and grant.redaction == Redaction.IDENTITY
    if grant is None or not is_identity or grant.expires_at is None:
        return longest
    return min(longest, grant.expires_at.date())


def _sealed(
    session: Session,
    row: TransferRow,
    message: MessageRow,
    package: str,
    *,
    storage: Store,
    now: datetime,
) -> str:
    leaving.require(session, row, message, now=now)
    own = installation.name_of(session)
    key = sealing_key_for(session, row.partner, now=now)
    route = Route(own, installation.signing_key(session, now=now), row.partner, key)
    media = frozenset(BASE_MEDIA) | set(corridor_for(row, now=now).media)
    delivery_id = new_id()
    storage.begin_folders()
    place = numbering.next_place(session, storage, row.partner, now=now)
    made = packages.seal_package(
        storage.sent(delivery_id), letter_of(session, row, message, now=now),
        parts_of(session, row, message, files=storage.files), route=route, package=package, delivery=delivery_id,
        numbering=place, now=now, media=media,
    )  # fmt: skip
    token = made.delivery.token
    session.add(
        DeliveryOutRow(
            id=delivery_id, number=store.last_number(session) + 1, package_id=package,
            message_id=message.id, transfer_id=row.id, partner=row.partner, chain=place.chain,
            seq=place.seq, token=token.text, token_sha256=token.digest,
            manifest_sha256=made.manifest.token.digest, sealed_to=key.kid,
            size=made.delivery.box.size + sum(part.size for part in made.delivery.parts),
            sealed_at=now, expires_at=made.delivery.expires_at, state=OutState.QUEUED.value,
            state_since=now, next_try_at=now,
        )
    )  # fmt: skip
    session.flush()
    evidence.keep(
        session, token, Direction.SENT, subject=delivery_id, actor=evidence.PROCEDURE, now=now
    )
    numbering.take_place(session, storage, row.partner, place, token.digest)
    return delivery_id


def purpose_of(type_: MessageType) -> Purpose:
    """Return what a message of a type may be used for over there. Source: DOM-R46."""
    if type_ in {MessageType.ENQUIRY, MessageType.REQUEST, MessageType.SUMMARY}:
        return Purpose.CROSS_BORDER_SUMMARY
    return Purpose.PACKAGE if type_ is MessageType.PACKAGE else Purpose.CASE_MANAGEMENT


def _redaction(message: MessageRow, type_: MessageType) -> Redaction:
    """Never less than what the message may hold."""
    if type_ is MessageType.PACKAGE:
        return max(Redaction(message.redaction), Redaction.WITHOUT_SENSITIVE)
    if type_ in _IDENTIFYING:
        return max(Redaction(message.redaction), Redaction.IDENTITY)
    return Redaction(message.redaction)


def _approvals(message: MessageRow) -> tuple[Approval, ...]:
    """Everybody who stood for it, each once."""
    acts = (
        ("writer", message.written_by, message.written_at),
        ("checker", message.checked_by, message.checked_at),
        ("signer", message.signed_by, message.signed_at),
    )
    people: dict[str, Approval] = {}
    for role, person, at in acts:
        if person and at is not None and person not in people:
            people[person] = Approval(role, person, at)
    return tuple(people.values())
