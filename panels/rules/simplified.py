"""Deciding without the full panel, only where the country pack allows it.

Two qualified people, each of whom may send the case to the full panel; the child, the guardian and
any panel member may demand it; one in ten is looked at by the panel afterwards.

Source: DOM-3.4 (simplified BID).
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer

LEAST_SIGNATURES: Final = 2


class Condition(StrEnum):
    """What a country can ask of a case before two people decide it. Source: DOM-3.4."""

    VERIFIED_PARENTS = "verified_parents"
    BOTH_SIDES_WILLING = "both_sides_willing"
    NO_CONCERN_ABOVE_MEDIUM = "no_concern_above_medium"
    CHILD_NOT_OBJECTING = "child_not_objecting"


class DemandedBy(StrEnum):
    """Who may demand the full panel."""

    CHILD = "child"
    GUARDIAN = "guardian"
    MEMBER = "member"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Setting:
    """What the pack says about the simplified procedure; off unless it says otherwise.

    ``conditions`` are codes of ``Condition``; a code nobody can check is never met.
    """

    is_allowed: bool = False
    triggers: frozenset[str] = frozenset()
    highest_priority: frozenset[str] = frozenset({"medium", "low"})
    signatures: int = LEAST_SIGNATURES
    conditions: tuple[str, ...] = tuple(Condition)


@dataclass(frozen=True)
class Suitability:
    """What the record says about the case; ``is_listed``: it waits for a sitting."""

    triggers: frozenset[str]
    priority: str
    child_objects: bool
    both_sides_willing: bool
    parents_verified: bool
    no_concern_above_medium: bool
    demanded_by: frozenset[DemandedBy] = frozenset()
    is_listed: bool = False


@dataclass(frozen=True)
class Reviewers:
    """Those who decide and everybody who may not be one of them.

    Args:
        persons: person ids of the reviewer and of the independent further signatures.
        qualified: persons who hold a voting seat today.
        excluded: author, approving supervisor, quality checker, people with a conflict.
    """

    persons: tuple[str, ...]
    qualified: Collection[str]
    excluded: Collection[str]


def may_be_simplified(setting: Setting, case: Suitability) -> Answer:
    """Say whether the case may be decided without the full panel, or why not."""
    return answer("decide_simplified", _case_gaps(setting, case))


def may_sign_simplified(reviewers: Reviewers, *, needed: int = LEAST_SIGNATURES) -> Answer:
    """Say whether these may decide: enough, qualified, unconnected with the case, all different."""
    return answer("decide_simplified", _reviewer_gaps(reviewers, max(needed, LEAST_SIGNATURES)))


def is_sampled(determination_id: str, *, percent: int) -> bool:
    """Whether the panel looks at this decision afterwards.

    Depends on nothing but the identifier, so nobody can choose which ones are looked at.
    """
    digest = hashlib.sha256(determination_id.encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < percent


def _case_gaps(setting: Setting, case: Suitability) -> Iterator[Gap | None]:
    if not setting.is_allowed:
        yield Gap("simplified_not_allowed")
        return
    yield Gap("simplified_case_listed") if case.is_listed else None
    for trigger in sorted(case.triggers - setting.triggers):
        yield Gap("simplified_trigger_excluded", {"trigger": trigger})
    if case.priority not in setting.highest_priority:
        yield Gap("simplified_priority_too_high", {"priority": case.priority})
    for condition in setting.conditions:
        yield _condition_gap(condition, case)
    yield Gap("full_panel_demanded") if case.demanded_by else None


def _reviewer_gaps(reviewers: Reviewers, needed: int) -> Iterator[Gap | None]:
    different = len(set(reviewers.persons))
    yield Gap("simplified_same_person") if different < len(reviewers.persons) else None
    if different < needed:
        yield Gap("simplified_signatures_missing", {"named": different, "needed": needed})
    for person in dict.fromkeys(reviewers.persons):
        yield None if person in reviewers.qualified else Gap("simplified_not_qualified")
        yield Gap("simplified_not_independent") if person in reviewers.excluded else None


def _condition_gap(condition: str, case: Suitability) -> Gap | None:
    """Return what is missing of one condition of the country; None when it holds."""
    met: dict[str, tuple[bool, str]] = {
        Condition.VERIFIED_PARENTS: (case.parents_verified, "simplified_parents_unverified"),
        Condition.BOTH_SIDES_WILLING: (case.both_sides_willing, "simplified_side_unwilling"),
        Condition.NO_CONCERN_ABOVE_MEDIUM: (
            case.no_concern_above_medium,
            "simplified_concern_too_high",
        ),
        Condition.CHILD_NOT_OBJECTING: (not case.child_objects, "simplified_child_objects"),
    }
    if condition not in met:
        return Gap("simplified_condition_unknown", {"condition": condition})
    holds, code = met[condition]
    return None if holds else Gap(code)
