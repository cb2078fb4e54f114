"""Destroying what another country told us, when it may not be kept any longer. A person does it; the clock reminds.

The key and the bytes go; receipts, hashes and the fact that it was here stay. Source: EXP-9, EXP-11, EXP-TT45.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from cases.errors import RoleMayNot
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, NotThere
from core.exchange.receipts import Event
from core.vault import vault_of
from transfers.rules.delivery import READABLE, InState
from transfers.rules.disclosure import is_over
from transfers.service import receipts_given, record
from transfers.service.officers import require, tell
from transfers.service.saying import DISCARDED
from transfers.service.storage import Store
from transfers.store import deliveries as store
from transfers.store import disclosure as disclosure_store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow


class Ground(StrEnum):
    """Why content of another country is destroyed. Source: EXP-9."""

    TIME_OVER = "time_over"
    NATIONAL_RULE = "national_rule"


@dataclass(frozen=True)
class Arrival:
    """A delivery of theirs that may not be kept any longer, without what it says."""

    id: str
    partner: str
    transfer_id: str | None
    came_at: datetime | None
    retain_until: date | None
    documents: int


def list_over(session: Session, actor: Actor, *, now: datetime) -> tuple[Arrival, ...]:
    """Return what may not be kept any longer, the longest due first; what an officer may not know of is left out.

    Raises:
        NotThere: not an officer.
    """
    require(actor, record.OFFICERS)
    found = [
        row for row in store.kept_too_long(session, now.date())
        if row.state in READABLE and _knows(session, actor, row, now=now)
    ]  # fmt: skip
    audit.record(
        session, actor, "delivery.over_listed", thing="delivery", thing_id="", now=now,
        codes={"count": len(found)},
    )  # fmt: skip
    return tuple(
        Arrival(
            row.id,
            row.partner,
            row.transfer_id,
            row.received_at,
            row.retain_until,
            len(disclosure_store.of_delivery(session, row.id)),
        )
        for row in found
    )


def destroy_content(
    session: Session,
    actor: Actor,
    row_id: str,
    *,
    ground: Ground = Ground.TIME_OVER,
    now: datetime,
) -> None:
    """Destroy the content of a delivery whose time is over, or that the own law forbids to keep; sign that it is gone.

    The words it brought, the names and bytes of its documents and the key of all of it go. What stays is in
    docs/decisions/0017. Its bytes are removed with ``remove_bytes`` once this is committed.

    Raises:
        NotThere: no such delivery, gone already, or not an officer.
        RoleMayNot: before its time, and not the head of the secretariat.
        BadInput: its time is not over.
    """
    require(actor, record.OFFICERS)
    if ground is Ground.NATIONAL_RULE and not actor.has(Role.SECRETARIAT_HEAD):
        raise RoleMayNot
    row = store.incoming_row(session, row_id, lock=True)
    if row is None or row.state not in READABLE:
        raise NotThere("delivery")
    if not _knows(session, actor, row, now=now):
        raise NotThere("delivery")
    if ground is Ground.TIME_OVER and not is_over(row.retain_until, now.date()):
        raise BadInput("/reason", "not_over_yet")
    audit.record(
        session, actor, "delivery.destroyed", thing="delivery", thing_id=row.id, now=now,
        codes={"ground": ground.value},
    )  # fmt: skip
    row.state = InState.DELETED.value
    destroy(session, row, now=now)
    sign_deleted(session, row, actor=actor.person_id, now=now)


def destroy(session: Session, row: DeliveryInRow, *, now: datetime) -> None:
    """Destroy the key of a delivery and the words it brought."""
    from transfers.service.incoming import owner_of  # noqa: PLC0415  incoming signs receipts too

    vault_of(session).erase(session, owner_of(row), now=now)
    row.box, row.destroyed_at = None, now
    session.add(row)
    message = (
        None if row.message_id is None else transfer_store.find_message(session, row.message_id)
    )
    if message is not None:
        message.standing, message.restricted, message.summary = DISCARDED, b"", None
        session.add(message)
    for document in disclosure_store.of_delivery(session, row.id):
        document.restricted = b""
        session.add(document)
    session.flush()


def sign_deleted(session: Session, row: DeliveryInRow, *, actor: str, now: datetime) -> None:
    """Sign that the content of an admitted delivery is gone."""
    if row.manifest_sha256 is not None:
        about = receipts_given.about_delivery(session, row)
        receipts_given.give(session, Event.DELETED, about, actor=actor, now=now)


def remove_bytes(session: Session, storage: Store) -> int:
    """Remove the bytes of deliveries whose content was destroyed; returns how many folders went."""
    gone = 0
    for row in store.in_state(session, InState.DELETED, InState.RECALLED):
        shelf = storage.came(row.id)
        if row.destroyed_at is not None and shelf.folder.exists():
            shelf.clear()
            gone += 1
    return gone


def _knows(session: Session, actor: Actor, row: DeliveryInRow, *, now: datetime) -> bool:
    """Whether an officer may know of a delivery: whoever is barred from the child's case does not."""
    if row.transfer_id is None:
        return True
    try:
        record.seen(session, actor, row.transfer_id, now=now)
    except NotThere:
        return False
    return True


def remind(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Tell officers of what may not be kept any longer, once for each; returns how many were new."""
    told = 0
    for row in store.kept_too_long(session, now.date())[:limit]:
        told += tell(
            session, topic="exchange.kept_long_enough", subject=row.id, occasion=row.id,
            role=Role.SECRETARIAT, facts={"installation": row.partner}, now=now,
        )  # fmt: skip
    return told
