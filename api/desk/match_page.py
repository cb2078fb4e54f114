"""The child another country writes of beside the children on file here; nothing is matched by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.desk.children import ChildLine, child_line
from api.desk.message_page import shown
from api.desk.visit import Visit, given
from api.portal.door import Form
from api.portal.words import in_order
from cases.rules.children import Names
from core.errors import NotThere, WrongState
from transfers.service import board, matching, summary_views
from transfers.service.board import Line

LONGEST_NAME = 100


@dataclass(frozen=True)
class CandidateLine:
    """One child on file who may be the same: what agrees, and how many things do."""

    child: ChildLine
    agrees: tuple[str, ...]
    score: int


@dataclass(frozen=True)
class MatchPage:
    """Their child beside ours.

    Args:
        says: what they write of the child.
        elsewhere: candidates in offices the reader does not see into.
        offices: where a case can be opened.
        is_matched: somebody has said who it is.
    """

    line: Line
    says: Mapping[str, Any]
    candidates: tuple[CandidateLine, ...]
    elsewhere: int
    offices: tuple[tuple[str, str], ...]
    is_matched: bool


def names_in(form: Form) -> Names:
    """Return the names somebody typed, from an identity disclosure or a paper."""
    return Names(given(form, "given", LONGEST_NAME), given(form, "family", LONGEST_NAME))


def match_page(visit: Visit, transfer_id: str, names: Names) -> MatchPage:
    """Return what they write of the child, and who on file may be the same.

    Raises:
        NotThere, RoleMayNot: not an inbound transfer, not yours, or not an officer.
    """
    session, actor, now = visit.session, visit.actor, visit.now
    found = matching.candidates(session, actor, transfer_id, names, now=now)
    line = board.read_transfer(session, actor, transfer_id, now=now).line
    try:
        body = summary_views.read_summary(session, actor, transfer_id, now=now).body
    except (NotThere, WrongState):  # nothing came with it, or its sender took it back
        body = {}
    told = {name: value for name, value in in_order(body).items() if name in {"child", "care"}}
    return MatchPage(
        line=line,
        says=shown(told),
        candidates=tuple(
            CandidateLine(
                child_line(visit, one.row),
                tuple(visit.words.of("alike", signal) for signal in one.signals),
                one.score,
            )
            for one in found.seen
        ),
        elsewhere=found.elsewhere,
        offices=_offices(visit),
        is_matched=line.case_id is not None,
    )


def _offices(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the places where offices are, each with the place above it."""
    places = visit.pack.places
    above = {place.parent for place in places.values()}
    named = (
        (
            code,
            f"{place.name}, {places[place.parent].name}" if place.parent in places else place.name,
        )
        for code, place in places.items()
        if code not in above
    )
    return tuple(sorted(named, key=lambda pair: pair[1]))
