"""Calling further members to a sitting that was planned: who stands by, who comes for somebody else.

Source: DOM-4.5/sitting.roster.
"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from core.actors import Actor
from core.errors import BadInput, WrongState
from panels.rules.sittings import SittingState
from panels.service import joint, papers
from panels.service.record import note
from panels.service.standing import clerks_floor, local_day
from panels.store import sitting as store
from panels.tables.sitting import RosterRow


def call_to_roster(
    session: Session,
    actor: Actor,
    sitting_id: str,
    member_ids: Collection[str],
    *,
    now: datetime,
) -> list[str]:
    """Call further members to a sitting that is planned or convened; return those who are new.

    Raises:
        NotAllowed: neither secretary nor coordinator.
        BadInput: somebody who is not in office on that day.
        WrongState: the sitting was opened already.
    """
    found = clerks_floor(session, actor, sitting_id, now=now)
    sitting = found.sitting
    if SittingState(sitting.state) not in {SittingState.DRAFT, SittingState.CONVENED}:
        raise WrongState("sitting", sitting.state, "call_to_roster")
    new = sorted(set(member_ids) - set(store.roster(session, sitting_id)))
    panel = found.standing.panel
    day = local_day(sitting, sitting.starts_at)
    if not set(new) <= set(joint.in_office(session, (panel,), day)):
        raise BadInput("/roster", "not_in_office")
    for member_id in new:
        session.add(RosterRow(sitting_id=sitting.id, member_id=member_id))
    session.flush()
    if new:
        note(session, actor, sitting, "called", now=now, codes={"members": len(new)})
    if new and SittingState(sitting.state) is SittingState.CONVENED:
        papers.release_to_latecomers(session, actor, sitting_id, now=now)
    return new
