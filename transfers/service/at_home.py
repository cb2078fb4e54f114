"""What a message means for the child's case in the country that sent the child.

A receipt hands the case over where responsibility moves. Harm, a placement that broke down, or the other country's word
that this is not in the child's interests asks for a new look at the determination by rule: as a step of the procedure
where there is one, and as a task for people always.

Source: DOM-5.2, DOM-5.7, DOM-5.8, DOM-R37, DOM-R43.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.machine import CaseState, edge
from cases.rules.machine import Step as CaseStep
from cases.service import steps, tasks
from core.actors import Role, procedure_actor
from transfers.rules.codes import DeclineReason, ResponsibilityModel
from transfers.rules.machine import Step, Transition
from transfers.service.bodies import (
    Body,
    Decline,
    FollowUpReport,
    Message,
    PlacementChange,
    Receipt,
)
from transfers.tables.transfer import TransferRow

LOOK_AGAIN: Final = "look_again_at_determination"


def follow(
    session: Session, row: TransferRow, said: Message, step: Transition | None, *, now: datetime
) -> None:
    """Do what the message means for our own case of the child."""
    if isinstance(said.body, Receipt) and step is not None:
        _hand_over(session, row, now=now)
    broke_down = step is not None and step.code is Step.DISRUPT
    if broke_down or _is_unsafe(said.body) or _is_against_the_child(said.body):
        _look_again(session, row, said, now=now)


def _hand_over(session: Session, row: TransferRow, *, now: datetime) -> None:
    """The case is with the other country from the signed receipt on, where the corridor says so."""
    if row.responsibility != ResponsibilityModel.MOVES_ON_RECEIPT:
        return
    case = steps.lock(session, str(row.case_id))
    if edge(CaseStep.TRANSFER_OUT, case.state) is not None:
        steps.move(
            session, case.id, CaseState.TRANSFERRED_OUT, transition=CaseStep.TRANSFER_OUT,
            actor=procedure_actor(row.country), now=now,
        )  # fmt: skip


def _look_again(session: Session, row: TransferRow, said: Message, *, now: datetime) -> None:
    """Reopen the determination where the procedure has that step; ask people in any case. Source: DOM-R43."""
    machine = procedure_actor(row.country)
    case = steps.lock(session, str(row.case_id))
    if edge(CaseStep.REOPEN_BID, case.state) is not None:
        steps.move(
            session, case.id, CaseState.BID_REQUIRED, transition=CaseStep.REOPEN_BID,
            actor=machine, now=now,
        )  # fmt: skip
    tasks.open_task(
        session, case.id, LOOK_AGAIN, key=f"{LOOK_AGAIN}:{said.no}", actor=machine, now=now,
        role=Role.COORDINATOR, ref=row.id,
    )  # fmt: skip


def _is_unsafe(body: Body) -> bool:
    match body:
        case FollowUpReport():
            urgent = body.concern_level == "urgent_intervention"
            return body.new_harm or urgent or body.recommend == "reopen" or body.safety == "serious"
        case PlacementChange():
            return not body.child_is_safe
    return False


def _is_against_the_child(body: Body) -> bool:
    """The other country holds that this is not in the child's interests: nobody is sent anyway. Source: DOM-5.8."""
    return isinstance(body, Decline) and body.reason is DeclineReason.NOT_BEST_INTERESTS_OUR_VIEW
