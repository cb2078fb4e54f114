"""Beginning to carry a decision out, here or abroad, and what forbids a child to move.

What is done inside the country goes through ``panels``. A decision that leads abroad is carried out by the child's
departure (``travel.depart``), when the other country has accepted and every line of the checklist is true.

Source: DOM-3.3 (T16), DOM-5.10, DOM-R1, DOM-R33, DOM-R34.
"""

from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Level
from cases.service.access import reach_of
from core import audit
from core.actors import Actor
from core.errors import Answer, NotThere
from panels.service import implementation
from panels.service.implementation import Standpoint
from transfers.errors import MovementRefused
from transfers.rules.movement_gate import may_move_abroad
from transfers.service import record, travel
from transfers.service.movement_facts import movement_of


def begin_implementation(session: Session, actor: Actor, case_id: str, *, now: datetime) -> str:
    """Begin to carry out the decision in force; one that leads abroad is refused with the reasons.

    Raises:
        NotThere: no such case, not yours, or nothing was decided.
        MovementRefused: the decision leads abroad; every condition that does not hold is listed.
        Incomplete: inside the country, with what carrying out waits for.
        RoleMayNot: only a coordinator begins.
    """
    found = implementation.standpoint(session, case_id, now=now)
    sees = reach_of(session, actor, case_id, now=now).level >= Level.FULL
    if sees and found is not None and found.is_abroad:
        gate = _gate(session, case_id, found, now=now)
        if not gate.is_possible:
            raise MovementRefused(gate.act, gate.gaps)
    return implementation.begin_implementation(session, actor, case_id, now=now)


def movement_gaps(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Answer:
    """Show everything that forbids this child to move abroad today, and note that it was read.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session,
        actor,
        "movement.gate_read",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
    )
    found = implementation.standpoint(session, case_id, now=now)
    return _gate(session, case_id, found, now=now)


def _gate(session: Session, case_id: str, found: Standpoint | None, *, now: datetime) -> Answer:
    request = travel.request_for(session, case_id, found)
    if request is None:
        return may_move_abroad(movement_of(session, case_id, found, now=now))
    today = record.today_of(request, now)
    return may_move_abroad(travel.movement_for(session, request, on=today, now=now))
