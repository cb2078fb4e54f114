"""A write sent twice is done once: key and answer are kept in the same unit of work as the act.

The answer is kept sealed for a day, so that a repeated request gets the same answer. An act in several units of
work (a file sent in pieces) that broke in between leaves a key without an answer: it was not done, and the second
request begins it anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from core.db import UtcDateTime
from core.errors import DomainError
from core.ids import new_id
from core.upsert import insert_once
from core.vault import SYSTEM_OWNER, Place, vault_of

KEPT_FOR: Final = timedelta(days=1)


@dataclass(eq=False)
class KeyReused(DomainError):
    """The key was used by the same account for another request."""


@dataclass(eq=False)
class AlreadyDone(DomainError):
    """The act was carried out; its answer is not given again."""


class IdempotencyRow(SQLModel, table=True):
    """One key of one account, with the hash of the request and, sealed, the answer it got."""

    __tablename__ = "idempotency"
    __table_args__ = (sa.UniqueConstraint("account_id", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    account_id: str = Field(max_length=36)
    key: str = Field(max_length=80)
    request_hash: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    status: int | None = Field(default=None)
    answer: bytes | None = Field(default=None)


@dataclass(frozen=True)
class Kept:
    """The answer a repeated request gets, and when the first one was asked."""

    status: int
    body: bytes
    since: datetime


def begin(
    session: Session, *, account_id: str, key: str, request_hash: str, now: datetime
) -> str | Kept:
    """Take the key for this act, or give back the answer it got before.

    Returns:
        The id to hand to ``keep``, or the kept answer.

    Raises:
        KeyReused: the key belongs to another request.
        AlreadyDone: another request took it at this moment; sent again, this one is answered. Or the
            answer was forgotten since, because a file was erased.
    """
    row_id = new_id()
    values = {
        "id": row_id, "account_id": account_id, "key": key, "request_hash": request_hash,
        "created_at": now,
    }  # fmt: skip
    table = IdempotencyRow.__table__  # type: ignore[attr-defined]
    if insert_once(session, table, values, unique=["account_id", "key"]):
        return row_id
    query = select(IdempotencyRow).where(
        IdempotencyRow.account_id == account_id, IdempotencyRow.key == key
    )
    row = session.exec(query).first()
    if row is None:  # taken by another request that has not committed and then rolled back
        raise AlreadyDone
    return _repeat(session, row, request_hash)


def _repeat(session: Session, row: IdempotencyRow, request_hash: str) -> str | Kept:
    if row.request_hash != request_hash:
        raise KeyReused
    if row.status is None:
        return row.id
    if row.answer is None:
        raise AlreadyDone
    body = vault_of(session).unseal_bytes(
        session, owner=SYSTEM_OWNER, place=_place(row.id), sealed=row.answer
    )
    return Kept(row.status, body, row.created_at)


def keep(session: Session, row_id: str, *, status: int, body: bytes, now: datetime) -> None:
    """Keep the answer of a finished act, sealed."""
    row = session.get(IdempotencyRow, row_id)
    if row is None:
        return
    vault = vault_of(session)
    vault.ensure_key(session, SYSTEM_OWNER, now=now)
    row.status = status
    row.answer = vault.seal_bytes(session, owner=SYSTEM_OWNER, place=_place(row.id), data=body)
    session.add(row)


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete keys older than a day; return how many."""
    table = IdempotencyRow.__table__  # type: ignore[attr-defined]
    result = session.execute(sa.delete(table).where(table.c.created_at < now - KEPT_FOR))
    return int(result.rowcount)  # type: ignore[attr-defined]


def forget_answers(session: Session) -> None:
    """Forget what was answered, never that it was done: an answer may repeat words of an erased file.

    Source: DOM-R54.
    """
    table = IdempotencyRow.__table__  # type: ignore[attr-defined]
    session.execute(sa.update(table).where(table.c.answer.is_not(None)).values(answer=None))


def _place(row_id: str) -> Place:
    return Place("idempotency", "answer", row_id)
