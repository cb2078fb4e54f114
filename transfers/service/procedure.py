"""What follows by itself for transfers; each step once, safe to run again. None decides.

Source: DOM-R26, DOM-R42.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service import movement, tasks
from core.actors import Role, procedure_actor
from transfers.rules.codes import Direction, Round, Side
from transfers.rules.machine import Step, TransferState, edge
from transfers.service import record
from transfers.store import transfers as store

TELL_PARTNER: Final = "tell_partner_of_suspension"


def stop_where_held(session: Session, case_id: str, *, now: datetime) -> bool:
    """Suspend every transfer of a child whose movement abroad is held; going on is a person's word.

    What could leave was stopped the moment the hold was placed, because every sending and every clearance asks
    for it; this shows it on the record and asks an officer to tell the other country, without the reason.

    Source: DOM-R26, DOM-R42.
    """
    if not movement.open_holds(session, case_id):
        return False
    machine, done = None, False
    for found in store.of_case(session, case_id):
        step = edge(Step.SUSPEND, TransferState(found.state), Side.SENDER, Round(found.round))
        if found.direction != Direction.OUTBOUND or step is None:
            continue
        row = store.lock(session, found.id)
        if row is None or row.state != found.state:
            continue
        machine = machine or procedure_actor(row.country)
        row.cleared_by, row.cleared_for = "", None
        record.take(session, row, step, side=Side.SENDER, actor=machine, now=now)
        tasks.open_task(
            session, case_id, TELL_PARTNER, key=f"{TELL_PARTNER}:{row.id}:{row.state_since}",
            actor=machine, now=now, role=Role.SECRETARIAT, ref=row.id,
        )  # fmt: skip
        done = True
    return done
