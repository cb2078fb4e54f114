"""When a decision may begin to be carried out.

Safety moves inside the country never wait for any of this: they are emergency actions.

Source: DOM-3.3 (T16), DOM-R9, DOM-R42, DOM-R58.
"""

from dataclasses import dataclass
from datetime import date, datetime

from core.errors import Answer, Gap, answer
from panels.rules.appeal import Window


@dataclass(frozen=True)
class Standing:
    """Where a decision stands when somebody wants to act on it.

    Args:
        is_sealed: enough members signed.
        replaced: a newer version or a newer decision exists.
        told_at: when the child was told.
        valid_until: last day of use.
        window: the appeal window.
        has_open_appeal: an appeal waits for its result.
        under_review: a late conflict or new facts are being looked at.
    """

    is_sealed: bool
    replaced: bool
    told_at: datetime | None
    valid_until: date
    window: Window
    has_open_appeal: bool
    under_review: bool


def may_be_implemented(standing: Standing, *, now: datetime, today: date) -> Answer:
    """Say whether carrying out may begin inside the country, or everything it waits for."""
    return answer(
        "begin_implementation",
        (
            None if standing.is_sealed else Gap("decision_not_signed"),
            Gap("decision_replaced") if standing.replaced else None,
            Gap("decision_expired", {"valid_until": standing.valid_until.isoformat()})
            if today > standing.valid_until
            else None,
            None if standing.told_at else Gap("child_not_told"),
            _window(standing, now),
            Gap("appeal_open") if standing.has_open_appeal else None,
            Gap("decision_under_review") if standing.under_review else None,
        ),
    )


def _window(standing: Standing, now: datetime) -> Gap | None:
    if standing.told_at is None or standing.window.is_over(now):
        return None
    ends_at = standing.window.ends_at
    return Gap("appeal_window_open", {"ends_at": ends_at.isoformat() if ends_at else ""})
