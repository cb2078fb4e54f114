"""What a partner brings: offered, uploaded piece by piece, complete. Opening it comes after that, in ``admitting``.

Refusals are answered, not raised, where something has to stay on record; the edge commits either way. A delivery of
another partner is not there. Source: EXP-6, EXP-7.2, EXP-11.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Final

from sqlmodel import Session

from core.exchange import deliveries, tokens
from core.exchange.deliveries import Delivery
from core.exchange.errors import DeliveryInvalid, Reason, TokenRefused
from core.exchange.kinds import Kind
from core.exchange.receipts import Event
from core.vault import Place, vault_of
from transfers.rules.delivery import UNFINISHED, InState, Limits, first_missing
from transfers.service import evidence, installation, receipts_given
from transfers.service.correspondence import Correspondent, Door, door_for
from transfers.service.evidence import Direction
from transfers.service.officers import tell
from transfers.service.storage import PIECE, Boxed, NoRoom, Store
from transfers.store import deliveries as store
from transfers.tables.delivery import DeliveryInRow, PartInRow

Scan = Callable[[BinaryIO], str | None]
CLOSED_FOR_BYTES: Final = frozenset(InState) - UNFINISHED - {InState.QUARANTINE}


@dataclass(frozen=True)
class Refused:
    """A call that is not done; ``code`` is one of the protocol, ``facts`` go into the answer."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """How far a delivery is, as its sender may see it."""

    delivery_id: str
    state: str
    have: Mapping[str, int]
    receipts: tuple[str, ...]
    is_new: bool = False

    def body(self) -> dict[str, Any]:
        """Return the members of the answer."""
        return {
            "delivery_id": self.delivery_id, "state": self.state, "have": dict(self.have),
            "receipts": list(self.receipts),
        }  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What the receiving side stands on: where bytes lie, how much one partner may leave, what looks for viruses."""

    storage: Store
    limits: Limits
    scan: Scan | None = None


UNKNOWN: Final = Refused("unknown-delivery")


def offer(
    session: Session,
    partner: Correspondent,
    text: object,
    box: object,
    *,
    ground: Ground,
    now: datetime,
    is_file: bool = False,
) -> View | Refused:
    """Take note of a delivery that is announced; the same again changes nothing.

    Raises:
        NoKeyCounts: a refusal is owed and nobody can sign it now.
    """
    read = _read(session, partner, text, box)
    if isinstance(read, Refused):
        return read
    delivery, sealed = read
    if store.partner_for_update(session, partner.installation) is None:
        return UNKNOWN
    known = store.incoming(session, partner.installation, delivery.id, lock=True)
    if known is not None:
        same = known.token_sha256 == delivery.digest
        return view(session, known, ground) if same else Refused("delivery-conflict")
    refusal = _fault(session, partner, delivery, ground, now=now)
    if refusal is not None:
        return refusal
    fork = _forks(session, delivery)
    if fork and not is_file:
        _alarm_fork(session, partner, delivery, now=now)
        return Refused("sequence-conflict")
    row = _keep(session, partner, delivery, sealed, fork=fork, is_file=is_file, now=now)
    if fork:
        _alarm_fork(session, partner, delivery, now=now)
    if store.recalls_of(session, row.partner, row.package_id, is_ours=False):
        _refuse_recalled(session, row, now=now)
    evidence.keep(
        session, delivery.token, Direction.RECEIVED, subject=delivery.id, actor=evidence.PROCEDURE,
        now=now,
    )  # fmt: skip
    return view(session, row, ground, is_new=True)


def look(
    session: Session, partner: Correspondent, delivery_id: str, *, ground: Ground
) -> View | Refused:
    """Say how far a delivery is."""
    row = store.incoming(session, partner.installation, delivery_id)
    return UNKNOWN if row is None else view(session, row, ground)


def put_piece(
    session: Session,
    partner: Correspondent,
    delivery_id: str,
    number: int,
    *,
    at: int,
    total: int,
    data: bytes,
    ground: Ground,
    now: datetime,
) -> View | Refused:
    """Store one piece of a part, durably, exactly behind what is there.

    Args:
        session: the unit of work; the piece counts once it is committed.
        partner: who sends.
        delivery_id: theirs.
        number: of the part.
        at: where the piece begins.
        total: size of the part as the sender says.
        data: the piece.
        ground: where bytes lie.
        now: when.
    """
    row = store.incoming(session, partner.installation, delivery_id, lock=True)
    parts = [] if row is None else store.parts(session, row.id)
    if row is None or not 0 < number <= len(parts):
        return UNKNOWN
    part = parts[number - 1]
    if total != part.size or not 0 < len(data) <= min(PIECE, part.size):
        return Refused("bad-range")
    have = _have(row, part, ground)
    if row.state in CLOSED_FOR_BYTES or at + len(data) <= have:
        return view(session, row, ground)  # it is here: the answer was lost
    if at != have or at + len(data) > part.size:
        return Refused("offset-mismatch", {"have": have})
    try:
        ground.storage.append(row.id, number, at=at, data=data)
    except NoRoom:
        _alarm_full(session, now=now)
        return Refused("insufficient-storage")
    part.have = at + len(data)
    session.add(part)
    if row.state == InState.OFFERED:
        row.state = InState.TRANSFERRING.value
    row.moved_at = now
    session.add(row)
    session.flush()
    return view(session, row, ground)


