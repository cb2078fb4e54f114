"""Who was in the room when: arrivals and departures as a list that only grows.

A mistake is corrected by a further event that names the one it replaces and says why; the list
itself is never edited, so the minutes can show both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Movement(StrEnum):
    """What happened at the door. ``VOID`` appears only as a correction: it never happened."""

    PRESENT = "present"
    REMOTE = "remote"
    LATE = "late"
    LEFT = "left"
    VOID = "void"


ARRIVALS: Final = frozenset({Movement.PRESENT, Movement.REMOTE, Movement.LATE})


@dataclass(frozen=True)
class Passage:
    """One arrival or departure.

    Args:
        seq: order in which it was recorded.
        at: when it happened.
        corrects: id of the event this one replaces; empty for an ordinary event.
    """

    id: str
    seq: int
    member_id: str
    movement: Movement
    at: datetime
    corrects: str = ""


def in_force(passages: Iterable[Passage]) -> list[Passage]:
    """Return the events that still stand after corrections, in order of what happened."""
    every = list(passages)
    replaced = {passage.corrects for passage in every if passage.corrects}
    standing = [p for p in every if p.id not in replaced and p.movement is not Movement.VOID]
    return sorted(standing, key=lambda passage: (passage.at, passage.seq))


def present_at(passages: Iterable[Passage], moment: datetime) -> frozenset[str]:
    """Return the members in the room or connected at a moment.

    Source: DOM-4.5/sitting.attendance.
    """
    last: dict[str, Movement] = {}
    for passage in in_force(passages):
        if passage.at <= moment:
            last[passage.member_id] = passage.movement
    return frozenset(member for member, movement in last.items() if movement in ARRIVALS)


def repeats(passages: Iterable[Passage], member_id: str, movement: Movement) -> bool:
    """Whether a departure has no arrival before it, or an arrival follows an arrival.

    Changing from the room to a remote link, or back, is not a repetition.
    """
    mine = [p.movement for p in in_force(passages) if p.member_id == member_id]
    last = mine[-1] if mine else Movement.LEFT
    return last is movement or (movement is Movement.LATE and last in ARRIVALS)
