"""Giving a child into the hands of the other country: to whom, where and when both sides agreed.

Another person, or one whose identity nobody checked, is no handover: the child stays with its escort. Another place,
or an hour before the agreed one, can be right (the bus came early, the post was closed); then whoever tells says why,
and the other country hears of it as of an alarm.

Source: DOM-5.2/X10, DOM-5.2/X11, DOM-R39; how late is late: our choice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.errors import Answer, Gap, answer

LATE_AFTER: Final = timedelta(hours=24)
"""A journey may take longer; a day more than agreed is another day."""
USUAL_PAPERS: Final = frozenset(
    {
        "decision", "consents", "consent_child", "consent_guardian", "consent_receiving_family",
        "identity", "travel_paper", "protection_order", "home_study", "medical", "medical_fitness",
        "school_record", "escort_authority", "handover_photo", "other",
    }
)  # fmt: skip
"""Papers a receipt may name whatever the corridor says. Source: DOM-5.2, documents usually needed."""


@dataclass(frozen=True)
class Agreed:
    """What the last plan says."""

    person: str
    place: str
    at: datetime


@dataclass(frozen=True)
class Given:
    """What the notice says happened; ``reason``: why it was not as agreed."""

    person: str
    place: str
    at: datetime
    identity_checked: bool
    reason: str = ""


def may_tell(agreed: Agreed | None, given: Given, *, now: datetime) -> Answer:
    """Say what is missing before a handover can be told to the other country. Source: DOM-R39."""
    same = agreed is not None and same_words(agreed.person, given.person)
    return answer(
        "hand_over",
        (
            None if same else Gap("handover_to_another_person"),
            None if given.identity_checked else Gap("handover_identity_unchecked"),
            Gap("handover_not_yet") if given.at > now else None,
            *(() if given.reason.strip() else differences(agreed, given)),
        ),
    )  # fmt: skip


def differences(agreed: Agreed | None, given: Given) -> tuple[Gap, ...]:
    """Say in what place and hour differ from what both sides agreed; nothing where no plan is known."""
    if agreed is None:
        return ()
    found = (
        None if same_words(agreed.place, given.place) else Gap("handover_at_another_place"),
        Gap("handover_before_the_hour") if given.at < agreed.at else None,
        Gap("handover_on_another_day") if given.at > agreed.at + LATE_AFTER else None,
    )
    return tuple(gap for gap in found if gap is not None)


def is_as_agreed(agreed: Agreed | None, given: Given) -> bool:
    """Whether a notice of the other country says what was agreed, whatever reason it gives."""
    same = agreed is not None and same_words(agreed.person, given.person)
    return same and given.identity_checked and not differences(agreed, given)


def unknown_papers(named: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Return which papers of a receipt are none that the two countries know, in the order they were named."""
    return tuple(one for one in named if one not in USUAL_PAPERS and one not in known)


def same_words(one: str, other: str) -> bool:
    """Whether two lines are the same to a reader."""
    return one.casefold().split() == other.casefold().split()
