"""What was taken back, by us and by partners, as officers see it: what waits for an answer, by when, and how it ended.

Source: EXP-9, DOM-R14, DOM-R50.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.exchange import tokens
from core.exchange.kinds import Kind
from core.exchange.notices import Action
from core.exchange.receipts import Event
from core.packs.lookup import pack_of
from core.worktime import local_day
from transfers.service import installation, record
from transfers.service.officers import require
from transfers.store import deliveries as store
from transfers.store import transfers as transfer_store
from transfers.tables.delivery import RecallRow
from transfers.tables.transfer import MessageRow

MOST = 500


@dataclass(frozen=True)
class Recall:
    """One package that was taken back.

    Args:
        is_ours: whether we took it back; else the partner did.
        transfer_id, message_id: what it was; empty where nobody here opened it.
        reason: the code the one who took it back gave.
        action: what the holder is asked to do.
        state: of ours: sent, received, recalled or declined; of theirs: waiting for its package, blocked until an
            officer answers, recalled or declined.
        due_on: last day of an answer of ours, on the wall here.
        is_late: that day has passed and nobody answered.
        decided_by, decided_at: our officer's answer.
        kept_for: the ground on which the holder keeps it; empty unless it is declined.
    """

    id: str
    is_ours: bool
    installation: str
    transfer_id: str
    message_id: str
    reason: str
    action: Action
    state: str
    at: datetime
    by: str
    due_on: date | None
    is_late: bool
    decided_by: str
    decided_at: datetime | None
    kept_for: str


def list_recalls(
    session: Session, actor: Actor, *, only_open: bool, now: datetime
) -> tuple[Recall, ...]:
    """Return recalls of both sides, the newest first; those of files closed to the reader are left out.

    Raises:
        NotThere: not an officer of the secretariat.
    """
    _require_officer(session, actor)
    rows = store.recalls_open(session) if only_open else store.recalls(session, limit=MOST)
    today = local_day(now, pack_of(actor.country, on=now.date()).calendar())
    found = [
        _shown(row, messages, _kept_for(session, row), today=today)
        for row in rows
        if _may_see(session, actor, messages := messages_of(session, row), now=now)
    ]
    audit.record(
        session, actor, "recall.list_read", thing="recall", thing_id="list", now=now,
        codes={"count": len(found)},
    )  # fmt: skip
    return tuple(found)


def find_for(session: Session, actor: Actor, recall_id: str, *, now: datetime) -> RecallRow:
    """Return a recall of theirs an officer may answer.

    Raises:
        NotThere: none of theirs, or about a child's file that is closed to the officer.
    """
    _require_officer(session, actor)
    row = session.get(RecallRow, recall_id)
    if (
        row is None
        or row.is_ours
        or not _may_see(session, actor, messages_of(session, row), now=now)
    ):
        raise NotThere("recall")
    return row


def messages_of(session: Session, row: RecallRow) -> list[MessageRow]:
    """Return the messages a recalled package held, as far as they are known here."""
    deliveries = (
        store.out_of_package(session, row.package_id)
        if row.is_ours
        else store.of_package(session, row.partner, row.package_id)
    )
    ids = sorted({one.message_id for one in deliveries if one.message_id is not None})
    found = (transfer_store.find_message(session, one) for one in ids)
    return [one for one in found if one is not None]


def _require_officer(session: Session, actor: Actor) -> None:
    require(actor, record.OFFICERS)
    if actor.country != installation.name_of(session)[:2]:
        raise NotThere("recall")


def _may_see(
    session: Session, actor: Actor, messages: Sequence[MessageRow], *, now: datetime
) -> bool:
    try:
        for one in messages:
            record.seen(session, actor, one.transfer_id, now=now)
    except NotThere:
        return False
    return True


def _kept_for(session: Session, row: RecallRow) -> str:
    """The ground stands in the signed receipt that declined it: theirs for a recall of ours, ours for one of theirs."""
    if row.state != "declined":
        return ""
    texts = [
        one.text
        for one in (
            store.taken(session, row.notice_id)
            if row.is_ours
            else store.given(session, row.partner, row.notice_id)
        )
        if one.event == Event.RECALL_DECLINED
    ]
    said = tokens.unverified_claims(texts[-1], Kind.RECEIPT) if texts else {}  # verified when kept
    return str(said.get("reason") or "")


def _shown(row: RecallRow, messages: Sequence[MessageRow], kept_for: str, *, today: date) -> Recall:
    newest = messages[-1] if messages else None
    return Recall(
        row.id, row.is_ours, row.partner, newest.transfer_id if newest else "",
        newest.id if newest else "", row.reason, Action(row.action), row.state, row.at, row.by,
        row.due_on, row.due_on is not None and row.state == "blocked" and row.due_on < today,
        row.decided_by, row.decided_at, kept_for,
    )  # fmt: skip
