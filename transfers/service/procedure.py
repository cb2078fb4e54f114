"""What follows by itself for transfers; each step once, safe to run again. None decides.

Source: DOM-R26, DOM-R42, DOM-R45, DOM-R48.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service import movement, steps, tasks
from core.actors import Role, procedure_actor
from transfers.rules.codes import Direction, Round, Side
from transfers.rules.machine import Step, TransferState, edge
from transfers.service import consent_recalls, evidence, grants, grants_judging, record
from transfers.service.officers import tell
from transfers.store import disclosure
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


def end_grants(session: Session, case_id: str, *, now: datetime) -> bool:
    """End every grant of ours that what it stands on no longer carries; officers hear of what it gave before.

    Redeeming asks anew each time, so nothing was given since; this shows it on the record. Taking back what was given
    is a person's word.

    Source: DOM-R26, DOM-R42, DOM-R45, DOM-R48, EXP-9.
    """
    found = [row for row in store.of_case(session, case_id) if row.direction == Direction.OUTBOUND]
    if not found:
        return False
    steps.lock(session, case_id)
    ended = False
    for grant in disclosure.given_open(session, [row.id for row in found]):
        row = next(one for one in found if one.id == grant.transfer_id)
        gaps = grants_judging.standing_gaps(session, row, grant, now=now)
        if row.is_open and not gaps:
            continue
        reason = gaps[0].code if gaps else "grant_transfer_over"
        record.note(
            session, procedure_actor(row.country), row, "grant.ended", now=now,
            codes={"grant": grant.id, "reason": reason},
        )  # fmt: skip
        if disclosure.sent_under(session, grant):
            tell(
                session, topic="exchange.grant_ended_after_use", subject=row.id, occasion=grant.id,
                role=Role.SECRETARIAT, facts={"installation": row.partner}, now=now,
            )  # fmt: skip
        grants.end(session, grant, by=evidence.PROCEDURE, reason=reason, now=now)
        ended = True
    return ended


def take_back_what_was_told(session: Session, case_id: str, *, now: datetime) -> bool:
    """Recall what stood on a consent that was taken back. Source: DOM-4.2, DOM-R48, EXP-9."""
    return consent_recalls.take_back_what_was_told(session, case_id, now=now)
