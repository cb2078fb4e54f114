"""Who the actor is to a panel: member in office, secretary or coordinator, or none of these.

Whoever is none of these learns nothing, not even that the panel's sitting exists.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.actors import Actor, Role, ScopeKind
from core.db import check_version
from core.errors import NotAllowed, NotThere
from panels.rules.conflicts import closed_to
from panels.rules.roster import Holder
from panels.rules.sittings import SittingType
from panels.store import conflict as conflict_store
from panels.store import item as item_store
from panels.store import member as member_store
from panels.store import panel as panel_store
from panels.store import sitting as sitting_store
from panels.tables.item import ItemRow
from panels.tables.member import MemberRow
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow

CLERKS: Final = frozenset({Role.SECRETARY, Role.COORDINATOR})
KEEPERS: Final = frozenset(
    {Role.SECRETARIAT, Role.SECRETARIAT_HEAD, Role.COORDINATOR, Role.ADMINISTRATOR}
)


@dataclass(frozen=True)
class Standing:
    """What one person may do with one panel.

    Args:
        members: ids of the person's memberships in office.
        is_clerk: secretary or coordinator of the panel: keeps agenda, roster and attendance.
        is_keeper: may set up panels, seats and members of the place; sees no case by it.
    """

    panel: PanelRow
    members: frozenset[str]
    is_clerk: bool
    is_keeper: bool

    @property
    def sees_sittings(self) -> bool:
        """Whether sittings of this panel exist for the person."""
        return bool(self.members) or self.is_clerk


@dataclass(frozen=True)
class Floor:
    """A sitting that an actor has to do with."""

    sitting: SittingRow
    standing: Standing


def is_clerk(actor: Actor, panel: PanelRow) -> bool:
    """Whether the actor is secretary or coordinator for this panel, by panel, office or country."""
    return actor.has_for(CLERKS, ScopeKind.PANEL, panel.id) or actor.has_in(
        CLERKS, office=panel.district, country=panel.country
    )


def standing(session: Session, actor: Actor, panel: PanelRow, *, now: datetime) -> Standing:
    """Say who the actor is to a panel today."""
    return Standing(
        panel=panel,
        members=member_store.terms_on(session, actor.person_id, panel.id, now.date()),
        is_clerk=is_clerk(actor, panel),
        is_keeper=actor.has_in(KEEPERS, office=panel.district, country=panel.country),
    )


def in_term(row: MemberRow, on: date) -> bool:
    """Whether a membership includes a day."""
    return row.term_from <= on and (row.term_to is None or on <= row.term_to)


def panel_seen(session: Session, actor: Actor, panel_id: str, *, now: datetime) -> Standing:
    """Return the actor's standing with a panel.

    Raises:
        NotThere: no such panel, or nothing to do with it.
    """
    panel = panel_store.find(session, panel_id)
    if panel is None:
        raise NotThere("panel")
    found = standing(session, actor, panel, now=now)
    if not (found.sees_sittings or found.is_keeper):
        raise NotThere("panel")
    return found


def panel_kept(
    session: Session, actor: Actor, panel_id: str, *, now: datetime, expected_version: int | None
) -> PanelRow:
    """Lock a panel for somebody who sets it up.

    Raises:
        NotThere: no such panel, or nothing to do with it.
        NotAllowed: a member, but not among those who set panels up.
        StaleWrite: the caller read an older version.
    """
    if not panel_seen(session, actor, panel_id, now=now).is_keeper:
        raise NotAllowed("panel_keepers_only")
    panel = panel_store.lock(session, panel_id)
    if panel is None:
        raise NotThere("panel")
    check_version(panel, "panel", expected_version)
    return panel


def floor(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
    lock: bool = True,
) -> Floor:
    """Return a sitting the actor has to do with, locked for a write unless ``lock`` is False.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
        StaleWrite: the caller read an older version.
    """
    find = sitting_store.lock if lock else sitting_store.find
    sitting = find(session, sitting_id)
    panel = panel_store.find(session, sitting.panel_id) if sitting else None
    if sitting is None or panel is None:
        raise NotThere("sitting")
    found = standing(session, actor, panel, now=now)
    if sitting.type == SittingType.JOINT:
        found = replace(found, members=found.members | _guest_terms(session, actor, sitting, now))
    if not found.sees_sittings:
        raise NotThere("sitting")
    check_version(sitting, "sitting", expected_version)
    return Floor(sitting, found)


def _guest_terms(
    session: Session, actor: Actor, sitting: SittingRow, now: datetime
) -> frozenset[str]:
    """Return the terms of other panels by which the actor was called to a joint sitting."""
    called = set(sitting_store.roster(session, sitting.id))
    terms = member_store.of_person(session, actor.person_id)
    return frozenset(row.id for row in terms if row.id in called and in_term(row, now.date()))


def clerks_floor(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> Floor:
    """Return a locked sitting for its secretary or coordinator.

    Raises:
        NotThere: no such sitting, or nothing to do with it.
        NotAllowed: a member; agenda and roster are kept by secretary and coordinator.
    """
    found = floor(session, actor, sitting_id, now=now, expected_version=expected_version)
    if not found.standing.is_clerk:
        raise NotAllowed("panel_secretary_only")
    return found


def item_floor(
    session: Session, actor: Actor, item_id: str, *, now: datetime, lock: bool = True
) -> tuple[Floor, ItemRow]:
    """Return an item and its sitting for somebody from whom the item is not closed.

    The sitting is locked before the item is read, so that two writers come one after the other.

    Raises:
        NotThere: no such item, nothing to do with it, or closed by a conflict (R14).

    Source: DOM-R14.
    """
    sitting_id = item_store.sitting_of(session, item_id)
    if sitting_id is None:
        raise NotThere("agenda_item")
    found = floor(session, actor, sitting_id, now=now, lock=lock)
    fresh = item_store.find(session, item_id)
    if fresh is None or is_closed_to(session, actor.person_id, fresh):
        raise NotThere("agenda_item")
    if not found.standing.is_clerk and not _on_roster(session, found):
        raise NotThere("agenda_item")
    return found, fresh


def _on_roster(session: Session, found: Floor) -> bool:
    return bool(found.standing.members & set(sitting_store.roster(session, found.sitting.id)))


def roster_of(session: Session, sitting: SittingRow) -> list[Holder]:
    """Return everybody called to a sitting, with their seats; those of another panel are guests."""
    found = member_store.called_to(session, sitting.id)
    return [
        holder if holder.panel == sitting.panel_id else replace(holder, is_guest=True)
        for holder in found
    ]


def is_closed_to(session: Session, person_id: str, item: ItemRow) -> bool:
    """Whether a declared or ruled conflict closes an item to a person."""
    return person_id in closed_to(conflict_store.states(session, item.id))


def local_day(sitting: SittingRow, moment: datetime) -> date:
    """Return the day it is where the panel sits."""
    return moment.astimezone(ZoneInfo(sitting.timezone)).date()
