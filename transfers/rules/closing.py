"""Closing between two countries: each closes its own file, and neither while the other waits.

Source: DOM-5.2/X13, DOM-R41, DOM-R55, DOM-R56.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.errors import Answer, Gap, answer


@dataclass(frozen=True)
class ClosingFacts:
    """What is open between the countries on the day somebody wants to close.

    Args:
        today: local date of the side that closes.
        unanswered: ids of messages of either side that wait for an answer.
        child_decision_open: a determination about the child is being prepared or open to appeal.
        open_alarms: codes of incidents nobody has ended.
        disagreement_open: the ladder is not at its end.
        followed_since: first day of follow-up; ``None`` before the first report.
        followed_until: first day on which follow-up may end (D21).
        last_report_says_close: the last report recommends to close.
    """

    today: date
    unanswered: Collection[str] = ()
    child_decision_open: bool = False
    open_alarms: Collection[str] = ()
    disagreement_open: bool = False
    followed_since: date | None = None
    followed_until: date | None = None
    last_report_says_close: bool = False


def may_close(facts: ClosingFacts) -> Answer:
    """Say what has to end before this side closes its file of the transfer."""
    return answer(
        "close_transfer",
        (
            *(
                Gap("transfer_unanswered_message", {"message": one})
                for one in sorted(facts.unanswered)
            ),
            Gap("transfer_child_decision_open") if facts.child_decision_open else None,
            *(Gap("transfer_alarm_open", {"incident": one}) for one in sorted(facts.open_alarms)),
            Gap("transfer_disagreement_open") if facts.disagreement_open else None,
            *_follow_up(facts),
        ),
    )


def _follow_up(facts: ClosingFacts) -> tuple[Gap | None, ...]:
    if facts.followed_since is None:
        return (Gap("transfer_no_follow_up"),)
    early = facts.followed_until is None or facts.today < facts.followed_until
    until = facts.followed_until.isoformat() if facts.followed_until else ""
    return (
        Gap("transfer_follow_up_too_short", {"until": until}) if early else None,
        None if facts.last_report_says_close else Gap("transfer_report_does_not_say_close"),
    )
