"""Putting a sitting off to another day: the same people, the same agenda, in one act or not at all.

Nothing is moved by a machine, and no case is lost: what the new day does not allow refuses the whole.

Source: DOM-3.5, DOM-3.3/T10.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.actors import Actor
from core.vault import Place, unseal
from panels.rules.items import Invited, ItemState
from panels.rules.sittings import SittingMode, SittingState, SittingType, require_sitting_edge
from panels.service import joint, listing, sittings
from panels.service.listing import Invitation
from panels.service.proposals import PUT_OFF
from panels.service.sittings import NewSitting
from panels.service.standing import clerks_floor
from panels.store import item as items
from panels.store import sitting as store
from panels.tables.panel import PanelRow
from panels.tables.sitting import SittingRow


@dataclass(frozen=True)
class Later:
    """The new day; ``place`` and ``link`` stay as they were when empty."""

    starts_at: datetime
    place: str = ""
    link: str = ""


def put_off_sitting(
    session: Session,
    actor: Actor,
    sitting_id: str,
    later: Later,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> str:
    """Call a sitting off and plan it anew with its agenda; return the new sitting's id, still to be convened.

    Everybody who was told is told that the day is off; with convening they hear of the new one.

    Raises:
        NotThere, NotAllowed: not the panel's secretary or coordinator.
        WrongState: the sitting was opened already, or is over.
        BadInput: an hour that has passed.
        Incomplete: a child cannot be heard on that day, for example because papers would come too late.

    Source: DOM-3.5, DOM-3.3/T10.
    """
    found = clerks_floor(session, actor, sitting_id, now=now, expected_version=expected_version)
    sitting = found.sitting
    require_sitting_edge(SittingState(sitting.state), SittingState.CANCELLED)
    agenda = [
        (one.case_id, _invited(session, one.id))
        for one in items.of_sitting(session, sitting_id)
        if one.state == ItemState.LISTED
    ]
    new = _as_before(session, sitting, found.standing.panel, later)
    sittings.cancel_sitting(session, actor, sitting_id, PUT_OFF, now=now)
    made = sittings.plan_sitting(session, actor, sitting.panel_id, new, now=now)
    for case_id, invited in agenda:
        listing.list_case(session, actor, made, case_id, invited=invited, now=now)
    return made


def _invited(session: Session, item_id: str) -> list[Invitation]:
    return [
        Invitation(Invited(one.kind), one.person_id) for one in items.invitations(session, item_id)
    ]


def _as_before(session: Session, sitting: SittingRow, panel: PanelRow, later: Later) -> NewSitting:
    words = {"place": "", "link": ""}
    if sitting.restricted:
        at = Place("sitting", "restricted", sitting.id)
        words = unseal(session, owner=sitting.id, place=at, sealed=sitting.restricted)
    return NewSitting(
        type=SittingType(sitting.type),
        mode=SittingMode(sitting.mode),
        starts_at=later.starts_at,
        minutes=(sitting.ends_at - sitting.starts_at) // timedelta(minutes=1),
        timezone=sitting.timezone,
        place=later.place or words["place"],
        link=later.link or words["link"],
        roster=_still_in_office(session, sitting, panel, later.starts_at),
        partners=tuple(one.id for one in joint.guest_panels(session, sitting)),
    )


def _still_in_office(
    session: Session, sitting: SittingRow, panel: PanelRow, begins: datetime
) -> tuple[str, ...]:
    """Return those called who are in office on the new day; nobody means everybody in office is called."""
    day = begins.astimezone(ZoneInfo(sitting.timezone)).date()
    panels = (panel, *joint.guest_panels(session, sitting))
    able = set(joint.in_office(session, panels, day))
    return tuple(one for one in store.roster(session, sitting.id) if one in able)
