"""What a side may say where a transfer stands: the messages of its steps, and those that change nothing by themselves.

Officers are offered these and no others. Writing and signing are judged anew by the machine; nothing is allowed here.

Source: DOM-5.2, DOM-5.9, DOM-R36.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from transfers.rules.codes import MessageType, Round, Side
from transfers.rules.machine import ARRIVED, OPEN, TransferState, steps_from

S = TransferState
UNSENT: Final = frozenset({S.DRAFT, S.INTERNAL_CHECK})
"""Where the other country knows nothing yet."""
WITH_SUMMARY: Final = frozenset({MessageType.ENQUIRY, MessageType.REQUEST})
"""Written as a summary and checked; never like another message."""
_KNOWN_THERE: Final = frozenset(TransferState) - UNSENT


@dataclass(frozen=True)
class _Besides:
    """Where a message may be said that takes no step of the machine there."""

    states: frozenset[TransferState]
    sides: frozenset[Side] = frozenset(Side)


_SENDER, _RECEIVER = frozenset({Side.SENDER}), frozenset({Side.RECEIVER})
BESIDES: Final[Mapping[MessageType, _Besides]] = {
    MessageType.PACKAGE: _Besides(frozenset({S.PRE_DEPARTURE}), _SENDER),
    MessageType.TRAVEL_PLAN: _Besides(frozenset({S.PRE_DEPARTURE}), _SENDER),
    MessageType.TRAVEL_CONFIRM: _Besides(frozenset({S.PRE_DEPARTURE}), _RECEIVER),
    MessageType.FOLLOWUP_REPORT: _Besides(frozenset({S.FOLLOW_UP}), _RECEIVER),
    MessageType.PLACEMENT_CHANGE: _Besides(ARRIVED | {S.DISRUPTED}, _RECEIVER),
    MessageType.INCIDENT_ALERT: _Besides(_KNOWN_THERE & OPEN),
    MessageType.RESPONSIBILITY_CHANGE: _Besides(OPEN),
    MessageType.CORRECTION: _Besides(_KNOWN_THERE),
}
"""What may repeat, or only adds to the record; nobody is kept from raising an alarm."""


def may_say(state: TransferState, side: Side, of_round: Round) -> tuple[MessageType, ...]:
    """Return the messages a side may write where a transfer stands, in the order of the procedure."""
    of_steps = {step.message for step in steps_from(state, side, of_round)} - WITH_SUMMARY
    return tuple(
        one
        for one in MessageType
        if one in of_steps
        or (one in BESIDES and state in BESIDES[one].states and side in BESIDES[one].sides)
    )
