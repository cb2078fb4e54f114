"""A decision somebody has to look at again: a conflict or an absence was found too late."""

from datetime import datetime

from sqlmodel import Session

from cases.service import steps
from core.actors import Actor
from core.worktime import add_working_days
from panels.service import reviews, telling
from panels.service.child import child_of
from panels.service.panels import rules_of
from panels.service.record import note
from panels.service.standing import local_day
from panels.store import determination as determinations
from panels.tables.item import ItemRow
from panels.tables.sitting import SittingRow


def flag_item(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Flag a decided item, set the day its review is due, and tell the coordinator and the secretary. Once.

    Source: DOM-3.5 (late-discovered conflict: decision flagged, review within 10 working days).
    """
    if item.flagged_at is not None:
        return
    child = child_of(session, item.case_id, now=now)
    days = rules_of(session, sitting.panel_id, sitting.rules_number).late_conflict_days
    item.flagged_at, item.flag_reason = now, reason
    item.flag_review_by = add_working_days(local_day(sitting, now), days, child.calendar)
    session.add(item)
    session.flush()
    telling.tell(
        session,
        telling.Holders(office=child.office, panel=sitting.panel_id),
        topic="decision.flagged",
        key=f"decision.flagged:{item.id}",
        subject=item.case_id,
        now=now,
        payload={"item": item.id, "reason": reason, "by": item.flag_review_by.isoformat()},
    )
    decision = determinations.of_item(session, item.id)
    if decision is not None:
        reviews.flag_late_conflict(session, actor, decision.id, now=now)
    steps.wake(session, item.case_id, now=now)
    note(session, actor, sitting, "decision_flagged", now=now, item=item, codes={"why": reason})
