"""Queries about plans, the wishes of panels, times away, and rooms in use."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from core.upsert import insert_once
from panels.rules.attendance import ARRIVALS
from panels.rules.planning import PlanState
from panels.rules.sittings import TO_COME, SittingState
from panels.tables.attendance import AttendanceRow
from panels.tables.item import ItemRow
from panels.tables.member import MemberRow
from panels.tables.planning import (
    BusyCalendarRow,
    BusyTimeRow,
    PlanningRow,
    PlanRow,
    SittingRoomRow,
)
from panels.tables.sitting import RosterRow, SittingRow

Span = tuple[datetime, datetime]
_NOT_HELD = (SittingState.CANCELLED.value, SittingState.INQUORATE.value)


def wishes(session: Session, panel_id: str) -> PlanningRow | None:
    """Return how a panel wants its sittings planned."""
    return session.exec(select(PlanningRow).where(PlanningRow.panel_id == panel_id)).first()


def find(session: Session, plan_id: str) -> PlanRow | None:
    """Return a plan."""
    return session.get(PlanRow, plan_id)


def lock(session: Session, plan_id: str) -> PlanRow | None:
    """Return a plan and hold it until the unit of work ends."""
    query = select(PlanRow).where(PlanRow.id == plan_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def of_panel(session: Session, panel_id: str, *, limit: int) -> Sequence[PlanRow]:
    """Return the plans of a panel, newest first."""
    query = select(PlanRow).where(PlanRow.panel_id == panel_id)
    newest = (col(PlanRow.asked_at).desc(), col(PlanRow.id))
    return session.exec(query.order_by(*newest).limit(limit)).all()


def open_ask(session: Session, panel_id: str) -> PlanRow | None:
    """Return the plan of a panel that waits to be made."""
    return session.exec(select(PlanRow).where(PlanRow.open_ask == panel_id)).first()


def ask_once(session: Session, row: PlanRow) -> bool:
    """Write a plan to be made; False when another writer asked for one of the panel at the same moment."""
    table = PlanRow.__table__  # type: ignore[attr-defined]
    return insert_once(session, table, row.model_dump(), unique=["open_ask"])


def drafts(session: Session, panel_id: str) -> Sequence[PlanRow]:
    """Return the plans of a panel somebody could accept, held until the unit of work ends."""
    query = select(PlanRow).where(PlanRow.panel_id == panel_id, PlanRow.state == PlanState.DRAFT)
    return session.exec(query.order_by(col(PlanRow.id)).with_for_update()).all()


def waiting(session: Session, *, now: datetime) -> int:
    """Count the plans that wait to be made and that nobody makes."""
    query = select(func.count()).select_from(PlanRow).where(_free(now))
    return session.exec(query).one()


def claim(session: Session, *, runner: str, now: datetime, lease: timedelta) -> PlanRow | None:
    """Take the plan that waits longest, and hold it for ``lease``."""
    query = select(PlanRow).where(_free(now)).order_by(col(PlanRow.asked_at), col(PlanRow.id))
    row = session.exec(query.limit(1).with_for_update(skip_locked=True)).first()
    if row is not None:
        row.claimed_by, row.claimed_until = runner, now + lease
        row.attempts += 1
        session.add(row)
        session.flush()
    return row


def _free(now: datetime) -> sa.ColumnElement[bool]:
    nobody = sa.or_(col(PlanRow.claimed_until).is_(None), col(PlanRow.claimed_until) < now)
    return sa.and_(col(PlanRow.state) == PlanState.ASKED, nobody)


def busy(
    session: Session, kind: str, owners: Collection[str], *, start: datetime, end: datetime
) -> Sequence[BusyTimeRow]:
    """Return when these people or rooms are away between two moments, in order of begin."""
    query = (
        select(BusyTimeRow)
        .where(BusyTimeRow.owner_kind == kind, col(BusyTimeRow.owner).in_(owners))
        .where(BusyTimeRow.ends_at > start, BusyTimeRow.starts_at < end)
    )
    return session.exec(query.order_by(col(BusyTimeRow.starts_at), col(BusyTimeRow.id))).all()


def busy_time(session: Session, busy_id: str) -> BusyTimeRow | None:
    """Return one time away."""
    return session.get(BusyTimeRow, busy_id)


def forget_busy(session: Session, kind: str, owner: str, what: str) -> None:
    """Forget every time away of one kind, before a calendar is read anew."""
    query = select(BusyTimeRow).where(BusyTimeRow.owner_kind == kind, BusyTimeRow.owner == owner)
    for row in session.exec(query.where(BusyTimeRow.kind == what)).all():
        session.delete(row)
    session.flush()


def busy_calendar(session: Session, person_id: str) -> BusyCalendarRow | None:
    """Return where a person's calendar can be fetched."""
    query = select(BusyCalendarRow).where(BusyCalendarRow.person_id == person_id)
    return session.exec(query).first()


