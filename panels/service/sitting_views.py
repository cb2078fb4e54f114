"""Reading sittings: one, a list, what happened, and every computation of quorum."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.actors import Actor
from core.vault import Place, unseal
from panels.rules.attendance import present_at
from panels.rules.roster import Holder
from panels.service import agenda
from panels.service.standing import floor, panel_seen
from panels.store import attendance as attendance_store
from panels.store import member as member_store
from panels.store import sitting as store
from panels.tables.sitting import QuorumLogRow, SittingEventRow, SittingRow


@dataclass(frozen=True)
class SittingView:
    """A sitting as those who have to do with it see it."""

    sitting: SittingRow
    place: str
    link: str
    roster: tuple[Holder, ...]
    present: frozenset[str]


def show_sitting(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> SittingView:
    """Return a sitting to somebody who has to do with it.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
    """
    sitting = floor(session, actor, sitting_id, now=now, lock=False).sitting
    words = {"place": "", "link": ""}
    if sitting.restricted:
        place = Place("sitting", "restricted", sitting.id)
        words = unseal(session, owner=sitting.id, place=place, sealed=sitting.restricted)
    return SittingView(
        sitting,
        words["place"],
        words["link"],
        tuple(member_store.holders(session, store.roster(session, sitting_id))),
        present_at(attendance_store.passages(session, sitting_id), now),
    )


def list_sittings(
    session: Session,
    actor: Actor,
    panel_id: str,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Sequence[SittingRow]:
    """Return the sittings of a panel, newest first."""
    found = panel_seen(session, actor, panel_id, now=now)
    if not found.sees_sittings:
        return ()
    return store.of_panels(session, [panel_id], since=since, until=until, limit=limit)


def events_of(
    session: Session, actor: Actor, sitting_id: str, *, now: datetime
) -> Sequence[SittingEventRow]:
    """Return what happened in a sitting, without items closed to the actor."""
    shown = {item.id for item in agenda.show_agenda(session, actor, sitting_id, now=now)}
    every = store.events(session, sitting_id)
    return [event for event in every if event.item_id is None or event.item_id in shown]


def quorum_log_of(
    session: Session, actor: Actor, sitting_id: str, *, now: datetime
) -> Sequence[QuorumLogRow]:
    """Return every computation of quorum, without items closed to the actor."""
    shown = {item.id for item in agenda.show_agenda(session, actor, sitting_id, now=now)}
    every = store.quorum_log(session, sitting_id)
    return [row for row in every if row.item_id is None or row.item_id in shown]
