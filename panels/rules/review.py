"""Looking at a decision again: why, by whom, and when it can no longer be used.

No clock reopens or ends a decision; a date that passes makes a task for a person.

Source: DOM-3.3 (reopening reasons), DOM-3.5 (late conflict), DOM-R58, DOM-2.3.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer


class Ground(StrEnum):
    """Why a decision is looked at again. Source: DOM-3.3."""

    NEW_FACTS = "new_facts"
    TRACING_SUCCEEDED = "tracing_succeeded"
    WISHES_CHANGED = "wishes_changed"
    COULD_NOT_BE_CARRIED_OUT = "could_not_be_carried_out"
    TOO_OLD = "too_old"
    LATE_CONFLICT = "late_conflict"
    SAMPLE = "sample"


class Conclusion(StrEnum):
    """What a review ends with."""

    STANDS = "stands"
    REOPEN = "reopen"


BY_OTHERS: Final = frozenset({Ground.LATE_CONFLICT, Ground.SAMPLE})
LATE_CONFLICT_WORKING_DAYS: Final = 10
MIN_REASON: Final = 40


@dataclass(frozen=True)
class Request:
    """A wish to look at a decision again."""

    ground: Ground
    what_is_new: str


def may_request(request: Request, *, has_open_review: bool) -> Answer:
    """Say whether a review can be opened, or what is missing."""
    return answer(
        "request_review",
        (
            None if request.what_is_new.strip() else Gap("review_what_is_new_missing"),
            Gap("review_already_open") if has_open_review else None,
        ),
    )


def may_conclude(
    ground: Ground,
    reasons: str,
    *,
    reviewers: Collection[str],
    voters: Collection[str],
    by_person: bool,
    by: str = "",
) -> Answer:
    """Say whether these reviewers may end the review.

    A review after new facts may go to those who decided; one about a conflict or a sample may not, and is
    ended by one of its reviewers: nobody who voted writes down what others are said to have found.

    Args:
        ground: why the decision is looked at again.
        reasons: of the reviewers.
        reviewers: who looked at it.
        voters: who decided.
        by_person: whether a person, no machine, ends the review.
        by: who ends it.

    Source: DOM-2.3, DOM-R20.
    """
    same = set(reviewers) & set(voters) if ground in BY_OTHERS else set()
    return answer(
        "conclude_review",
        (
            None if by_person else Gap("machine_may_not_decide"),
            None if reviewers else Gap("hearers_missing"),
            Gap("hearer_voted_on_decision", {"count": len(same)}) if same else None,
            Gap("review_not_by_reviewer") if ground in BY_OTHERS and by not in reviewers else None,
            None
            if len(reasons.strip()) >= MIN_REASON
            else Gap("review_reasons_missing", {"needed": MIN_REASON}),
        ),
    )


def is_usable(*, is_sealed: bool, replaced: bool, valid_until: date, on: date) -> bool:
    """Whether a decision may be relied on that day. Source: DOM-R58."""
    return is_sealed and not replaced and on <= valid_until
