"""Sittings: planning, convening, opening, adjourning, ending, cancelling, archiving.

The agenda is in ``agenda`` and ``listing``, papers in ``papers``, who is in the room in ``attendance``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from core import outbox
from core.actors import Actor
from core.errors import BadInput, Gap, NotAllowed, answer
from core.vault import Place, seal, vault_of
from panels.rules.conflicts import presiding
from panels.rules.items import OPEN_ITEM, ItemState
from panels.rules.quorum import Quorum, quorum
from panels.rules.roster import Holder
from panels.rules.sittings import (
    SittingMode,
    SittingState,
    SittingType,
    convening,
    ending,
    opening,
    require_sitting_edge,
)
from panels.service import agenda, joint, papers
from panels.service.batches import batch_warnings_of
from panels.service.convening import bench_of, convening_facts, not_ready
from panels.service.panels import rules_of
from panels.service.proposals import after_broken
from panels.service.record import log_quorum, note
from panels.service.standing import Floor, clerks_floor, floor, panel_seen
from panels.store import attendance as attendance_store
from panels.store import item as item_store
from panels.store import member as member_store
from panels.store import planning as planning_store
from panels.store import sitting as store
from panels.tables.panel import PanelRow
from panels.tables.sitting import RosterRow, SittingRow


@dataclass(frozen=True)
class NewSitting:
    """A sitting to be planned; ``roster`` is everybody in office when left empty.

    ``partners`` are panels of the same country that sit with this one in a joint sitting.
    """

    type: SittingType
    mode: SittingMode
    starts_at: datetime
    minutes: int
    timezone: str
    place: str = ""
    link: str = ""
    roster: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


def plan_sitting(
    session: Session, actor: Actor, panel_id: str, new: NewSitting, *, now: datetime
) -> str:
    """Plan a sitting of a panel and return its id.

    Raises:
        NotAllowed: neither secretary nor coordinator of the panel and of its partners.
        BadInput: an hour that has passed, an unknown time zone, a joint sitting of one panel of one
            country, or a roster with somebody who is not in office on that day.

    Source: DOM-3.5, DOM-4.5.
    """
    found = panel_seen(session, actor, panel_id, now=now)
    if not found.is_clerk:
        raise NotAllowed("panel_secretary_only")
    if new.starts_at < now:
        raise BadInput("/starts_at", "hour_has_passed")
    zone = _zone(new.timezone)
    partners = joint.partners_for(session, actor, found.panel, new.partners, new.type)
    sitting = SittingRow(
        panel_id=panel_id,
        type=new.type.value,
        mode=new.mode.value,
        state=SittingState.DRAFT.value,
        starts_at=new.starts_at,
        ends_at=new.starts_at + timedelta(minutes=new.minutes),
        timezone=new.timezone,
        rules_number=found.panel.rules_number,
        has_place=bool(new.place),
        has_link=bool(new.link),
        created_at=now,
    )
    vault_of(session).ensure_key(session, sitting.id, now=now)
    place = Place("sitting", "restricted", sitting.id)
    words = {"place": new.place, "link": new.link}
    sitting.restricted = seal(session, owner=sitting.id, place=place, value=words)
    session.add(sitting)
    session.flush()
    _call_roster(session, sitting, (found.panel, *partners), new.roster, zone)
    note(session, actor, sitting, "planned", now=now)
    return sitting.id


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput("/timezone", "unknown") from error


def _call_roster(
    session: Session,
    sitting: SittingRow,
    panels: Collection[PanelRow],
    wanted: Collection[str],
    zone: ZoneInfo,
) -> None:
    day = sitting.starts_at.astimezone(zone).date()
    in_office = joint.in_office(session, panels, day)
    if not set(wanted) <= set(in_office):
        raise BadInput("/roster", "not_in_office")
    for member_id in wanted or in_office:
        session.add(RosterRow(sitting_id=sitting.id, member_id=member_id))
    session.flush()


def convene_sitting(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> tuple[Gap, ...]:
    """Convene a sitting: lock its agenda in order, release papers, invite; return warnings.

    Raises:
        Incomplete: with everything that is missing.

    Source: DOM-3.5, DOM-3.2/D8.
    """
    found = clerks_floor(session, actor, sitting_id, now=now, expected_version=expected_version)
    sitting = found.sitting
    require_sitting_edge(SittingState(sitting.state), SittingState.CONVENED)
    sitting.rules_number = found.standing.panel.rules_number
    facts = convening_facts(session, sitting, rules_number=sitting.rules_number, now=now)
    convening(facts).require()
    agenda.order_agenda(session, sitting, now=now)
    _become(session, sitting, SittingState.CONVENED)
    sitting.convened_at = now
    for item in item_store.of_sitting(session, sitting_id):
        papers.release(session, actor, sitting, item, now=now)
    _tell_members(session, sitting, "sitting.convened", now=now)
    note(session, actor, sitting, "convened", now=now)
    return (
        *not_ready(session, actor, sitting, now=now),
        *batch_warnings_of(session, sitting),
    )


def _tell_members(session: Session, sitting: SittingRow, topic: str, *, now: datetime) -> None:
    """Tell everybody on the roster, once for each sitting and what happened to it."""
    for member_id in store.roster(session, sitting.id):
        member = member_store.find(session, member_id)
        outbox.post(
            session,
            topic=topic,
            key=f"{topic}:{sitting.id}:{member_id}",
            subject=sitting.id,
            now=now,
            payload={
                "member": member_id,
                "person": member.person_id if member else None,
                "panel": sitting.panel_id,
                "starts_at": sitting.starts_at.astimezone(ZoneInfo(sitting.timezone)).isoformat(),
            },
        )


def _quorum_now(
    session: Session, sitting: SittingRow, moment: str, *, now: datetime
) -> tuple[Quorum, Holder | None]:
    bench = bench_of(session, sitting, now=now)
    rules = rules_of(session, sitting.panel_id, sitting.rules_number)
    found = quorum(bench, joint.quorum_rules(session, sitting, rules))
    log_quorum(session, sitting, found, moment, now=now)
    return found, presiding(bench, ())


def open_sitting(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Open a convened sitting, or resume an adjourned one.

    Raises:
        NotAllowed: only the chair, or in the chair's absence a deputy, opens.
        Incomplete: attendance, undertakings or quorum are missing.

    Source: DOM-3.5.
    """
    found = floor(session, actor, sitting_id, now=now, expected_version=expected_version)
    sitting = found.sitting
    require_sitting_edge(SittingState(sitting.state), SittingState.OPEN)
    counted, lead = _quorum_now(session, sitting, "open", now=now)
    taken = bool(attendance_store.of_sitting(session, sitting_id))
    opening(attendance_taken=taken, quorum_gaps=counted.missing).require()
    if lead is None or lead.person_id != actor.person_id or not actor.is_human:
        raise NotAllowed("presiding_member_only")
    _become(session, sitting, SittingState.OPEN)
    sitting.presiding_id = lead.member_id
    sitting.opened_at = sitting.opened_at or now
    note(session, actor, sitting, "opened", now=now, codes={"presiding": lead.member_id})