def calendars_due(session: Session, *, now: datetime, limit: int) -> Sequence[BusyCalendarRow]:
    """Return the calendars to be fetched again, longest waiting first."""
    query = select(BusyCalendarRow).where(BusyCalendarRow.next_at <= now)
    order = (col(BusyCalendarRow.next_at), col(BusyCalendarRow.id))
    return session.exec(query.order_by(*order).limit(limit).with_for_update(skip_locked=True)).all()


def calendar_by_id(session: Session, address_id: str) -> BusyCalendarRow | None:
    """Return one address and hold it."""
    query = select(BusyCalendarRow).where(BusyCalendarRow.id == address_id)
    return session.exec(query.with_for_update()).first()


def to_come(session: Session, panel_id: str, *, now: datetime) -> Sequence[SittingRow]:
    """Return the sittings of a panel that are planned or convened and begin later, in order."""
    query = select(SittingRow).where(
        SittingRow.panel_id == panel_id,
        col(SittingRow.state).in_((SittingState.DRAFT.value, SittingState.CONVENED.value)),
        SittingRow.starts_at > now,
    )
    return session.exec(query.order_by(col(SittingRow.starts_at), col(SittingRow.id))).all()


def called_elsewhere(
    session: Session, person_ids: Collection[str], panel_id: str, *, since: datetime
) -> list[tuple[str, datetime, datetime]]:
    """Return when these people are called to sittings of other panels: person, begin, end."""
    query = (
        select(MemberRow.person_id, SittingRow.starts_at, SittingRow.ends_at)
        .join(RosterRow, col(RosterRow.member_id) == col(MemberRow.id))
        .join(SittingRow, col(SittingRow.id) == col(RosterRow.sitting_id))
        .where(col(MemberRow.person_id).in_(person_ids), SittingRow.panel_id != panel_id)
        .where(col(SittingRow.state).in_([one.value for one in TO_COME]))
        .where(SittingRow.ends_at > since)
    )
    found = {(person, starts, ends) for person, starts, ends in session.exec(query)}
    return sorted(found)


def rooms_in_use(
    session: Session, panel_id: str, *, since: datetime
) -> list[tuple[str, str, datetime, datetime]]:
    """Return which rooms and bridges other panels use: room, bridge, begin, end."""
    query = (
        select(SittingRoomRow.room, SittingRoomRow.bridge, SittingRow.starts_at, SittingRow.ends_at)
        .join(SittingRow, col(SittingRow.id) == col(SittingRoomRow.sitting_id))
        .where(SittingRow.panel_id != panel_id, SittingRow.ends_at > since)
        .where(col(SittingRow.state).in_([one.value for one in TO_COME]))
    )
    return sorted(set(session.exec(query)))


def rooms_of(session: Session, sitting_ids: Collection[str]) -> Mapping[str, SittingRoomRow]:
    """Return the rooms of these sittings by their id."""
    query = select(SittingRoomRow).where(col(SittingRoomRow.sitting_id).in_(sitting_ids))
    return {row.sitting_id: row for row in session.exec(query).all()}


