"""Putting a child's item off: what must be named, and how often it may happen.

Source: DOM-3.3 (T12), DOM-R21, DOM-3.5 (emergency adjournment).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.errors import Answer, Gap, answer


@dataclass(frozen=True)
class Question:
    """What the panel still has to know, who finds out, and by when."""

    text: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Draft:
    """A deferral as the panel words it.

    Args:
        questions: at least one, each with an owner and a day.
        interim_care: where the child is safe until the item comes back.
        interim_care_is_safe: whether somebody confirmed that this care is safe.
    """

    questions: tuple[Question, ...]
    interim_care: str
    interim_care_is_safe: bool


def may_defer(draft: Draft, *, so_far: int, today: date, latest: date, most: int) -> Answer:
    """Say whether the item may be put off, or everything that the deferral lacks.

    Args:
        draft: the deferral.
        so_far: deferrals of this child's determination before this one.
        today: the day of the sitting.
        latest: the last day by which the item must be back (D11).
        most: how many deferrals the country allows; two are the most anywhere.
    """
    return answer(
        "defer_item",
        (
            Gap("third_deferral", {"most": most}) if so_far >= most else None,
            None if draft.questions else Gap("question_missing"),
            *_questions(draft, today, latest),
            None
            if draft.interim_care.strip() and draft.interim_care_is_safe
            else Gap("interim_care_not_confirmed"),
        ),
    )


def emergency_due_at(now: datetime, *, hours: int) -> datetime:
    """Return when an item adjourned because the child is unsafe comes back. Source: DOM-3.5."""
    return now + timedelta(hours=hours)


def is_answered(answers: tuple[bool, ...]) -> bool:
    """Whether every question of a deferral has an answer; none asked is none answered."""
    return bool(answers) and all(answers)


def _questions(draft: Draft, today: date, latest: date) -> Iterator[Gap]:
    for number, question in enumerate(draft.questions, start=1):
        if not question.text.strip():
            yield Gap("question_empty", {"number": number})
        if not question.owner.strip():
            yield Gap("question_owner_missing", {"number": number})
        if question.due_on < today:
            yield Gap("question_due_in_the_past", {"number": number})
        if question.due_on > latest:
            yield Gap("question_due_too_late", {"number": number, "latest": latest.isoformat()})