def to_measure(
    session: Session, partner: Correspondent, delivery_id: str, *, ground: Ground
) -> tuple[Delivery, Boxed] | View | Refused:
    """Return what has to be measured before a delivery is complete: done outside the unit of work."""
    row = store.incoming(session, partner.installation, delivery_id)
    if row is None:
        return UNKNOWN
    if row.state in CLOSED_FOR_BYTES or row.box is None:
        return view(session, row, ground)
    missing = _missing(session, row, ground)
    if missing:
        return Refused("incomplete", {"missing": missing})
    return read_again(partner, row), boxed(session, row, ground.storage)


def complete(
    session: Session,
    partner: Correspondent,
    delivery_id: str,
    *,
    wrong: Collection[int],
    ground: Ground,
    now: datetime,
) -> View | Refused:
    """Sign that everything is here, or empty the parts that are not what was signed.

    Raises:
        NoKeyCounts: nobody can sign now; everything stays as it is.
    """
    row = store.incoming(session, partner.installation, delivery_id, lock=True)
    if row is None:
        return UNKNOWN
    if row.state in CLOSED_FOR_BYTES:
        return view(session, row, ground)
    missing = _missing(session, row, ground)
    if missing:
        return Refused("incomplete", {"missing": missing})
    if wrong:
        for part in store.parts(session, row.id):
            if part.n in wrong:
                part.have = 0
                session.add(part)
        session.flush()
        return Refused("hash-mismatch", {"parts": sorted(wrong)})
    row.moved_at = now
    if row.state != InState.QUARANTINE:
        note_received(session, row, now=now)
    session.add(row)
    session.flush()
    return view(session, row, ground)


def note_received(session: Session, row: DeliveryInRow, *, now: datetime) -> None:
    """Sign that a delivery is here; a package recalled meanwhile is refused instead."""
    row.received_at = now
    row.state = InState.RECEIVED.value
    session.add(row)
    session.flush()
    if store.recalls_of(session, row.partner, row.package_id, is_ours=False):
        _refuse_recalled(session, row, now=now)
        return
    receipts_given.give(
        session, Event.RECEIVED, receipts_given.about_delivery(session, row), now=now
    )


def view(session: Session, row: DeliveryInRow, ground: Ground, *, is_new: bool = False) -> View:
    """Describe a delivery to its sender."""
    have = {str(part.n): _have(row, part, ground) for part in store.parts(session, row.id)}
    texts = receipts_given.texts_of(session, row.partner, row.delivery_id)
    return View(row.delivery_id, row.state, have, tuple(texts), is_new)


def read_again(partner: Correspondent, row: DeliveryInRow) -> Delivery:
    """Read a delivery that was verified when it came."""
    return deliveries.read_kept(row.token, partner.ring.pinned())


def boxed(session: Session, row: DeliveryInRow, storage: Store) -> Boxed:
    """Return where a delivery can be opened from.

    Raises:
        Erased: its key was destroyed with its content.
    """
    if row.box is None:
        raise TypeError
    box = vault_of(session).unseal_bytes(
        session, owner=owner_of(row), place=_place(row), sealed=row.box
    )
    return Boxed(storage.came(row.id), box.decode("ascii"))


def owner_of(row: DeliveryInRow) -> str:
    """Return the owner in the vault of one delivery."""
    return f"delivery:{row.id}"


def gaps(session: Session, partner: str) -> tuple[tuple[str, int], ...]:
    """Return chain and number of what a partner sent and has not arrived. Source: EXP-7.2."""
    seen: dict[str, list[int]] = {}
    for chain, seq in store.numbers(session, partner):
        seen.setdefault(chain, []).append(seq)
    return tuple(
        (chain, number) for chain, numbers in seen.items() for number in first_missing(numbers)
    )


def _read(
    session: Session, partner: Correspondent, text: object, box: object
) -> tuple[Delivery, str] | Refused:
    """Read what is offered; its time is asked later: what is known already may be offered for ever."""
    try:
        token = partner.ring.read_kept(text, Kind.DELIVERY)
        delivery = deliveries.read_kept(token.text, partner.ring.pinned())
    except TokenRefused as error:
        is_newer = error.reason is Reason.VERSION
        return Refused("version-unsupported" if is_newer else "delivery-invalid")
    except DeliveryInvalid:
        return Refused("delivery-invalid")
    if delivery.audience != installation.name_of(session):
        return Refused("delivery-invalid")
    if not isinstance(box, str) or not deliveries.box_fits(delivery, box):
        return Refused("delivery-invalid")
    return delivery, box


