"""Papers of an item: released to those who may have them, taken back, opened and noted.

Whoever has no valid undertaking, is outside the term, is recused, or stands behind the report gets
none; the file itself opens and closes with them, through the case's access rows.

Source: DOM-R14, DOM-R15, DOM-R16, DOM-2.2 (from papers release to archive).
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.service import access, clocks
from cases.service.papers import Papers, panel_papers
from core.actors import Actor, Role
from core.errors import NotThere
from panels.rules.conflicts import closed_to
from panels.rules.items import FINISHED_ITEM, ItemState
from panels.rules.roster import Holder, entitled
from panels.rules.sittings import SittingState
from panels.service.record import note
from panels.service.standing import Floor, clerks_floor, item_floor, local_day, roster_of
from panels.store import conflict as conflict_store
from panels.store import item as store
from panels.tables.item import ItemRow, PaperRow
from panels.tables.sitting import SittingRow

RELEASING: Final = frozenset({SittingState.CONVENED, SittingState.OPEN, SittingState.ADJOURNED})


def release_to_latecomers(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> int:
    """Release papers to members who became entitled since convening; return how many releases.

    Raises:
        NotThere, NotAllowed: not the panel's secretary or coordinator.
    """
    found = clerks_floor(session, actor, sitting_id, now=now)
    return release_missing(session, actor, found.sitting, now=now)


def release_missing(session: Session, actor: Actor, sitting: SittingRow, *, now: datetime) -> int:
    """Release the papers of all items still to be heard to whoever may have them and has none.

    Done when a member comes in and when an item is called: nobody decides about a child whose papers were
    closed to them, for example because they signed the undertaking after the papers went out.
    """
    if SittingState(sitting.state) not in RELEASING:
        return 0
    return sum(
        release(session, actor, sitting, item, now=now)
        for item in store.of_sitting(session, sitting.id)
        if ItemState(item.state) not in FINISHED_ITEM
    )


def release(
    session: Session, actor: Actor, sitting: SittingRow, item: ItemRow, *, now: datetime
) -> int:
    """Release the papers of one item to everybody of the roster who may have them.

    Doing it again reaches only those who have none yet.
    """
    holders = roster_of(session, sitting)
    held = {row.member_id for row in store.papers(session, item.id) if row.recalled_at is None}
    allowed = [
        holder
        for holder in entitled(holders, local_day(sitting, now), _closed(session, item))
        if holder.member_id not in held
    ]
    for holder in allowed:
        _hand_out(session, actor, sitting, item, holder, now=now)
    if item.papers_released_at is None:
        item.papers_released_at = now
        session.add(item)
        _open_to_secretary(session, actor, item, now=now)
        clocks.meet_clock(session, item.case_id, "D8", now=now)
    session.flush()
    if allowed:
        note(
            session, actor, sitting, "papers_released", now=now, item=item,
            codes={"members": len(allowed)},
        )  # fmt: skip
    return len(allowed)


def _closed(session: Session, item: ItemRow) -> frozenset[str]:
    conflicts = conflict_store.states(session, item.id)
    return closed_to(conflicts) | frozenset(item.behind_report)


def _hand_out(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    holder: Holder,
    *,
    now: datetime,
) -> None:
    row = next(
        (one for one in store.papers(session, item.id) if one.member_id == holder.member_id), None
    ) or PaperRow(
        item_id=item.id, member_id=holder.member_id, person_id=holder.person_id, released_at=now
    )
    row.released_at, row.recalled_at = now, None
    session.add(row)
    access.grant_access(
        session,
        actor,
        case_id=item.case_id,
        person_id=holder.person_id,
        basis=Basis.PANEL_ITEM,
        level=Level.FULL,
        ref=item.id,
        until=_until(sitting, holder),
        now=now,
    )


def _until(sitting: SittingRow, holder: Holder) -> datetime | None:
    """Papers close by themselves after the last day of term or undertaking."""
    days = [day for day in (holder.term_to, holder.undertaking_until) if day is not None]
    if not days:
        return None
    last = datetime.combine(min(days), time(0), tzinfo=ZoneInfo(sitting.timezone))
    return last + timedelta(days=1)


def _open_to_secretary(session: Session, actor: Actor, item: ItemRow, *, now: datetime) -> None:
    """The secretary who releases papers sees the listed items too. Source: DOM-2.2."""
    if actor.has(Role.SECRETARY):
        access.grant_access(
            session,
            actor,
            case_id=item.case_id,
            person_id=actor.person_id,
            basis=Basis.PANEL_ITEM,
            level=Level.FULL,
            ref=item.id,
            now=now,
        )


def recall(
    session: Session,
    actor: Actor,
    item: ItemRow,
    *,
    now: datetime,
    persons: Iterable[str] | None = None,
) -> None:
    """Take the papers of an item back, from some persons or from everybody.

    Source: DOM-4.6/recusal.effect (access removed, papers recalled).
    """
    wanted = None if persons is None else frozenset(persons)
    for row in store.papers(session, item.id):
        if row.recalled_at is None and (wanted is None or row.person_id in wanted):
            row.recalled_at = now
            session.add(row)
    for person in wanted or (None,):
        access.close_access(
            session,
            actor,
            case_id=item.case_id,
            person_id=person,
            basis=Basis.PANEL_ITEM,
            ref=item.id,
            now=now,
        )


def open_papers(session: Session, actor: Actor, item_id: str, *, now: datetime) -> Papers:
    """Open the papers of one item; the opening is noted and counts as read.

    Raises:
        NotThere: no such item, not on the roster, no valid undertaking, recused, or not released.

    Source: DOM-R14, DOM-R16, DOM-4.5/item.read_by.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    if not found.standing.is_clerk:
        _require_entitled(session, actor, found, item, now=now)
    papers = panel_papers(session, actor, item.case_id, now=now)
    row = store.paper_of(session, item.id, actor.person_id)
    if row is not None:
        row.first_read_at = row.first_read_at or now
        row.times_read += 1
        session.add(row)
        session.flush()
    note(session, actor, found.sitting, "papers_opened", now=now, item=item)
    return papers


def child_views(session: Session, actor: Actor, item_id: str, *, now: datetime) -> Papers:
    """Return the papers of an item for what the child said, in the room; it does not count as reading them.

    Raises:
        NotThere: as for opening the papers.

    Source: DOM-R14, DOM-R16.
    """
    found, item = item_floor(session, actor, item_id, now=now, lock=False)
    if not found.standing.is_clerk:
        _require_entitled(session, actor, found, item, now=now)
    return panel_papers(session, actor, item.case_id, now=now)


def _require_entitled(
    session: Session, actor: Actor, found: Floor, item: ItemRow, *, now: datetime
) -> None:
    holders = roster_of(session, found.sitting)
    allowed = entitled(holders, local_day(found.sitting, now), _closed(session, item))
    mine = actor.person_id in {holder.person_id for holder in allowed}
    if not mine or store.paper_of(session, item.id, actor.person_id) is None:
        raise NotThere("papers")
