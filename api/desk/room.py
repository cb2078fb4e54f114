"""The sitting screen: agenda, who is in the room, and the item in hand, in words.

What may be done, who counts and what is missing is said by the panel's services; here it gets its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.desk.children import ChildLine, child_line
from api.desk.visit import Visit
from api.problems.catalogue import gap_sentence
from cases.service import files
from core.errors import NotThere
from panels.errors import BallotSealed
from panels.rules.items import FINISHED_ITEM, OPEN_ITEM, ItemState
from panels.rules.roster import Holder
from panels.rules.sittings import SittingState
from panels.rules.voting import RuleUsed
from panels.service import agenda, ballots, conflicts, papers, room, sitting_views
from panels.service.room import Me, Room, SeatNow

ROOM_OPEN: Final = frozenset({SittingState.CONVENED, SittingState.OPEN, SittingState.ADJOURNED})
PREPARED: Final = frozenset({SittingState.DRAFT, SittingState.CONVENED})
HELD: Final = frozenset(
    {*ROOM_OPEN, SittingState.ENDED, SittingState.MINUTES_SIGNED, SittingState.ARCHIVED}
)
UNRULED: Final = frozenset({"declared", "challenged"})


@dataclass(frozen=True)
class ItemLine:
    """An item of the agenda."""

    id: str
    number: int
    child: ChildLine | None
    state: str
    is_over: bool
    is_here: bool


@dataclass(frozen=True)
class Person:
    """Somebody called to the sitting, and where they stand on the item in hand.

    Args:
        stands: on the item, in words; empty while no item is in hand.
        is_out: the item is closed to them.
    """

    member_id: str
    name: str
    seat: str
    is_present: bool
    is_me: bool
    stands: str
    is_out: bool


@dataclass(frozen=True)
class Ballot:
    """One opened vote, in words."""

    name: str
    option: str
    words: str


@dataclass(frozen=True)
class OpenConflict:
    """A conflict that waits for a ruling."""

    id: str
    name: str
    ground: str
    words: str
    version: int


@dataclass(frozen=True)
class InHand:
    """The item chosen on the screen.

    Args:
        views: what the child said, and to which option; the first thing on the screen.
        quorum: the sentence that says whether those here may decide.
        missing: what is missing for that, or before the next step.
        chosen: the option the votes chose, in words; empty while they chose none.
        next: the act that comes next: ``call``, ``deliberate`` or empty.
        i_lead: whether the reader presides this item.
        owners: people who may be asked what is missing, with their names.
        can_vote: whether the reader's vote is awaited.
        must_declare: whether the reader has still to say if there is a conflict.
    """

    line: ItemLine
    state: str
    version: int
    views: tuple[tuple[str, str], ...]
    has_quorum: bool
    quorum: str
    missing: tuple[str, ...]
    lead: str
    next: str
    i_lead: bool
    can_vote: bool
    must_declare: bool
    is_sealed: bool
    waiting_for: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    ballots: tuple[Ballot, ...]
    result: str
    chosen: str
    is_tie: bool
    may_write_dissent: bool
    may_go_another_round: bool
    can_defer: bool
    conflicts: tuple[OpenConflict, ...]
    owners: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Screen:
    """Everything the sitting screen shows."""

    id: str
    version: int
    title: str
    when: str
    place: str
    state: str
    me: Me
    people: tuple[Person, ...]
    here: str
    items: tuple[ItemLine, ...]
    item: InHand | None
    can_open: bool
    is_open: bool
    is_live: bool
    is_prepared: bool
    is_over: bool
    stage: str


def screen(visit: Visit, sitting_id: str, item_id: str = "", *, only_room: bool = False) -> Screen:
    """Return the screen of a sitting with one item in hand: the one asked for, else the one that is next.

    Args:
        visit: of whoever looks.
        sitting_id: the sitting.
        item_id: the item chosen; empty for the one that is next.
        only_room: leave out what counts as a reading (views, votes, conflicts): for the screen that follows the room.

    Raises:
        NotThere: no such sitting or item, or closed to this person.
    """
    session, actor, now, words = visit.session, visit.actor, visit.now, visit.words
    found = sitting_views.show_sitting(session, actor, sitting_id, now=now)
    rows = agenda.show_agenda(session, actor, sitting_id, now=now)
    me = room.who_am_i(session, actor, sitting_id, now=now)
    cases = files.rows_of(session, actor, [row.case_id for row in rows], now=now)
    chosen = item_id or _next_item([(row.id, ItemState(row.state)) for row in rows])
    if item_id and item_id not in {row.id for row in rows}:
        raise NotThere("agenda_item")
    lines = tuple(
        ItemLine(
            id=row.id,
            number=row.position,
            child=child_line(visit, cases[row.case_id]) if row.case_id in cases else None,
            state=words.of("item", row.state),
            is_over=ItemState(row.state) in FINISHED_ITEM,
            is_here=row.id == chosen,
        )
        for row in rows
    )
    view = room.show_room(session, actor, chosen, now=now) if chosen else None
    visit.names([one.person_id for one in found.roster])
    state, row = SittingState(found.sitting.state), found.sitting
    present = [one for one in found.roster if one.member_id in found.present]
    return Screen(
        id=sitting_id,
        version=row.version,
        title=words.of("sitting_type", row.type),
        when=words.weekday(row.starts_at, row.timezone),
        place=found.place,
        state=words.of("sitting", row.state),
        me=me,
        people=_people(visit, found.roster, found.present, view),
        here=words("room.here", present=len(present), called=len(found.roster)),
        items=lines,
        item=_in_hand(visit, view, next(one for one in lines if one.is_here), only_room)
        if view
        else None,
        can_open=state in {SittingState.CONVENED, SittingState.ADJOURNED},
        is_open=state is SittingState.OPEN,
        is_live=state in ROOM_OPEN,
        is_prepared=state in PREPARED,
        is_over=state in HELD,
        stage=_stage(state, view),
    )


def _stage(state: SittingState, view: Room | None) -> str:
    """Return a mark that changes when the screen has to be shown anew, not only who is in the room."""
    if view is None:
        return state.value
    return f"{state.value} {view.item.state} {view.item.calls} {view.round_no} {view.is_sealed}"


def _next_item(items: Sequence[tuple[str, ItemState]]) -> str:
    """Return the item in hand, else the first that was not heard yet."""
    in_hand = [one for one, state in items if state in OPEN_ITEM]
    waiting = [one for one, state in items if state not in FINISHED_ITEM]
    return next(iter([*in_hand, *waiting]), "")


def _people(
    visit: Visit, roster: Sequence[Holder], present: frozenset[str], view: Room | None
) -> tuple[Person, ...]:
    seats = {one.holder.member_id: one for one in view.seats} if view else {}
    mine = visit.actor.person_id
    return tuple(
        Person(
            member_id=one.member_id,
            name=visit.name(one.person_id),
            seat=_seat(visit, one),
            is_present=one.member_id in present,
            is_me=one.person_id == mine,
            stands=_stands(visit, seats.get(one.member_id), view),
            is_out=one.member_id in seats and seats[one.member_id].is_closed_to,
        )
        for one in sorted(roster, key=lambda one: (one.role.value, one.sector, one.alternate_rank))
    )


def _seat(visit: Visit, holder: Holder) -> str:
    words = visit.words
    key = "seat.alternate" if holder.alternate_rank else "seat.titular"
    return words(
        key, role=words.of("seat_role", holder.role), sector=words.of("sector", holder.sector)
    )


def _stands(visit: Visit, seat: SeatNow | None, view: Room | None) -> str:
    if seat is None or view is None:
        return ""
    return visit.words(f"stands.{_standing(seat, view)}")


def _standing(seat: SeatNow, view: Room) -> str:
    """Return the first thing that is true of a person, in this order."""
    found = (
        (seat.is_closed_to, "closed"),
        (not seat.is_present, "away"),
        (not seat.is_entitled, "not_entitled"),
        (not seat.sits, "alternate"),
        (not seat.has_declared, "not_declared"),
        (view.is_sealed and seat.has_voted, "voted"),
        (view.is_sealed, "not_voted"),
    )
    return next((name for is_so, name in found if is_so), "sits")


def _in_hand(visit: Visit, view: Room, line: ItemLine, only_room: bool) -> InHand:
    words, item = visit.words, view.item
    state = ItemState(item.state)
    mine = [one for one in view.seats if one.holder.person_id == visit.actor.person_id]
    sits = [one for one in mine if one.sits]
    missing = view.quorum.missing if view.is_sealed else view.gaps
    opened, result, chosen, is_tie = ((), "", "", False) if only_room else _votes(visit, view)
    return InHand(
        line=line,
        state=words.of("item", item.state),
        version=item.version,
        views=() if only_room else _views(visit, view),
        has_quorum=view.quorum.is_met,
        quorum=words.count("room.quorum" if view.quorum.is_met else "room.no_quorum", len(view.quorum.eligible)),
        missing=tuple(dict.fromkeys(gap_sentence(gap) for gap in missing)) if state not in FINISHED_ITEM else (),
        lead=visit.name(view.lead.person_id) if view.lead else "",
        next=_next_act(state),
        i_lead=view.lead is not None and view.lead.person_id == visit.actor.person_id,
        can_vote=view.is_sealed and any(one.has_declared and not one.has_voted for one in sits),
        must_declare=state not in FINISHED_ITEM
        and any(one.is_entitled and one.is_present and not one.has_declared for one in mine),
        is_sealed=view.is_sealed,
        waiting_for=_waiting_for(visit, view),
        options=tuple((one.ref, option_words(visit, one.outcome, one.destination)) for one in view.options),
        ballots=opened,
        result=result,
        chosen=chosen,
        is_tie=is_tie,
        may_write_dissent=view.may_write_dissent,
        may_go_another_round=view.may_go_another_round,
        can_defer=state in OPEN_ITEM or state is ItemState.LOST_QUORUM,
        conflicts=() if only_room else _conflicts(visit, view),
        owners=_owners(visit, view),
    )  # fmt: skip


def _next_act(state: ItemState) -> str:
    if state in {ItemState.LISTED, ItemState.LOST_QUORUM}:
        return "call"
    return "deliberate" if state is ItemState.CALLED else ""


def option_words(visit: Visit, outcome: str, destination: str) -> str:
    """Return an option of the report in words; where it leads when that is abroad."""
    said = visit.words.of("outcome", outcome)
    if destination in {"", visit.actor.country}:
        return said
    return visit.words("option.abroad", outcome=said, country=visit.words.country(destination))


def _views(visit: Visit, view: Room) -> tuple[tuple[str, str], ...]:
    """Return what the child said to each option, or why that could not be had."""
    try:
        found = papers.child_views(visit.session, visit.actor, view.item.id, now=visit.now)
    except NotThere:
        return ()
    said = []
    for option in found.report.options:
        label = option_words(visit, str(option.outcome), option.destination)
        text = option.views.words or option.views.observation
        reason = option.views.reason
        said.append(
            (
                label,
                text
                or (
                    visit.words.of("no_views", str(reason)) if reason else visit.words("views.none")
                ),
            )
        )
    return tuple(said)  # fmt: skip


def _waiting_for(visit: Visit, view: Room) -> tuple[str, ...]:
    names = {one.holder.member_id: one.holder.person_id for one in view.seats}
    return tuple(visit.name(names[one]) for one in view.pending if one in names)


def _votes(visit: Visit, view: Room) -> tuple[tuple[Ballot, ...], str, str, bool]:
    """Return the votes once everybody has voted, and what came of them; sealed ones stay sealed."""
    if view.is_sealed or not view.round_no or view.item.state not in OPEN_ITEM:
        return (), "", "", False
    try:
        found = ballots.show_round(visit.session, visit.actor, view.item.id, now=visit.now)
    except (BallotSealed, NotThere):
        return (), "", "", False
    named = {one.ref: option_words(visit, one.outcome, one.destination) for one in view.options}
    opened = tuple(
        Ballot(
            visit.name(one.person_id),
            named.get(one.option, visit.words("vote.abstained")),
            one.opinion or one.reason,
        )
        for one in found.ballots
    )
    chosen = named.get(found.option, "")
    result = visit.words(f"result.{found.rule_used}", option=chosen)
    return opened, result, chosen, found.rule_used == RuleUsed.TIE


def _owners(visit: Visit, view: Room) -> tuple[tuple[str, str], ...]:
    """Return whom the panel may ask: who works on the case, as far as this person may know of it."""
    row = files.rows_of(visit.session, visit.actor, [view.item.case_id], now=visit.now).get(
        view.item.case_id
    )
    asked = {view.assessor: "assessor"}
    if row is not None:
        asked |= {row.supervisor_person or "": "supervisor", row.owner_person or "": "caseworker"}
    return tuple(
        (person, f"{visit.name(person)}, {visit.words.of('role', role)}")
        for person, role in reversed(asked.items())
        if person
    )


def _conflicts(visit: Visit, view: Room) -> tuple[OpenConflict, ...]:
    is_raised = any(one.is_closed_to for one in view.seats)
    if not is_raised and all(gap.code != "challenge_unruled" for gap in view.gaps):
        return ()
    names = {one.holder.member_id: one.holder.person_id for one in view.seats}
    rows = conflicts.list_conflicts(visit.session, visit.actor, view.item.id, now=visit.now)
    return tuple(
        OpenConflict(
            one.conflict.id,
            visit.name(names.get(one.conflict.member_id)),
            visit.words.of("ground", one.conflict.ground),
            one.words,
            one.conflict.version,
        )
        for one in rows
        if one.conflict.state in UNRULED
    )
