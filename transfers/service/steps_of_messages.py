"""Which step of the machine a message takes: what it says decides, never who would like it.

The same for a message of ours when it is signed, and for one of theirs when it was read and checked. A message that
finds no step where the transfer stands is kept and changes nothing (two messages may cross on the way); a person
looks at it.

Source: DOM-5.2, DOM-R36.
"""

from collections.abc import Mapping
from typing import Final

from transfers.rules.codes import SUSPENDING, Incident, MessageType, Round, Side
from transfers.rules.machine import Step, TransferState, Transition, edge
from transfers.service.bodies import (
    Accept,
    Body,
    EnquiryReply,
    IncidentAlert,
    InfoRequest,
    PlacementChange,
)

OF_INCIDENT: Final[Mapping[Incident, Step]] = {
    **dict.fromkeys(SUSPENDING, Step.SUSPEND),
    Incident.CHILD_MISSING: Step.MISS,
    Incident.CHILD_FOUND: Step.FIND,
    Incident.CAN_GO_ON: Step.RESUME,
}
PLAIN: Final[Mapping[MessageType, tuple[Step, ...]]] = {
    MessageType.ENQUIRY: (Step.SEND_ENQUIRY,),
    MessageType.REQUEST: (Step.SEND,),
    MessageType.ACK: (Step.ACKNOWLEDGE,),
    MessageType.INFO_REQUEST: (Step.ASK,),
    MessageType.INFO_REPLY: (Step.SUPPLY,),
    MessageType.DECLINE: (Step.DECLINE,),
    MessageType.WITHDRAW: (Step.WITHDRAW, Step.CANCEL),
    MessageType.PACKAGE: (Step.RELEASE,),
    MessageType.TRAVEL_PLAN: (Step.PLAN_TRAVEL,),
    MessageType.HANDOVER_NOTICE: (Step.HAND_OVER,),
    MessageType.RECEIPT: (Step.RECEIVE,),
    MessageType.FOLLOWUP_REPORT: (Step.FOLLOW_UP,),
    MessageType.CLOSE: (Step.CLOSE_BY_RECEIVER, Step.CLOSE_BY_SENDER),
    MessageType.REOPEN: (Step.REOPEN,),
    MessageType.WRONG_RECIPIENT_NOTICE: (Step.MISDIRECT,),
}

_WRONG: Final = TransferState.WRONG_RECIPIENT
ALWAYS: Final = frozenset(
    {
        MessageType.FOLLOWUP_REPORT,
        MessageType.TRAVEL_PLAN,
        MessageType.PACKAGE,
        MessageType.INCIDENT_ALERT,
        MessageType.PLACEMENT_CHANGE,
    }
)


def step_of(
    type_: MessageType,
    body: Body | None,
    state: TransferState,
    side: Side,
    of_round: Round,
    *,
    learned: bool = False,
) -> Transition | None:
    """Return the step a message of a side takes from a state; ``None`` when it only adds to the record.

    ``learned``: the message is the other side's, and came in.
    """
    found = (edge(step, state, side, of_round, learned=learned) for step in _steps(type_, body))
    return next((step for step in found if step is not None), None)


def moves(type_: MessageType, body: Body | None, state: TransferState) -> bool:
    """Whether a message means a step at all: without one where it arrives, a person has to look.

    Alarms can be said at any time; so can what may repeat, and that what went wrong is destroyed by now.
    """
    is_confirmed = type_ is MessageType.WRONG_RECIPIENT_NOTICE and state is _WRONG
    return bool(_steps(type_, body)) and type_ not in ALWAYS and not is_confirmed


def _steps(type_: MessageType, body: Body | None) -> tuple[Step, ...]:
    match body:
        case Accept():
            # One that proposes other terms counts only when they are met: it is one with conditions.
            is_plain = not (body.conditions or body.proposals)
            return (Step.ACCEPT if is_plain else Step.ACCEPT_WITH_CONDITIONS,)
        case EnquiryReply():
            return (Step.ANSWER_YES if body.answer == "positive" else Step.ANSWER_NO,)
        case InfoRequest():
            return (Step.ASK,) if body.questions else ()
        case IncidentAlert():
            step = OF_INCIDENT.get(body.incident)
            return (step,) if step is not None else ()
        case PlacementChange():
            return (Step.DISRUPT if body.broke_down is not None else Step.REPLACE_PLACEMENT,)
    return PLAIN.get(type_, ())
