"""The states of an enquiry and of a request between two countries, and every step between them, as data.

Both countries run the same machine, each on its own record. A step is the act of one side: our officers take
the steps of our side, a message that was read and checked takes those of the other. So nobody can accept for
the country that was asked, or withdraw for the one that asks (DOM-R36). No step is taken by a clock, and none by
a receipt but ``DELIVERED``, which says that a message arrived and nothing more (DOM-R34).

Source: DOM-5.2.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.actors import Role
from transfers.rules.codes import MessageType, Round, Side


class TransferState(StrEnum):
    """Where a transfer stands; an enquiry uses the first part and its own two answers."""

    DRAFT = "draft"
    INTERNAL_CHECK = "internal_check"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    INFO_REQUESTED = "info_requested"
    INFO_SUPPLIED = "info_supplied"
    ANSWERED_POSITIVE = "answered_positive"
    ANSWERED_NEGATIVE = "answered_negative"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_CONDITIONS = "accepted_with_conditions"
    DECLINED = "declined"
    NO_ANSWER_ESCALATED = "no_answer_escalated"
    PACKAGE_RELEASED = "package_released"
    PRE_DEPARTURE = "pre_departure"
    CLEARED_TO_TRAVEL = "cleared_to_travel"
    IN_TRANSIT = "in_transit"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    FOLLOW_UP = "follow_up"
    CLOSED_BY_RECEIVER = "closed_by_receiver"
    CLOSED_BY_SENDER = "closed_by_sender"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    DISRUPTED = "disrupted"
    CHILD_MISSING = "child_missing"
    WRONG_RECIPIENT = "wrong_recipient"


class Step(StrEnum):
    """Codes of the steps; X-numbers where DOM-5.2 has one."""

    SUBMIT = "SUBMITTED"
    GIVE_BACK = "GIVEN_BACK"
    SEND_ENQUIRY = "X0"
    SEND = "X1"
    DELIVER = "X2"
    ACKNOWLEDGE = "X3"
    ASK = "X4"
    SUPPLY = "X4_SUPPLIED"
    ANSWER_YES = "ENQUIRY_YES"
    ANSWER_NO = "ENQUIRY_NO"
    ACCEPT = "X6"
    ACCEPT_WITH_CONDITIONS = "X6_CONDITIONS"
    DECLINE = "X7"
    ESCALATE = "ESCALATED"
    RELEASE = "X8"
    PLAN_TRAVEL = "TRAVEL_PLANNED"
    CLEAR = "X9"
    UNCLEAR = "CLEARANCE_LAPSED"
    DEPART = "X10"
    HAND_OVER = "X10_HANDED_OVER"
    RECEIVE = "X11"
    FOLLOW_UP = "X12"
    CLOSE_BY_RECEIVER = "X13_RECEIVER"
    CLOSE_BY_SENDER = "X13_SENDER"
    WITHDRAW = "WITHDRAWN"
    CANCEL = "CANCELLED"
    EXPIRE = "EXPIRED"
    SUSPEND = "SUSPENDED"
    RESUME = "RESUMED"
    DISRUPT = "DISRUPTED"
    REPLACE_PLACEMENT = "PLACEMENT_REPLACED"
    MISS = "CHILD_MISSING"
    FIND = "CHILD_FOUND"
    MISDIRECT = "WRONG_RECIPIENT"
    REOPEN = "REOPENED"


@dataclass(frozen=True)
class Transition:
    """One step between two countries.

    Args:
        code: the step.
        sources: states from which it exists on the record of the side that takes it.
        learned: states from which it exists on the other side's record, where it is learned from a message. That
            record does not know what the first side did without telling, and messages may overtake one another.
        to: where it leads; ``None``: back to where the transfer stood before it was interrupted.
        sides: whose act it is.
        who: roles of that side's officers that take it.
        message: the message that tells the other side; ``None`` when there is nothing to tell.
        rounds: in which rounds it exists.
    """

    code: Step
    sources: frozenset[TransferState]
    learned: frozenset[TransferState]
    to: TransferState | None
    sides: frozenset[Side]
    who: frozenset[Role]
    message: MessageType | None
    rounds: frozenset[Round]


S = TransferState
M = MessageType
_OFFICER: Final = frozenset({Role.SECRETARIAT})
_HEAD: Final = frozenset({Role.SECRETARIAT_HEAD})
_BOTH_ROLES: Final = _OFFICER | _HEAD
_ESCORT: Final = frozenset({Role.ESCORT}) | _BOTH_ROLES
_SENDER, _RECEIVER = frozenset({Side.SENDER}), frozenset({Side.RECEIVER})
_EITHER: Final = frozenset(Side)
_REQUEST, _ENQUIRY = frozenset({Round.REQUEST}), frozenset({Round.ENQUIRY})
_BOTH_ROUNDS: Final = frozenset(Round)

WITH_RECEIVER: Final = frozenset(
    {S.SENT, S.DELIVERED, S.ACKNOWLEDGED, S.INFO_REQUESTED, S.INFO_SUPPLIED}
)
"""The other country has it, or will have it, and has not answered."""
ANSWERABLE: Final = frozenset(
    {S.ACKNOWLEDGED, S.INFO_REQUESTED, S.INFO_SUPPLIED, S.NO_ANSWER_ESCALATED}
)
ACCEPTANCE_STANDS: Final = frozenset(
    {
        S.ACCEPTED,
        S.ACCEPTED_WITH_CONDITIONS,
        S.PACKAGE_RELEASED,
        S.PRE_DEPARTURE,
        S.CLEARED_TO_TRAVEL,
    }
)
ARRIVED: Final = frozenset({S.RECEIVED, S.FOLLOW_UP, S.CLOSED_BY_RECEIVER, S.CLOSED_BY_SENDER})
ENDED: Final = frozenset(
    {
        S.ANSWERED_POSITIVE,
        S.ANSWERED_NEGATIVE,
        S.DECLINED,
        S.CLOSED,
        S.WITHDRAWN,
        S.CANCELLED,
        S.EXPIRED,
        S.WRONG_RECIPIENT,
    }
)
"""Nothing is expected of anybody any more; only a reopening leads out."""
OPEN: Final = frozenset(TransferState) - ENDED
_ON_THE_WAY: Final = frozenset({S.IN_TRANSIT, S.HANDED_OVER})
_BEFORE_ARRIVAL: Final = (
    WITH_RECEIVER | {S.NO_ANSWER_ESCALATED} | ACCEPTANCE_STANDS | {S.IN_TRANSIT}
)


_UNANSWERED: Final = WITH_RECEIVER | {S.NO_ANSWER_ESCALATED}
LEARNED: Final[dict[Step, frozenset[TransferState]]] = {
    Step.ACKNOWLEDGE: frozenset({S.SENT, S.DELIVERED, S.NO_ANSWER_ESCALATED}),
    Step.ASK: _UNANSWERED - {S.INFO_REQUESTED},
    Step.ANSWER_YES: _UNANSWERED,
    Step.ANSWER_NO: _UNANSWERED,
    Step.ACCEPT: _UNANSWERED,
    Step.ACCEPT_WITH_CONDITIONS: _UNANSWERED,
    Step.DECLINE: _UNANSWERED | ACCEPTANCE_STANDS | {S.SUSPENDED},
    Step.PLAN_TRAVEL: frozenset({S.ACCEPTED, S.ACCEPTED_WITH_CONDITIONS, S.PACKAGE_RELEASED}),
    Step.HAND_OVER: ACCEPTANCE_STANDS,
    Step.RECEIVE: _ON_THE_WAY | {S.PACKAGE_RELEASED},
    Step.CLOSE_BY_RECEIVER: frozenset({S.RECEIVED, S.FOLLOW_UP, S.CLOSED_BY_SENDER}),
}
"""Steps that the other side's record learns from other states than those in which they are taken."""


