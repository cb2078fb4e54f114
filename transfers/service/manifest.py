"""The list of children who travel on one day in one corridor: only those decided, accepted, willing and cleared.

It is made anew each time it is read, from each child's own checklist; nobody is on it for the sake of a group. Who was
cleared and is left out is named with everything that is not true any more. References only: names travel sealed.

Source: DOM-3.5 (batch sittings: manifest), DOM-5.10, DOM-R1, DOM-R8, DOM-R33.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from core.actors import Actor
from core.errors import Gap
from transfers.rules.codes import Direction
from transfers.rules.machine import TransferState
from transfers.service import board, record, travel


@dataclass(frozen=True)
class Traveller:
    """One child on the list, or left out of it with everything that is missing."""

    transfer_id: str
    ref: str
    missing: tuple[Gap, ...]


@dataclass(frozen=True)
class Manifest:
    """Who travels on one day in one corridor, by reference."""

    on: date
    travellers: tuple[Traveller, ...]
    left_out: tuple[Traveller, ...]


def manifest(
    session: Session, actor: Actor, corridor: tuple[str, str], *, on: date, now: datetime
) -> Manifest:
    """Return who travels on a day from one country to another, for officers of the secretariat.

    Whoever is barred from a child finds nothing of that child here; the list of who is no officer is empty.
    """
    found = [
        Traveller(line.id, line.ref, _missing(session, actor, line.id, on=on, now=now))
        for line in _cleared(session, actor, corridor, now=now)
        if record.seen(session, actor, line.id, now=now).cleared_for == on
    ]
    found.sort(key=lambda one: one.ref)
    return Manifest(
        on,
        tuple(one for one in found if not one.missing),
        tuple(one for one in found if one.missing),
    )


def _cleared(
    session: Session, actor: Actor, corridor: tuple[str, str], *, now: datetime
) -> Iterator[board.Line]:
    which = board.Which(Direction.OUTBOUND, TransferState.CLEARED_TO_TRAVEL, corridor)
    cursor: str | None = None
    while True:
        page = board.list_open(session, actor, which, now=now, limit=200, cursor=cursor)
        yield from page.lines
        cursor = page.cursor
        if cursor is None:
            return


def _missing(
    session: Session, actor: Actor, transfer_id: str, *, on: date, now: datetime
) -> tuple[Gap, ...]:
    lines = travel.read_checklist(session, actor, transfer_id, on=on, now=now)
    return tuple(gap for line in lines for gap in line.gaps)