def _fault(
    session: Session, partner: Correspondent, delivery: Delivery, ground: Ground, *, now: datetime
) -> Refused | None:
    """Say why a new delivery is not taken note of; None when it is."""
    try:
        tokens.read(
            delivery.token.text, Kind.DELIVERY, partner.ring.pinned(),
            audience=delivery.audience, now=now,
        )  # fmt: skip
    except TokenRefused as error:
        expired = error.reason is Reason.EXPIRED
        return Refused("delivery-expired" if expired else "delivery-invalid")
    place = delivery.numbering
    if (place.seq == 1) != (place.prev is None):
        return Refused("delivery-invalid")
    if delivery.sealed_to not in {key.kid for key in installation.opening_keys(session)}:
        return Refused("unknown-encryption-key")
    return _no_room(session, delivery, ground, now=now)


def _no_room(
    session: Session, delivery: Delivery, ground: Ground, *, now: datetime
) -> Refused | None:
    size = sum(part.size for part in delivery.parts)
    count, unfinished = store.unfinished(session, delivery.issuer)
    limits = ground.limits
    if count >= limits.open_deliveries or unfinished + size > limits.unfinished_bytes:
        return Refused("insufficient-storage")
    free = ground.storage.free_bytes()
    if free < 2 * limits.reserve_bytes:
        _alarm_full(session, now=now)
    return Refused("insufficient-storage") if free - size < limits.reserve_bytes else None


def _forks(session: Session, delivery: Delivery) -> int:
    """Count what contradicts the place of a delivery in its chain: another one there, or another one before it."""
    place = delivery.numbering
    same = store.forks(session, delivery.issuer, place.chain, place.seq)
    if same:
        return same
    before = store.numbered(session, delivery.issuer, place.chain, place.seq - 1)
    after = store.numbered(session, delivery.issuer, place.chain, place.seq + 1)
    differs = before is not None and before.token_sha256 != place.prev
    differs = differs or (after is not None and after.prev != delivery.digest)
    return 1 if differs else 0


def _keep(
    session: Session,
    partner: Correspondent,
    delivery: Delivery,
    box: str,
    *,
    fork: int,
    is_file: bool,
    now: datetime,
) -> DeliveryInRow:
    place = delivery.numbering
    waits = door_for(partner, now) is not Door.OPEN
    why = "fork" if fork else "partner_not_open" if waits else ""
    state = InState.QUARANTINE if why else InState.OFFERED
    row = DeliveryInRow(
        partner=partner.installation, delivery_id=delivery.id, package_id=delivery.package,
        chain=place.chain, seq=place.seq, prev=place.prev, fork=fork, token=delivery.token.text,
        token_sha256=delivery.digest, size=sum(part.size for part in delivery.parts),
        state=state.value, why=why, is_file=is_file, offered_at=now, moved_at=now,
    )  # fmt: skip
    vault = vault_of(session)
    vault.make_key(session, owner_of(row), now=now)
    row.box = vault.seal_bytes(
        session, owner=owner_of(row), place=_place(row), data=box.encode("ascii")
    )
    session.add(row)
    session.flush()
    for number, part in enumerate(delivery.parts, start=1):
        session.add(PartInRow(delivery_id=row.id, n=number, size=part.size, sha256=part.sha256))
    session.flush()
    if why:
        tell(
            session, topic="exchange.waits_for_person", subject=row.id, occasion=row.id,
            facts={"installation": row.partner, "code": why}, now=now,
        )  # fmt: skip
    return row


def _refuse_recalled(session: Session, row: DeliveryInRow, *, now: datetime) -> None:
    """A package that was taken back before it came is refused. Source: EXP-9."""
    row.state, row.why = InState.REFUSED.value, "recalled"
    session.add(row)
    session.flush()
    about = receipts_given.about_delivery(session, row)
    receipts_given.give(session, Event.REFUSED, about, reason="recalled", now=now)


def _have(row: DeliveryInRow, part: PartInRow, ground: Ground) -> int:
    """What is stored of a part: what the database counts, and never more than lies on the disk."""
    if row.state in CLOSED_FOR_BYTES:
        return part.have
    return min(part.have, ground.storage.length(row.id, part.n))


def _missing(session: Session, row: DeliveryInRow, ground: Ground) -> list[int]:
    return [part.n for part in store.parts(session, row.id) if _have(row, part, ground) < part.size]


def _place(row: DeliveryInRow) -> Place:
    return Place("delivery_in", "box", row.id)


def _alarm_fork(
    session: Session, partner: Correspondent, delivery: Delivery, *, now: datetime
) -> None:
    place = delivery.numbering
    tell(
        session, topic="exchange.numbers_fork", subject=partner.partner_id,
        occasion=delivery.digest, now=now,
        facts={"installation": partner.installation, "number": place.seq},
    )  # fmt: skip
    evidence.keep(
        session, delivery.token, Direction.RECEIVED, subject=delivery.id, actor=evidence.PROCEDURE,
        detail={"why": "fork"}, now=now,
    )  # fmt: skip


def _alarm_full(session: Session, *, now: datetime) -> None:
    tell(
        session, topic="exchange.disk_nearly_full", subject="exchange",
        occasion=now.date().isoformat(), now=now,
    )  # fmt: skip
