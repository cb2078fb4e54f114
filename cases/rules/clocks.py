"""What a time limit is, when it stands still and who hears that it is passing.

A clock raises its voice; it never approves, accepts, moves or closes anything. How long a limit
is lives in the country pack, and how working days are counted in ``core.worktime``; neither is here.

Source: DOM-3.2, DOM-R34, DOM-R59.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from core.actors import Role
from core.errors import Answer, Gap, answer
from core.worktime import elapsed_share, moment_of_share


class ClockCode(StrEnum):
    """The limits D1 to D25. Source: DOM-3.2.

    The first response is whatever protects the child first: an urgent act, a release from detention,
    a place to live, or an assessment handed in.
    """

    FIRST_RESPONSE = "D1"
    REGISTRATION = "D2"
    GUARDIAN = "D3"
    SHORT_ASSESSMENT = "D4"
    FULL_ASSESSMENT = "D5"
    REPORT = "D6"
    SITTING = "D7"
    PAPERS = "D8"
    SIGNED_REASONS = "D9"
    CHILD_TOLD = "D10"
    DEFERRED_BACK = "D11"
    APPEAL_WINDOW = "D12"
    ACKNOWLEDGEMENT = "D13"
    ANSWER = "D14"
    OUTER_ANSWER = "D15"
    ACCEPTANCE_VALID = "D16"
    RECEIPT = "D17"
    FIRST_VISIT = "D18"
    VISIT = "D19"
    FOLLOW_UP_REPORT = "D20"
    MINIMUM_FOLLOW_UP = "D21"
    DECISION_REVIEW = "D22"
    DURABLE_SOLUTION = "D23"
    NOT_CONTACTABLE = "D24"
    BREACH = "D25"


class PauseReason(StrEnum):
    """The only two reasons for which a clock stands still. Source: DOM-3.2."""

    ON_HOLD = "on_hold"
    QUESTION_WITH_OTHER_SIDE = "question_with_other_side"


class Recipient(StrEnum):
    """Who hears that a limit is passing. Source: DOM-3.2."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    SECRETARIAT = "secretariat"
    CHAIR = "chair"
    SECRETARIAT_HEAD = "secretariat_head"
    COUNTERPART = "counterpart"
    BILATERAL_ITEM = "bilateral_item"


LEVELS: Final = (75, 100, 150, 200)
OVERDUE: Final = 100
MAX_PAUSE: Final = timedelta(days=30)

CROSS_BORDER: Final = frozenset(
    {
        ClockCode.ACKNOWLEDGEMENT,
        ClockCode.ANSWER,
        ClockCode.OUTER_ANSWER,
        ClockCode.ACCEPTANCE_VALID,
        ClockCode.RECEIPT,
        ClockCode.FOLLOW_UP_REPORT,
        ClockCode.MINIMUM_FOLLOW_UP,
    }
)
# Somebody else's promise, the age of a decision, the absence itself, a legal notice: these run on.
NEVER_PAUSED: Final = frozenset(
    {
        ClockCode.ACCEPTANCE_VALID,
        ClockCode.DECISION_REVIEW,
        ClockCode.NOT_CONTACTABLE,
        ClockCode.BREACH,
    }
)
# Periods that simply end: when they are over nobody is late.
WINDOWS: Final = frozenset(
    {
        ClockCode.APPEAL_WINDOW,
        ClockCode.ACCEPTANCE_VALID,
        ClockCode.MINIMUM_FOLLOW_UP,
        ClockCode.NOT_CONTACTABLE,
    }
)
# Nobody outside the country hears of a limit that runs inside it.
_ACROSS_ONLY: Final = frozenset({Recipient.COUNTERPART, Recipient.BILATERAL_ITEM})


@dataclass(frozen=True)
class Rung:
    """Who hears when a share of a limit has passed; the second list is for limits between countries."""

    percent: int
    to: tuple[Recipient, ...]
    to_cross_border: tuple[Recipient, ...]


LADDER: Final = (
    Rung(75, (Recipient.OWNER,), (Recipient.OWNER,)),
    Rung(100, (Recipient.SUPERVISOR,), (Recipient.SECRETARIAT,)),
    Rung(150, (Recipient.CHAIR,), (Recipient.SECRETARIAT_HEAD, Recipient.COUNTERPART)),
    Rung(200, (Recipient.SECRETARIAT_HEAD,), (Recipient.BILATERAL_ITEM,)),
)
_HOLDERS: Final = {
    ClockCode.GUARDIAN: Role.SUPERVISOR,
    ClockCode.REPORT: Role.ASSESSOR,
    ClockCode.SITTING: Role.COORDINATOR,
    ClockCode.PAPERS: Role.SECRETARY,
    ClockCode.SIGNED_REASONS: Role.CHAIR,
    ClockCode.DEFERRED_BACK: Role.COORDINATOR,
    ClockCode.DECISION_REVIEW: Role.COORDINATOR,
    ClockCode.DURABLE_SOLUTION: Role.SUPERVISOR,
    ClockCode.BREACH: Role.DATA_PROTECTION,
}


@dataclass(frozen=True)
class Clock:
    """One running limit.

    Args:
        started_at: when the clock started, UTC.
        due_at: the limit, UTC, already moved by every pause that has ended.
        paused_for: sum of the pauses that have ended.
        paused_at: start of the pause that is running, if one is.
        level: the highest level already raised, 0 when none.
        longest_pause: for how long a pause counts in this country.
    """

    started_at: datetime
    due_at: datetime
    paused_for: timedelta = timedelta(0)
    paused_at: datetime | None = None
    level: int = 0
    longest_pause: timedelta = MAX_PAUSE


