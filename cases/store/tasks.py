"""Queries about work that waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from cases.store.case_files import visible_at_large, visible_nearby
from cases.tables.access import CaseBarRow
from cases.tables.case_file import CaseRow
from cases.tables.task import TaskRow
from core import gathering
from core.actors import Actor
from core.ids import new_id
from core.upsert import insert_once


@dataclass(frozen=True)
class TaskAfter:
    """The last task of the page before."""

    opened_at: datetime
    task_id: str


def keep_once(session: Session, values: dict[str, Any]) -> bool:
    """Insert a task unless one with this key exists for the case; safe with two writers."""
    table = TaskRow.__table__  # type: ignore[attr-defined]
    filled = {"id": new_id(), "version": 1, **values}
    return insert_once(session, table, filled, unique=["case_id", "key"])


def by_key(session: Session, case_id: str, key: str) -> TaskRow | None:
    """Return the task of a case with this key."""
    query = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.key == key)
    return session.exec(query).first()


def lock(session: Session, task_id: str) -> TaskRow | None:
    """Return a task and hold it; read afresh."""
    query = select(TaskRow).where(TaskRow.id == task_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def find(session: Session, task_id: str) -> TaskRow | None:
    """Return a task by id."""
    return session.get(TaskRow, task_id)


def open_of(session: Session, case_id: str) -> Sequence[TaskRow]:
    """Return the tasks of a case that are not done, oldest first."""
    query = select(TaskRow).where(TaskRow.case_id == case_id, col(TaskRow.done_at).is_(None))
    return session.exec(query.order_by(col(TaskRow.opened_at), col(TaskRow.id))).all()


def all_of(session: Session, case_id: str) -> Sequence[TaskRow]:
    """Return every task of a case, oldest first."""
    query = select(TaskRow).where(TaskRow.case_id == case_id)
    return session.exec(query.order_by(col(TaskRow.opened_at), col(TaskRow.id))).all()


def open_by_ref(session: Session, case_id: str, ref: str) -> Sequence[TaskRow]:
    """Return the open tasks of a case that stand for one thing, for example a limit."""
    if gathering.held(session, TaskRow, case_id) == []:
        return []
    query = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.ref == ref)
    return session.exec(query.where(col(TaskRow.done_at).is_(None)).with_for_update()).all()


def open_codes(session: Session, case_id: str, codes: Collection[str]) -> Sequence[TaskRow]:
    """Return the open tasks of a case with one of these codes."""
    query = select(TaskRow).where(
        TaskRow.case_id == case_id,
        col(TaskRow.done_at).is_(None),
        col(TaskRow.code).in_(list(codes)),
    )
    return session.exec(query).all()


def page(
    session: Session, actor: Actor, *, now: datetime, after: TaskAfter | None, limit: int
) -> list[TaskRow]:
    """Return open tasks meant for this person, or for a role of theirs in a case they see."""
    found: dict[str, TaskRow] = {}
    roles = sorted({grant.role.value for grant in actor.grants})
    barred = select(CaseBarRow.case_id).where(
        CaseBarRow.person_id == actor.person_id, col(CaseBarRow.lifted_at).is_(None)
    )
    mine = _open().where(TaskRow.person_id == actor.person_id, col(TaskRow.case_id).not_in(barred))
    sources = [_after(mine, after)]
    for in_sight in _in_cases_seen(actor, now):
        for_role = _open().where(
            col(TaskRow.person_id).is_(None), col(TaskRow.role).in_(roles), in_sight
        )
        sources.append(_after(for_role, after))
    for query in sources:
        found |= {row.id: row for row in session.exec(query.limit(limit))}
    return sorted(found.values(), key=lambda row: (row.opened_at, row.id))[:limit]


def _in_cases_seen(actor: Actor, now: datetime) -> list[sa.ColumnElement[bool]]:
    """Few cases are listed by id; whether one is in a country is asked of the case of each task."""
    nearby = (query.with_only_columns(col(CaseRow.id)) for query in visible_nearby(actor, now))
    at_large = (
        query.where(CaseRow.id == TaskRow.case_id).correlate(TaskRow).exists()
        for query in visible_at_large(actor)
    )
    return [*(col(TaskRow.case_id).in_(ids) for ids in nearby), *at_large]


def _open() -> SelectOfScalar[TaskRow]:
    return select(TaskRow).where(col(TaskRow.done_at).is_(None))


def _after(query: Any, after: TaskAfter | None) -> Any:
    if after is not None:
        query = query.where(
            sa.or_(
                col(TaskRow.opened_at) > after.opened_at,
                sa.and_(col(TaskRow.opened_at) == after.opened_at, col(TaskRow.id) > after.task_id),
            )
        )
    return query.order_by(col(TaskRow.opened_at), col(TaskRow.id))
