"""A word to the panel the day before it meets. Only a word: nothing is opened, moved or cancelled by it.

Source: DOM-3.5.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core import outbox
from core.actors import Role
from panels.rules.sittings import SittingState
from panels.store import item as items
from panels.store import member as members
from panels.store import sitting as store
from panels.tables.sitting import SittingRow

AHEAD: Final = timedelta(days=1)
TOPIC: Final = "sitting.tomorrow"
UNREAD: Final = "papers.unread"
EVERY: Final = timedelta(hours=72)


@dataclass(frozen=True)
class Coming:
    """A convened sitting, and when its panel is to be reminded."""

    sitting_id: str
    remind_at: datetime


def to_come(session: Session, *, now: datetime, within: timedelta, limit: int) -> list[Coming]:
    """Return convened sittings whose reminder is still to come, soonest first."""
    rows = store.convened_between(session, now + AHEAD, now + AHEAD + within, limit=limit)
    return [Coming(row.id, row.starts_at - AHEAD) for row in rows]


def remind_of_sittings(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Remind every panel that meets within a day; return how many messages were new."""
    rows = store.convened_between(session, now, now + AHEAD, limit=limit)
    return sum(_remind(session, row, now) for row in rows)


def remind_of_sitting(session: Session, sitting_id: str, *, now: datetime) -> int:
    """Remind one panel, if it still is to meet within a day; return how many messages were new."""
    row = store.find(session, sitting_id)
    if row is None or row.state != SittingState.CONVENED:
        return 0
    return _remind(session, row, now) if now < row.starts_at <= now + AHEAD else 0


def _remind(session: Session, row: SittingRow, now: datetime) -> int:
    """Leave a message for each member called and for the panel's secretary, once for each date."""
    told = [members.find(session, member_id) for member_id in store.roster(session, row.id)]
    people = [{"person": one.person_id} for one in told if one is not None]
    secretary = {"role": Role.SECRETARY.value, "panel": row.panel_id}
    return sum(
        outbox.post(
            session,
            topic=TOPIC,
            key=f"{TOPIC}:{row.id}:{int(row.starts_at.timestamp())}:{to.get('person', 'secretary')}",
            subject=row.id,
            now=now,
            payload={
                **to,
                "starts_at": row.starts_at.astimezone(ZoneInfo(row.timezone)).isoformat(),
            },
        )
        for to in (*people, secretary)
    )


def remind_of_papers(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Remind members of papers they have not opened, every 72 hours until they do or the sitting begins.

    One message for each sitting, however many papers; returns how many were new.
    """
    told = 0
    for person, sitting, since in items.unread_papers(session, released_by=now - EVERY, now=now):
        occasion = int((now - since) / EVERY)
        told += told < limit and outbox.post(
            session,
            topic=UNREAD,
            key=f"{UNREAD}:{sitting}:{person}:{occasion}",
            subject=sitting,
            now=now,
            payload={"person": person},
        )
    return told
