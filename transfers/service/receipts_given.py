"""Receipts we sign: one for each event of a delivery or notice, kept word for word and given again as it was.

The bytes a receipt speaks of are on the disk and in the database before it is signed. Source: EXP-4, EXP-7.2.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from core.exchange import receipts
from core.exchange.kinds import Kind
from core.exchange.receipts import Event, Head, Subject
from core.ids import new_id
from transfers.rules.delivery import wait_after
from transfers.service import evidence, installation
from transfers.service.evidence import Direction
from transfers.store import deliveries as store
from transfers.tables.delivery import DeliveryInRow, RecallRow, ReceiptGivenRow


def about_delivery(session: Session, row: DeliveryInRow) -> Subject:
    """Describe a delivery of theirs as receipts speak of it."""
    return Subject(
        Kind.DELIVERY, row.delivery_id, row.package_id, row.token_sha256, row.partner,
        installation.name_of(session), row.manifest_sha256,
    )  # fmt: skip


def about_recall(session: Session, row: RecallRow) -> Subject:
    """Describe a recall of theirs as receipts speak of it."""
    return Subject(
        Kind.NOTICE, row.notice_id, row.package_id, row.token_sha256, row.partner,
        installation.name_of(session),
    )  # fmt: skip


def give(
    session: Session,
    event: Event,
    about: Subject,
    *,
    now: datetime,
    reason: str | None = None,
    actor: str = evidence.PROCEDURE,
) -> str:
    """Sign a receipt, or return the one that was signed before for the same event.

    Raises:
        NoKeyCounts: nobody can sign now; what it speaks of stays as it is.
    """
    for known in store.given(session, about.sender, about.id):
        if known.event == event:
            return known.text
    log = evidence.head_of(session)
    made = receipts.make(
        event, about, receipt=new_id(), key=installation.signing_key(session, now=now), now=now,
        reason=reason, log=Head(log.n, log.head) if log.n else None,
    )  # fmt: skip
    row = ReceiptGivenRow(
        id=made.id, partner=about.sender, subject=about.id, event=str(event), text=made.token.text,
        sha256=made.token.digest, number=store.next_given(session), signed_at=now, next_try_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    evidence.keep(session, made.token, Direction.SENT, subject=about.id, actor=actor, now=now)
    return made.token.text


def texts_of(session: Session, partner: str, subject: str) -> list[str]:
    """Return our receipts about a delivery or notice, byte for byte as they were signed, in their order."""
    return [row.text for row in store.given(session, partner, subject)]


def note_stored(session: Session, partner: str, ids: Collection[str], *, now: datetime) -> int:
    """Note that a partner says it stored these; they are not offered again. Returns how many were new."""
    rows = [row for row in store.given_by_id(session, partner, ids) if row.stored_at is None]
    for row in rows:
        row.stored_at = now
        session.add(row)
    session.flush()
    return len(rows)


def offer_again(
    session: Session, rows: Sequence[ReceiptGivenRow], *, chance: float, now: datetime
) -> None:
    """Note that a partner did not say it stored these; they are offered again, later each time."""
    for row in rows:
        found = session.get(ReceiptGivenRow, row.id)
        if found is not None and found.stored_at is None:
            found.attempts += 1
            found.next_try_at = now + min(wait_after(found.attempts, chance), timedelta(days=1))
            session.add(found)
    session.flush()