def _step(  # noqa: PLR0917  one line of the table
    code: Step,
    sources: TransferState | frozenset[TransferState],
    to: TransferState | None,
    sides: frozenset[Side],
    who: frozenset[Role],
    message: MessageType | None = None,
    rounds: frozenset[Round] = _REQUEST,
) -> Transition:
    found = frozenset({sources}) if isinstance(sources, TransferState) else sources
    return Transition(code, found, LEARNED.get(code, found), to, sides, who, message, rounds)


_ALL: Final = (
    _step(Step.SUBMIT, S.DRAFT, S.INTERNAL_CHECK, _SENDER, _BOTH_ROLES, rounds=_BOTH_ROUNDS),
    _step(Step.GIVE_BACK, S.INTERNAL_CHECK, S.DRAFT, _SENDER, _BOTH_ROLES, rounds=_BOTH_ROUNDS),
    _step(Step.SEND_ENQUIRY, S.INTERNAL_CHECK, S.SENT, _SENDER, _HEAD, M.ENQUIRY, _ENQUIRY),
    _step(Step.SEND, S.INTERNAL_CHECK, S.SENT, _SENDER, _HEAD, M.REQUEST),
    _step(
        Step.DELIVER,
        S.SENT,
        S.DELIVERED,
        _RECEIVER,
        frozenset({Role.PROCEDURE}),
        rounds=_BOTH_ROUNDS,
    ),
    _step(
        Step.ACKNOWLEDGE,
        frozenset({S.SENT, S.DELIVERED}),
        S.ACKNOWLEDGED,
        _RECEIVER,
        _BOTH_ROLES,
        M.ACK,
        _BOTH_ROUNDS,
    ),
    _step(
        Step.ASK,
        frozenset({S.ACKNOWLEDGED, S.INFO_SUPPLIED}),
        S.INFO_REQUESTED,
        _RECEIVER,
        _BOTH_ROLES,
        M.INFO_REQUEST,
        _BOTH_ROUNDS,
    ),
    _step(
        Step.SUPPLY,
        S.INFO_REQUESTED,
        S.INFO_SUPPLIED,
        _SENDER,
        _BOTH_ROLES,
        M.INFO_REPLY,
        _BOTH_ROUNDS,
    ),
    _step(
        Step.ANSWER_YES,
        ANSWERABLE,
        S.ANSWERED_POSITIVE,
        _RECEIVER,
        _HEAD,
        M.ENQUIRY_REPLY,
        _ENQUIRY,
    ),
    _step(
        Step.ANSWER_NO,
        ANSWERABLE,
        S.ANSWERED_NEGATIVE,
        _RECEIVER,
        _HEAD,
        M.ENQUIRY_REPLY,
        _ENQUIRY,
    ),
    _step(Step.ACCEPT, ANSWERABLE, S.ACCEPTED, _RECEIVER, _HEAD, M.ACCEPT),
    _step(
        Step.ACCEPT_WITH_CONDITIONS,
        ANSWERABLE,
        S.ACCEPTED_WITH_CONDITIONS,
        _RECEIVER,
        _HEAD,
        M.ACCEPT,
    ),
    _step(
        Step.DECLINE,
        ANSWERABLE | ACCEPTANCE_STANDS | {S.SUSPENDED},
        S.DECLINED,
        _RECEIVER,
        _HEAD,
        M.DECLINE,
    ),
    _step(
        Step.ESCALATE,
        WITH_RECEIVER - {S.INFO_REQUESTED},
        S.NO_ANSWER_ESCALATED,
        _SENDER,
        _HEAD,
        rounds=_BOTH_ROUNDS,
    ),
    _step(
        Step.RELEASE,
        frozenset({S.ACCEPTED, S.ACCEPTED_WITH_CONDITIONS}),
        S.PACKAGE_RELEASED,
        _SENDER,
        _BOTH_ROLES,
        M.PACKAGE,
    ),
    _step(
        Step.PLAN_TRAVEL, S.PACKAGE_RELEASED, S.PRE_DEPARTURE, _SENDER, _BOTH_ROLES, M.TRAVEL_PLAN
    ),
    _step(Step.CLEAR, S.PRE_DEPARTURE, S.CLEARED_TO_TRAVEL, _SENDER, _HEAD),
    _step(
        Step.UNCLEAR,
        S.CLEARED_TO_TRAVEL,
        S.PRE_DEPARTURE,
        _SENDER,
        _BOTH_ROLES | {Role.PROCEDURE},
    ),
    _step(Step.DEPART, S.CLEARED_TO_TRAVEL, S.IN_TRANSIT, _SENDER, _ESCORT),
    _step(Step.HAND_OVER, S.IN_TRANSIT, S.HANDED_OVER, _SENDER, _ESCORT, M.HANDOVER_NOTICE),
    _step(
        Step.RECEIVE,
        _ON_THE_WAY | {S.PACKAGE_RELEASED, S.PRE_DEPARTURE},
        S.RECEIVED,
        _RECEIVER,
        _BOTH_ROLES,
        M.RECEIPT,
    ),
    _step(Step.FOLLOW_UP, S.RECEIVED, S.FOLLOW_UP, _RECEIVER, _BOTH_ROLES, M.FOLLOWUP_REPORT),
    _step(
        Step.CLOSE_BY_RECEIVER,
        frozenset({S.FOLLOW_UP, S.CLOSED_BY_SENDER}),
        S.CLOSED_BY_RECEIVER,
        _RECEIVER,
        _BOTH_ROLES,
        M.CLOSE,
    ),
    _step(
        Step.CLOSE_BY_SENDER,
        frozenset({S.FOLLOW_UP, S.CLOSED_BY_RECEIVER}),
        S.CLOSED_BY_SENDER,
        _SENDER,
        _BOTH_ROLES,
        M.CLOSE,
    ),
    _step(
        Step.WITHDRAW,
        frozenset({S.DRAFT, S.INTERNAL_CHECK, S.NO_ANSWER_ESCALATED}) | WITH_RECEIVER,
        S.WITHDRAWN,
        _SENDER,
        _HEAD,
        M.WITHDRAW,
        _BOTH_ROUNDS,
    ),
    _step(
        Step.CANCEL,
        ACCEPTANCE_STANDS | {S.SUSPENDED, S.CHILD_MISSING},
        S.CANCELLED,
        _SENDER,
        _HEAD,
        M.WITHDRAW,
    ),
    _step(Step.EXPIRE, ACCEPTANCE_STANDS | {S.SUSPENDED}, S.EXPIRED, _SENDER, _BOTH_ROLES),
    _step(
        Step.SUSPEND,
        _BEFORE_ARRIVAL,
        S.SUSPENDED,
        _EITHER,
        _BOTH_ROLES | {Role.PROCEDURE},
        M.INCIDENT_ALERT,
        _BOTH_ROUNDS,
    ),
    _step(
        Step.RESUME,
        S.SUSPENDED,
        None,
        _EITHER,
        _HEAD | {Role.PROCEDURE},
        M.INCIDENT_ALERT,
        _BOTH_ROUNDS,
    ),
    _step(
        Step.DISRUPT,
        ARRIVED,
        S.DISRUPTED,
        _RECEIVER,
        _BOTH_ROLES,
        M.PLACEMENT_CHANGE,
    ),
    _step(
        Step.REPLACE_PLACEMENT,
        S.DISRUPTED,
        S.FOLLOW_UP,
        _RECEIVER,
        _BOTH_ROLES,
        M.PLACEMENT_CHANGE,
    ),
    _step(
        Step.MISS,
        _ON_THE_WAY | ACCEPTANCE_STANDS | {S.SUSPENDED},
        S.CHILD_MISSING,
        _EITHER,
        _BOTH_ROLES | {Role.ESCORT},
        M.INCIDENT_ALERT,
    ),
    _step(Step.FIND, S.CHILD_MISSING, None, _EITHER, _BOTH_ROLES, M.INCIDENT_ALERT),
    _step(
        Step.MISDIRECT,
        WITH_RECEIVER,
        S.WRONG_RECIPIENT,
        _EITHER,
        _BOTH_ROLES,
        M.WRONG_RECIPIENT_NOTICE,
        _BOTH_ROUNDS,
    ),
    _step(Step.REOPEN, S.CLOSED, S.FOLLOW_UP, _EITHER, _HEAD, M.REOPEN),
)

