"""When the two countries see a child's interests differently: a ladder, and what holds while it is open.

The child stays in safe care, does not travel and is not detained. No rung decides anything: a no of the
receiving country reopens the determination, and nobody is sent anyway.

Source: DOM-5.8.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer
from core.worktime import Limit, Unit


class Rung(StrEnum):
    """Who talks to whom."""

    WRITTEN_VIEWS = "written_views"
    CASE_CONFERENCE = "case_conference"
    SECRETARIAT_HEADS = "secretariat_heads"
    BILATERAL_COMMITTEE = "bilateral_committee"
    NEUTRAL_ADVISER = "neutral_adviser"


class Told(StrEnum):
    """What one side tells the other about the ladder."""

    BEGUN = "begun"
    VIEW = "view"
    MEETING = "meeting"
    CLIMBED = "climbed"
    ENDED = "ended"


class End(StrEnum):
    """How a disagreement ended."""

    AGREED = "agreed"
    SENDER_REOPENED_DETERMINATION = "sender_reopened_determination"
    RECEIVER_CHANGED_ANSWER = "receiver_changed_answer"
    REQUEST_TAKEN_BACK = "request_taken_back"


LIMITS: Final[dict[Rung, Limit | None]] = {
    Rung.WRITTEN_VIEWS: Limit(5, Unit.WORKING_DAYS),
    Rung.CASE_CONFERENCE: Limit(10, Unit.WORKING_DAYS),
    Rung.SECRETARIAT_HEADS: Limit(10, Unit.WORKING_DAYS),
    Rung.BILATERAL_COMMITTEE: None,  # its next meeting
    Rung.NEUTRAL_ADVISER: None,
}


@dataclass(frozen=True)
class RungFacts:
    """What is on record when a rung is left.

    Args:
        our_view: our written view is stored.
        their_view: theirs is stored, as they wrote it.
        limit_passed: the time of this rung is over: silence holds nobody up.
        guardian_heard: the guardian gave input to the conference.
        held_on: the day of the meeting or of the adviser's opinion.
    """

    our_view: bool = False
    their_view: bool = False
    limit_passed: bool = False
    guardian_heard: bool = False
    held_on: date | None = None


def next_rung(rung: Rung) -> Rung | None:
    """Return the rung above; ``None`` on the highest."""
    rungs = list(Rung)
    place = rungs.index(rung) + 1
    return rungs[place] if place < len(rungs) else None


def higher(one: Rung, other: Rung) -> Rung:
    """Return the higher of two rungs: it counts for both countries."""
    rungs = list(Rung)
    return max(one, other, key=rungs.index)


def may_climb(rung: Rung, facts: RungFacts) -> Answer:
    """Say what is missing before a disagreement goes one rung higher: both versions stay on record."""
    met = rung is Rung.WRITTEN_VIEWS or facts.held_on is not None
    return answer(
        "raise_disagreement",
        (
            None if facts.our_view else Gap("disagreement_our_view_missing"),
            None if facts.their_view or facts.limit_passed or rung is not Rung.WRITTEN_VIEWS
            else Gap("disagreement_their_view_missing"),
            None if met else Gap("disagreement_meeting_missing"),
            None if rung is not Rung.CASE_CONFERENCE or facts.guardian_heard
            else Gap("disagreement_guardian_not_heard"),
            Gap("disagreement_on_highest_rung") if next_rung(rung) is None else None,
        ),
    )  # fmt: skip
