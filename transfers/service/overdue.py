"""What is due between two countries once the child has travelled: the receipt, and reports on how the child is.

Counted on the record of either side by the working days of the receiving country. When the day passes, officers of
both countries are told, each by its own installation, and nothing moves.

Source: DOM-3.2 (D17, D20), DOM-R34, DOM-R41, DOM-R59.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import audit
from core.actors import Role, procedure_actor
from core.packs.codes import LimitCode
from core.packs.lookup import pack_of
from core.worktime import due_at
from transfers.rules.codes import MessageType
from transfers.rules.machine import TransferState
from transfers.service.corridors import find_corridor
from transfers.service.officers import tell
from transfers.service.saying import SAID
from transfers.store import board as store
from transfers.tables.transfer import TransferRow

WATCHED: Final = frozenset(
    {TransferState.HANDED_OVER, TransferState.RECEIVED, TransferState.FOLLOW_UP}
)


@dataclass(frozen=True)
class Expected:
    """What comes next, and when: the receipt of the child (D17) or a follow-up report (D20).

    Args:
        number: which report, from 1; 1 for the receipt.
    """

    code: str
    number: int
    due_at: datetime


def expected(
    session: Session, rows: Sequence[TransferRow], *, now: datetime
) -> dict[str, Expected]:
    """Return what is due of these transfers, by id; nothing for those that wait for something else."""
    watched = [row for row in rows if row.state in WATCHED]
    reports = store.said_at(
        session, [row.id for row in watched], MessageType.FOLLOWUP_REPORT.value, SAID
    )
    return {row.id: _next(row, reports, now=now) for row in watched}


def remind(session: Session, *, now: datetime, limit: int) -> int:
    """Tell officers of receipts and reports that are late, once for each; returns how many were new.

    Source: DOM-R41.
    """
    told = 0
    rows = store.standing_in(session, sorted(WATCHED))
    due = expected(session, rows, now=now)
    for row in rows:
        found = due[row.id]
        if found.due_at <= now and told < limit:
            told += _raise(session, row, found, now=now)
    return told


def _next(
    row: TransferRow, reports: Mapping[str, Sequence[datetime]], *, now: datetime
) -> Expected:
    said = sorted(reports.get(row.id, ()))
    if row.state == TransferState.HANDED_OVER:
        return Expected("D17", 1, _due(row, "D17", row.state_since, 0, now=now))
    since = said[-1] if said else row.state_since
    return Expected("D20", len(said) + 1, _due(row, "D20", since, len(said), now=now))


def _due(
    row: TransferRow, code: str, since: datetime, occurrence: int, *, now: datetime
) -> datetime:
    acting = pack_of(row.destination, on=now.date())
    corridor = find_corridor(row.origin, row.destination, now=now, version=row.corridor_version)
    agreed = corridor.limits.get(LimitCode(code)) if corridor else None
    rule = agreed or acting.limits[LimitCode(code)]
    return due_at(since, rule.for_priority(row.priority, occurrence), acting.calendar())


def _raise(session: Session, row: TransferRow, found: Expected, *, now: datetime) -> bool:
    occasion = f"{row.id}:{found.code}:{found.number}:{int(found.due_at.timestamp())}"
    is_new = tell(
        session,
        topic="transfer.receipt_late" if found.code == "D17" else "transfer.report_late",
        subject=row.id,
        occasion=occasion,
        role=Role.SECRETARIAT,
        now=now,
        facts={"country": row.country, "ref": row.ref},
    )
    if is_new:
        audit.record(
            session, procedure_actor(row.country), "transfer.overdue", thing="transfer",
            thing_id=row.id, case_id=row.case_id, now=now,
            codes={"limit": found.code, "number": found.number},
        )  # fmt: skip
    return is_new
