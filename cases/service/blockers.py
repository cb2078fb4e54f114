"""What must end before a case can. Layers above register what this feature cannot know.

``panels`` and ``transfers`` call ``block`` when an appeal, an unsigned decision or a transfer opens and
``clear`` when it ends; both may be called twice.

Source: DOM-R55.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.clocks import OVERDUE, WINDOWS, ClockCode
from cases.rules.closing import Blocker
from cases.rules.emergency import Duty
from cases.rules.machine import CaseState
from cases.rules.movement import HoldOnMovement
from cases.store import case_files
from cases.store import clocks as clock_store
from cases.store import closing as store
from cases.store import detention as detention_store
from cases.store import followup as follow_up_store
from cases.store import movement as movement_store
from cases.store import tasks as task_store
from cases.tables.clock import DeadlineRow

_BY_STATE: Final = {
    CaseState.UNDER_APPEAL: Blocker.OPEN_APPEAL,
    CaseState.BID_DECIDED: Blocker.CHILD_NOT_TOLD,
    CaseState.BID_LISTED: Blocker.OPEN_ITEM,
    CaseState.BID_IN_SITTING: Blocker.OPEN_ITEM,
    CaseState.BID_QUALITY_CHECK: Blocker.OPEN_REPORT,
    CaseState.BID_READY: Blocker.OPEN_REPORT,
    CaseState.BID_DEFERRED: Blocker.OPEN_REPORT,
}


def block(session: Session, case_id: str, code: Blocker | str, ref: str, *, now: datetime) -> bool:
    """Register something that must end before the case can; False when it stands already.

    Args:
        session: the unit of work.
        case_id: the child's case.
        code: open_transfer, open_appeal, open_report, unsigned_decision, open_item, or another.
        ref: id of the thing, by which it is cleared.
        now: when.

    Source: DOM-R55.
    """
    return store.keep_blocker(session, case_id, str(code), ref, now=now)


def clear(session: Session, case_id: str, code: Blocker | str, ref: str, *, now: datetime) -> bool:
    """Say that the thing has ended; False when nothing of the kind stood."""
    return store.clear_blocker(session, case_id, str(code), ref, now=now) > 0


def blockers(session: Session, case_id: str, *, now: datetime | None = None) -> tuple[str, ...]:
    """Return the code of everything that stands against closing a case, one for each thing.

    Without ``now`` only alarms that the sweep has raised count, with it every limit that has passed
    and every written report whose day has come. The report after the last one is planned as soon as
    that is written; it stands in nobody's way before its day.

    Source: DOM-R55.
    """
    registered = [row.code for row in store.blockers_of(session, case_id)]
    found = [*_of_clocks(session, case_id, now), *_of_records(session, case_id, now)]
    # The state tells of an appeal or a decision that was registered too: count it once.
    state = [code for code in _of_state(session, case_id) if code not in registered]
    return (*registered, *found, *state)


def _of_clocks(session: Session, case_id: str, now: datetime | None) -> Iterable[str]:
    for row in clock_store.open_of(session, case_id):
        if row.code == ClockCode.APPEAL_WINDOW:
            if now is None or row.due_at > now:
                yield Blocker.APPEAL_WINDOW.value
        elif row.code not in WINDOWS and _is_alarm(row, now):
            yield Blocker.OPEN_ALARM.value


def _is_alarm(row: DeadlineRow, now: datetime | None) -> bool:
    return row.level >= OVERDUE or (now is not None and row.paused_at is None and row.due_at < now)


def _of_records(session: Session, case_id: str, now: datetime | None) -> Iterable[str]:
    duties = task_store.open_codes(session, case_id, [duty.value for duty in Duty])
    yield from (Blocker.EMERGENCY_DUTY.value for _ in duties)
    if now is not None and follow_up_store.is_report_due(session, case_id, now=now):
        yield Blocker.OPEN_REPORT.value
    if detention_store.is_open(session, case_id):
        yield Blocker.IN_DETENTION.value
    for hold in movement_store.open_of(session, case_id):
        if hold.reason == HoldOnMovement.DISAGREEMENT:
            yield Blocker.OPEN_TRANSFER.value


def _of_state(session: Session, case_id: str) -> Iterable[str]:
    case = case_files.find_case(session, case_id)
    if case is None:
        return
    state = case.held_from if case.state == CaseState.ON_HOLD and case.held_from else case.state
    blocker = _BY_STATE.get(CaseState(state))
    if blocker is not None:
        yield blocker.value
