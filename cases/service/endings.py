"""What a case that ends leaves behind: silence, and a day from which the file may be erased.

Source: DOM-3.1, DOM-3.2, DOM-R54.
"""

from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import clocks, steps, tasks
from cases.service.case_packs import pack_for
from cases.service.childfacts import today_of
from cases.store import case_files as store
from cases.tables.case_file import CaseRow
from core.actors import Actor
from core.worktime import add_months

MONTHS: Final = 12


def silence(session: Session, actor: Actor, case_id: str, *, now: datetime) -> None:
    """End every limit and withdraw every task of a case that was closed, merged or set aside.

    An alert that was not about a child is kept as long as the country says; how long a closed file is
    kept depends on the child and is worked out where it is closed.
    """
    clocks.close_all(session, case_id, now=now, actor=actor)
    tasks.withdraw_open(session, actor, case_id, now=now)
    case = steps.lock(session, case_id)
    if case.state == CaseState.NOT_ELIGIBLE:
        years = pack_for(case, on=now.date()).retention.not_eligible_years
        keep_until(session, case, add_months(today_of(case, now), years * MONTHS))


def keep_until(session: Session, case: CaseRow, day: date) -> None:
    """Keep an ended file until a day, and every file that was merged into it as long."""
    for row in (case, *(steps.lock(session, one) for one in store.merged_into(session, case.id))):
        row.retain_until = day
        session.add(row)
    session.flush()
