"""Which notices somebody also wants by mail. In the product every notice stays; a wish only quietens the mail.

What cannot wait for the next sign-in is mailed whatever was wished: a child in danger or missing, a child nobody has
signed for, a fear told, a detention clock, a sitting or a hearing called off.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Field, Session, SQLModel, col, select

from core import audit
from core.accounts.errors import PersonNeeded
from core.actors import Actor
from core.db import UtcDateTime

AT_ONCE: Final = frozenset({
    "transfer.alarm", "transfer.receipt_late", "guest.alarm", "detention.closed_case", "deadline.reached",
    "sitting.called_off", "item.called_off", "access.glass_broken", "account.sign_in_alarm",
    "exchange.recalled_by_partner", "partner.key_compromised",
})  # fmt: skip
"""Topics that are mailed to everybody they are for."""


class ByMail(StrEnum):
    """How much comes by mail."""

    EVERYTHING = "everything"
    SITTINGS = "sittings"
    AT_ONCE = "at_once"


@dataclass(frozen=True)
class Wish:
    """What somebody wished; ``changed_at`` is None while nothing was."""

    by_mail: ByMail
    changed_at: datetime | None


class NoticeWishRow(SQLModel, table=True):
    """What one person wished."""

    __tablename__ = "notice_wish"

    person_id: str = Field(primary_key=True, max_length=36)
    by_mail: str = Field(max_length=12)
    changed_at: datetime = Field(sa_type=UtcDateTime)


def wish_of(session: Session, actor: Actor) -> Wish:
    """Return what the actor wished; everything comes by mail while nothing was."""
    row = session.get(NoticeWishRow, actor.person_id)
    return (
        Wish(ByMail.EVERYTHING, None) if row is None else Wish(ByMail(row.by_mail), row.changed_at)
    )


def wish(session: Session, actor: Actor, by_mail: ByMail, *, now: datetime) -> None:
    """Keep what the actor wishes from now on.

    Raises:
        PersonNeeded: machines get no mail.
    """
    if not actor.is_human:
        raise PersonNeeded
    row = session.get(NoticeWishRow, actor.person_id, with_for_update=True) or NoticeWishRow(
        person_id=actor.person_id, by_mail="", changed_at=now
    )
    row.by_mail, row.changed_at = by_mail.value, now
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "notices.wished", thing="person", thing_id=actor.person_id, now=now,
        codes={"by_mail": by_mail.value},
    )  # fmt: skip


def who_wants(session: Session, person_ids: Collection[str], topic: str) -> list[str]:
    """Return those of these persons to whom a notice of this topic is mailed."""
    if topic in AT_ONCE:
        return list(person_ids)
    rows = session.exec(select(NoticeWishRow).where(col(NoticeWishRow.person_id).in_(person_ids)))
    wished = {row.person_id: ByMail(row.by_mail) for row in rows}
    return [one for one in person_ids if _takes(wished.get(one, ByMail.EVERYTHING), topic)]


def _takes(by_mail: ByMail, topic: str) -> bool:
    about_sitting = topic.startswith(("sitting.", "papers.", "item."))
    return by_mail is ByMail.EVERYTHING or (by_mail is ByMail.SITTINGS and about_sitting)
