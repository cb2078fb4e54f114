"""How a panel wants its sittings planned: half-days, rooms, minutes. Until this is said nothing is planned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.db import check_version
from core.errors import BadInput, NotAllowed, NotThere
from core.vault import Place, seal, unseal, vault_of
from panels.rules.planning import Wishes
from panels.service.standing import Standing, panel_seen
from panels.store import planning as store
from panels.tables.planning import PlanningRow

TABLE: Final = "panel_planning"


@dataclass(frozen=True)
class WishesView:
    """The wishes of a panel with the place and link its sittings usually have."""

    wishes: Wishes
    place: str
    link: str
    version: int


def clerk_of(session: Session, actor: Actor, panel_id: str, *, now: datetime) -> Standing:
    """Return the standing of a secretary or coordinator of a panel.

    Raises:
        NotThere: no such panel, or nothing to do with it.
        NotAllowed: somebody else of the panel.
    """
    found = panel_seen(session, actor, panel_id, now=now)
    if not found.is_clerk:
        raise NotAllowed("panel_secretary_only")
    return found


def set_wishes(
    session: Session,
    actor: Actor,
    panel_id: str,
    wishes: Wishes,
    *,
    now: datetime,
    place: str = "",
    link: str = "",
    expected_version: int | None = None,
) -> None:
    """Say how a panel wants its sittings planned.

    Raises:
        BadInput: an unknown time zone, or no half-day.
    """
    clerk_of(session, actor, panel_id, now=now)
    _check(wishes)
    row = store.wishes(session, panel_id)
    if row is None:
        row = PlanningRow(panel_id=panel_id, wishes={}, set_by=actor.person_id, set_at=now)
        vault_of(session).ensure_key(session, row.id, now=now)
    check_version(row, TABLE, expected_version)
    row.wishes = wishes.to_json()
    row.set_by, row.set_at = actor.person_id, now
    row.restricted = seal(
        session,
        owner=row.id,
        place=Place(TABLE, "restricted", row.id),
        value={"place": place, "link": link},
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "planning.wishes_set", thing="panel", thing_id=panel_id, now=now,
        codes={"half_days": len(wishes.half_days)},
    )  # fmt: skip


def show_wishes(session: Session, actor: Actor, panel_id: str, *, now: datetime) -> WishesView:
    """Return how a panel wants its sittings planned.

    Raises:
        NotThere: nobody has said it yet.
    """
    clerk_of(session, actor, panel_id, now=now)
    return wishes_of(session, panel_id)


def wishes_of(session: Session, panel_id: str) -> WishesView:
    """Return the wishes of a panel to a service that has already decided it may.

    Raises:
        NotThere: nobody has said them yet.
    """
    row = store.wishes(session, panel_id)
    if row is None:
        raise NotThere("panel_planning")
    words = unseal(
        session, owner=row.id, place=Place(TABLE, "restricted", row.id), sealed=row.restricted
    )
    return WishesView(
        Wishes.of_json(row.wishes), str(words["place"]), str(words["link"]), row.version
    )


def _check(wishes: Wishes) -> None:
    if not wishes.half_days:
        raise BadInput("/half_days", "no_half_days")
    try:
        ZoneInfo(wishes.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput("/timezone", "unknown") from error