def adjourn_sitting(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> None:
    """Suspend an open sitting; no item may be in hand.

    Raises:
        NotAllowed: neither presiding nor secretary nor coordinator.
        Incomplete: an item is called or in deliberation.
    """
    found = _leader_or_clerk(session, actor, sitting_id, now=now)
    require_sitting_edge(SittingState(found.sitting.state), SittingState.ADJOURNED)
    _require_no_open_item(session, sitting_id)
    _become(session, found.sitting, SittingState.ADJOURNED)
    note(session, actor, found.sitting, "adjourned", now=now)


def end_sitting(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """End a sitting; items not reached or without quorum go back to be listed again.

    Raises:
        NotAllowed: neither presiding nor secretary nor coordinator.
        Incomplete: an item is called or in deliberation.

    Source: DOM-3.5, DOM-R17.
    """
    found = _leader_or_clerk(session, actor, sitting_id, now=now, expected_version=expected_version)
    require_sitting_edge(SittingState(found.sitting.state), SittingState.ENDED)
    _require_no_open_item(session, sitting_id)
    _release_items(session, actor, found.sitting, "sitting_ended", now=now)
    _become(session, found.sitting, SittingState.ENDED)
    found.sitting.ended_at = now
    note(session, actor, found.sitting, "ended", now=now)


def cancel_sitting(
    session: Session,
    actor: Actor,
    sitting_id: str,
    reason: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Cancel a sitting that was not opened; every case is ready to be listed again."""
    found = clerks_floor(session, actor, sitting_id, now=now, expected_version=expected_version)
    require_sitting_edge(SittingState(found.sitting.state), SittingState.CANCELLED)
    _release_items(session, actor, found.sitting, reason, now=now)
    _become(session, found.sitting, SittingState.CANCELLED)
    found.sitting.end_reason = reason
    note(session, actor, found.sitting, "cancelled", now=now, codes={"reason": reason})
    if found.sitting.convened_at is not None or planning_store.rooms_of(session, [sitting_id]):
        _tell_members(session, found.sitting, "sitting.called_off", now=now)  # a plan told them too
    after_broken(session, found.sitting, reason, now=now)


def declare_inquorate(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> None:
    """Record that a convened sitting could not open for want of quorum.

    Raises:
        NotAllowed: neither presiding nor secretary nor coordinator.
        Incomplete: the hour has not come, or the quorum is there.

    Source: DOM-3.5.
    """
    found = _leader_or_clerk(session, actor, sitting_id, now=now)
    sitting = found.sitting
    require_sitting_edge(SittingState(sitting.state), SittingState.INQUORATE)
    counted, _ = _quorum_now(session, sitting, "inquorate", now=now)
    early = now < sitting.starts_at
    answer(
        "declare_inquorate",
        (
            Gap("not_time_yet") if early else None,
            Gap("quorum_is_met") if counted.is_met else None,
        ),
    ).require()
    _release_items(session, actor, sitting, "inquorate", now=now)
    _become(session, sitting, SittingState.INQUORATE)
    sitting.ended_at, sitting.end_reason = now, "inquorate"
    note(session, actor, sitting, "inquorate", now=now)
    after_broken(session, sitting, "inquorate", now=now)


def mark_minutes_signed(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> None:
    """Note that the minutes of an ended sitting are signed; ``minutes`` calls this."""
    found = floor(session, actor, sitting_id, now=now)
    require_sitting_edge(SittingState(found.sitting.state), SittingState.MINUTES_SIGNED)
    _become(session, found.sitting, SittingState.MINUTES_SIGNED)
    note(session, actor, found.sitting, "minutes_signed", now=now)


def _leader_or_clerk(
    session: Session,
    actor: Actor,
    sitting_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> Floor:
    found = floor(session, actor, sitting_id, now=now, expected_version=expected_version)
    lead = presiding(bench_of(session, found.sitting, now=now), ())
    leads = lead is not None and lead.person_id == actor.person_id
    if not (found.standing.is_clerk or leads):
        raise NotAllowed("presiding_or_secretary_only")
    return found


def _require_no_open_item(session: Session, sitting_id: str) -> None:
    items = item_store.of_sitting(session, sitting_id)
    ending(open_items=sum(ItemState(item.state) in OPEN_ITEM for item in items)).require()


def _release_items(
    session: Session, actor: Actor, sitting: SittingRow, reason: str, *, now: datetime
) -> None:
    for item in item_store.of_sitting(session, sitting.id):
        state = ItemState(item.state)
        if state is ItemState.LISTED:
            agenda.put_back(
                session, actor, sitting, item, ItemState.NOT_REACHED, reason=reason, now=now
            )
        elif state is ItemState.LOST_QUORUM and item.live_case is not None:
            agenda.put_back(
                session, actor, sitting, item, ItemState.LOST_QUORUM, reason=reason, now=now
            )


def _become(session: Session, sitting: SittingRow, state: SittingState) -> None:
    sitting.state = state.value
    session.add(sitting)
    session.flush()
