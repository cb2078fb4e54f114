"""The room as it is now: who sits for an item, whether that is a quorum, and what stands against the next step.

Reading changes nothing: computations of quorum are kept by the acts that need them, not by whoever looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.service.papers import report_for_panel
from core.actors import Actor
from core.errors import Gap
from panels.rules.conflicts import presiding
from panels.rules.items import ItemState
from panels.rules.quorum import Quorum
from panels.rules.roster import Holder, entitled
from panels.rules.voting import Hearing, calling, dissenters, may_hold_another_round, verdict
from panels.service.convening import bench_of
from panels.service.hearings import hearing_of
from panels.service.standing import floor, item_floor
from panels.tables.item import ItemRow


@dataclass(frozen=True)
class SeatNow:
    """One person of the roster and where they stand on the item now.

    Args:
        sits: counts for this item: in the room, entitled, first of the seat.
        is_closed_to: a conflict, or a part in the report, closes the item to them.
        is_entitled: may see, speak and vote on it when there.
        has_declared: said, for this call, whether there is a conflict.
        has_voted: in the current round.
    """

    holder: Holder
    is_present: bool
    sits: bool
    is_closed_to: bool
    is_entitled: bool
    has_declared: bool
    has_voted: bool


@dataclass(frozen=True)
class Offered:
    """An option of the report that members vote on."""

    ref: str
    outcome: str
    destination: str
    care: str


@dataclass(frozen=True)
class Room:
    """One item in the room, as somebody from whom it is not closed sees it.

    Args:
        lead: who presides this item now, if anybody can.
        gaps: what stands against calling it, or against opening deliberation.
        is_sealed: votes are being cast and nobody can read one.
        assessor: person who wrote the report; may be asked what is missing.
        may_write_dissent: the reader voted otherwise and has neither written why nor declined.
        may_go_another_round: the round is over and decided nothing.
    """

    item: ItemRow
    quorum: Quorum
    seats: tuple[SeatNow, ...]
    lead: Holder | None
    gaps: tuple[Gap, ...]
    round_no: int
    is_sealed: bool
    pending: tuple[str, ...]
    options: tuple[Offered, ...]
    assessor: str
    may_write_dissent: bool
    may_go_another_round: bool


@dataclass(frozen=True)
class Me:
    """Who the reader is to a sitting.

    Args:
        members: the reader's own memberships on its roster.
        is_clerk: secretary or coordinator of the panel.
        leads: presides the sitting as it is attended now.
    """

    members: frozenset[str]
    is_clerk: bool
    leads: bool


def who_am_i(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> Me:
    """Say who the reader is to a sitting.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
    """
    found = floor(session, actor, sitting_id, now=now, lock=False)
    lead = presiding(bench_of(session, found.sitting, now=now), ())
    return Me(
        found.standing.members,
        found.standing.is_clerk,
        lead is not None and lead.person_id == actor.person_id,
    )


def show_room(session: Session, actor: Actor, item_id: str, *, now: datetime) -> Room:
    """Return one item as it stands in the room now.

    Raises:
        NotThere: no such item, or closed to the person.

    Source: DOM-R14, DOM-R17, DOM-R18.
    """
    found, item = item_floor(session, actor, item_id, now=now, lock=False)
    hearing = hearing_of(session, found.sitting, item, now=now, opened=True)
    is_voting = hearing.state is ItemState.IN_DELIBERATION
    report = report_for_panel(session, item.case_id, now=now)
    return Room(
        item=item,
        quorum=hearing.quorum,
        seats=_seats(hearing),
        lead=presiding(hearing.bench, hearing.closed_to),
        gaps=() if is_voting else calling(hearing).gaps,
        round_no=hearing.round_no,
        is_sealed=is_voting and not hearing.round_closed,
        pending=hearing.pending if is_voting else (),
        options=tuple(
            Offered(one.ref, one.code, one.destination, one.care) for one in report.options
        ),
        assessor=report.author,
        may_write_dissent=_may_write_dissent(hearing, actor),
        may_go_another_round=is_voting and may_hold_another_round(hearing).is_possible,
    )


def _seats(hearing: Hearing) -> tuple[SeatNow, ...]:
    able: Sequence[Holder] = entitled(hearing.holders, hearing.on, hearing.closed_to)
    voted = {ballot.member_id for ballot in hearing.ballots}
    return tuple(
        SeatNow(
            holder=one,
            is_present=one.member_id in hearing.present,
            sits=one in hearing.bench,
            is_closed_to=one.person_id in hearing.closed_to,
            is_entitled=one in able,
            has_declared=one.member_id in hearing.declared,
            has_voted=one.member_id in voted,
        )
        for one in hearing.holders
    )


def _may_write_dissent(hearing: Hearing, actor: Actor) -> bool:
    if hearing.state is not ItemState.IN_DELIBERATION or not hearing.round_closed:
        return False
    against = dissenters(hearing, verdict(hearing).option)
    mine = {one.member_id for one in hearing.ballots if one.person_id == actor.person_id}
    return bool(mine & set(against) - hearing.spoken) and verdict(hearing).decides
