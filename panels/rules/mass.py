"""Many children in the same situation before one panel: who can be heard so, and who is heard apart, by rule.

A group shares what is known of a country and a route; never a report, a reason or a decision.

Source: DOM-3.5 (batch sittings), DOM-R2, DOM-R32.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Apart(StrEnum):
    """Why a child is heard apart from the others of its situation."""

    NO_RECOMMENDATION = "no_recommendation"
    CHILD_UNWILLING = "child_unwilling"
    MOVEMENT_HELD = "movement_held"
    SIBLINGS_DIFFER = "siblings_differ"


UNWILLING: Final = "child_unwilling"


@dataclass(frozen=True)
class Candidate:
    """A child who waits for the panel.

    Args:
        outcome, destination: codes of the option its own report recommends; empty without one.
        holds: reasons for which nobody moves the child now.
        siblings: linked children.
    """

    case_id: str
    outcome: str
    destination: str
    holds: frozenset[str]
    siblings: frozenset[str]

    @property
    def situation(self) -> str:
        """What is recommended, and for which country."""
        return f"{self.outcome}/{self.destination}" if self.outcome else ""


def apart(waiting: Collection[Candidate]) -> dict[str, tuple[Apart, ...]]:
    """Return who is heard apart, with every reason; a sibling of such a child is, too.

    Source: DOM-3.5 (any child may drop out; sibling items decided knowing each other).
    """
    found = {one.case_id: tuple(_own(one)) for one in waiting}
    by_id = {one.case_id: one for one in waiting}
    while more := [
        one for one in waiting if not found[one.case_id] and _differs(one, by_id, found)
    ]:
        for one in more:
            found[one.case_id] = (Apart.SIBLINGS_DIFFER,)
    return {case_id: reasons for case_id, reasons in found.items() if reasons}


def _own(one: Candidate) -> Iterator[Apart]:
    if not one.situation:
        yield Apart.NO_RECOMMENDATION
    if UNWILLING in one.holds:
        yield Apart.CHILD_UNWILLING
    if one.holds - {UNWILLING}:
        yield Apart.MOVEMENT_HELD


def _differs(
    one: Candidate, by_id: Mapping[str, Candidate], found: Mapping[str, tuple[Apart, ...]]
) -> bool:
    """Whether a sibling is not here, is recommended something else, or is heard apart."""
    return any(
        other not in by_id or by_id[other].situation != one.situation or bool(found[other])
        for other in one.siblings
    )


def together(waiting: Collection[Candidate]) -> dict[str, list[str]]:
    """Return the children of each situation who can be heard in one exercise, by situation."""
    out = apart(waiting)
    found: dict[str, list[str]] = {}
    for one in sorted(waiting, key=lambda one: one.case_id):
        if one.case_id not in out:
            found.setdefault(one.situation, []).append(one.case_id)
    return found


def most_in_a_sitting(daily_cap: int, sittings_a_day: int) -> int:
    """Return how many children one sitting may have so that nobody hears more than the cap in a day."""
    return max(1, daily_cap // max(1, sittings_a_day))
