"""When a child's case may be closed, and with what reason it is opened again.

Two people close a case: the worker asks, the supervisor approves. Nothing may be left open.

Source: DOM-3.3/T18, DOM-3.3/T19, DOM-R55, DOM-R57.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer
from core.worktime import add_months


class ClosureReason(StrEnum):
    """Why a case ends. Source: DOM-3.3 (closure reasons)."""

    GOAL_MET = "goal_met"
    TURNED_18 = "turned_18"
    SUPPORT_REFUSED = "support_refused"
    MOVED_AWAY = "moved_away"
    DURABLE_SOLUTION_ELSEWHERE = "durable_solution_elsewhere"
    NOT_CONTACTABLE = "not_contactable"
    DEATH = "death"
    NOTHING_FURTHER = "nothing_further"
    OPENED_IN_ERROR = "opened_in_error"
    TRANSFERRED = "transferred"
    OTHER = "other"


class ReopeningReason(StrEnum):
    """Why a case is opened again. Source: DOM-3.3 (reopening reasons)."""

    REUNIFICATION_BROKE_DOWN = "reunification_broke_down"
    PLACEMENT_BROKE_DOWN = "placement_broke_down"
    CARER_DIED = "carer_died"
    NEW_VIOLENCE = "new_violence"
    NEW_ABUSE = "new_abuse"
    NEW_NEGLECT = "new_neglect"
    NEW_EXPLOITATION = "new_exploitation"
    TRAFFICKING = "trafficking"
    DETENTION = "detention"
    RECRUITMENT = "recruitment"
    NEWLY_UNACCOMPANIED = "newly_unaccompanied"
    INAPPROPRIATE_CARE = "inappropriate_care"
    NEW_FACTS = "new_facts"
    TRACING_SUCCEEDED = "tracing_succeeded"
    WISHES_CHANGED = "wishes_changed"
    DECISION_NOT_CARRIED_OUT = "decision_not_carried_out"
    DECISION_TOO_OLD = "decision_too_old"
    OTHER = "other"


class Blocker(StrEnum):
    """What must be finished before a case can end; other parts of the system may add codes."""

    OPEN_TRANSFER = "open_transfer"
    OPEN_APPEAL = "open_appeal"
    OPEN_REPORT = "open_report"
    OPEN_ALARM = "open_alarm"
    UNSIGNED_DECISION = "unsigned_decision"
    OPEN_ITEM = "open_item"
    IN_DETENTION = "in_detention"
    EMERGENCY_DUTY = "emergency_duty"
    APPEAL_WINDOW = "appeal_window"
    CHILD_NOT_TOLD = "child_not_told"


class ContactMethod(StrEnum):
    """How somebody tried to reach a child."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"
    SCHOOL = "school"
    COMMUNITY = "community"
    OTHER = "other"


NOT_CONTACTABLE_MONTHS: Final = 3
NOT_CONTACTABLE_DAYS: Final = 90  # three months that hold February are no shorter
NOT_CONTACTABLE_ATTEMPTS: Final = 3
# With these nobody can be visited or asked any more.
_NO_CHILD_TO_ASK: Final = frozenset(
    {ClosureReason.NOT_CONTACTABLE, ClosureReason.DEATH, ClosureReason.OPENED_IN_ERROR}
)
# Without a child these help nobody any more; appeals, transfers and decisions still must end.
_WITHOUT_A_CHILD: Final = frozenset({ClosureReason.DEATH, ClosureReason.OPENED_IN_ERROR})
_FALL_AWAY: Final = frozenset(
    {
        Blocker.OPEN_ALARM,
        Blocker.OPEN_REPORT,
        Blocker.APPEAL_WINDOW,
        Blocker.CHILD_NOT_TOLD,
        Blocker.EMERGENCY_DUTY,
    }
)


@dataclass(frozen=True)
class ClosingFacts:
    """What is on file when somebody asks to close.

    Args:
        reason: why the case ends.
        today: the local date of the office.
        last_visit_on: the last time the child was seen, if ever.
        child_view_recorded: whether the child's view of the ending is on file.
        no_view_reason: coded reason when it is not.
        words_given: whether the worker said in words why the case can end.
        last_contact_on: the last day on which the child was reached.
        attempts: the days on which somebody tried to reach the child since then.
        is_adult: whether the young person has come of age.
        has_transition_plan: whether an approved plan for the time after exists.
        receipt_signed: whether the other side signed for the child.
        blockers: what is still open, by code.
        attempts_needed: how many the country asks for; never fewer than three.
        absent_until: the day on which the country's own limit of absence ends (D24).
    """

    reason: ClosureReason
    today: date
    last_visit_on: date | None = None
    child_view_recorded: bool = False
    no_view_reason: str = ""
    words_given: bool = False
    last_contact_on: date | None = None
    attempts: tuple[date, ...] = ()
    is_adult: bool = False
    has_transition_plan: bool = False
    receipt_signed: bool = False
    blockers: Collection[str] = ()
    attempts_needed: int = NOT_CONTACTABLE_ATTEMPTS
    absent_until: date | None = None


