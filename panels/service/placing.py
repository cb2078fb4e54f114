"""Letting a child move in under a decision: the decision named is this child's, and in force.

What a home or facility has to be is asked below, in ``cases.service.placements``.

Source: DOM-4.7, DOM-R2, DOM-R9.
"""

from datetime import datetime

from sqlmodel import Session

from cases.service import placements
from cases.service.placements import PlacementRequest, PlacementView
from core.actors import Actor
from core.errors import Gap, Incomplete
from panels.service import decision_rows
from panels.store import determination as store


def start_placement(
    session: Session, actor: Actor, case_id: str, wanted: PlacementRequest, *, now: datetime
) -> PlacementView:
    """Let a child move in, as ``placements.start_placement`` does, under a decision that exists.

    Raises:
        Incomplete: the decision named is not one of this child's, or not in force; or with
            everything that stands against the placement.
        NotThere: not a case of this person, or no such facility or home study.
        WrongState: the child lives somewhere already, or the case has ended.
    """
    if wanted.decision_id is not None:
        decision_rows.case_seen(session, actor, case_id, now=now)
        row = store.find(session, wanted.decision_id)
        if row is None or row.case_id != case_id:
            raise Incomplete("start_placement", (Gap("decision_not_of_this_child"),))
        if row.current_case is None:
            raise Incomplete("start_placement", (Gap("decision_not_in_force"),))
    return placements.start_placement(session, actor, case_id, wanted, now=now)