TRANSITIONS: Final[dict[Step, Transition]] = {step.code: step for step in _ALL}
INTERRUPTIONS: Final = frozenset({Step.SUSPEND, Step.MISS})
"""Steps after which the place where the transfer stood is kept, to go back to."""
_OTHER_SIDE_CLOSED: Final = {
    (Step.CLOSE_BY_RECEIVER, S.CLOSED_BY_SENDER),
    (Step.CLOSE_BY_SENDER, S.CLOSED_BY_RECEIVER),
}


def edge(
    code: Step, source: TransferState, side: Side, of_round: Round, *, learned: bool = False
) -> Transition | None:
    """Find a step of one side from a state; ``None`` when that side has no such step there.

    ``learned``: on the record of the other side, from a message.
    """
    found = TRANSITIONS[code]
    sources = found.learned if learned else found.sources
    is_there = source in sources and side in found.sides and of_round in found.rounds
    return found if is_there else None


def state_after(
    step: Transition, source: TransferState, interrupted: TransferState | None
) -> TransferState:
    """Return where a step leads.

    A case is closed for both only when both closed it (DOM-R56). From an interruption the way leads
    back to where the transfer stood; a clearance does not outlive it, it is given anew.
    """
    if (step.code, source) in _OTHER_SIDE_CLOSED:
        return S.CLOSED
    if step.to is not None:
        return step.to
    if interrupted is None:
        raise ValueError("an interruption without the place it interrupted")
    return S.PRE_DEPARTURE if interrupted is S.CLEARED_TO_TRAVEL else interrupted


def steps_from(
    source: TransferState, side: Side, of_round: Round, *, learned: bool = False
) -> tuple[Transition, ...]:
    """List every step a side has from a state, in the order of the procedure."""
    found = (edge(step.code, source, side, of_round, learned=learned) for step in _ALL)
    return tuple(step for step in found if step is not None)
