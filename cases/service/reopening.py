"""Opening a case again because something is new, and the short assessment that is due at once.

Source: DOM-3.3/T19.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.clocks import ClockCode
from cases.rules.closing import ReopeningReason, may_reopen
from cases.rules.machine import CaseState, Step
from cases.service import clocks, steps, tasks
from cases.service.access import case_for
from cases.service.forms import RESTRICTED, seal_value
from cases.store import closing as store
from cases.tables.case_file import CaseRow
from cases.tables.closing import ReopeningRow
from core.actors import Actor, Role

REOPENERS: Final = frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.SECRETARIAT_HEAD})
REASSESS_TASK: Final = "short_assessment_after_reopening"


def reopen_case(
    session: Session,
    actor: Actor,
    case_id: str,
    reason: ReopeningReason,
    *,
    what_is_new: str,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Open a case again because something is new; a short assessment is due at once.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: not a supervisor, a coordinator or the head of the secretariat.
        Incomplete: nothing is said about what is new.
        NoSuchStep: the case cannot be opened again from where it stands.
        StaleWrite: somebody changed the case after it was read.

    Source: DOM-3.3/T19.
    """
    may_reopen(reason, what_is_new=what_is_new).require()
    case = case_for(
        session,
        actor,
        case_id,
        roles=REOPENERS,
        now=now,
        level=Level.CODED,
        expected_version=expected_version,
    )
    case = steps.move(
        session,
        case_id,
        CaseState.REOPENED,
        transition=Step.REOPEN,
        actor=actor,
        now=now,
        facts={"reason": reason.value},
    )
    case.retain_until = None
    row = ReopeningRow(
        case_id=case_id,
        n=len(store.reopenings_of(session, case_id)) + 1,
        reason=reason.value,
        reopened_by=actor.person_id,
        reopened_at=now,
    )
    row.restricted = seal_value(session, case_id, row, {"words": what_is_new}, RESTRICTED)
    session.add(row)
    session.flush()
    _open_short_assessment(session, actor, case, row, now)
    return row.id


def _open_short_assessment(
    session: Session, actor: Actor, case: CaseRow, row: ReopeningRow, now: datetime
) -> None:
    code = ClockCode.SHORT_ASSESSMENT
    clock = clocks.open_clock(
        session,
        case.id,
        code,
        started_at=now,
        occurrence=clocks.next_occurrence(session, case.id, code),
    )
    tasks.open_task(
        session,
        case.id,
        REASSESS_TASK,
        key=f"reopening:{row.id}",
        actor=actor,
        now=now,
        role=Role.CASEWORKER,
        person_id=case.owner_person,
        due_at=clocks.due_of_clock(session, clock),
        ref=clock,
    )
