"""What does not go on by itself between two countries. An alert stands until its cause is gone.

Nothing is kept here and nobody clears anything: each look asks the record anew.

Source: DOM-5.9, DOM-R14, EXP-8, EXP-11.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from cases.service.access import barred_cases
from core import audit
from core.actors import Actor, ScopeKind
from transfers.rules.delivery import InState
from transfers.rules.machine import TransferState
from transfers.rules.partnership import State
from transfers.service import board, exchange_status, installation, partner_statements, recall_list
from transfers.service.board import Which
from transfers.service.officers import READERS
from transfers.service.record import OFFICERS
from transfers.store import deliveries as delivery_store
from transfers.store import evidence as evidence_store
from transfers.store import inbox as store
from transfers.store import partner as partner_store

MOST: Final = 100
NO_CONTACT_AFTER: Final = timedelta(hours=24)
WITNESSED_WITHIN: Final = timedelta(days=7)
STANDING: Final = (
    TransferState.CHILD_MISSING,
    TransferState.DISRUPTED,
    TransferState.SUSPENDED,
    TransferState.NO_ANSWER_ESCALATED,
)


class Cause(StrEnum):
    """What stands still, or must not be overlooked."""

    CHILD_MISSING = "child_missing"
    DISRUPTED = "disrupted"
    SUSPENDED = "suspended"
    NO_ANSWER_ESCALATED = "no_answer_escalated"
    EXPIRED = "expired"
    REFUSED = "refused"
    NEEDS_ATTENTION = "needs_attention"
    RECALL_TO_ANSWER = "recall_to_answer"
    QUARANTINE = "quarantine"
    PARTNER_SUSPENDED = "partner_suspended"
    STATEMENT_OVER = "statement_over"
    NO_CONTACT = "no_contact"
    UNWITNESSED = "unwitnessed"
    CLOCK_DOUBTED = "clock_doubted"


@dataclass(frozen=True)
class Alert:
    """One cause that stands now.

    Args:
        cause: what.
        since: since when it stands.
        transfer_id: of which transfer; empty where it is about none.
        subject: name of the other installation, or the reference of the transfer; empty where it is about ourselves.
        partner_id: of the partner it is about; empty where it is about none.
    """

    cause: Cause
    since: datetime
    transfer_id: str = ""
    subject: str = ""
    partner_id: str = ""


def list_alerts(session: Session, actor: Actor, *, now: datetime) -> tuple[Alert, ...]:
    """Return what stands still now, children first, each kind oldest first; for others than officers there is nothing.

    Transfers of cases that are closed to the reader are left out.
    """
    is_officer = actor.has_for(OFFICERS, ScopeKind.COUNTRY, actor.country)
    found: list[Alert] = []
    if is_officer:
        found += _of_transfers(session, actor, now=now)
        found += _of_recalls(session, actor, now=now)
    if is_officer or actor.has_for(READERS, ScopeKind.COUNTRY, actor.country):
        found += _of_partners(session, now=now)
        found += _of_ourselves(session, now=now)
    audit.record(
        session, actor, "alerts.read", thing="alerts", thing_id="list", now=now,
        codes={"count": len(found)},
    )  # fmt: skip
    order = list(Cause)
    return tuple(sorted(found, key=lambda one: (order.index(one.cause), one.since)))


def _of_transfers(session: Session, actor: Actor, *, now: datetime) -> Iterator[Alert]:
    for state in STANDING:
        page = board.list_open(session, actor, Which(state=state), now=now, limit=MOST)
        for line in page.lines:
            yield Alert(Cause(state.value), line.state_since, line.id, line.ref)
    barred = barred_cases(session, actor)
    still = store.standing_still(session, actor.country, barred=barred, limit=MOST)
    for delivery, row in still:
        yield Alert(Cause(delivery.state), delivery.state_since, row.id, row.ref)


def _of_recalls(session: Session, actor: Actor, *, now: datetime) -> Iterator[Alert]:
    if installation.name_if_any(session) is None:
        return
    for one in recall_list.list_recalls(session, actor, only_open=True, now=now):
        if not one.is_ours:
            yield Alert(Cause.RECALL_TO_ANSWER, one.at, one.transfer_id, one.installation)


def _of_partners(session: Session, *, now: datetime) -> Iterator[Alert]:
    for row in partner_store.every(session):
        if row.state == State.SUSPENDED:
            last = partner_store.steps(session, row.id)[-1]
            yield Alert(Cause.PARTNER_SUSPENDED, last.at, "", row.installation, row.id)
        if row.state == State.ACTIVE:
            ends = partner_statements.stored_statement(session, row).expires_at
            if ends <= now.timestamp():
                over = datetime.fromtimestamp(ends, UTC)
                yield Alert(Cause.STATEMENT_OVER, over, "", row.installation, row.id)
    for line in exchange_status.lines(session, now=now):
        if line.failing_since is not None and now - line.failing_since >= NO_CONTACT_AFTER:
            yield Alert(Cause.NO_CONTACT, line.failing_since, "", line.partner)
    for waiting in delivery_store.in_state(session, InState.QUARANTINE):
        yield Alert(Cause.QUARANTINE, waiting.offered_at, "", waiting.partner)


def _of_ourselves(session: Session, *, now: datetime) -> Iterator[Alert]:
    life = delivery_store.life(session)
    if life is not None and life.doubted_at is not None:
        yield Alert(Cause.CLOCK_DOUBTED, life.doubted_at)
    since = _unwitnessed_since(session)
    if since is not None and now - since >= WITNESSED_WITHIN:
        yield Alert(Cause.UNWITNESSED, since)


def _unwitnessed_since(session: Session) -> datetime | None:
    """Return since when nobody but we can say how long our evidence log was; None where somebody can.

    A time-stamping authority can, and a partner that stored a receipt of ours, which carries the head of the log.
    """
    own = installation.name_if_any(session)
    if own is None or not delivery_store.active_partners(session):
        return None
    held = store.last_receipt_held(session)
    second = 0 if held is None else int(held.timestamp()) + 1
    found = evidence_store.checkpoints_since(session, own, second)
    stamped = evidence_store.stamps_of(session, [one.token for one in found])
    alone: list[int] = []
    for one in found:
        alone = [] if one.token in stamped else [*alone, one.issued_at]
    return datetime.fromtimestamp(alone[0], UTC) if alone else None
