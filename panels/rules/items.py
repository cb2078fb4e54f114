"""The agenda item: its states, what listing needs, and the order in which children are heard.

Votes are in ``voting``, quorum in ``quorum``. Nothing here ranks outcomes: the order says only who
cannot wait.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, WrongState, answer


class ItemState(StrEnum):
    """Where one child's item stands in its sitting. Source: DOM-3.5."""

    LISTED = "listed"
    CALLED = "called"
    IN_DELIBERATION = "in_deliberation"
    DECIDED = "decided"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"
    NOT_REACHED = "not_reached"
    LOST_QUORUM = "lost_quorum"


class ItemType(StrEnum):
    """Why the child's case is before the panel. Source: DOM-4.5."""

    FIRST_HEARING = "first_hearing"
    DEFERRED = "deferred"
    REVIEW = "review"
    APPEAL_RETURN = "appeal_return"


class Invited(StrEnum):
    """Who is asked to come for one item and never votes. Source: DOM-4.5."""

    GUARDIAN = "guardian"
    INTERPRETER = "interpreter"
    ADVISER = "adviser"
    PARTNER_OFFICER = "partner_officer"


_S = ItemState
# Quorum lost may come back (a member returns): the item is called again, conflicts and quorum anew.
ITEM_EDGES: Final[dict[ItemState, frozenset[ItemState]]] = {
    _S.LISTED: frozenset({_S.CALLED, _S.WITHDRAWN, _S.NOT_REACHED}),
    _S.CALLED: frozenset(
        {_S.IN_DELIBERATION, _S.DEFERRED, _S.WITHDRAWN, _S.NOT_REACHED, _S.LOST_QUORUM}
    ),
    _S.IN_DELIBERATION: frozenset({_S.DECIDED, _S.DEFERRED, _S.WITHDRAWN, _S.LOST_QUORUM}),
    _S.LOST_QUORUM: frozenset({_S.CALLED, _S.DEFERRED, _S.WITHDRAWN, _S.NOT_REACHED}),
    _S.DECIDED: frozenset(),
    _S.DEFERRED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.NOT_REACHED: frozenset(),
}
OPEN_ITEM: Final = frozenset({_S.CALLED, _S.IN_DELIBERATION})
FINISHED_ITEM: Final = frozenset(state for state, after in ITEM_EDGES.items() if not after)


def require_item_edge(state: ItemState, to: ItemState) -> None:
    """Refuse a step the item machine does not have.

    Raises:
        WrongState: with the state the item is in and the step asked for.
    """
    if to not in ITEM_EDGES[state]:
        raise WrongState("item", state.value, to.value)


@dataclass(frozen=True)
class ListingFacts:
    """What is known when a case is put on an agenda.

    Args:
        case_is_ready: the case is ``BID_READY``.
        sitting_takes_items: the sitting is a draft, or extraordinary and convened.
        is_extraordinary: an emergency sitting is not held to the papers timetable.
        papers_by: the last moment at which papers may reach members; None when no date is set.
        needs_guardian, needs_interpreter: whom this child's item cannot do without.
        invited: who has been invited.
        other_panel: the case was referred to another panel after a tie.
    """

    case_is_ready: bool
    sitting_takes_items: bool
    is_extraordinary: bool
    papers_by: datetime | None
    needs_guardian: bool
    needs_interpreter: bool
    invited: frozenset[Invited]
    other_panel: bool = False


def listing(facts: ListingFacts, *, now: datetime) -> Answer:
    """Say everything that is missing before a case may stand on an agenda.

    Source: DOM-3.3/T10.
    """
    on_time = facts.is_extraordinary or (facts.papers_by is not None and now <= facts.papers_by)
    guardian = not facts.needs_guardian or Invited.GUARDIAN in facts.invited
    interpreter = not facts.needs_interpreter or Invited.INTERPRETER in facts.invited
    conditions = (
        (facts.case_is_ready, "case_not_ready"),
        (facts.sitting_takes_items, "agenda_locked"),
        (on_time, "papers_too_late"),
        (guardian, "guardian_not_invited"),
        (interpreter, "interpreter_not_invited"),
        (not facts.other_panel, "referred_to_other_panel"),
    )
    return answer("list_case", (None if holds else Gap(code) for holds, code in conditions))


PRIORITY_RANK: Final = {"emergency": 0, "high": 1, "medium": 2, "low": 3}


@dataclass(frozen=True)
class Waiting:
    """What decides how soon a child is heard.

    Args:
        gbv_or_trafficking: a coded flag, without any detail.
        sibling_group: the same text for children heard together; empty for a child alone.
    """

    item_id: str
    priority: str
    in_detention: bool
    under_five: bool
    gbv_or_trafficking: bool
    ready_since: datetime
    sibling_group: str = ""

    @property
    def urgency(self) -> tuple[int, bool, bool, bool, datetime, str]:
        """A key that sorts the child who can wait least first."""
        return (
            PRIORITY_RANK.get(self.priority, len(PRIORITY_RANK)),
            not self.in_detention,
            not self.under_five,
            not self.gbv_or_trafficking,
            self.ready_since,
            self.item_id,
        )


def agenda_order(waiting: Iterable[Waiting]) -> Sequence[str]:
    """Return item ids in hearing order; siblings stand together behind the most urgent of them.

    Source: DOM-3.5 (order; batch sittings: sibling items adjacent).
    """
    groups: dict[str, list[Waiting]] = defaultdict(list)
    for child in waiting:
        groups[child.sibling_group or child.item_id].append(child)
    families = [sorted(group, key=lambda child: child.urgency) for group in groups.values()]
    families.sort(key=lambda family: family[0].urgency)
    return [child.item_id for family in families for child in family]


@dataclass(frozen=True)
class BatchLimits:
    """Warnings of a long list, from the country pack. Source: DOM-3.5 (batch sittings)."""

    daily_cap: int
    minutes_per_item: int


def batch_warnings(*, items_today: int, minutes: int, limits: BatchLimits) -> tuple[Gap, ...]:
    """Warn when a member would hear too many children in a day or give each too little time.

    Args:
        items_today: the most items any member of the roster has on that day, this sitting included.
        minutes: minutes the sitting plans for each of its items.
        limits: cap and minimum of the country.

    Source: DOM-3.5 (batch sittings).
    """
    found: list[Gap] = []
    if items_today > limits.daily_cap:
        found.append(Gap("daily_cap_passed", {"items": items_today, "cap": limits.daily_cap}))
    if minutes < limits.minutes_per_item:
        facts = {"minutes": minutes, "needed": limits.minutes_per_item}
        found.append(Gap("too_little_time_per_child", facts))
    return tuple(found)
