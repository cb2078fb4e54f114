"""What there is to do with each partner, and what an operator sees of the exchange: ids, codes, times and counts.

Source: EXP-7.1, EXP-11.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from core.exchange.statements import Status as KeyStatus
from transfers.rules.delivery import READABLE, InState, OutState, wait_after
from transfers.rules.partnership import State
from transfers.service import grants_held, incoming, outgoing, partner_statements, sealing
from transfers.service.admitting import NOT_SCANNED
from transfers.service.correspondence import Correspondent, correspondent
from transfers.service.partner_statements import Source
from transfers.store import deliveries as store
from transfers.store import partner as partner_store
from transfers.tables.delivery import LineRow, ReceiptGivenRow

STATEMENT_EVERY: Final = timedelta(days=1)
BEFORE_SENDING: Final = timedelta(minutes=5)
SILENT_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Errand:
    """Why a partner is called now.

    Args:
        address: where it is reached.
        skew: seconds by which its clock is ahead of ours.
        wants_statement: its key statement is to be fetched first.
        recalls: ids and texts of recalls to be told.
    """

    address: str
    skew: int
    wants_statement: bool
    recalls: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OnTheWay:
    """A delivery of ours that is not proven to have arrived."""

    delivery_id: str
    partner: str
    ref_of: str
    state: str
    trouble: str
    attempts: int
    next_try_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class LineView:
    """How the line to a partner is."""

    partner: str
    heard_at: datetime | None
    failing_since: datetime | None
    next_call_at: datetime | None
    trouble: str
    skew_seconds: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """Everything that waits."""

    to_seal: int
    on_the_way: tuple[OnTheWay, ...]
    for_a_person: tuple[tuple[str, str, str], ...]
    recalls_to_answer: tuple[tuple[str, str, str], ...]
    not_opened: int
    not_scanned: int
    kept_too_long: tuple[tuple[str, str], ...]
    grants_to_redeem: tuple[tuple[str, str, str], ...]
    lines: tuple[LineView, ...]
    clock_doubted_at: datetime | None


def partners_to_visit(session: Session, *, now: datetime) -> list[str]:
    """Return partners that may be called now, by name."""
    found = []
    for name in store.active_partners(session):
        line = store.line(session, name)
        if line.next_call_at is None or line.next_call_at <= now:
            found.append(name)
    return found


def errand(session: Session, partner: str, *, is_reachable: bool, now: datetime) -> Errand | None:
    """Return why a partner is called now; None when there is nothing, or it cannot be called.

    Args:
        session: the unit of work.
        partner: its name.
        is_reachable: whether it can call us; otherwise what waits there is fetched.
        now: when.
    """
    found = correspondent(session, partner, now=now)
    if found is None or found.state is not State.ACTIVE or found.base_url is None:
        return None
    line = store.line(session, partner)
    due = outgoing.due(session, partner, now=now)
    recalls = tuple(
        (row.notice_id, row.text) for row in store.recalls_due(session, partner, now=now)
    )
    receipts = store.given_due(session, partner, now=now, limit=1)
    grants = grants_held.due(session, partner, now=now)
    since = None if line.statement_at is None else now - line.statement_at
    is_old = since is None or since >= (BEFORE_SENDING if due else STATEMENT_EVERY)
    if is_reachable and not (due or recalls or receipts or grants or is_old):
        return None
    return Errand(found.base_url, line.skew_seconds, is_old, recalls)


def take_published(session: Session, partner: str, data: bytes, *, now: datetime) -> None:
    """Take what a partner publishes about its keys; what does not hold is refused with an alarm."""
    row = partner_store.of_installation(session, partner, lock=True)
    if row is None:
        return
    partner_statements.take_all(session, row, data, source=Source.FETCHED, now=now)
    line = store.line(session, partner)
    line.statement_at = now
    session.add(line)


def is_key_gone(partner: Correspondent, kid: str) -> bool:
    """Whether a key we sealed to was revoked since."""
    listed = partner.ring.find(kid)
    return listed is not None and listed.status is KeyStatus.REVOKED


def note_recall_tried(
    session: Session, partner: str, notice_id: str, *, chance: float, now: datetime
) -> bool:
    """Note that a recall was told; returns whether a signed receipt says it was heard."""
    row = store.recall(session, partner, notice_id, lock=True)
    if row is None or row.state != "sent":
        return row is not None
    row.attempts += 1
    row.next_try_at = now + wait_after(row.attempts, chance)
    session.add(row)
    return False


def receipts_due(
    session: Session, partner: str, *, limit: int, now: datetime
) -> Sequence[ReceiptGivenRow]:
    """Return receipts of ours a partner is to be given now."""
    return store.given_due(session, partner, limit=limit, now=now)


def size_of_part(session: Session, partner: str, delivery_id: str, number: int) -> int:
    """Return how many bytes a part of theirs has in all."""
    row = store.incoming(session, partner, delivery_id)
    parts = [] if row is None else store.parts(session, row.id)
    return parts[number - 1].size if 0 < number <= len(parts) else 0


def beside_a_backup(session: Session) -> tuple[int, int]:
    """Return how many packages only the storage folder holds whole: those to be sent, and those not opened yet."""
    return len(store.out_waiting(session)), len(store.in_state(session, InState.RECEIVED))


def lines(session: Session, *, now: datetime) -> tuple[LineView, ...]:
    """Show how the line to each partner is."""
    return tuple(
        LineView(
            row.partner, row.heard_at, _silent_since(row, now), row.next_call_at, row.trouble,
            row.skew_seconds,
            tuple(f"{chain[:8]}:{number}" for chain, number in incoming.gaps(session, row.partner)),
        )
        for row in store.lines(session)
    )  # fmt: skip


def status(session: Session, *, now: datetime) -> Status:
    """Show everything that waits, of all partners."""
    life = store.life(session)
    waiting = store.out_waiting(session)
    attention = [
        row for row in store.outs(session, limit=500)
        if OutState(row.state) in {OutState.EXPIRED, OutState.REFUSED}
    ]  # fmt: skip
    persons = store.in_state(session, InState.QUARANTINE)
    return Status(
        to_seal=len(sealing.waiting(session)),
        on_the_way=tuple(
            OnTheWay(
                row.id, row.partner, row.transfer_id, row.state, row.trouble, row.attempts,
                row.next_try_at, row.expires_at,
            )
            for row in [*waiting, *attention]
        ),
        for_a_person=tuple((row.id, row.partner, row.why) for row in persons),
        recalls_to_answer=tuple(
            (row.id, row.partner, row.reason) for row in store.recalls_open(session)
        ),
        not_opened=len(store.in_state(session, InState.RECEIVED)),
        not_scanned=sum(row.scanned == NOT_SCANNED for row in store.in_state(session, *READABLE)),
        kept_too_long=tuple(
            (row.id, row.partner) for row in store.kept_too_long(session, now.date())
        ),
        grants_to_redeem=tuple(
            (row.id, row.partner, row.trouble) for row in grants_held.waiting(session)
        ),
        lines=lines(session, now=now),
        clock_doubted_at=None if life is None else life.doubted_at,
    )  # fmt: skip


def _silent_since(row: LineRow, now: datetime) -> datetime | None:
    """Return since when there is no contact, whoever of the two calls. Source: EXP-11."""
    is_silent = row.heard_at is not None and now - row.heard_at >= SILENT_AFTER
    return row.failing_since or (row.heard_at if is_silent else None)
