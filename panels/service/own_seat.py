"""A member's own part in the panel: the seats they hold, the sittings they are called to, and their answers.

An answer counts nobody in or out; whoever says they cannot come is away for the planner, and the secretary hears.

Source: DOM-4.5 (member.undertaking, sitting.roster), DOM-R16.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core import audit, outbox
from core.actors import Actor, Role
from core.errors import NotAllowed, WrongState
from panels.rules.planning import BusyKind
from panels.rules.roster import Holder, bars_to_sitting
from panels.rules.sittings import SittingState
from panels.service import busy_times
from panels.service.busy_times import PERSON, Hours
from panels.service.standing import floor, in_term, is_closed_to, local_day
from panels.store import conflict as conflicts
from panels.store import item as items
from panels.store import member as members
from panels.store import panel as panels
from panels.store import planning
from panels.store import sitting as store
from panels.tables.item import ItemRow
from panels.tables.sitting import RosterRow, SittingRow

BEFORE_ANY_CALL: Final = 0
ANSWERED: Final = frozenset({SittingState.DRAFT, SittingState.CONVENED})


@dataclass(frozen=True)
class OwnSeat:
    """A seat the reader holds today.

    Args:
        is_signed: whether an undertaking holds today; without one no papers open.
    """

    holder: Holder
    panel: str
    is_signed: bool


@dataclass(frozen=True)
class OwnSitting:
    """A sitting the reader is called to and that is not over.

    Args:
        comes: what the reader answered; None when nothing yet.
        may_answer: it has not begun.
        items: those whose papers are open to the reader.
        declared: ids of those about which the reader said beforehand whether there is a conflict.
    """

    sitting: SittingRow
    panel: str
    member_id: str
    comes: bool | None
    may_answer: bool
    items: tuple[ItemRow, ...]
    declared: frozenset[str]


def seats_of(session: Session, actor: Actor, *, now: datetime) -> tuple[OwnSeat, ...]:
    """Return the seats the reader holds today, by panel."""
    rows = [row for row in members.of_person(session, actor.person_id) if in_term(row, now.date())]
    holders = {one.member_id: one for one in members.holders(session, [row.id for row in rows])}
    found = []
    for row in rows:
        panel = panels.find(session, row.panel_id)
        holder = holders[row.id]
        until = holder.undertaking_until
        signed = until is not None and now.date() <= until
        found.append(OwnSeat(holder, panel.name if panel else "", signed))
    return tuple(sorted(found, key=lambda one: one.panel))


def sittings_of(session: Session, actor: Actor, *, now: datetime) -> tuple[OwnSitting, ...]:
    """Return the sittings the reader is called to and that are not over, in order of time."""
    terms = members.of_person(session, actor.person_id)
    mine = {row.id for row in terms if in_term(row, now.date())}
    found = [
        _own(session, actor, sitting, row, now=now)
        for sitting, row in store.called_to_come(session, mine, now=now)
    ]
    audit.record(
        session, actor, "sitting.own_listed", thing="person", thing_id=actor.person_id, now=now,
        codes={"count": len(found)},
    )  # fmt: skip
    return tuple(found)


def _own(
    session: Session, actor: Actor, sitting: SittingRow, row: RosterRow, *, now: datetime
) -> OwnSitting:
    panel = panels.find(session, sitting.panel_id)
    open_to_me = _with_papers(session, actor, sitting, row.member_id, now=now)
    return OwnSitting(
        sitting=sitting,
        panel=panel.name if panel else "",
        member_id=row.member_id,
        comes=row.comes,
        may_answer=_may_answer(sitting, now),
        items=tuple(open_to_me),
        declared=frozenset(
            one.id
            for one in open_to_me
            if row.member_id in conflicts.declared(session, one.id, BEFORE_ANY_CALL)
        ),
    )


def _with_papers(
    session: Session, actor: Actor, sitting: SittingRow, member_id: str, *, now: datetime
) -> Sequence[ItemRow]:
    """Return the items whose papers opening would show; without a valid undertaking none. Source: DOM-R14, DOM-R16."""
    [holder] = members.holders(session, [member_id])
    if bars_to_sitting(holder, local_day(sitting, now)):
        return ()
    found = []
    for one in items.of_sitting(session, sitting.id):
        paper = items.paper_of(session, one.id, actor.person_id)
        has_papers = paper is not None and paper.recalled_at is None
        if has_papers and not is_closed_to(session, actor.person_id, one):
            found.append(one)
    return found


def answer_call(
    session: Session, actor: Actor, sitting_id: str, *, comes: bool, now: datetime
) -> None:
    """Say whether one comes to a sitting; the last answer stands.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
        NotAllowed: not called to it.
        WrongState: it has begun, or is not held.

    Source: DOM-4.5/sitting.roster.
    """
    found = floor(session, actor, sitting_id, now=now)
    sitting = found.sitting
    if not _may_answer(sitting, now):
        raise WrongState("sitting", sitting.state, "answer_call")
    mine = [
        row
        for row in store.roster_rows(session, sitting_id)
        if row.member_id in found.standing.members
    ]
    if not mine:
        raise NotAllowed("called_members_only")
    was = {row.comes for row in mine}
    for row in mine:
        row.comes, row.answered_at = comes, now
        session.add(row)
    session.flush()
    _keep_hours(session, actor, sitting, mine[0].member_id, comes=comes, now=now)
    audit.record(
        session, actor, "sitting.answered", thing="sitting", thing_id=sitting_id, now=now,
        codes={"comes": comes},
    )  # fmt: skip
    if not comes and was != {False}:
        _tell_secretary(session, sitting, mine[0].member_id, now=now)


def _may_answer(sitting: SittingRow, now: datetime) -> bool:
    return SittingState(sitting.state) in ANSWERED and now < sitting.starts_at


def _keep_hours(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    member_id: str,
    *,
    comes: bool,
    now: datetime,
) -> None:
    """Whoever cannot come is away at these hours to the planner; whoever comes after all is not."""
    hours = Hours(sitting.starts_at, sitting.ends_at)
    kept = [
        one
        for one in planning.busy(
            session, PERSON, [actor.person_id], start=hours.starts_at, end=hours.ends_at
        )
        if one.kind == BusyKind.DUTY
        and (one.starts_at, one.ends_at) == (hours.starts_at, hours.ends_at)
    ]
    if comes:
        for one in kept:
            busy_times.forget_busy_time(session, actor, one.id, now=now)
    elif not kept:
        busy_times.add_busy_time(session, actor, member_id, BusyKind.DUTY, hours, now=now)


def _tell_secretary(
    session: Session, sitting: SittingRow, member_id: str, *, now: datetime
) -> None:
    begins = sitting.starts_at.astimezone(ZoneInfo(sitting.timezone))
    outbox.post(
        session,
        topic="sitting.member_declined",
        key=f"sitting.member_declined:{sitting.id}:{member_id}:{now.isoformat()}",
        subject=sitting.id,
        now=now,
        payload={
            "role": Role.SECRETARY.value,
            "panel": sitting.panel_id,
            "starts_at": begins.isoformat(),
        },
    )
