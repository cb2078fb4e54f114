"""The way of a tied case to the review panel: checked again, then listed there.

The referral itself is a panel's act (``panels.service.voting``). Without this way back a tied case
would wait for answers to questions that nobody asked.

Source: DOM-3.5 (tie).
"""

from datetime import datetime

from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service import clocks, reports
from core.actors import Actor
from panels.rules.items import ItemState
from panels.service.child import child_of
from panels.store import item as items


def return_tied(session: Session, actor: Actor, case_id: str, *, now: datetime) -> bool:
    """Bring a tied case back to the quality check; False when it was not a tie that put it off.

    The caller has asked who may.
    """
    before = items.of_case(session, case_id)
    last = before[-1] if before else None
    tied = last is not None and last.state == ItemState.DEFERRED and last.referred_to is not None
    if not tied or child_of(session, case_id, now=now).state != CaseState.BID_DEFERRED:
        return False
    reports.prepare_again(session, actor, case_id, now=now)
    clocks.meet_clock(session, case_id, "D11", now=now, actor=actor)
    return True
