"""Destroying what another country told us, when it may not be kept any longer. A person does it; the clock reminds.

The key and the bytes go; receipts, hashes and the fact that it was here stay. Source: EXP-9, EXP-11, EXP-TT45.
"""

from datetime import datetime

from sqlmodel import Session

from core import audit
from core.actors import Actor, Role
from core.errors import NotThere
from core.exchange.receipts import Event
from core.vault import vault_of
from transfers.rules.delivery import READABLE, InState
from transfers.service import receipts_given, record
from transfers.service.officers import require, tell
from transfers.service.saying import DISCARDED
from transfers.service.storage import Store
from transfers.store import deliveries as store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import DeliveryInRow


def destroy_content(session: Session, actor: Actor, row_id: str, *, now: datetime) -> None:
    """Destroy the content of a delivery whose time is over, and sign that it is gone.

    Its bytes are removed with ``remove_bytes`` once this is committed.

    Raises:
        NotThere: no such delivery, its time is not over, gone already, or not an officer.
    """
    require(actor, record.OFFICERS)
    row = store.incoming_row(session, row_id, lock=True)
    is_over = row is not None and row.retain_until is not None and row.retain_until <= now.date()
    if row is None or not is_over or InState(row.state) not in READABLE:
        raise NotThere("delivery")
    audit.record(session, actor, "delivery.destroyed", thing="delivery", thing_id=row.id, now=now)
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


def remind(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Tell officers of what may not be kept any longer, once for each; returns how many were new."""
    told = 0
    for row in store.kept_too_long(session, now.date())[:limit]:
        told += tell(
            session, topic="exchange.kept_long_enough", subject=row.id, occasion=row.id,
            role=Role.SECRETARIAT, facts={"installation": row.partner}, now=now,
        )  # fmt: skip
    return told
