"""Notices in the product: "there is something for you", to a person or to whoever holds a role.

A notice holds ids and codes only; its words are made where it is shown. Delivering a message twice
makes one notice, because its key is unique. Mail is apart (``core/mail.py``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from core import audit
from core.actors import Actor, Grant, Role, ScopeKind
from core.db import UtcDateTime
from core.errors import NotThere
from core.ids import new_id
from core.outbox import Message
from core.upsert import insert_once

Facts = Mapping[str, str | int | bool | None]


class NoticeRow(SQLModel, table=True):
    """One notice. Either ``person_id`` is set, or ``role`` with the scope it is held in."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index("ix_notice_person", "person_id", "read_at", "made_at"),
        sa.Index("ix_notice_role", "role", "scope", "ref", "read_at", "made_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    key: str = Field(max_length=160, unique=True)
    person_id: str | None = Field(default=None, max_length=36)
    role: str | None = Field(default=None, max_length=24)
    scope: str | None = Field(default=None, max_length=16)
    ref: str = Field(default="", max_length=64)
    topic: str = Field(max_length=60)
    subject: str = Field(max_length=64, index=True)
    facts: dict[str, str | int | bool | None] = Field(sa_type=sa.JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_by: str | None = Field(default=None, max_length=36)


@dataclass(frozen=True)
class Recipient:
    """Whom a notice is for: one person, or a role in one office, panel or country."""

    person_id: str | None = None
    role: str | None = None
    scope: str | None = None
    ref: str = ""


@dataclass(frozen=True)
class Notice:
    """A notice as its reader sees it. ``topic`` and ``facts`` are codes that ``api`` has words for."""

    id: str
    topic: str
    subject: str
    facts: Facts
    made_at: datetime
    read_at: datetime | None


def recipient_of(message: Message, *, country: str) -> Recipient:
    """Read from a message's payload whom it is for.

    ``person`` names a person; otherwise ``role`` with ``office``, ``panel`` or ``country``. A role
    without a place is meant country-wide. Where no role is named it is a panel's secretary or else
    the coordinators, because a notice nobody reads is worse than one too many.
    """
    payload = message.payload
    if payload.get("person"):
        return Recipient(person_id=str(payload["person"]))
    for scope, usual in (("panel", Role.SECRETARY), ("office", Role.COORDINATOR)):
        if payload.get(scope):
            role = str(payload.get("role") or usual)
            return Recipient(role=role, scope=scope, ref=str(payload[scope]))
    role = str(payload.get("role") or Role.COORDINATOR)
    return Recipient(role=role, scope="country", ref=str(payload.get("country") or country))


def put(session: Session, message: Message, to: Recipient, *, now: datetime) -> bool:
    """Show a message to its recipient; False when this very message was shown before."""
    values = {
        "id": new_id(), "key": message.key, "person_id": to.person_id, "role": to.role,
        "scope": to.scope, "ref": to.ref, "topic": message.topic, "subject": message.subject,
        "facts": dict(message.payload), "made_at": now,
    }  # fmt: skip
    return insert_once(session, NoticeRow.__table__, values, unique=["key"])  # type: ignore[attr-defined]


def notices_for(
    session: Session,
    actor: Actor,
    *,
    unread_only: bool = True,
    limit: int = 100,
    after: tuple[datetime, str] | None = None,
    closed: Collection[str] = (),
) -> Sequence[Notice]:
    """Return the newest notices for this person and for the roles this account holds.

    Args:
        session: the unit of work.
        actor: who reads.
        unread_only: leave out what was read.
        limit: how many at most.
        after: moment and id of the last notice of the page before.
        closed: subjects the actor may know nothing about; what was told to them by name stays.
    """
    made = sa.tuple_(col(NoticeRow.made_at), col(NoticeRow.id))
    query = select(NoticeRow).where(_meant_for(actor, closed))
    if unread_only:
        query = query.where(col(NoticeRow.read_at).is_(None))
    if after is not None:
        moment = sa.literal(after[0], UtcDateTime())
        query = query.where(made < sa.tuple_(moment, sa.literal(after[1])))
    newest = (col(NoticeRow.made_at).desc(), col(NoticeRow.id).desc())
    rows = session.exec(query.order_by(*newest).limit(limit)).all()
    return [Notice(r.id, r.topic, r.subject, r.facts, r.made_at, r.read_at) for r in rows]


def mark_read(
    session: Session,
    actor: Actor,
    notice_id: str,
    *,
    now: datetime,
    closed: Collection[str] = (),
) -> None:
    """Note that the actor read a notice; reading it again changes nothing.

    Args:
        session: the unit of work.
        actor: who read it.
        notice_id: which.
        now: when.
        closed: as for ``notices_for``.

    Raises:
        NotThere: no such notice, or not for this actor.
    """
    query = select(NoticeRow).where(NoticeRow.id == notice_id, _meant_for(actor, closed))
    row = session.exec(query).first()
    if row is None:
        raise NotThere("notice")
    if row.read_at is not None:
        return
    row.read_at, row.read_by = now, actor.person_id
    session.add(row)
    audit.record(session, actor, "notice.read", thing="notice", thing_id=row.id, now=now)


def _meant_for(actor: Actor, closed: Collection[str]) -> sa.ColumnElement[bool]:
    """What is for this person, or for a role this actor holds there or over the whole country."""
    held = [
        sa.and_(col(NoticeRow.role) == grant.role.value, _within(grant))
        for grant in sorted(actor.grants, key=lambda grant: (grant.role, grant.scope, grant.ref))
    ]
    open_ = col(NoticeRow.subject).not_in(sorted(closed))
    return sa.or_(
        col(NoticeRow.person_id) == actor.person_id,
        sa.and_(open_, sa.or_(*held)) if held else sa.false(),
    )


def _within(grant: Grant) -> sa.ColumnElement[bool]:
    """What is meant for the place of a grant; a country has every office whose code begins with its own."""
    here = sa.and_(
        col(NoticeRow.scope) == grant.scope.value,
        col(NoticeRow.ref) == grant.ref,
    )
    if grant.scope is not ScopeKind.COUNTRY:
        return here
    office = col(NoticeRow.scope) == ScopeKind.OFFICE.value
    return sa.or_(here, sa.and_(office, col(NoticeRow.ref).startswith(f"{grant.ref}-")))
