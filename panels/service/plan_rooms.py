"""Rooms of a district and a video bridge, as far as the record knows them: used by sittings, or closed by somebody."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from sqlmodel import Session

from panels.rules.planning import Wishes
from panels.store import planning as store
from panels.tables.panel import PanelRow

Span = tuple[datetime, datetime]
OWN_ROOM: Final = "own"


def names_of_rooms(panel: PanelRow, wishes: Wishes) -> list[str]:
    """Return the rooms a panel may sit in; without any of the district, one of its own that is always free."""
    named = [f"{panel.district}/{code}" for code in wishes.rooms]
    return named or [f"{OWN_ROOM}/{panel.code}"]


def rooms_away(
    session: Session, panel: PanelRow, wishes: Wishes, *, start: datetime, end: datetime
) -> dict[str, list[Span]]:
    """Return when each room of a panel cannot be had, by name.

    While other panels use the whole of its video bridge, none of its rooms can be used.
    """
    names = names_of_rooms(panel, wishes)
    away: dict[str, list[Span]] = {name: [] for name in names}
    for row in store.busy(session, "room", names, start=start, end=end):
        away[row.owner].append((row.starts_at, row.ends_at))
    used = store.rooms_in_use(session, panel.id, since=start)
    for room, _, begins, ends in used:
        if room in away:
            away[room].append((begins, ends))
    if wishes.bridge:
        mine = [(begins, ends) for _, bridge, begins, ends in used if bridge == wishes.bridge]
        for name in names:
            away[name] += full(mine, wishes.bridge_capacity)
    return away


def full(spans: Sequence[Span], capacity: int) -> list[Span]:
    """Return when at least so many of these spans overlap, in order."""
    marks = sorted({moment for span in spans for moment in span})
    return [(begin, end) for begin, end in pairwise(marks) if _count(spans, begin, end) >= capacity]


def _count(spans: Iterable[Span], begin: datetime, end: datetime) -> int:
    return sum(first < end and begin < last for first, last in spans)
