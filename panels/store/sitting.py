"""Queries about sittings, their roster, their events and the log of quorum."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, and_, col, or_, select

from panels.rules.sittings import TO_COME, SittingState, SittingType
from panels.store.values import table, values
from panels.tables.member import MemberRow
from panels.tables.sitting import QuorumLogRow, RosterRow, SittingEventRow, SittingRow

_R: Final = table(RosterRow)
_E: Final = table(SittingEventRow)
_ROSTER: Final = (
    sa.select(_R.c.member_id)
    .where(_R.c.sitting_id == sa.bindparam("sitting"))
    .order_by(_R.c.member_id)
)
_LAST_EVENT: Final = sa.select(sa.func.max(_E.c.seq)).where(
    _E.c.sitting_id == sa.bindparam("sitting")
)
_LOCKED: Final = (
    select(SittingRow)
    .where(SittingRow.id == sa.bindparam("sitting"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def find(session: Session, sitting_id: str) -> SittingRow | None:
    """Return a sitting."""
    return session.get(SittingRow, sitting_id)


def lock(session: Session, sitting_id: str) -> SittingRow | None:
    """Return a sitting and hold it: whatever happens in it happens one after the other."""
    return session.exec(_LOCKED, params={"sitting": sitting_id}).first()


def of_panels(
    session: Session,
    panel_ids: Collection[str],
    *,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> Sequence[SittingRow]:
    """Return sittings of these panels, and joint ones they were called to, by start, newest first."""
    called = (
        select(RosterRow.sitting_id)
        .join(MemberRow, col(MemberRow.id) == col(RosterRow.member_id))
        .where(col(MemberRow.panel_id).in_(panel_ids))
    )
    joint = and_(SittingRow.type == SittingType.JOINT, col(SittingRow.id).in_(called))
    query = select(SittingRow).where(or_(col(SittingRow.panel_id).in_(panel_ids), joint))
    if since is not None:
        query = query.where(SittingRow.starts_at >= since)
    if until is not None:
        query = query.where(SittingRow.starts_at < until)
    query = query.order_by(col(SittingRow.starts_at).desc(), col(SittingRow.id))
    return session.exec(query.limit(limit)).all()


def convened_between(
    session: Session, start: datetime, end: datetime, *, limit: int
) -> Sequence[SittingRow]:
    """Return convened sittings that begin after ``start`` and not after ``end``, soonest first."""
    query = select(SittingRow).where(
        SittingRow.state == SittingState.CONVENED,
        SittingRow.starts_at > start,
        SittingRow.starts_at <= end,
    )
    order = (col(SittingRow.starts_at), col(SittingRow.id))
    return session.exec(query.order_by(*order).limit(limit)).all()


def roster(session: Session, sitting_id: str) -> list[str]:
    """Return the member ids called to a sitting."""
    return [row.member_id for row in values(session, _ROSTER, sitting=sitting_id)]


def roster_rows(session: Session, sitting_id: str) -> Sequence[RosterRow]:
    """Return the roster rows of a sitting."""
    return session.exec(select(RosterRow).where(RosterRow.sitting_id == sitting_id)).all()


def called_to_come(
    session: Session, member_ids: Collection[str], *, now: datetime
) -> Sequence[tuple[SittingRow, RosterRow]]:
    """Return the sittings these members are called to and that are not over, in order of time."""
    query = (
        select(SittingRow, RosterRow)
        .join(RosterRow, col(RosterRow.sitting_id) == col(SittingRow.id))
        .where(col(RosterRow.member_id).in_(member_ids), SittingRow.ends_at > now)
        .where(col(SittingRow.state).in_([one.value for one in TO_COME]))
    )
    return session.exec(query.order_by(col(SittingRow.starts_at), col(SittingRow.id))).all()


def presided(
    session: Session, member_ids: Collection[str], *, since: datetime
) -> Sequence[SittingRow]:
    """Return the ended sittings one of these members presided, whose minutes are not signed."""
    query = select(SittingRow).where(
        col(SittingRow.presiding_id).in_(member_ids),
        SittingRow.state == SittingState.ENDED,
        SittingRow.starts_at >= since,
    )
    return session.exec(query.order_by(col(SittingRow.starts_at), col(SittingRow.id))).all()


def next_seq(session: Session, sitting_id: str) -> int:
    """Return the number of the next event of a sitting."""
    [last] = values(session, _LAST_EVENT, sitting=sitting_id)
    return (last[0] or 0) + 1


def events(session: Session, sitting_id: str) -> Sequence[SittingEventRow]:
    """Return what happened in a sitting, in order."""
    query = select(SittingEventRow).where(SittingEventRow.sitting_id == sitting_id)
    return session.exec(query.order_by(col(SittingEventRow.seq))).all()


def quorum_log(session: Session, sitting_id: str) -> Sequence[QuorumLogRow]:
    """Return every computation of quorum of a sitting, in order."""
    query = select(QuorumLogRow).where(QuorumLogRow.sitting_id == sitting_id)
    return session.exec(query.order_by(col(QuorumLogRow.at), col(QuorumLogRow.id))).all()
