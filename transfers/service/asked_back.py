"""When an enquiry or request was itself taken back: what was asked no longer stands, though the transfer is still open.

Taking content back is not a word about the child's matter; only the withdrawal is, and a person says it. Until then
nobody waits for an answer of the other country, no answer is given to what may not be read, and the secretariat of
the sending country has it among its work. A partner that keeps the content for a reason of the protocol keeps what
was asked alive.

Source: DOM-5.2, DOM-R34, DOM-R48, EXP-9.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service import tasks
from core.actors import Role, procedure_actor
from transfers.rules.codes import MessageType
from transfers.store import transfers as store
from transfers.tables.transfer import MessageRow, TransferRow

ASKING: Final = frozenset({MessageType.ENQUIRY, MessageType.REQUEST})
SAY_SO: Final = "withdraw_what_was_taken_back"


def mark(session: Session, message: MessageRow | None, *, now: datetime) -> None:
    """Note that what this message asked was taken back; of other messages nothing is noted."""
    row = _asked_by(session, message)
    if row is None or row.taken_back_at is not None or not row.is_open:
        return
    row.taken_back_at = now
    session.add(row)
    session.flush()
    if message is not None and message.is_ours and row.case_id is not None:
        tasks.open_task(
            session, row.case_id, SAY_SO, key=f"{SAY_SO}:{row.id}",
            actor=procedure_actor(row.country), now=now, role=Role.SECRETARIAT, ref=row.id,
        )  # fmt: skip


def unmark(session: Session, message: MessageRow | None, *, now: datetime) -> None:
    """Note that the receiver keeps what was sent: what it asks stands again."""
    row = _asked_by(session, message)
    if row is None or row.taken_back_at is None:
        return
    row.taken_back_at = None
    session.add(row)
    session.flush()
    settle(session, row, now=now)


def settle(session: Session, row: TransferRow, *, now: datetime) -> None:
    """Finish the work this left once the transfer is over, or what was asked stands again."""
    if row.case_id is not None and (not row.is_open or row.taken_back_at is None):
        tasks.finish_task(
            session, row.case_id, f"{SAY_SO}:{row.id}", actor=procedure_actor(row.country), now=now
        )


def _asked_by(session: Session, message: MessageRow | None) -> TransferRow | None:
    if message is None or MessageType(message.type) not in ASKING:
        return None
    return store.lock(session, message.transfer_id)
