"""Whose turn it is: the one step of the machine that a transfer waits for, and the side that has it.

A side has many steps at any moment (to withdraw, to suspend, to report a child missing). Named here is the one that
carries the transfer on; an officer sees by it whether to act or to wait. Nothing is refused by it.

Source: DOM-5.2, DOM-R36.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from transfers.rules.codes import Round, Side, TransferKind
from transfers.rules.machine import (
    ENDED,
    WITH_RECEIVER,
    Step,
    TransferState,
    edge,
)

S = TransferState
_ANSWERS: Final = (Step.ANSWER_YES, Step.ACCEPT)
AWAITED: Final[Mapping[TransferState, tuple[Step, ...]]] = {
    S.DRAFT: (Step.SUBMIT,),
    S.INTERNAL_CHECK: (Step.SEND_ENQUIRY, Step.SEND),
    S.SENT: (Step.ACKNOWLEDGE,),
    S.DELIVERED: (Step.ACKNOWLEDGE,),
    S.ACKNOWLEDGED: _ANSWERS,
    S.INFO_REQUESTED: (Step.SUPPLY,),
    S.INFO_SUPPLIED: _ANSWERS,
    S.NO_ANSWER_ESCALATED: _ANSWERS,
    S.ACCEPTED: (Step.RELEASE,),
    S.ACCEPTED_WITH_CONDITIONS: (Step.RELEASE,),
    S.PACKAGE_RELEASED: (Step.PLAN_TRAVEL,),
    S.PRE_DEPARTURE: (Step.CLEAR,),
    S.CLEARED_TO_TRAVEL: (Step.DEPART,),
    S.IN_TRANSIT: (Step.HAND_OVER,),
    S.HANDED_OVER: (Step.RECEIVE,),
    S.RECEIVED: (Step.FOLLOW_UP,),
    S.FOLLOW_UP: (Step.CLOSE_BY_RECEIVER,),
    S.CLOSED_BY_RECEIVER: (Step.CLOSE_BY_SENDER,),
    S.CLOSED_BY_SENDER: (Step.CLOSE_BY_RECEIVER,),
    S.SUSPENDED: (Step.RESUME,),
    S.DISRUPTED: (Step.REPLACE_PLACEMENT,),
    S.CHILD_MISSING: (Step.FIND,),
}
"""The steps that carry a transfer on from where it stands; of two, the round decides."""
UNANSWERED: Final = WITH_RECEIVER | {S.NO_ANSWER_ESCALATED}
"""The country that was asked still owes its answer."""


def awaited(state: TransferState, of_round: Round, kind: TransferKind) -> tuple[Step, ...]:
    """Return the steps a transfer waits for; none once it has ended.

    A child who has moved already does not travel: there the receipt follows the package.
    """
    if state in ENDED:
        return ()
    if state is S.PACKAGE_RELEASED and kind is TransferKind.CASE_ONLY:
        return (Step.RECEIVE,)
    return tuple(
        step
        for step in AWAITED[state]
        if any(edge(step, state, side, of_round) is not None for side in Side)
    )


def turn(state: TransferState, of_round: Round, kind: TransferKind) -> tuple[Side, ...]:
    """Return whose turn it is: the sides that have an awaited step, both where either may take it."""
    steps = awaited(state, of_round, kind)
    return tuple(
        side
        for side in Side
        if any(edge(step, state, side, of_round) is not None for step in steps)
    )


def is_late(state: TransferState, reply_due: date | None, *, today: date) -> bool:
    """Whether the day of the reply has passed without an answer; it moves nothing, a person asks."""
    return state in UNANSWERED and reply_due is not None and today > reply_due