def may_close(facts: ClosingFacts) -> Answer:
    """Answer whether a case may end, listing everything that is missing.

    Source: DOM-3.3/T18, DOM-R55, DOM-R57.
    """
    return answer(
        "close_case",
        (*_form_gaps(facts), *_reason_gaps(facts), *blocker_gaps(facts.blockers, facts.reason)),
    )


def blocker_gaps(
    blockers: Collection[str], reason: ClosureReason = ClosureReason.OTHER
) -> Iterable[Gap]:
    """Yield one gap for each kind of thing that is still open, with how many there are.

    Source: DOM-R55.
    """
    for code in sorted(set(blockers)):
        if code in _FALL_AWAY and reason in _WITHOUT_A_CHILD:
            continue
        count = sum(1 for item in blockers if item == code)
        known = code in set(Blocker)
        yield Gap(
            f"blocked_by_{code}" if known else "blocked_by_other", {"blocker": code, "count": count}
        )


def not_contactable_gaps(
    *,
    today: date,
    last_contact_on: date | None,
    attempts: Collection[date],
    needed: int = NOT_CONTACTABLE_ATTEMPTS,
    absent_until: date | None = None,
) -> Iterable[Gap]:
    """Yield what is missing before a child counts as not contactable.

    Three full months since the last contact and three attempts on different days, or more where the
    country asks for more. The 89th day is too early whatever the month.

    Source: DOM-R55, DOM-3.2/D24.
    """
    if last_contact_on is None:
        yield Gap("last_contact_missing")
        return
    earliest = max(
        add_months(last_contact_on, NOT_CONTACTABLE_MONTHS),
        last_contact_on + timedelta(days=NOT_CONTACTABLE_DAYS),
        absent_until or last_contact_on,
    )
    if today < earliest:
        yield Gap("not_contactable_too_early", {"earliest": earliest.isoformat()})
    tried = {day for day in attempts if last_contact_on < day <= today}
    least = max(needed, NOT_CONTACTABLE_ATTEMPTS)
    if len(tried) < least:
        yield Gap("contact_attempts_missing", {"recorded": len(tried), "needed": least})


def _form_gaps(facts: ClosingFacts) -> Iterable[Gap]:
    if not facts.words_given:
        yield Gap("closing_words_missing")
    if facts.reason in _NO_CHILD_TO_ASK:
        return
    if facts.last_visit_on is None:
        yield Gap("last_visit_missing")
    elif facts.last_visit_on > facts.today:
        yield Gap("last_visit_in_future")
    if not facts.child_view_recorded and not facts.no_view_reason:
        yield Gap("child_view_on_closing_missing")


def _reason_gaps(facts: ClosingFacts) -> Iterable[Gap]:
    if facts.reason is ClosureReason.NOT_CONTACTABLE:
        yield from not_contactable_gaps(
            today=facts.today,
            last_contact_on=facts.last_contact_on,
            attempts=facts.attempts,
            needed=facts.attempts_needed,
            absent_until=facts.absent_until,
        )
    if facts.reason is ClosureReason.TURNED_18 and not facts.is_adult:
        yield Gap("not_yet_adult")
    needs_plan = facts.reason is ClosureReason.TURNED_18 or facts.is_adult
    if needs_plan and not facts.has_transition_plan and facts.reason not in _NO_CHILD_TO_ASK:
        yield Gap("transition_plan_missing")
    if facts.reason is ClosureReason.TRANSFERRED and not facts.receipt_signed:
        yield Gap("receipt_not_signed")


def may_reopen(reason: ReopeningReason | None, *, what_is_new: str) -> Answer:
    """Answer whether a case may be opened again: a coded reason and what is new.

    Source: DOM-3.3/T19.
    """
    return answer(
        "reopen_case",
        (
            Gap("reopening_reason_missing") if reason is None else None,
            None if what_is_new.strip() else Gap("what_is_new_missing"),
        ),
    )