def pause_length(paused_at: datetime, until: datetime, longest: timedelta = MAX_PAUSE) -> timedelta:
    """Return how long a pause counts: up to the longest, after which the clock runs by itself.

    Source: DOM-3.2.
    """
    return max(timedelta(0), min(until - paused_at, longest))


def level_at(clock: Clock, level: int) -> datetime:
    """Return the moment at which a level is reached if nothing else happens.

    A pause that is running is taken at its full length, so a clock that nobody resumes speaks up
    by itself.

    Source: DOM-3.2.
    """
    standing = clock.longest_pause if clock.paused_at is not None else timedelta(0)
    start = clock.started_at + clock.paused_for + standing
    return moment_of_share(start, clock.due_at + standing, level)


def levels_of(code: ClockCode) -> tuple[int, ...]:
    """Return the levels a limit climbs; a period that simply ends stops at its end."""
    return tuple(n for n in LEVELS if n <= OVERDUE) if code in WINDOWS else LEVELS


def next_level_at(clock: Clock, levels: Sequence[int] = LEVELS) -> datetime | None:
    """Return when the sweep must look at this clock again, or None when it has said everything."""
    level = next((level for level in levels if level > clock.level), None)
    return None if level is None else level_at(clock, level)


def levels_reached(clock: Clock, now: datetime, levels: Sequence[int] = LEVELS) -> tuple[int, ...]:
    """Return the levels that are reached and not raised yet, lowest first.

    Source: DOM-3.2.
    """
    return tuple(level for level in levels if level > clock.level and level_at(clock, level) <= now)


def percent(clock: Clock, now: datetime) -> int:
    """Return the share of the limit that is used up, in whole per cent, pauses left out."""
    standing = timedelta(0)
    if clock.paused_at is not None:
        standing = pause_length(clock.paused_at, now, clock.longest_pause)
    start = clock.started_at + clock.paused_for + standing
    return int(elapsed_share(start, clock.due_at + standing, now) * OVERDUE)


def resumed(clock: Clock, now: datetime) -> Clock:
    """Return the clock running again, its limit moved by the length of the pause."""
    if clock.paused_at is None:
        return clock
    stood = pause_length(clock.paused_at, now, clock.longest_pause)
    return Clock(
        started_at=clock.started_at,
        due_at=clock.due_at + stood,
        paused_for=clock.paused_for + stood,
        level=clock.level,
        longest_pause=clock.longest_pause,
    )


def recipients(
    code: ClockCode,
    level: int,
    *,
    ladder: Sequence[Rung] = LADDER,
    tells_counterpart: bool = False,
) -> tuple[Recipient, ...]:
    """Return who hears that this limit has reached this level.

    Limits between two countries go to the secretariat, its head and the counterpart, and end as an
    item of the bilateral meeting. Limits inside one country end with the head of the secretariat:
    the other country has no need to know of them, whatever the ladder says.

    Args:
        code: the limit.
        level: 75, 100, 150 or 200 per cent.
        ladder: the country's own, from its pack.
        tells_counterpart: whether the other country hears of this limit at all.

    Source: DOM-3.2.
    """
    rung = next((rung for rung in ladder if rung.percent == level), None)
    if rung is None:
        return ()
    if code not in CROSS_BORDER:
        inside = tuple(r for r in rung.to if r not in _ACROSS_ONLY)
        return inside or (Recipient.SECRETARIAT_HEAD,)
    across = rung.to_cross_border or rung.to
    return tuple(r for r in across if tells_counterpart or r is not Recipient.COUNTERPART)


def holder(code: ClockCode) -> Role:
    """Return the role that is expected to act before this limit, for lists of what is late."""
    if code in CROSS_BORDER:
        return Role.SECRETARIAT
    return _HOLDERS.get(code, Role.CASEWORKER)


def may_pause(
    code: ClockCode,
    reason: PauseReason,
    *,
    question_ref: str,
    review_on: date,
    today: date,
    longest: timedelta = MAX_PAUSE,
    reasons: Collection[str] = frozenset(PauseReason),
) -> Answer:
    """Answer whether a clock may stand still, and until when it is looked at again.

    Args:
        code: the limit.
        reason: why it stands still.
        question_ref: the recorded question that is with the other side.
        review_on: the date on which somebody looks at the pause.
        today: the date on which the pause starts.
        longest: how long a pause may be in this country.
        reasons: for which it may be there at all.

    Source: DOM-3.2.
    """
    asked = reason is PauseReason.QUESTION_WITH_OTHER_SIDE
    return answer(
        "pause_clock",
        (
            Gap("clock_never_pauses", {"clock": code.value}) if code in NEVER_PAUSED else None,
            None if reason in reasons else Gap("pause_reason_not_here"),
            Gap("pause_question_missing") if asked and not question_ref else None,
            *review_gaps(review_on, today, longest),
        ),
    )


def review_gaps(review_on: date, today: date, longest: timedelta = MAX_PAUSE) -> Iterable[Gap]:
    """Yield what is wrong with a review date: it must lie ahead, no further than a pause may last.

    Source: DOM-3.1, DOM-3.2.
    """
    if review_on <= today:
        yield Gap("review_date_not_ahead")
    if review_on - today > longest:
        yield Gap("review_date_too_far", {"days": longest.days})
