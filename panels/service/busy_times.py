"""When members and rooms cannot be had: leave, duty, and what a member's own calendar says. Hours only.

Source: DOM-4.5 (roster).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core import audit
from core.actors import Actor
from core.calendars import CalendarRefused, busy_hours
from core.errors import BadInput, NotAllowed, NotThere
from panels.rules.planning import BusyKind, Cause
from panels.service.plan_wishes import clerk_of, wishes_of
from panels.service.proposals import propose
from panels.service.standing import panel_seen
from panels.store import member as members
from panels.store import planning as store
from panels.tables.member import MemberRow
from panels.tables.planning import BusyTimeRow

LONGEST: Final = timedelta(days=400)
PERSON: Final = "person"
ROOM: Final = "room"


@dataclass(frozen=True)
class Hours:
    """From when until when."""

    starts_at: datetime
    ends_at: datetime


def add_busy_time(
    session: Session, actor: Actor, member_id: str, kind: BusyKind, hours: Hours, *, now: datetime
) -> str:
    """Say that a member cannot come, and return the entry's id; a sitting that breaks by it is planned anew.

    Open to the member and to secretary and coordinator of the panel. Nothing is moved: a proposal is made.

    Raises:
        NotThere: no such member, or nothing to do with the panel.
        NotAllowed: another member.
        BadInput: hours that end before they begin, have passed, or are longer than a year.
    """
    row = _own(session, actor, member_id, now=now)
    _check(hours, now)
    made = _keep(session, actor, (PERSON, row.person_id), kind, hours, now=now)
    _note(session, actor, "busy_time.added", row, now=now)
    _propose(session, row, [hours], now=now)
    return made


def list_busy_times(
    session: Session, actor: Actor, member_id: str, *, now: datetime
) -> Sequence[BusyTimeRow]:
    """Return when a member is away from now on, in order of begin."""
    row = _own(session, actor, member_id, now=now)
    end = now + LONGEST
    return store.busy(session, PERSON, [row.person_id], start=now, end=end)


def forget_busy_time(session: Session, actor: Actor, busy_id: str, *, now: datetime) -> None:
    """Take back that a member cannot come.

    Raises:
        NotThere: no such entry, or not of a member one may speak for.
    """
    found = store.busy_time(session, busy_id)
    if found is None or found.owner_kind != PERSON:
        raise NotThere("busy_time")
    for row in members.of_person(session, found.owner):
        try:
            _own(session, actor, row.id, now=now)
        except (NotThere, NotAllowed):
            continue
        session.delete(found)
        session.flush()
        _note(session, actor, "busy_time.forgotten", row, now=now)
        return
    raise NotThere("busy_time")


def take_calendar(
    session: Session, actor: Actor, member_id: str, data: bytes, *, now: datetime
) -> int:
    """Read a member's own calendar, in place of what it said before; return how many times away it has.

    Only hours are kept; the file is not.

    Raises:
        BadInput: not a calendar, too large, or repeating more often than daily.
        Incomplete: nobody has said where the panel sits.
    """
    return read_into(session, actor, _own(session, actor, member_id, now=now), data, now=now)


def read_into(session: Session, actor: Actor, row: MemberRow, data: bytes, *, now: datetime) -> int:
    """Read a calendar for a member, to a service that has already decided it may.

    Raises:
        BadInput: as ``take_calendar``.
    """
    zone = ZoneInfo(wishes_of(session, row.panel_id).wishes.timezone)
    try:
        found = busy_hours(data, start=now, end=now + LONGEST, zone=zone)
    except CalendarRefused as refusal:
        raise BadInput("/calendar", refusal.code) from refusal
    end = now + LONGEST
    known = store.busy(session, PERSON, [row.person_id], start=now, end=end)
    before = {(one.starts_at, one.ends_at) for one in known}
    store.forget_busy(session, PERSON, row.person_id, BusyKind.CALENDAR.value)
    for begins, ends in found:
        hours = Hours(begins, ends)
        _keep(session, actor, (PERSON, row.person_id), BusyKind.CALENDAR, hours, now=now)
    _note(session, actor, "busy_time.calendar_read", row, now=now, count=len(found))
    _propose(session, row, [Hours(*one) for one in found if one not in before], now=now)
    return len(found)


def close_room(
    session: Session, actor: Actor, panel_id: str, room: str, hours: Hours, *, now: datetime
) -> str:
    """Say that a room of the panel's district cannot be had, for every panel there.

    Raises:
        BadInput: no room of this panel.
    """
    panel = clerk_of(session, actor, panel_id, now=now).panel
    if room not in wishes_of(session, panel_id).wishes.rooms:
        raise BadInput("/room", "no_such_room")
    _check(hours, now)
    owner = f"{panel.district}/{room}"
    made = _keep(session, actor, (ROOM, owner), BusyKind.CLOSED, hours, now=now)
    audit.record(session, actor, "room.closed", thing="panel", thing_id=panel_id, now=now)
    propose(session, panel_id, Cause.BROKEN_SITTING, "room", now=now)
    return made


def _own(session: Session, actor: Actor, member_id: str, *, now: datetime) -> MemberRow:
    """Return a member to that member, or to a clerk of the panel."""
    row = members.find(session, member_id)
    if row is None:
        raise NotThere("member")
    try:
        standing = panel_seen(session, actor, row.panel_id, now=now)
    except NotThere as error:
        raise NotThere("member") from error
    if not (standing.is_clerk or row.person_id == actor.person_id):
        raise NotAllowed("own_absence_or_secretary")
    return row


def _check(hours: Hours, now: datetime) -> None:
    if hours.ends_at <= hours.starts_at:
        raise BadInput("/ends_at", "before_it_begins")
    if hours.ends_at <= now:
        raise BadInput("/ends_at", "hour_has_passed")
    if hours.ends_at - hours.starts_at > LONGEST:
        raise BadInput("/ends_at", "longer_than_a_year")


def _keep(
    session: Session,
    actor: Actor,
    owner: tuple[str, str],
    kind: BusyKind,
    hours: Hours,
    *,
    now: datetime,
) -> str:
    row = BusyTimeRow(
        owner_kind=owner[0],
        owner=owner[1],
        kind=kind.value,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
        recorded_by=actor.person_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _propose(session: Session, row: MemberRow, new: Sequence[Hours], *, now: datetime) -> None:
    """Have every panel planned anew to one of whose sittings the person is called in hours newly away."""
    for panel_id, begins, ends in store.sittings_of_person(session, row.person_id, now=now):
        if any(one.starts_at < ends and begins < one.ends_at for one in new):
            propose(session, panel_id, Cause.ABSENCE, row.id, now=now)


def _note(
    session: Session, actor: Actor, action: str, row: MemberRow, *, now: datetime, count: int = 1
) -> None:
    audit.record(
        session, actor, action, thing="panel_member", thing_id=row.id, now=now,
        codes={"panel": row.panel_id, "count": count},
    )  # fmt: skip
