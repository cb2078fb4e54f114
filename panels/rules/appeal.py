"""Disagreeing with a decision: who may, until when, who hears it, and what it stops.

A clock never ends an appeal window by itself: whoever begins to carry out a decision asks here
whether the window is over.

Source: DOM-3.3 (T15), DOM-R42, DOM-2.3, DOM-4.6.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from cases.rules.reports import Outcome
from core.errors import Answer, Gap, answer

CHANGES_OF_CARE: Final = frozenset({Outcome.CARE_PLACEMENT, Outcome.CHANGE_CURRENT_CARE})


class AppealBy(StrEnum):
    """Who may appeal. Source: DOM-3.3 (T15): child, parent if rights affected, guardian, lawyer."""

    CHILD = "child"
    PARENT = "parent"
    GUARDIAN = "guardian"
    LAWYER = "lawyer"


class Result(StrEnum):
    """How an appeal ends. Source: DOM-4.6."""

    UPHELD = "upheld"
    RETURNED = "returned"
    REPLACED = "replaced"


I_DISAGREE: Final = "I disagree"
MIN_RESULT_REASON: Final = 40
APPEAL_RULE: Final = "appeal"
"""How a decision came about that those who heard an appeal took in the place of another."""


@dataclass(frozen=True)
class Window:
    """The time in which an appeal is in time.

    Args:
        opened_at: when the child was told.
        ends_at: end of the last working day of the window (D12); ``None`` before communication.
        waived_by_guardian: the guardian gave the rest of the window up.
    """

    opened_at: datetime | None
    ends_at: datetime | None
    waived_by_guardian: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether nobody can appeal in time any more."""
        if self.opened_at is None or self.ends_at is None:
            return False
        return self.waived_by_guardian or now > self.ends_at


@dataclass(frozen=True)
class Draft:
    """An appeal as it was received. ``grounds`` may be no more than "I disagree"."""

    by: AppealBy
    received_at: datetime
    grounds: str = I_DISAGREE
    reason_for_lateness: str = ""


def may_appeal(
    draft: Draft,
    window: Window,
    *,
    has_open_appeal: bool,
    now: datetime,
    late_allowed: bool = True,
) -> Answer:
    """Say whether an appeal can be taken in, or what it lacks.

    Where the country allows it, a late appeal is taken in when somebody says why it is late, even
    while the decision is being carried out.
    """
    late = is_late(draft, window)
    return answer(
        "lodge_appeal",
        (
            None if window.opened_at else Gap("appeal_before_communication"),
            Gap("received_in_the_future") if draft.received_at > now else None,
            Gap("appeal_already_open") if has_open_appeal else None,
            _lateness(draft, late=late, late_allowed=late_allowed),
        ),
    )


def _lateness(draft: Draft, *, late: bool, late_allowed: bool) -> Gap | None:
    if not late:
        return None
    if not late_allowed:
        return Gap("appeal_too_late")
    return None if draft.reason_for_lateness.strip() else Gap("lateness_reason_missing")


def is_late(draft: Draft, window: Window) -> bool:
    """Whether the appeal came after the window, whatever was waived."""
    return window.ends_at is not None and draft.received_at > window.ends_at


def matters_of(outcome: str, *, is_abroad: bool) -> frozenset[str]:
    """Return what a decision is about, in the words a country's pack uses for appeals."""
    kinds = {
        "movement_abroad": is_abroad,
        "separation": outcome == Outcome.SEPARATION_FROM_CARER,
        "change_of_care": outcome in CHANGES_OF_CARE,
    }
    return frozenset(kind for kind, holds in kinds.items() if holds)


def stops_what_is_under_way(matters: Collection[str], suspensive_for: Collection[str]) -> bool:
    """Whether an appeal also stops what has already begun inside the country.

    Movement abroad is held by every appeal, whatever a country says: the stricter reading of R42.
    Nothing begins while an appeal is open either (T16); this is about actions that have begun.

    Args:
        matters: what the decision is about.
        suspensive_for: the matters for which the country gives appeals this effect.

    Source: DOM-9 (suspensive effect), DOM-R42.
    """
    return bool(set(matters) & set(suspensive_for))


def may_hear(
    hearers: Collection[str],
    voters: Collection[str],
    *,
    prepared: Collection[str] = (),
    called: Collection[str] | None = None,
) -> Answer:
    """Say whether these persons may decide an appeal or a review of a conflict.

    People are compared, not roles or accounts.

    Args:
        hearers: who is to decide.
        voters: who voted on the decision.
        prepared: who else took part in it: wrote, checked, recorded or signed, or had a conflict.
        called: to whom the file was opened for this; ``None`` when nobody has to be called.

    Source: DOM-2.3.
    """
    voted = set(hearers) & set(voters)
    apart = (set(hearers) & set(prepared)) - voted
    strange = set() if called is None else set(hearers) - set(called) - voted - apart
    return answer(
        "hear_appeal",
        (
            None if hearers else Gap("hearers_missing"),
            Gap("hearer_voted_on_decision", {"count": len(voted)}) if voted else None,
            Gap("hearer_prepared_decision", {"count": len(apart)}) if apart else None,
            Gap("hearer_not_called", {"count": len(strange)}) if strange else None,
        ),
    )


def may_be_called(*, took_part: bool, is_eligible: bool) -> Answer:
    """Say whether one more person may be called to hear an appeal. Source: DOM-2.3."""
    return answer(
        "call_hearer",
        (
            Gap("hearer_took_part") if took_part else None,
            None if is_eligible else Gap("hearer_not_eligible"),
        ),
    )


def may_decide_appeal(result: Result, reasons: str, *, replacement_id: str | None) -> Answer:
    """Say whether an appeal can end with this result.

    A replacement is a decision of its own, with reasons, taken by the body that heard the appeal.
    """
    return answer(
        "decide_appeal",
        (
            None
            if len(reasons.strip()) >= MIN_RESULT_REASON
            else Gap("appeal_reasons_missing", {"needed": MIN_RESULT_REASON}),
            Gap("replacement_missing")
            if result is Result.REPLACED and replacement_id is None
            else None,
        ),
    )


def may_waive(*, by_guardian: bool, child_was_asked: bool, has_open_appeal: bool) -> Answer:
    """Say whether the rest of the window may be given up; only a guardian can. Source: DOM-3.3/T16."""
    return answer(
        "waive_appeal",
        (
            None if by_guardian else Gap("only_guardian_waives"),
            None if child_was_asked else Gap("child_not_asked_about_waiver"),
            Gap("appeal_already_open") if has_open_appeal else None,
        ),
    )
