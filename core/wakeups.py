"""Wake-ups: "this case may be able to move", left in the same unit of work as the act that may move it.

One row for each subject. ``seq`` grows with every wake-up, so that a newer event is told from the one
being worked on; ``done_seq`` is what a runner finished. A runner claims with a lease; one subject is worked
on by one runner at a time, and double delivery is harmless because every step is idempotent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Field, Session, SQLModel, col, select

from core import gathering
from core.db import UtcDateTime
from core.upsert import insert_of

_WOKEN: Final = "woken"


class WakeupRow(SQLModel, table=True):
    """The wake-up of one subject (an opaque id)."""

    __tablename__ = "wakeup"
    __table_args__ = (sa.Index("ix_wakeup_pending", "is_pending", "run_after", "woken_at"),)

    subject: str = Field(primary_key=True, max_length=36)
    seq: int = Field(default=1)
    done_seq: int = Field(default=0)
    is_pending: bool = Field(default=True)
    woken_at: datetime = Field(sa_type=UtcDateTime)
    run_after: datetime = Field(sa_type=UtcDateTime)
    claimed_by: str | None = Field(default=None, max_length=64, index=True)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)


@dataclass(frozen=True)
class Claim:
    """A subject a runner holds, with the number of the event it is going to work on."""

    subject: str
    seq: int
    attempts: int


def wake(session: Session, subject: str, *, now: datetime) -> None:
    """Say that the subject may be able to move. Costs one statement; safe from many writers at once.

    Saying it again in the same unit of work costs nothing: both would be seen at the same moment.
    """
    if _woken(session).get(subject) == now:
        return
    _woken(session)[subject] = now
    if not gathering.note(session, _keep, subject, now):
        _keep(session, {subject: now})


def _keep(session: Session, woken: Mapping[str, datetime]) -> None:
    """Write wake-ups in one statement; in order of subjects, so that two writers never wait in a ring."""
    rows = [
        {
            "subject": subject, "seq": 1, "done_seq": 0, "is_pending": True, "woken_at": now,
            "run_after": now, "attempts": 0,
        }
        for subject, now in sorted(woken.items())
    ]  # fmt: skip
    session.connection().execute(_upsert(session.get_bind().dialect.name), rows)


@cache
def _upsert(dialect: str) -> Any:
    """Built once for each kind of database: every act wakes somebody."""
    table = WakeupRow.__table__  # type: ignore[attr-defined]
    insert = insert_of(dialect)(table)
    return insert.on_conflict_do_update(
        index_elements=["subject"],
        set_={
            "seq": table.c.seq + 1,
            "is_pending": True,
            "woken_at": insert.excluded.woken_at,
            "run_after": insert.excluded.run_after,
            "attempts": 0,
        },
    )


def claim(
    session: Session, *, runner: str, now: datetime, lease: timedelta, limit: int
) -> list[Claim]:
    """Take up to ``limit`` pending subjects that nobody holds, oldest first, and hold them for ``lease``."""
    _woken(session).clear()  # what is woken from here on is newer than the claim
    rows = session.exec(
        select(WakeupRow)
        .where(col(WakeupRow.is_pending).is_(True), WakeupRow.run_after <= now)
        .where(sa.or_(col(WakeupRow.claimed_until).is_(None), col(WakeupRow.claimed_until) < now))
        .order_by(col(WakeupRow.woken_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.claimed_by = runner
        row.claimed_until = now + lease
        row.attempts += 1
        session.add(row)
    session.flush()
    return [Claim(row.subject, row.seq, row.attempts) for row in rows]


def renew(session: Session, *, runner: str, now: datetime, lease: timedelta) -> int:
    """Prolong everything the runner holds; return how much that is."""
    table = WakeupRow.__table__  # type: ignore[attr-defined]
    result = session.execute(
        sa.update(table).where(table.c.claimed_by == runner).values(claimed_until=now + lease)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def done(session: Session, claims: Sequence[Claim], *, runner: str) -> None:
    """Finish claims: a subject woken again meanwhile stays pending. Ignores claims lost to another runner."""
    for item in claims:
        row = _held(session, item.subject, runner)
        if row is not None:
            row.done_seq = max(row.done_seq, item.seq)
            row.is_pending = row.seq > row.done_seq
            row.claimed_by = row.claimed_until = None
            row.attempts = 0
            session.add(row)


def fail(session: Session, item: Claim, *, runner: str, retry_at: datetime) -> None:
    """Give a claim back after a failure; it is tried again from ``retry_at``, never dropped."""
    row = _held(session, item.subject, runner)
    if row is not None:
        row.claimed_by = row.claimed_until = None
        row.run_after = retry_at if row.seq == item.seq else row.run_after
        session.add(row)


def release(session: Session, *, runner: str) -> int:
    """Give back everything a runner holds: at a clean stop, and at start under the same name."""
    table = WakeupRow.__table__  # type: ignore[attr-defined]
    result = session.execute(
        sa.update(table)
        .where(table.c.claimed_by == runner)
        .values(claimed_by=None, claimed_until=None)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def newest(session: Session, subject: str) -> int:
    """Return the number of the newest event of a subject; 0 when it was never woken."""
    query = select(WakeupRow.seq).where(WakeupRow.subject == subject)
    return session.exec(query).first() or 0


def waiting_count(session: Session, *, now: datetime) -> int:
    """Return how many subjects wait to be worked on now."""
    query = select(sa.func.count()).select_from(WakeupRow)
    return session.exec(
        query.where(col(WakeupRow.is_pending).is_(True), WakeupRow.run_after <= now)
    ).one()


def _woken(session: OrmSession) -> dict[str, datetime]:
    """What this unit of work has woken so far."""
    found: dict[str, datetime] = session.info.setdefault(_WOKEN, {})
    return found


@event.listens_for(OrmSession, "after_commit")
def _seen(session: OrmSession) -> None:
    if not session.in_nested_transaction():  # a savepoint that is kept: the unit of work goes on
        session.info.pop(_WOKEN, None)


@event.listens_for(OrmSession, "after_soft_rollback")
def _taken_back(session: OrmSession, _rolled_back: SessionTransaction) -> None:
    session.info.pop(_WOKEN, None)


def free_count(session: Session, *, now: datetime) -> int:
    """Return how many subjects wait to be worked on and are held by nobody."""
    query = select(sa.func.count()).select_from(WakeupRow)
    return session.exec(
        query.where(col(WakeupRow.is_pending).is_(True), WakeupRow.run_after <= now).where(
            sa.or_(col(WakeupRow.claimed_until).is_(None), col(WakeupRow.claimed_until) < now)
        )
    ).one()


def _held(session: Session, subject: str, runner: str) -> WakeupRow | None:
    query = select(WakeupRow).where(WakeupRow.subject == subject, WakeupRow.claimed_by == runner)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
