"""Queries about time limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from cases.rules.clocks import MAX_PAUSE, WINDOWS
from cases.store.case_files import visible_at_large, visible_nearby
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineChangeRow, DeadlineNoticeRow, DeadlineRow, PackMoveRow
from core import gathering
from core.actors import Actor
from core.ids import new_id
from core.upsert import insert_once

Pauses = Mapping[int, timedelta]
"""By version of the pack of one country: the longest pause, where it is not the usual one."""


@dataclass(frozen=True)
class LateAfter:
    """The last limit of the page before."""

    due_at: datetime
    deadline_id: str


def find(session: Session, case_id: str, code: str, occurrence: int) -> DeadlineRow | None:
    """Return one limit of a case."""
    own = gathering.held(session, DeadlineRow, case_id)
    if own is not None:
        return next((r for r in own if (r.code, r.occurrence) == (code, occurrence)), None)
    query = select(DeadlineRow).where(DeadlineRow.case_id == case_id, DeadlineRow.code == code)
    return session.exec(query.where(DeadlineRow.occurrence == occurrence)).first()


def find_by_id(session: Session, deadline_id: str) -> DeadlineRow | None:
    """Return a limit by id."""
    return session.get(DeadlineRow, deadline_id)


def keep_once(session: Session, values: dict[str, Any]) -> bool:
    """Insert a limit unless the same one exists; safe with two writers."""
    row = {"id": new_id(), "version": 1, **values}
    if gathering.held(session, DeadlineRow, values["case_id"]) is not None:
        is_new = find(session, values["case_id"], values["code"], values["occurrence"]) is None
        if is_new:
            session.add(DeadlineRow(**row))
        return is_new
    table = DeadlineRow.__table__  # type: ignore[attr-defined]
    return insert_once(session, table, row, unique=["case_id", "code", "occurrence"])


def lock(session: Session, deadline_id: str) -> DeadlineRow | None:
    """Return a limit and hold it; read afresh."""
    query = select(DeadlineRow).where(DeadlineRow.id == deadline_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def case_of(session: Session, deadline_id: str) -> str | None:
    """Return the case a limit belongs to."""
    return session.exec(select(DeadlineRow.case_id).where(DeadlineRow.id == deadline_id)).first()


def lock_open(
    session: Session, case_id: str, code: str | None = None, occurrence: int | None = None
) -> Sequence[DeadlineRow]:
    """Return and hold the limits of a case that are neither met nor closed, by code and occurrence."""
    own = gathering.held(session, DeadlineRow, case_id)
    if own is not None:
        return _open_among(own, code, occurrence)
    query = _open(case_id)
    if code is not None:
        query = query.where(DeadlineRow.code == code)
    if occurrence is not None:
        query = query.where(DeadlineRow.occurrence == occurrence)
    query = query.order_by(col(DeadlineRow.code), col(DeadlineRow.occurrence)).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).all()


def open_of(session: Session, case_id: str) -> Sequence[DeadlineRow]:
    """Return the limits of a case that are neither met nor closed."""
    return session.exec(_open(case_id)).all()


def all_of(session: Session, case_id: str) -> Sequence[DeadlineRow]:
    """Return every limit a case ever had, in the order in which they started."""
    query = select(DeadlineRow).where(DeadlineRow.case_id == case_id)
    order = (col(DeadlineRow.started_at), col(DeadlineRow.code), col(DeadlineRow.occurrence))
    return session.exec(query.order_by(*order)).all()


def last_occurrence(session: Session, case_id: str, code: str) -> int:
    """Return the highest occurrence of a limit of a case, -1 when there is none."""
    query = select(sa.func.max(DeadlineRow.occurrence))
    found = session.exec(query.where(DeadlineRow.case_id == case_id, DeadlineRow.code == code))
    highest = found.one()
    return -1 if highest is None else int(highest)


def due(session: Session, *, now: datetime, limit: int) -> Sequence[DeadlineRow]:
    """Return the limits at which somebody must be told something, longest waiting first."""
    query = (
        select(DeadlineRow)
        .where(col(DeadlineRow.next_level_at) <= now)
        .order_by(col(DeadlineRow.next_level_at), col(DeadlineRow.id))
        .limit(limit)
    )
    return session.exec(query).all()


def keep_notice(session: Session, deadline_id: str, level: int, *, now: datetime) -> bool:
    """Note that a level was raised; False when somebody did before."""
    table = DeadlineNoticeRow.__table__  # type: ignore[attr-defined]
    row = {"id": new_id(), "deadline_id": deadline_id, "level": level, "raised_at": now}
    return insert_once(session, table, row, unique=["deadline_id", "level"])


def changes_of(session: Session, case_id: str) -> Sequence[DeadlineChangeRow]:
    """Return everything that moved the limits of a case, oldest first."""
    ids = select(DeadlineRow.id).where(DeadlineRow.case_id == case_id)
    query = select(DeadlineChangeRow).where(col(DeadlineChangeRow.deadline_id).in_(ids))
    return session.exec(query.order_by(col(DeadlineChangeRow.at), col(DeadlineChangeRow.id))).all()


def late_page(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    after: LateAfter | None,
    limit: int,
    pauses: Pauses,
) -> list[tuple[DeadlineRow, CaseRow]]:
    """Return the limits that have passed in the cases an actor sees, longest overdue first."""
    found: dict[str, tuple[DeadlineRow, CaseRow]] = {}
    for mine in _in_cases_seen(actor, now):
        query = _late(now, after, pauses).where(mine).limit(limit)
        found |= {deadline.id: (deadline, case) for deadline, case in session.exec(query)}
    rows = sorted(found.values(), key=lambda pair: (pair[0].due_at, pair[0].id))
    return rows[:limit]


def _in_cases_seen(actor: Actor, now: datetime) -> list[Any]:
    """Few cases are looked through case by case; a country from its longest overdue limit on."""
    nearby = (query.with_only_columns(col(CaseRow.id)) for query in visible_nearby(actor, now))
    at_large = (query.whereclause for query in visible_at_large(actor))
    return [*(col(DeadlineRow.case_id).in_(ids) for ids in nearby), *at_large]


def pack_moves(session: Session, case_id: str) -> Sequence[PackMoveRow]:
    """Return the moves of a case to newer rules, oldest first."""
    query = select(PackMoveRow).where(PackMoveRow.case_id == case_id)
    return session.exec(query.order_by(col(PackMoveRow.moved_at))).all()


def _open(case_id: str) -> SelectOfScalar[DeadlineRow]:
    return select(DeadlineRow).where(
        DeadlineRow.case_id == case_id,
        col(DeadlineRow.met_at).is_(None),
        col(DeadlineRow.closed_at).is_(None),
    )


def _open_among(
    rows: Sequence[DeadlineRow], code: str | None, occurrence: int | None
) -> list[DeadlineRow]:
    found = [
        row
        for row in rows
        if row.met_at is None
        and row.closed_at is None
        and code in {None, row.code}
        and occurrence in {None, row.occurrence}
    ]
    return sorted(found, key=lambda row: (row.code, row.occurrence))


def _late_where(now: datetime, pauses: Pauses) -> tuple[Any, ...]:
    over = [
        sa.and_(col(DeadlineRow.pack_version) == version, *_pause_over(now - longest))
        for version, longest in pauses.items()
    ]
    usual = sa.and_(
        col(DeadlineRow.pack_version).not_in(list(pauses)), *_pause_over(now - MAX_PAUSE)
    )
    running = sa.or_(col(DeadlineRow.paused_at).is_(None), usual, *over)
    return (
        col(DeadlineRow.closed_at).is_(None),
        col(DeadlineRow.met_at).is_(None),
        DeadlineRow.due_at < now,
        col(DeadlineRow.code).not_in([code.value for code in WINDOWS]),
        running,
    )


def _pause_over(before: datetime) -> tuple[Any, ...]:
    """A pause that lasted its whole length has moved the limit by that length."""
    return (col(DeadlineRow.paused_at) <= before, col(DeadlineRow.due_at) < before)


def _late(now: datetime, after: LateAfter | None, pauses: Pauses) -> Any:
    query = select(DeadlineRow, CaseRow).join(CaseRow).where(*_late_where(now, pauses))
    if after is not None:
        query = query.where(
            sa.or_(
                col(DeadlineRow.due_at) > after.due_at,
                sa.and_(
                    col(DeadlineRow.due_at) == after.due_at,
                    col(DeadlineRow.id) > after.deadline_id,
                ),
            )
        )
    return query.order_by(col(DeadlineRow.due_at), col(DeadlineRow.id))
