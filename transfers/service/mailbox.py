"""What waits here for a partner that fetches: for partners nobody can reach. Only signed receipts say it has arrived.

Source: EXP-6.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from core.exchange.shelves import BOX, part_name
from transfers.rules.delivery import TO_SEND
from transfers.service import leaving
from transfers.service.incoming import UNKNOWN, Refused
from transfers.service.storage import Store
from transfers.store import deliveries as store
from transfers.tables.delivery import DeliveryOutRow

PAGE: Final = 20


@dataclass(frozen=True)
class Piece:
    """Bytes of a sealed part, and how many there are in all."""

    data: bytes = field(repr=False)
    total: int


def items(session: Session, partner: str, *, after: str, now: datetime) -> dict[str, Any] | Refused:
    """List what waits for a partner; from then on it may be outside.

    Args:
        session: the unit of work.
        partner: who asks.
        after: id of the last item it was given; empty for the first page.
        now: when.
    """
    last = store.out(session, after) if after else None
    if after and (last is None or last.partner != partner):
        return UNKNOWN
    number = 0 if last is None else last.number
    shown: list[DeliveryOutRow] = []
    rows = store.out_after(session, partner, number, now=now, limit=PAGE + 1)
    while rows and len(shown) <= PAGE:
        shown += [row for row in rows if not leaving.is_kept(session, row, now=now)]
        rows = store.out_after(session, partner, rows[-1].number, now=now, limit=PAGE + 1)
    for row in shown[:PAGE]:
        if not row.is_offered:
            row.is_offered = True
            session.add(row)
    session.flush()
    return {
        "items": [{"id": row.id, "delivery": row.token} for row in shown[:PAGE]],
        "more": len(shown) > PAGE,
    }


def box(
    session: Session, partner: str, delivery_id: str, *, storage: Store, now: datetime
) -> bytes | Refused:
    """Return the sealed box of a delivery that waits for a partner."""
    row = _waiting(session, partner, delivery_id, now=now)
    if row is None:
        return UNKNOWN
    try:
        with storage.sent(row.id).open(BOX) as file:
            return file.read()
    except FileNotFoundError:  # gone with its folder; it is sealed anew under another id
        return UNKNOWN


def piece(
    session: Session,
    partner: str,
    delivery_id: str,
    number: int,
    *,
    first: int,
    length: int,
    storage: Store,
    now: datetime,
) -> Piece | Refused:
    """Return some bytes of a sealed part of a delivery that waits for a partner."""
    row = _waiting(session, partner, delivery_id, now=now)
    if row is None:
        return UNKNOWN
    try:
        with storage.sent(row.id).open(part_name(number)) as file:
            total = file.seek(0, os.SEEK_END)
            if first >= total:
                return Refused("bad-range")
            file.seek(first)
            return Piece(file.read(length), total)
    except FileNotFoundError:
        return UNKNOWN


def _waiting(
    session: Session, partner: str, delivery_id: str, *, now: datetime
) -> DeliveryOutRow | None:
    row = store.out(session, delivery_id)
    is_theirs = row is not None and row.partner == partner and row.expires_at > now
    if row is None or not is_theirs or row.state not in set(TO_SEND):
        return None
    return None if leaving.is_kept(session, row, now=now) else row
