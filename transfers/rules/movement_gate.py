"""What must be true before a child moves abroad, as far as one country can judge it.

Every line is judged, so the answer lists all that is missing. Acceptance is a signed writing that
is valid on the day: silence, a delivery receipt and an acknowledgement are not acceptance.

Source: DOM-5.10, DOM-R1, DOM-R8, DOM-R23 to DOM-R26, DOM-R28, DOM-R33, DOM-R34, DOM-R42, DOM-R58.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer

WILLING_DAYS: Final = 7
NON_REFOULEMENT_DAYS: Final = 14
NO_RETURN_ASYLUM: Final = frozenset({"wishes", "pending", "recognised"})
ALWAYS_TO_ORIGIN: Final = "VOLUNTARY_REPATRIATION"
COMMUNITY_REGIMES: Final = frozenset({"family", "open"})


class Reply(StrEnum):
    """What the other State has said so far. Only the last two are an answer of yes."""

    SILENT = "silent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ENQUIRY_POSITIVE = "enquiry_positive"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_CONDITIONS = "accepted_with_conditions"


class Willing(StrEnum):
    """The child's answer when asked again."""

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


@dataclass(frozen=True)
class Decision:
    """The determination the movement rests on; absent when there is only an assessment."""

    is_final: bool
    is_replaced: bool
    outcome: str
    destination: str
    valid_until: date
    reversed_later: bool = False


@dataclass(frozen=True)
class Asked:
    """The child asked again."""

    on: date
    answer: Willing


@dataclass(frozen=True)
class Check:
    """A non-refoulement check: for which place, with which result, on which day."""

    destination: str
    result: str
    on: date


@dataclass(frozen=True)
class Reception:
    """Who receives the child, and in what kind of place.

    Args:
        named: a person or agency is named.
        agreed: that person or agency agreed and can take responsibility.
        regime: ``family``, ``open`` or anything else.
    """

    named: bool
    agreed: bool
    regime: str


@dataclass(frozen=True)
class Acceptance:
    """The receiving State's answer."""

    reply: Reply
    in_writing: bool = False
    valid_until: date | None = None
    conditions_met: bool = True


@dataclass(frozen=True)
class Movement:
    """A movement somebody wants to begin.

    Args:
        outcome: outcome code the movement carries out.
        destination: ISO 3166-1 alpha-2 of the country of arrival.
        on: the day of travel.
        decision: the determination, if there is one.
        asked: the child's last answer, if asked.
        check: the last non-refoulement check, if any.
        reception: carer or agency, if any.
        acceptance: the other State's reply.
        asylum_claim: code of the child's claim.
        fears_return: the child fears the place of return.
        to_origin: whether the destination is the country of origin.
        holds: codes of open holds on movement (appeal, review, asylum, fear, unwilling).
        too_young_alone: the country presumes that a child of this age cannot decide on return alone.
        has_guardian: an appointed guardian stands beside the child.
        willing_days: for how long the child's yes counts.
        check_days: for how long a check of the place counts.
    """

    outcome: str
    destination: str
    on: date
    decision: Decision | None = None
    asked: Asked | None = None
    check: Check | None = None
    reception: Reception | None = None
    acceptance: Acceptance = Acceptance(Reply.SILENT)
    asylum_claim: str = "none"
    fears_return: bool = False
    to_origin: bool = False
    holds: Collection[str] = ()
    too_young_alone: bool = False
    has_guardian: bool = False
    willing_days: int = WILLING_DAYS
    check_days: int = NON_REFOULEMENT_DAYS


def may_move_abroad(movement: Movement) -> Answer:
    """Say whether the child may move abroad on that day, or everything that forbids it."""
    return answer(
        "move_abroad",
        (
            *_decision(movement),
            *_willing(movement),
            *_alone(movement),
            *_non_refoulement(movement),
            *_reception(movement),
            *_asylum(movement),
            *_acceptance(movement),
            *(Gap("movement_held", {"reason": reason}) for reason in sorted(movement.holds)),
        ),
    )


