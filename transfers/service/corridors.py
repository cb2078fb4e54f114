"""Whether the way to a country is open today: the pack says how it began, officers what became of it.

Source: DOM-5.9, DOM-9.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.errors import RoleMayNot
from core import audit
from core.actors import Actor, Role
from core.errors import NotThere
from core.packs.errors import NoPack
from transfers.rules.codes import CorridorStatus
from transfers.service.corridor_packs import Corridor, corridor_names, corridor_of
from transfers.store import board as board_store
from transfers.store import transfers as store
from transfers.tables.transfer import CorridorChangeRow


@dataclass(frozen=True)
class CorridorView:
    """A corridor today, and whose word it is; nobody's while it stands as the pack began it."""

    name: str
    title: str
    version: int
    status: str
    reason: str
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True)
class CorridorSheet:
    """A corridor as a whole: how it stands, what was agreed, and when each side last wrote."""

    view: CorridorView
    pack: Corridor
    we_wrote_at: datetime | None
    they_wrote_at: datetime | None


def status_of(
    session: Session, origin: str, destination: str, *, now: datetime
) -> CorridorStatus | None:
    """Return whether cases go from one country to another today; ``None`` without an arrangement."""
    found = find_corridor(origin, destination, now=now)
    if found is None:
        return None
    last = store.last_change(session, origin, destination, until=now)
    return CorridorStatus(last.status) if last else found.starts_as


def find_corridor(
    origin: str, destination: str, *, now: datetime, version: int | None = None
) -> Corridor | None:
    """Return the pack of a corridor; ``None`` without an arrangement."""
    try:
        return corridor_of(origin, destination, version, on=now.date())
    except NoPack:
        return None


def set_status(
    session: Session,
    actor: Actor,
    origin: str,
    destination: str,
    status: CorridorStatus,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Open, narrow or close a corridor of one's own country; the head of the secretariat answers for it.

    Raises:
        RoleMayNot: not the head of the secretariat of one of the two countries.
        NoPack: no arrangement between these countries.
    """
    corridor_of(origin, destination, on=now.date())
    is_head = actor.is_human and actor.has(Role.SECRETARIAT_HEAD)
    if actor.country not in {origin, destination} or not is_head:
        raise RoleMayNot
    row = CorridorChangeRow(
        origin=origin, destination=destination, status=status.value, reason=reason,
        by=actor.person_id, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "corridor.changed", thing="corridor", thing_id=row.id, now=now,
        codes={"corridor": f"{origin}-{destination}", "status": status.value},
    )  # fmt: skip


def list_corridors(session: Session, actor: Actor, *, now: datetime) -> tuple[CorridorView, ...]:
    """Return the corridors that begin or end in the actor's country."""
    found = []
    for name in corridor_names():
        origin, _, destination = name.partition("-")
        pack = find_corridor(origin, destination, now=now)
        if pack is None or actor.country not in {origin, destination}:
            continue
        found.append(_view(session, pack, now=now))
    return tuple(found)


def read_corridor(
    session: Session, actor: Actor, origin: str, destination: str, *, now: datetime
) -> CorridorSheet:
    """Return one corridor of the actor's country: what was agreed, whether it is open, when anybody last wrote.

    Raises:
        NotThere: no arrangement, or not of the actor's country.
    """
    pack = find_corridor(origin, destination, now=now)
    if pack is None or actor.country not in {origin, destination}:
        raise NotThere("corridor")
    last = board_store.last_said(session, origin, destination)
    return CorridorSheet(_view(session, pack, now=now), pack, last.get(True), last.get(False))


def _view(session: Session, pack: Corridor, *, now: datetime) -> CorridorView:
    last = store.last_change(session, pack.origin, pack.destination, until=now)
    return CorridorView(
        name=f"{pack.origin}-{pack.destination}",
        title=pack.title,
        version=pack.version,
        status=last.status if last else pack.starts_as.value,
        reason=last.reason if last else "",
        changed_by=last.by if last else "",
        changed_at=last.at if last else None,
    )