def sat(session: Session, member_ids: Collection[str], *, since: datetime) -> dict[str, int]:
    """Count the sittings each of these members came to since a moment."""
    here = [one.value for one in ARRIVALS]
    corrected = select(AttendanceRow.corrects_id).where(col(AttendanceRow.corrects_id).is_not(None))
    query = (
        select(AttendanceRow.member_id, func.count(sa.distinct(col(AttendanceRow.sitting_id))))
        .where(col(AttendanceRow.member_id).in_(member_ids), col(AttendanceRow.kind).in_(here))
        .where(AttendanceRow.at >= since, col(AttendanceRow.id).not_in(corrected))
        .group_by(col(AttendanceRow.member_id))
    )
    return {member: int(times) for member, times in session.exec(query)}


def called(
    session: Session, member_ids: Collection[str], *, since: datetime, until: datetime
) -> dict[str, int]:
    """Count the sittings each of these members was called to between two moments."""
    query = (
        select(RosterRow.member_id, func.count(col(RosterRow.id)))
        .join(SittingRow, col(SittingRow.id) == col(RosterRow.sitting_id))
        .where(col(RosterRow.member_id).in_(member_ids))
        .where(SittingRow.starts_at >= since, SittingRow.starts_at < until)
        .where(col(SittingRow.state).not_in((SittingState.CANCELLED.value,)))
        .group_by(col(RosterRow.member_id))
    )
    return {member: int(times) for member, times in session.exec(query)}


def held(
    session: Session, panel_id: str, *, since: datetime, until: datetime
) -> Sequence[SittingRow]:
    """Return the sittings of a panel that began between two moments, cancelled ones left out."""
    query = (
        select(SittingRow)
        .where(SittingRow.panel_id == panel_id, SittingRow.starts_at >= since)
        .where(SittingRow.starts_at < until)
        .where(col(SittingRow.state) != SittingState.CANCELLED.value)
    )
    return session.exec(query.order_by(col(SittingRow.starts_at), col(SittingRow.id))).all()


def referred_to(session: Session, panel_id: str) -> list[str]:
    """Return the cases that were referred to a panel after a tie."""
    query = select(ItemRow.case_id).where(ItemRow.referred_to == panel_id)
    return sorted(set(session.exec(query).all()))


def sat_out(session: Session, case_ids: Collection[str]) -> dict[str, set[str]]:
    """Return, by case, the sittings to whose agenda it cannot come back."""
    query = select(ItemRow.case_id, ItemRow.sitting_id).where(
        col(ItemRow.case_id).in_(case_ids), col(ItemRow.live_case).is_(None)
    )
    found: dict[str, set[str]] = {}
    for case_id, sitting_id in session.exec(query):
        found.setdefault(case_id, set()).add(sitting_id)
    return found


def planned_panels(session: Session) -> list[str]:
    """Return the panels whose sittings are planned here, in order of ids."""
    return sorted(session.exec(select(PlanningRow.panel_id)).all())


def was_proposed(session: Session, panel_id: str, cause: str, ref: str) -> bool:
    """Whether a plan was proposed before for this very thing."""
    query = select(PlanRow.id).where(PlanRow.panel_id == panel_id, PlanRow.cause == cause)
    return session.exec(query.where(PlanRow.cause_ref == ref).limit(1)).first() is not None


def sittings_of_person(
    session: Session, person_id: str, *, now: datetime
) -> list[tuple[str, datetime, datetime]]:
    """Return the sittings to come to which a person is called: panel, begin, end."""
    query = (
        select(SittingRow.panel_id, SittingRow.starts_at, SittingRow.ends_at)
        .join(RosterRow, col(RosterRow.sitting_id) == col(SittingRow.id))
        .join(MemberRow, col(MemberRow.id) == col(RosterRow.member_id))
        .where(MemberRow.person_id == person_id, SittingRow.ends_at > now)
        .where(col(SittingRow.state).in_([one.value for one in TO_COME]))
    )
    return sorted(set(session.exec(query).all()))
