"""Recipients without an installation: what counts, for how long, and what they may answer.

A link is worth nothing without a code that went another way; both end by themselves. What a recipient states is
weaker than a signature, and is never a consent. Source: EXP-10, DOM-R34, DOM-R36.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from transfers.rules.codes import MessageType, Round, Side
from transfers.rules.machine import OPEN, TransferState, steps_from

LINK_GOOD_FOR: Final = timedelta(hours=72)
CODE_GOOD_FOR: Final = timedelta(hours=24)
CODE_DIGITS: Final = 8
WRONG_CODES: Final = 5
VISIT_IDLE: Final = timedelta(minutes=15)
VISIT_WHOLE: Final = timedelta(minutes=60)
LONGEST_DAYS: Final = 400
"""How long a recipient counts before somebody verifies the person anew."""
ITEM_DAYS: Final = 90
PAPER: Final = "paper"
"""Second half of the name a country without an installation is known by, for example ``NA.paper``."""


class GuestState(StrEnum):
    """How far a recipient is known."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    ENDED = "ended"


class Verified(StrEnum):
    """How the second officer made sure who it is."""

    KNOWN_NUMBER = "known_number"  # called the office under a number we had before
    IN_PERSON = "in_person"


class Carrier(StrEnum):
    """What a link or a code travels by. Source: EXP-10."""

    EMAIL = "email"
    MESSENGER = "messenger"
    LETTER = "letter"
    IN_PERSON = "in_person"
    PHONE = "phone"


CARRIES_CODE: Final = frozenset({Carrier.PHONE, Carrier.LETTER, Carrier.IN_PERSON})
"""Read out to a number we know, in a sealed letter, or from hand to hand."""


class Ended(StrEnum):
    """Why a link is worth nothing any more."""

    USED = "used"
    LOCKED = "locked"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


class ReplyState(StrEnum):
    """What became of an answer or a paper of a recipient."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    SET_ASIDE = "set_aside"


class SetAside(StrEnum):
    """Why an answer did not go into the record."""

    NOT_FROM_THEM = "not_from_them"
    MISTAKE = "mistake"
    REPEATED = "repeated"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class LinkFacts:
    """What is known of a link when somebody sends a code for it.

    Args:
        ends_at, code_ends_at: when link and code are over.
        wrong_codes: how many were wrong before.
        is_ended: used, locked, revoked or replaced.
        item_counts: the item and its recipient still count.
    """

    ends_at: datetime
    code_ends_at: datetime
    wrong_codes: int
    is_ended: bool
    item_counts: bool

    def is_live(self, now: datetime) -> bool:
        """Whether a right code would open it."""
        is_in_time = now < self.ends_at and now < self.code_ends_at
        return is_in_time and not self.is_ended and self.item_counts

    def locks_with_next(self) -> bool:
        """Whether one more wrong code locks it."""
        return self.wrong_codes + 1 >= WRONG_CODES


def ways_differ(link: Carrier, code: Carrier) -> bool:
    """Whether link and code go different ways, and the code one that a link's reader does not see."""
    return link is not code and code in CARRIES_CODE


ANSWERS: Final = (
    MessageType.ACK,
    MessageType.INFO_REQUEST,
    MessageType.ENQUIRY_REPLY,
    MessageType.ACCEPT,
    MessageType.DECLINE,
    MessageType.TRAVEL_CONFIRM,
    MessageType.RECEIPT,
    MessageType.FOLLOWUP_REPORT,
    MessageType.INCIDENT_ALERT,
)
"""What a recipient can say, in the order of the procedure."""


_BESIDES: Final = {
    MessageType.TRAVEL_CONFIRM: frozenset({TransferState.PRE_DEPARTURE}),
    MessageType.FOLLOWUP_REPORT: frozenset({TransferState.FOLLOW_UP}),
    MessageType.INCIDENT_ALERT: OPEN,
}
"""What can be said without taking a step of the machine: nobody may be kept from raising an alarm."""


def answers_open(state: TransferState, side: Side, of_round: Round) -> tuple[MessageType, ...]:
    """Return what a recipient can answer where a transfer stands; the machine decides, as for every other way.

    Args:
        state: of our record.
        side: the recipient's.
        of_round: enquiry or request.
    """
    found: Collection[MessageType | None] = {
        step.message for step in steps_from(state, side, of_round, learned=True)
    }
    besides = {type_ for type_, states in _BESIDES.items() if state in states}
    theirs = besides if side is Side.RECEIVER else besides & {MessageType.INCIDENT_ALERT}
    return tuple(one for one in ANSWERS if one in found or one in theirs)
