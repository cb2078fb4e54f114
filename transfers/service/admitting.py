"""Opening what has arrived: once it is signed for, apart from the call that brought it.

The package is opened outside the unit of work that keeps it, and taken in whole or refused whole with a signed
reason. A reference nobody here knows is refused like content that does not fit: no answer tells whether a case
exists. Source: EXP-7.2.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Actor, Role, procedure_actor
from core.errors import BadInput, NotThere
from core.exchange import opening
from core.exchange.deliveries import Delivery
from core.exchange.errors import PackageRefused, Refusal, TokenRefused
from core.exchange.keys import OpeningKey
from core.exchange.manifests import Manifest, PartRole
from core.exchange.media import BASE_MEDIA, JSON
from core.exchange.opening import Opened, OpenedPart
from core.exchange.receipts import Event
from core.vault import Erased, Unreadable
from transfers.rules.delivery import READABLE, InState
from transfers.service import (
    bodies,
    documents_in,
    evidence,
    grants_held,
    incoming,
    installation,
    receipts_given,
    receiving,
)
from transfers.service.correspondence import Correspondent, correspondent
from transfers.service.corridors import find_corridor
from transfers.service.incoming import Ground, Scan
from transfers.service.officers import TRUSTERS, require, tell
from transfers.service.receiving import Arrived
from transfers.service.storage import Boxed, Store
from transfers.store import deliveries as store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow

SMALL: Final = 256 * 1024
CLEAN, NOT_SCANNED = "clean", "not_scanned"
Units = Callable[[], AbstractContextManager[Session]]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Package:
    """Everything it takes to open a delivery, without the database."""

    delivery: Delivery
    source: Boxed
    us: str
    ours: tuple[OpeningKey, ...]
    partner: Correspondent
    media: frozenset[str]

    def open(self) -> Opened:
        """Open it whole.

        Raises:
            PackageRefused: with the reason for the receipt.
        """
        return opening.open_package(
            self.source, self.delivery, us=self.us, ours=self.ours,
            partner=self.partner.ring.pinned(), media=self.media,
        )  # fmt: skip

    def open_one(self, number: int) -> OpenedPart:
        """Open one part of it again.

        Raises:
            PackageRefused: its bytes are no longer what they were.
        """
        return opening.open_one(
            self.source, self.delivery, number, us=self.us, ours=self.ours,
            partner=self.partner.ring.pinned(),
        )  # fmt: skip


def to_open(session: Session) -> list[str]:
    """Return what is signed for and not opened yet, by our ids, the oldest first."""
    return [row.id for row in store.in_state(session, InState.RECEIVED)]


def admit_small(
    units: Units, partner: str, delivery_id: str, *, ground: Ground, now: datetime
) -> None:
    """Open a small package at once; whatever hinders it, the worker does it later."""
    with units() as session:
        row = store.incoming(session, partner, delivery_id)
        if row is None or row.state != InState.RECEIVED or row.size > SMALL:
            return
        row_id = row.id
    try:
        admit(units, row_id, ground=ground, now=now)
    except Exception as error:  # noqa: BLE001  it is received and signed for; the worker opens it
        log.warning("exchange.not_opened_yet: %s by %s", row_id, type(error).__name__)


def admit(units: Units, row_id: str, *, ground: Ground, now: datetime) -> InState | None:
    """Open one delivery and take its message in, or refuse it; returns where it stands then.

    Args:
        units: opens units of work.
        row_id: our id of it.
        ground: where its bytes lie, and what looks for viruses.
        now: when.

    Raises:
        ScannerAway: a scanner is set and does not answer; everything stays as it is until it does.
    """
    with units() as session:
        row = store.incoming_row(session, row_id)
        if row is None or row.state != InState.RECEIVED:
            return None if row is None else InState(row.state)
        package = _package(session, row, ground.storage, now=now)
    if package is None:
        return None
    try:
        opened = package.open()
    except PackageRefused as refused:
        with units() as session:
            return _refuse(session, row_id, refused.reason, refused.detail, now=now)
    with opened:
        virus = None if ground.scan is None else _virus(opened, ground.scan)
        with units() as session:
            if virus is not None:
                return _refuse(session, row_id, Refusal.VIRUS_FOUND, virus, now=now)
            scanned = NOT_SCANNED if ground.scan is None else CLEAN
            return _take(session, row_id, package, opened, scanned=scanned, now=now)


def open_again(session: Session, row_id: str, *, storage: Store, now: datetime) -> Opened:
    """Open an admitted delivery again, for the parts that are not kept as messages; close it after use.

    Raises:
        NotThere: not admitted, taken back, or its content was destroyed.
        PackageRefused: its bytes are no longer what they were.
    """
    return _package_again(session, row_id, storage, now=now).open()


def open_part_again(
    session: Session, row_id: str, number: int, *, storage: Store, now: datetime
) -> OpenedPart:
    """Open one part of an admitted delivery again; close its content after use.

    Raises:
        NotThere: not admitted, taken back, or its content was destroyed.
        PackageRefused: its bytes are no longer what they were.
    """
    return _package_again(session, row_id, storage, now=now).open_one(number)


def _package_again(session: Session, row_id: str, storage: Store, *, now: datetime) -> Package:
    row = store.incoming_row(session, row_id)
    if row is None or row.state not in READABLE:
        raise NotThere("delivery")
    try:
        package = _package(session, row, storage, now=now)
    except (Erased, Unreadable) as error:
        raise NotThere("delivery") from error
    if package is None:
        raise NotThere("delivery")
    return package


def release(
    session: Session, actor: Actor, row_id: str, *, ground: Ground, now: datetime
) -> InState:
    """Take a delivery out of quarantine, as an officer decided: it is signed for and opened like any other.

    Args:
        session: the unit of work.
        actor: a trust officer, who asked the sender.
        row_id: our id of it.
        ground: where its bytes lie.
        now: when.

    Raises:
        NotThere: not in quarantine, or not somebody who may trust.
    """
    require(actor, TRUSTERS)
    row = store.incoming_row(session, row_id, lock=True)
    if row is None or row.state != InState.QUARANTINE:
        raise NotThere("delivery")
    audit.record(
        session, actor, "delivery.released", thing="delivery", thing_id=row.id,
        codes={"why": row.why}, now=now,
    )  # fmt: skip
    evidence.note(
        session, "delivery.released", subject=row.delivery_id, actor=actor.person_id,
        obj=row.token_sha256, detail={"why": row.why}, now=now,
    )  # fmt: skip
    parts = store.parts(session, row.id)
    if any(ground.storage.length(row.id, part.n) < part.size for part in parts):
        row.state = InState.TRANSFERRING.value
        session.add(row)
        session.flush()
        return InState.TRANSFERRING
    incoming.note_received(session, row, now=now)
    return InState(row.state)


def _package(
    session: Session, row: DeliveryInRow, storage: Store, *, now: datetime
) -> Package | None:
    partner = correspondent(session, row.partner, now=now)
    if partner is None:
        return None
    try:
        delivery = incoming.read_again(partner, row)
    except TokenRefused:  # its key was found to be somebody else's since; officers review
        return None
    us = installation.name_of(session)
    return Package(
        delivery, incoming.boxed(session, row, storage), us, installation.opening_keys(session),
        partner, _media(row.partner[:2], us[:2], now=now),
    )  # fmt: skip


def _media(one: str, other: str, *, now: datetime) -> frozenset[str]:
    """Return the formats taken between two countries: those of the corridor either way, besides the usual."""
    ways = (find_corridor(one, other, now=now), find_corridor(other, one, now=now))
    return frozenset(BASE_MEDIA) | {media for way in ways if way is not None for media in way.media}


def tell_scanner_away(session: Session, *, now: datetime) -> None:
    """Tell the administrator, once a day, that nothing is opened until the scanner answers."""
    tell(
        session, topic="exchange.scanner_away", subject="exchange", occasion=f"{now:%Y-%m-%d}",
        role=Role.ADMINISTRATOR, now=now,
    )  # fmt: skip


def _virus(opened: Opened, scan: Scan) -> str | None:
    """Return the name of what was found in any part; each stands at its beginning again."""
    for each in opened.parts:
        each.content.seek(0)
        found = scan(each.content)
        each.content.seek(0)
        if found is not None:
            return found
    return None


def _take(
    session: Session, row_id: str, package: Package, opened: Opened, *, scanned: str, now: datetime
) -> InState | None:
    row = store.incoming_row(session, row_id, lock=True)
    if row is None or row.state != InState.RECEIVED:
        return None if row is None else InState(row.state)
    manifest = opened.manifest
    try:
        raw = _require_same(manifest, _message_of(opened))
        grants_held.require_covered(session, row.partner, manifest, bodies.read_message(raw))
        with session.begin_nested():
            row.transfer_id = _take_in(session, package, opened, raw, now=now)
    except (BadInput, NotThere) as error:
        return _refuse(session, row_id, Refusal.CONTENT_NOT_ALLOWED, type(error).__name__, now=now)
    found = transfer_store.message_by_no(session, bodies.read_message(raw).no)
    row.message_id = None if found is None else found.id
    row.manifest_sha256 = manifest.token.digest
    row.retain_until = manifest.letter.handling.retain_until
    row.opened_at, row.state, row.scanned = now, InState.ADMITTED.value, scanned
    session.add(row)
    session.flush()
    documents_in.keep(session, row, manifest, now=now)
    grants_held.note_came(session, row, manifest.letter.grant, now=now)
    about = receipts_given.about_delivery(session, row)
    receipts_given.give(session, Event.ADMITTED, about, now=now)
    return InState.ADMITTED


def _take_in(
    session: Session, package: Package, opened: Opened, raw: bytes, *, now: datetime
) -> str:
    arrived = Arrived(
        partner=package.partner.installation, country=package.partner.installation[:2], raw=raw,
        summary=opened.summary, package_id=package.delivery.package,
    )  # fmt: skip
    actor = procedure_actor(package.us[:2])
    transfer_id = receiving.take_in(session, actor, arrived, now=now)
    session.flush()
    return transfer_id


def _message_of(opened: Opened) -> bytes | None:
    """Return the message: the first part after the summary. Names of parts decide nothing."""
    for each in opened.parts:
        if each.part.role is PartRole.SUMMARY:
            continue
        if each.part.role is not PartRole.OTHER or each.part.media != JSON:
            return None
        raw = each.content.read(bodies.LARGEST_BYTES + 1)
        each.content.seek(0)
        return raw
    return None


def _require_same(manifest: Manifest, raw: bytes | None) -> bytes:
    """Refuse a message that is not there, or not what its manifest says it is."""
    if raw is None:
        raise BadInput("/parts", "message_missing")
    said = bodies.read_message(raw)
    told = (manifest.letter.ref, str(manifest.letter.message))
    if told != (said.ref, said.type.value):
        raise BadInput("/type", "not_as_announced")
    return raw


def _refuse(
    session: Session, row_id: str, reason: Refusal, detail: str, *, now: datetime
) -> InState | None:
    """Refuse a package whole, with a signed reason; its sealed bytes stay for inquiry."""
    row = store.incoming_row(session, row_id, lock=True)
    if row is None or row.state != InState.RECEIVED:
        return None if row is None else InState(row.state)
    log.info("exchange.refused", extra={"delivery": row.id, "reason": reason, "detail": detail})
    row.state, row.why, row.opened_at = InState.REFUSED.value, str(reason), now
    session.add(row)
    session.flush()
    tell(
        session, topic="exchange.refused_here", subject=row.id, occasion=row.id, now=now,
        facts={"installation": row.partner, "code": str(reason)},
    )  # fmt: skip
    about = receipts_given.about_delivery(session, row)
    receipts_given.give(session, Event.REFUSED, about, reason=str(reason), now=now)
    return InState.REFUSED
