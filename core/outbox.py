"""Messages to be delivered after the act that caused them is committed, each once by its key.

Payloads hold ids and codes only; the words are made where the message is shown. Delivery happens elsewhere
(``workflows/dispatch.py``) and may be tried again: the receiver sees the same key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from core.db import UtcDateTime
from core.ids import new_id
from core.upsert import insert_once


class OutboxRow(SQLModel, table=True):
    """One message. ``key`` makes posting it twice the same as posting it once."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_pending", "sent_at", "run_after"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    topic: str = Field(max_length=60)
    key: str = Field(max_length=160, unique=True)
    subject: str = Field(max_length=64, index=True)
    payload: dict[str, str | int | bool | None] = Field(sa_type=sa.JSON)
    posted_at: datetime = Field(sa_type=UtcDateTime)
    run_after: datetime = Field(sa_type=UtcDateTime)
    claimed_by: str | None = Field(default=None, max_length=64)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True)
class Message:
    """A posted message as its deliverer sees it."""

    id: str
    topic: str
    key: str
    subject: str
    payload: Mapping[str, str | int | bool | None]
    attempts: int


def post(
    session: Session,
    *,
    topic: str,
    key: str,
    subject: str,
    now: datetime,
    payload: Mapping[str, str | int | bool | None] | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Leave a message in this unit of work; return False when its key was posted before.

    Args:
        session: the unit of work of the act that causes the message.
        topic: what it is about, for example ``sitting.convened``; deliverers choose by it.
        key: unique for all time, for example ``reminder:<deadline id>:75``.
        subject: opaque id of the case, sitting or account concerned.
        now: when, aware.
        payload: ids and codes, for example ``{"person": "...", "code": "D4", "level": 75}``.
        not_before: earliest delivery.
    """
    values = {
        "id": new_id(), "topic": topic, "key": key, "subject": subject, "payload": dict(payload or {}),
        "posted_at": now, "run_after": not_before or now, "attempts": 0,
    }  # fmt: skip
    return insert_once(session, OutboxRow.__table__, values, unique=["key"])  # type: ignore[attr-defined]


def claim(
    session: Session, *, runner: str, now: datetime, lease: timedelta, limit: int
) -> list[Message]:
    """Take up to ``limit`` messages that are due and that nobody holds, oldest first."""
    rows = session.exec(
        select(OutboxRow)
        .where(col(OutboxRow.sent_at).is_(None), OutboxRow.run_after <= now)
        .where(sa.or_(col(OutboxRow.claimed_until).is_(None), col(OutboxRow.claimed_until) < now))
        .order_by(col(OutboxRow.run_after), col(OutboxRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.claimed_by, row.claimed_until = runner, now + lease
        row.attempts += 1
        session.add(row)
    session.flush()
    return [Message(r.id, r.topic, r.key, r.subject, r.payload, r.attempts) for r in rows]


def sent(session: Session, message_id: str, *, now: datetime) -> None:
    """Note that a message was delivered."""
    row = session.get(OutboxRow, message_id)
    if row is not None:
        row.sent_at, row.claimed_by, row.claimed_until = now, None, None
        session.add(row)


def failed(session: Session, message_id: str, *, retry_at: datetime) -> None:
    """Note that delivery failed; it is tried again, never dropped."""
    row = session.get(OutboxRow, message_id)
    if row is not None:
        row.run_after, row.claimed_by, row.claimed_until = retry_at, None, None
        session.add(row)


def unsent_count(session: Session) -> int:
    """Return how many messages wait for delivery."""
    query = select(sa.func.count()).select_from(OutboxRow)
    return session.exec(query.where(col(OutboxRow.sent_at).is_(None))).one()


def oldest_unsent(session: Session, *, now: datetime) -> datetime | None:
    """Return when the message that is overdue longest was due; None when none is."""
    query = select(OutboxRow.run_after).where(
        col(OutboxRow.sent_at).is_(None), OutboxRow.run_after <= now
    )
    return session.exec(query.order_by(col(OutboxRow.run_after)).limit(1)).first()
