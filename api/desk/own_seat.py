"""A member's own page: the undertaking to sign, the sittings to come with an answer, papers, conflicts, absences."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.desk.children import ChildLine, child_line
from api.desk.preparing import seat_of
from api.desk.visit import Visit
from cases.service import files
from panels.service import busy_times, own_seat
from panels.service.own_seat import OwnSeat, OwnSitting

PARAGRAPHS: Final = 6


@dataclass(frozen=True)
class SeatLine:
    """A seat the reader holds: until when the undertaking holds, if one does."""

    member_id: str
    panel: str
    seat: str
    is_signed: bool
    until: str


@dataclass(frozen=True)
class ItemLine:
    """A child to be heard, whose papers the reader has."""

    id: str
    number: int
    child: ChildLine | None
    has_declared: bool


@dataclass(frozen=True)
class SittingLine:
    """A sitting the reader is called to.

    Args:
        may_answer: it has not begun.
    """

    id: str
    when: str
    title: str
    panel: str
    state: str
    answer: str
    comes: bool | None
    may_answer: bool
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class Away:
    """Hours at which the reader cannot come."""

    id: str
    said: str


@dataclass(frozen=True)
class Page:
    """Everything the page of a member shows; ``text`` is what is signed."""

    seats: tuple[SeatLine, ...]
    sittings: tuple[SittingLine, ...]
    away: tuple[Away, ...]
    text: tuple[str, ...]
    text_hash: str


def page(visit: Visit) -> Page:
    """Return the reader's own page; a reader without a seat finds it empty."""
    session, actor, now = visit.session, visit.actor, visit.now
    seats = own_seat.seats_of(session, actor, now=now)
    called = own_seat.sittings_of(session, actor, now=now)
    rows = files.rows_of(
        session, actor, [item.case_id for one in called for item in one.items], now=now
    )
    children = {case_id: child_line(visit, row) for case_id, row in rows.items()}
    return Page(
        seats=tuple(_seat(visit, one) for one in seats),
        sittings=tuple(_sitting(visit, one, children) for one in called),
        away=_away(visit, seats),
        text=undertaking(visit),
        text_hash=hash_of(undertaking(visit)),
    )


def undertaking(visit: Visit) -> tuple[str, ...]:
    """Return what a member signs, in the words on the page."""
    return tuple(visit.words(f"undertaking.{number}") for number in range(1, PARAGRAPHS + 1))


def hash_of(text: tuple[str, ...]) -> str:
    """Return the hash that is kept of what was signed."""
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def _seat(visit: Visit, one: OwnSeat) -> SeatLine:
    until: date | None = one.holder.undertaking_until
    return SeatLine(
        member_id=one.holder.member_id,
        panel=one.panel,
        seat=seat_of(visit, one.holder),
        is_signed=one.is_signed,
        until=visit.words.day(until) if until is not None else "",
    )


def _sitting(visit: Visit, one: OwnSitting, children: dict[str, ChildLine]) -> SittingLine:
    words, row = visit.words, one.sitting
    said = "none" if one.comes is None else "comes" if one.comes else "does_not"
    return SittingLine(
        id=row.id,
        when=words.weekday(row.starts_at, row.timezone),
        title=words.of("sitting_type", row.type),
        panel=one.panel,
        state=words.of("sitting", row.state),
        answer=words(f"own.answer.{said}"),
        comes=one.comes,
        may_answer=one.may_answer,
        items=tuple(
            ItemLine(item.id, item.position, children.get(item.case_id), item.id in one.declared)
            for item in one.items
        ),
    )


def _away(visit: Visit, seats: tuple[OwnSeat, ...]) -> tuple[Away, ...]:
    if not seats:
        return ()
    rows = busy_times.list_busy_times(
        visit.session, visit.actor, seats[0].holder.member_id, now=visit.now
    )
    words = visit.words
    return tuple(
        Away(
            one.id,
            words(
                "own.away_line",
                since=words.at(one.starts_at, visit.zone),
                until=words.at(one.ends_at, visit.zone),
                kind=words.of("busy", one.kind),
            ),
        )
        for one in rows
    )
