"""Packages and receipts that travel by hand: the same bytes as over the line, and the same checks.

Handing a file out ends nothing: the line goes on trying until a signed receipt comes, whichever way. Taking the same
file in again gives the same receipts. Source: EXP-5.4, EXP-11.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.exchange import deliveries, files, tokens
from core.exchange.deliveries import wrong_parts
from core.exchange.errors import FileRefused, TokenRefused
from core.exchange.files import SealedFile
from core.exchange.keys import PinnedKeys
from core.exchange.kinds import Kind
from core.exchange.shelves import part_name
from core.scanning import ScannerAway
from transfers.rules.delivery import TO_SEND, InState, OutState
from transfers.service import (
    admitting,
    evidence,
    incoming,
    installation,
    leaving,
    numbering,
    partner_statements,
    receipts_taken,
    sealing,
)
from transfers.service.admitting import Units
from transfers.service.correspondence import Correspondent, correspondent
from transfers.service.incoming import Ground, Refused, View
from transfers.service.officers import KEY_KEEPERS, require
from transfers.service.partner_statements import Source
from transfers.service.storage import PIECE, Store
from transfers.store import deliveries as store
from transfers.store import partner as partner_store
from transfers.tables.delivery import DeliveryOutRow

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Imported:
    """What became of a file.

    Args:
        partner: who sent it.
        state: where the delivery stands.
        why: a code when it waits or was refused.
        receipts: what to hand back.
    """

    partner: str
    delivery_id: str
    state: str
    why: str
    receipts: tuple[str, ...]


def to_hand_out(session: Session, actor: Actor, name: str) -> list[str]:
    """Return the deliveries meant by an id or by the reference of a transfer: those not proven to have arrived.

    Raises:
        NotThere: nothing of this name waits, or not whoever keeps this installation.
    """
    require(actor, KEY_KEEPERS)
    found = [row.id for row in store.out_named(session, name) if OutState(row.state) in TO_SEND]
    if not found:
        raise NotThere("delivery")
    return found


def send_again(
    session: Session, actor: Actor, delivery_id: str, *, storage: Store, now: datetime
) -> str | None:
    """Seal a delivery anew as whoever keeps this installation asks; None when it has arrived or was taken back.

    Raises:
        NotThere: no such delivery, or not whoever keeps this installation.
        Incomplete: with everything that keeps us from sending.
    """
    require(actor, KEY_KEEPERS)
    row = store.out(session, delivery_id)
    if row is None:
        raise NotThere("delivery")
    if row.trouble == "sequence-conflict":  # our numbers were given before: a backup was restored
        life = numbering.current_life(session, storage, now=now)
        numbering.begin_life(session, storage, life, now=now)
    audit.record(
        session, actor, "delivery.sealed_again", thing="delivery", thing_id=delivery_id, now=now
    )
    return sealing.reseal(session, delivery_id, storage=storage, now=now)


def hand_out(
    session: Session,
    actor: Actor,
    delivery_id: str,
    out: IO[bytes],
    *,
    storage: Store,
    now: datetime,
) -> None:
    """Write a delivery as a file: the same delivery is always the same bytes.

    Raises:
        NotThere: nothing of this id waits, or not whoever keeps this installation.
        FileRefused: its sealed bytes are gone (``bytes-gone``), it is sealed anew; or a consent was withdrawn, or a
            fear or danger told, since it was signed (``may-not-be-told``).
    """
    require(actor, KEY_KEEPERS)
    row = store.out(session, delivery_id, lock=True)
    if row is None or OutState(row.state) not in TO_SEND:
        raise NotThere("delivery")
    if leaving.is_kept(session, row, now=now):
        raise FileRefused("may-not-be-told")
    if sealing.is_lost(row, storage=storage):
        raise FileRefused("bytes-gone")
    row.is_offered = True
    row.state, row.state_since = OutState.HANDED_AS_FILE.value, now
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "delivery.handed_as_file", thing="delivery", thing_id=row.id, now=now
    )
    files.write_file(
        out, _delivery(session, row), storage.sent(row.id),
        statement=installation.current_statement(session).text,
    )  # fmt: skip


def take_file(
    units: Units, actor: Actor, file: BinaryIO, *, ground: Ground, now: datetime
) -> Imported:
    """Take a file in as if its delivery had come over the line.

    Args:
        units: opens units of work.
        actor: whoever keeps this installation.
        file: seekable; left as it is.
        ground: where bytes lie, and limits.
        now: when.

    Raises:
        NotThere: not whoever keeps this installation.
        FileRefused: not such a file, of nobody we know, not for us, or not what it was signed to be.
    """
    require(actor, KEY_KEEPERS)
    sealed = files.read_file(file)
    name = _issuer(sealed.delivery)
    with units() as session:
        audit.record(session, actor, "delivery.file_read", thing="partner", thing_id=name, now=now)
        _take_statement(session, name, sealed, now=now)
    with units() as session:
        partner = _partner(session, name, now=now)
        view = incoming.offer(
            session, partner, sealed.delivery, sealed.box, ground=ground, now=now, is_file=True
        )
    if isinstance(view, Refused):
        raise FileRefused(view.code)
    _require_sizes(partner, sealed)
    delivery_id = view.delivery_id
    _fill(units, partner, sealed, view, ground=ground, now=now)
    with units() as session:
        found = incoming.to_measure(session, partner, delivery_id, ground=ground)
    if isinstance(found, tuple):
        wrong = wrong_parts(*found)
        with units() as session:
            done = incoming.complete(
                session, partner, delivery_id, wrong=wrong, ground=ground, now=now
            )
        if isinstance(done, Refused):
            raise FileRefused(done.code)
    with units() as session:
        row = store.incoming(session, name, delivery_id)
        row_id = None if row is None or row.state != InState.RECEIVED else row.id
    if row_id is not None:
        try:
            admitting.admit(units, row_id, ground=ground, now=now)
        except (
            ScannerAway
        ):  # it is here and signed for; the worker opens it when the scanner answers
            log.warning("exchange.not_opened_yet: %s without a scanner", row_id)
    return _imported(units, partner, delivery_id, ground)


def take_receipts(
    units: Units, actor: Actor, file: BinaryIO, *, now: datetime
) -> tuple[int, tuple[str, ...]]:
    """Take receipts and checkpoints that were carried by hand; returns how many count, and codes of those that do not.

    Raises:
        NotThere: not whoever keeps this installation.
        FileRefused: not a text of receipts.
    """
    require(actor, KEY_KEEPERS)
    codes: list[str] = []
    texts: Sequence[str] = files.read_receipts(file)
    for text in texts:
        with units() as session:
            code = _take_token(session, actor, text, now=now)
        if code:
            codes.append(code)
    return len(texts) - len(codes), tuple(codes)


def _take_token(session: Session, actor: Actor, text: str, *, now: datetime) -> str:
    """Take one receipt, or a word of a partner about its log; returns a code when it does not count."""
    kind = tokens.kind_of(text)
    if kind not in {Kind.RECEIPT, Kind.CHECKPOINT}:
        return "not-a-token"
    try:
        partner = correspondent(session, tokens.issuer_of(text, kind), now=now)
    except TokenRefused:
        return "not-a-token"
    if partner is None:
        return "unknown-partner"
    if kind is Kind.RECEIPT:
        return receipts_taken.take(session, partner, text, now=now).code
    try:
        evidence.take_checkpoint(session, partner.ring, text, actor=actor.person_id, now=now)
    except TokenRefused:
        return "not-genuine"
    return ""


def _issuer(text: str) -> str:
    try:
        return tokens.issuer_of(text, Kind.DELIVERY)
    except TokenRefused as error:
        raise FileRefused("delivery") from error


def _partner(session: Session, name: str, *, now: datetime) -> Correspondent:
    partner = correspondent(session, name, now=now)
    if partner is None or partner.state.value not in {"active", "suspended"}:
        raise FileRefused("stranger")
    return partner


def _take_statement(session: Session, name: str, sealed: SealedFile, *, now: datetime) -> None:
    """Take the key statement that came along, from an installation we know. Source: EXP-3.4."""
    row = partner_store.of_installation(session, name, lock=True)
    if row is not None and sealed.statement is not None and row.state == "active":
        partner_statements.take(session, row, sealed.statement, source=Source.FILE, now=now)


def _require_sizes(partner: Correspondent, sealed: SealedFile) -> None:
    sealed.require(deliveries.read_kept(sealed.delivery, partner.ring.pinned()))


def _fill(
    units: Units,
    partner: Correspondent,
    sealed: SealedFile,
    view: View,
    *,
    ground: Ground,
    now: datetime,
) -> None:
    for number, size in enumerate(sealed.sizes, start=1):
        at = view.have.get(str(number), 0)
        with sealed.open(part_name(number)) as part:
            _skip(part, at)
            while at < size and (data := part.read(PIECE)):
                with units() as session:
                    done = incoming.put_piece(
                        session, partner, view.delivery_id, number, at=at, total=size, data=data,
                        ground=ground, now=now,
                    )  # fmt: skip
                if isinstance(done, Refused):
                    raise FileRefused(done.code)
                at += len(data)


def _skip(part: BinaryIO, count: int) -> None:
    """Pass over bytes that are here already."""
    while count > 0 and (data := part.read(min(count, PIECE))):
        count -= len(data)


def _imported(units: Units, partner: Correspondent, delivery_id: str, ground: Ground) -> Imported:
    with units() as session:
        row = store.incoming(session, partner.installation, delivery_id)
        if row is None:
            raise TypeError
        view = incoming.view(session, row, ground)
        return Imported(partner.installation, delivery_id, view.state, row.why, view.receipts)


def _delivery(session: Session, row: DeliveryOutRow) -> deliveries.Delivery:
    """Read a delivery of ours again."""
    keys = installation.verifying_keys(session)
    return deliveries.read_kept(row.token, PinnedKeys(installation.name_of(session), signing=keys))
