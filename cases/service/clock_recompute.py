"""Working the open limits of a case out again, after a new priority or newer rules of the country.

Takes the locked case row, so that whoever changes it can call this in the same breath.

Source: DOM-3.2.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from cases.service.clock_rows import Start, due_of, note, schedule
from cases.store import clocks as store
from cases.tables.case_file import CaseRow
from core.actors import Actor


def recompute(session: Session, case: CaseRow, *, actor: Actor, reason: str, now: datetime) -> int:
    """Work the open limits of a locked case out again; return how many moved.

    Time that stood still stays granted, levels that were raised stay raised. Limits that a person
    or another rule fixed are left alone. What changed is kept beside each limit.

    Args:
        session: the unit of work.
        case: the locked case, already with its new priority or pack version.
        actor: who changed it.
        reason: ``priority`` or ``pack``.
        now: when.
    """
    moved = 0
    for row in store.lock_open(session, case.id):
        if row.is_fixed:
            continue
        start = Start(
            row.code, row.occurrence, case.priority, row.place, row.started_at, row.event_at
        )
        due = due_of(case, start) + timedelta(seconds=row.paused_seconds)
        before = row.due_at
        row.due_at, row.priority, row.pack_version = due, case.priority, case.pack_version
        if due != before:
            moved += 1
            schedule(row)
            note(session, row, "recomputed", at=now, actor=actor, reason=reason, before=before)
        session.add(row)
    session.flush()
    return moved
