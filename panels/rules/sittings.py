"""The sitting: its kinds, its machine, and what convening, opening and ending need."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, WrongState, answer


class SittingState(StrEnum):
    """Where a meeting of the panel stands. Source: DOM-3.5."""

    DRAFT = "draft"
    CONVENED = "convened"
    OPEN = "open"
    ADJOURNED = "adjourned"
    ENDED = "ended"
    MINUTES_SIGNED = "minutes_signed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    INQUORATE = "inquorate"


class SittingType(StrEnum):
    """Why the panel meets. Source: DOM-3.5."""

    ORDINARY = "ordinary"
    EXTRAORDINARY = "extraordinary"
    AD_HOC_BATCH = "ad_hoc_batch"
    JOINT = "joint"


class SittingMode(StrEnum):
    """How members come together. Source: DOM-3.5 (remote or hybrid)."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    HYBRID = "hybrid"


_S = SittingState
SITTING_EDGES: Final[dict[SittingState, frozenset[SittingState]]] = {
    _S.DRAFT: frozenset({_S.CONVENED, _S.CANCELLED}),
    _S.CONVENED: frozenset({_S.OPEN, _S.CANCELLED, _S.INQUORATE}),
    _S.OPEN: frozenset({_S.ADJOURNED, _S.ENDED}),
    _S.ADJOURNED: frozenset({_S.OPEN, _S.ENDED}),
    _S.ENDED: frozenset({_S.MINUTES_SIGNED}),
    _S.MINUTES_SIGNED: frozenset({_S.ARCHIVED}),
    _S.ARCHIVED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.INQUORATE: frozenset(),
}
TO_COME: Final = frozenset({_S.DRAFT, _S.CONVENED, _S.OPEN, _S.ADJOURNED})


def require_sitting_edge(state: SittingState, to: SittingState) -> None:
    """Refuse a step the sitting machine does not have.

    Raises:
        WrongState: with the state the sitting is in and the step asked for.
    """
    if to not in SITTING_EDGES[state]:
        raise WrongState("sitting", state.value, to.value)


@dataclass(frozen=True)
class ConveningFacts:
    """What is known when a sitting is called together.

    Args:
        starts_in_future: the start lies after now.
        has_place, has_link: where members go, or where they connect.
        items: number of items on the agenda.
        quorum_gaps: what the roster would lack even if everybody on it came.
        late_items: items whose papers can no longer reach members in time.
    """

    starts_in_future: bool
    mode: SittingMode
    has_place: bool
    has_link: bool
    items: int
    quorum_gaps: tuple[Gap, ...]
    late_items: int


def convening(facts: ConveningFacts) -> Answer:
    """Say everything that is missing before a sitting may be convened.

    Source: DOM-3.5 (date, place or link, roster, agenda locked, papers released).
    """
    place = facts.has_place or facts.mode is SittingMode.REMOTE
    link = facts.has_link or facts.mode is SittingMode.IN_PERSON
    late = Gap("papers_too_late_for_items", {"items": facts.late_items})
    gaps = (
        None if facts.starts_in_future else Gap("start_is_past"),
        None if place else Gap("place_missing"),
        None if link else Gap("link_missing"),
        None if facts.items else Gap("agenda_empty"),
        late if facts.late_items else None,
        *facts.quorum_gaps,
    )
    return answer("convene_sitting", gaps)


def opening(*, attendance_taken: bool, quorum_gaps: tuple[Gap, ...]) -> Answer:
    """Say what is missing before the chair may open the sitting.

    Only members inside their term and with a valid undertaking count in ``quorum_gaps``.

    Source: DOM-3.5 (attendance, undertakings valid, quorum).
    """
    missing = None if attendance_taken else Gap("attendance_missing")
    return answer("open_sitting", (missing, *quorum_gaps))


def ending(*, open_items: int) -> Answer:
    """Say what is missing before a sitting may end.

    Items that were not reached, or lost their quorum, go back to be listed again.

    Args:
        open_items: items called or in deliberation.

    Source: DOM-3.5.
    """
    return answer(
        "end_sitting", (Gap("items_open", {"items": open_items}) if open_items else None,)
    )
