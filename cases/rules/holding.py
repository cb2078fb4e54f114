"""A case on hold: clocks stand still, a review date is fixed, the way back is the way it came.

Source: DOM-3.1, DOM-3.2, DOM-5.9, DOM-R55.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.rules.clocks import MAX_PAUSE, review_gaps
from core.errors import Answer, Gap, answer


class HoldReason(StrEnum):
    """Why nothing can go on for now."""

    CHILD_MISSING = "child_missing"
    CHILD_UNREACHABLE = "child_unreachable"
    CHILD_ILL = "child_ill"
    INSECURITY = "insecurity"
    CHILD_ASKED = "child_asked"
    COURT_CASE = "court_case"
    OTHER = "other"


class HoldEnd(StrEnum):
    """How a hold ended."""

    CHILD_FOUND = "child_found"
    CAN_GO_ON = "can_go_on"
    CLOSED = "closed"


@dataclass(frozen=True)
class MissingReport:
    """What is known at once when a child is missing.

    Args:
        missing_since: when the child was last known to be safe.
        reported_to_police: whether the police have been told.
        guardian_told: whether the guardian has been told.
    """

    missing_since: datetime
    reported_to_police: bool
    guardian_told: bool


def may_hold(
    reason: HoldReason,
    *,
    review_on: date,
    today: date,
    missing: MissingReport | None,
    now: datetime,
    longest: timedelta = MAX_PAUSE,
) -> Answer:
    """Answer whether a case may be put on hold.

    A review date, no further ahead than a pause may last, is always needed. For a missing child also the police
    report, because nobody else is looking.

    Source: DOM-3.1/ON_HOLD, DOM-5.9.
    """
    gaps: list[Gap | None] = [*review_gaps(review_on, today, longest)]
    if reason is HoldReason.CHILD_MISSING:
        gaps.extend(_missing_gaps(missing, now))
    return answer("hold_case", gaps)


def may_review(
    *, review_on: date, today: date, reason_given: bool, longest: timedelta = MAX_PAUSE
) -> Answer:
    """Answer whether a hold may go on after its review. Source: DOM-3.1, DOM-3.2."""
    return answer(
        "review_hold",
        (
            None if reason_given else Gap("hold_reason_missing"),
            *review_gaps(review_on, today, longest),
        ),
    )


def _missing_gaps(missing: MissingReport | None, now: datetime) -> Iterable[Gap]:
    if missing is None:
        yield Gap("missing_report_missing")
        return
    if missing.missing_since > now:
        yield Gap("missing_since_in_future")
    if not missing.reported_to_police:
        yield Gap("missing_police_not_told")