def _decision(movement: Movement) -> Iterator[Gap]:
    """A final, unexpired decision for exactly this movement. Source: DOM-R1, DOM-R25, DOM-R58."""
    decision = movement.decision
    if decision is None:
        yield Gap("move_without_decision")
        return
    if not decision.is_final:
        yield Gap("move_decision_not_final")
    if decision.is_replaced or decision.reversed_later:
        yield Gap("move_decision_reversed")
    if movement.on > decision.valid_until:
        yield Gap("move_decision_expired", {"valid_until": decision.valid_until.isoformat()})
    if decision.outcome != movement.outcome:
        yield Gap("move_other_outcome", {"decided": decision.outcome})
    if decision.destination != movement.destination:
        yield Gap("move_other_destination", {"decided": decision.destination})


def _willing(movement: Movement) -> Iterator[Gap]:
    """The child was asked again shortly before and said yes. Source: DOM-R8."""
    asked = movement.asked
    if asked is None:
        yield Gap("move_child_not_asked", {"days": movement.willing_days})
        return
    if asked.answer is not Willing.YES:
        yield Gap("move_child_not_willing", {"answer": asked.answer.value})
    if not _is_recent(asked.on, movement.on, movement.willing_days):
        yield Gap("move_child_asked_too_long_ago", {"days": movement.willing_days})


def _alone(movement: Movement) -> Iterator[Gap]:
    """A young child does not decide on return alone: a guardian stands beside it. Source: DOM-3.7."""
    if movement.outcome != ALWAYS_TO_ORIGIN or not movement.too_young_alone:
        return
    if not movement.has_guardian:
        yield Gap("move_too_young_to_decide_alone")


def _non_refoulement(movement: Movement) -> Iterator[Gap]:
    """Cleared for the actual place, and lately. Source: DOM-R23."""
    check = movement.check
    if check is None or check.destination != movement.destination:
        yield Gap("move_place_not_checked", {"country": movement.destination})
        return
    if check.result != "cleared":
        yield Gap("move_place_not_cleared", {"result": check.result})
    if not _is_recent(check.on, movement.on, movement.check_days):
        yield Gap("move_check_too_old", {"days": movement.check_days})


def _reception(movement: Movement) -> Iterator[Gap]:
    """A named carer or agency agreed, and the place is no custody. Source: DOM-R24, DOM-R28."""
    reception = movement.reception
    if reception is None or not reception.named:
        yield Gap("move_nobody_receives")
        return
    if not reception.agreed:
        yield Gap("move_carer_has_not_agreed")
    if reception.regime not in COMMUNITY_REGIMES:
        yield Gap("move_reception_is_custody")


def _asylum(movement: Movement) -> Iterator[Gap]:
    """No way back to where the child asks protection from. Source: DOM-R26."""
    if not movement.to_origin and movement.outcome != ALWAYS_TO_ORIGIN:
        return
    if movement.asylum_claim in NO_RETURN_ASYLUM:
        yield Gap("move_asylum_claim")
    if movement.fears_return:
        yield Gap("move_child_fears_return")


def _acceptance(movement: Movement) -> Iterator[Gap]:
    """A written yes, valid on the day. Source: DOM-R33, DOM-R34."""
    given = movement.acceptance
    if given.reply not in {Reply.ACCEPTED, Reply.ACCEPTED_WITH_CONDITIONS}:
        yield Gap("move_not_accepted", {"reply": given.reply.value})
        return
    if not given.in_writing:
        yield Gap("move_acceptance_not_written")
    if given.valid_until is None or movement.on > given.valid_until:
        yield Gap("move_acceptance_expired")
    if given.reply is Reply.ACCEPTED_WITH_CONDITIONS and not given.conditions_met:
        yield Gap("move_conditions_not_met")


def _is_recent(done: date, needed: date, days: int) -> bool:
    """Whether something was done on or before the day, and not more than so many days before."""
    return timedelta(0) <= needed - done <= timedelta(days=days)
