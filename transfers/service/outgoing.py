"""Our deliveries on their way: what is tried now, what became of a try, what came to its end.

An answer nobody signed moves nothing to an end; only ``receipts_taken`` does. Nothing is deleted here.
Source: EXP-7.1, EXP-11.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from core.actors import Actor, Role
from core.exchange.receipts import Event
from transfers.rules.delivery import (
    DROPPED_AFTER,
    HOURLY,
    TO_SEND,
    InState,
    OutState,
    Way,
    is_jump,
    wait_after,
)
from transfers.service import evidence, leaving, numbering, receipts_given
from transfers.service.correspondence import Correspondent
from transfers.service.officers import KEY_KEEPERS, require, tell
from transfers.service.storage import Store
from transfers.store import deliveries as store
from transfers.tables.delivery import DeliveryOutRow

ALARMED: Final = (Role.SECRETARIAT, Role.TRUST_OFFICER)
ASKED_EVERY: Final = timedelta(hours=1)
KEPT_HERE: Final = "may-not-be-told"
MOST_SKEW: Final = 60  # seconds


@dataclass(frozen=True)
class ToPush:
    """A delivery to be tried now."""

    id: str
    token: str
    sealed_to: str


def due(session: Session, partner: str, *, now: datetime) -> list[ToPush]:
    """Return what is to be tried now for a partner, the smallest first."""
    rows = store.out_due(session, partner, now=now)
    return [_to_push(row) for row in rows if row.expires_at > now]


def begin(session: Session, delivery_id: str, *, now: datetime) -> ToPush | None:
    """Note that a delivery leaves; None when it may not any more, or not now. Committed before a byte of it is sent."""
    row = store.out(session, delivery_id, lock=True)
    if row is None or OutState(row.state) not in TO_SEND or row.expires_at <= now:
        return None
    if leaving.is_kept(session, row, now=now):
        note_failure(session, row.id, Way.ATTENTION, KEPT_HERE, chance=0.0, now=now)
        return None
    row.is_offered = True
    if row.state != OutState.HANDED_AS_FILE:
        row.state, row.state_since = OutState.TRANSFERRING.value, now
    session.add(row)
    session.flush()
    return _to_push(row)


def note_failure(
    session: Session,
    delivery_id: str,
    way: Way,
    code: str,
    *,
    chance: float,
    asked: timedelta | None = None,
    now: datetime,
) -> None:
    """Note a try that did not end with a receipt, and when the next one is."""
    row = store.out(session, delivery_id, lock=True)
    if row is None or OutState(row.state) not in TO_SEND:
        return
    row.attempts += 1
    row.trouble = code[:40]
    next_at, state = now + HOURLY, OutState.NEEDS_ATTENTION
    if way is Way.AGAIN:
        next_at = now + wait_after(row.attempts, chance, asked=asked)
        state = OutState.WAITING
    elif way is Way.PERSON:
        next_at = (
            row.expires_at
        )  # no loop: a newer statement of the partner, or a person, ends the waiting
    if way is not Way.AGAIN:
        _alarm(session, row, "exchange.needs_attention", code, now=now)
    if row.state != OutState.HANDED_AS_FILE:
        if row.state != state:
            row.state_since = now
        row.state = state.value
    row.next_try_at = next_at
    session.add(row)
    session.flush()


def is_settled(session: Session, delivery_id: str) -> bool:
    """Whether a signed receipt ended the trying."""
    row = store.out(session, delivery_id)
    return row is None or OutState(row.state) not in TO_SEND


def to_ask_after(session: Session, partner: str, *, now: datetime) -> list[str]:
    """Return what has arrived and whose next receipt has to be fetched, as the partner cannot reach us."""
    rows = store.out_arrived(session, partner, now=now)
    return [row.id for row in rows]


def note_asked(session: Session, delivery_id: str, *, now: datetime) -> None:
    """Note that a partner was asked how far a delivery is."""
    row = store.out(session, delivery_id, lock=True)
    if row is not None:
        row.next_try_at = now + ASKED_EVERY
        session.add(row)
        session.flush()


def end_what_is_over(session: Session, *, now: datetime) -> int:
    """Stop trying what did not arrive in its time: two roles hear of it, everything stays. Returns how many."""
    rows = store.out_over(session, now=now)
    for row in rows:
        row.state, row.state_since = OutState.EXPIRED.value, now
        session.add(row)
        session.flush()
        _alarm(session, row, "exchange.dead_letter", "expired", now=now)
        evidence.note(
            session, "delivery.expired", subject=row.id, actor=evidence.PROCEDURE,
            obj=row.token_sha256, now=now,
        )  # fmt: skip
    return len(rows)


def drop_unfinished(session: Session, *, now: datetime, limit: int = 1) -> int:
    """Sign that an upload nobody went on with for thirty days is dropped; its sender has everything. Returns how many.

    Bytes are removed with ``remove_dropped`` once this is committed.
    """
    rows = store.unfinished_since(session, now - DROPPED_AFTER)[:limit]
    for row in rows:
        row.state, row.why = InState.EXPIRED.value, "unfinished"
        session.add(row)
        session.flush()
        about = receipts_given.about_delivery(session, row)
        receipts_given.give(session, Event.EXPIRED, about, now=now)
    return len(rows)


def remove_dropped(session: Session, storage: Store) -> None:
    """Remove the bytes of uploads that were signed off as dropped."""
    for row in store.in_state(session, InState.EXPIRED):
        if storage.came(row.id).folder.exists():
            storage.came(row.id).clear()


def look_at_clock(session: Session, storage: Store, *, now: datetime) -> bool:
    """Say whether the clock may end anything; after a jump a person has to say so first. Source: EXP-11."""
    life = numbering.current_life(session, storage, now=now)
    if is_jump(life.looked_at, now) and life.doubted_at is None:
        life.doubted_at = now
        tell(
            session, topic="exchange.clock_jumped", subject="exchange",
            occasion=str(int(now.timestamp())), role=Role.ADMINISTRATOR, now=now,
        )  # fmt: skip
    life.looked_at = now
    session.add(life)
    session.flush()
    return life.doubted_at is None


def trust_clock(session: Session, actor: Actor, storage: Store, *, now: datetime) -> bool:
    """Say that the time is right; returns whether it had been doubted.

    Raises:
        NotThere: not somebody who keeps this installation.
    """
    require(actor, KEY_KEEPERS)
    life = numbering.current_life(session, storage, now=now)
    was, life.doubted_at, life.looked_at = life.doubted_at, None, now
    session.add(life)
    session.flush()
    return was is not None


def note_heard(session: Session, partner: str, *, now: datetime) -> None:
    """Note that a partner answered."""
    row = store.line(session, partner)
    row.heard_at, row.failing_since, row.next_call_at = now, None, None
    row.attempts, row.trouble = 0, ""
    session.add(row)


def note_silence(
    session: Session,
    partner: str,
    code: str,
    *,
    wait: timedelta | None = None,
    was_heard: bool = False,
    chance: float,
    now: datetime,
) -> None:
    """Note that a partner did not answer, or asked to be left alone for a while.

    Args:
        session: the unit of work.
        partner: its name.
        code: what happened.
        wait: how long, where that is known.
        was_heard: calls were done before the line broke. It carries, badly: tries begin anew, and nobody is told
            that there was no contact.
        chance: spreads tries.
        now: when.
    """
    row = store.line(session, partner)
    if was_heard:
        row.heard_at, row.failing_since, row.attempts = now, None, 0
    row.attempts += 1
    row.failing_since = row.failing_since or now
    row.trouble = code[:40]
    row.next_call_at = now + (wait_after(row.attempts, chance) if wait is None else wait)
    session.add(row)


def note_skew(session: Session, partner: Correspondent, seconds: int, *, now: datetime) -> None:
    """Remember how far a partner's clock is from ours; the administrator hears of more than a minute. EXP-4.1."""
    row = store.line(session, partner.installation)
    row.skew_seconds = seconds
    session.add(row)
    if abs(seconds) > MOST_SKEW:
        tell(
            session, topic="exchange.clocks_differ", subject=partner.partner_id,
            occasion=f"{partner.partner_id}:{now.date().isoformat()}", role=Role.ADMINISTRATOR,
            facts={"installation": partner.installation, "seconds": seconds}, now=now,
        )  # fmt: skip


def _alarm(session: Session, row: DeliveryOutRow, topic: str, code: str, *, now: datetime) -> None:
    for role in ALARMED:
        tell(
            session, topic=topic, subject=row.transfer_id, occasion=f"{row.id}:{code[:20]}:{role.value}",
            role=role, facts={"installation": row.partner, "code": code}, now=now,
        )  # fmt: skip


def _to_push(row: DeliveryOutRow) -> ToPush:
    return ToPush(row.id, row.token, row.sealed_to)
