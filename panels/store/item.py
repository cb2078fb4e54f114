"""Queries about agenda items, invitations and papers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from panels.rules.sittings import SittingState
from panels.store.values import table, values
from panels.tables.item import InvitationRow, ItemRow, PaperRow
from panels.tables.sitting import RosterRow, SittingRow

_I: Final = table(ItemRow)
_SITTING: Final = sa.select(_I.c.sitting_id).where(_I.c.id == sa.bindparam("item"))
_NOW: Final = (
    select(ItemRow)
    .where(ItemRow.id == sa.bindparam("item"))
    .execution_options(populate_existing=True)
)


def find(session: Session, item_id: str) -> ItemRow | None:
    """Return an item as it is now in the database."""
    return session.exec(_NOW, params={"item": item_id}).first()


def sitting_of(session: Session, item_id: str) -> str | None:
    """Return the sitting of an item; None when there is no such item."""
    found = values(session, _SITTING, item=item_id)
    return found[0].sitting_id if found else None


def of_sitting(session: Session, sitting_id: str) -> Sequence[ItemRow]:
    """Return the agenda in hearing order."""
    query = select(ItemRow).where(ItemRow.sitting_id == sitting_id)
    return session.exec(query.order_by(col(ItemRow.position), col(ItemRow.id))).all()


def live_of_case(session: Session, case_id: str) -> ItemRow | None:
    """Return the item under which a case stands on an agenda now."""
    return session.exec(select(ItemRow).where(ItemRow.live_case == case_id)).first()


def of_case(session: Session, case_id: str) -> Sequence[ItemRow]:
    """Return all items a case ever had, oldest first."""
    query = select(ItemRow).where(ItemRow.case_id == case_id)
    return session.exec(query.order_by(col(ItemRow.listed_at), col(ItemRow.id))).all()


def live_of_cases(session: Session, case_ids: Collection[str]) -> Sequence[ItemRow]:
    """Return the unfinished items of these cases."""
    return session.exec(select(ItemRow).where(col(ItemRow.live_case).in_(case_ids))).all()


def invitations(session: Session, item_id: str) -> Sequence[InvitationRow]:
    """Return who is invited to an item."""
    query = select(InvitationRow).where(InvitationRow.item_id == item_id)
    return session.exec(query.order_by(col(InvitationRow.kind), col(InvitationRow.person_id))).all()


def papers(session: Session, item_id: str) -> Sequence[PaperRow]:
    """Return to whom the papers of an item were released."""
    query = select(PaperRow).where(PaperRow.item_id == item_id)
    return session.exec(query.order_by(col(PaperRow.member_id))).all()


def unread_papers(
    session: Session, *, released_by: datetime, now: datetime
) -> list[tuple[str, str, datetime]]:
    """Return person, sitting and first release of papers nobody opened, of convened sittings still to begin."""
    query = (
        select(PaperRow.person_id, ItemRow.sitting_id, sa.func.min(PaperRow.released_at))
        .join(ItemRow, col(ItemRow.id) == PaperRow.item_id)
        .join(SittingRow, col(SittingRow.id) == ItemRow.sitting_id)
        .where(SittingRow.state == SittingState.CONVENED, SittingRow.starts_at > now)
        .where(col(PaperRow.first_read_at).is_(None), col(PaperRow.recalled_at).is_(None))
        .where(PaperRow.released_at <= released_by)
        .group_by(PaperRow.person_id, ItemRow.sitting_id)
        .order_by(PaperRow.person_id, ItemRow.sitting_id)
    )
    return [(person, sitting, since) for person, sitting, since in session.exec(query)]


def paper_of(session: Session, item_id: str, person_id: str) -> PaperRow | None:
    """Return the papers of an item in the hands of one person, unless they were taken back."""
    query = select(PaperRow).where(PaperRow.item_id == item_id, PaperRow.person_id == person_id)
    return session.exec(query.where(col(PaperRow.recalled_at).is_(None))).first()


def most_items_of_a_member(
    session: Session, member_ids: Collection[str], *, start: datetime, end: datetime
) -> int:
    """Return the most items any of these members has between two moments, over all sittings."""
    counted = (
        select(func.count(col(ItemRow.id)).label("n"))
        .join(SittingRow, col(SittingRow.id) == col(ItemRow.sitting_id))
        .join(RosterRow, col(RosterRow.sitting_id) == col(SittingRow.id))
        .where(col(RosterRow.member_id).in_(member_ids))
        .where(SittingRow.starts_at >= start, SittingRow.starts_at < end)
        .where(col(SittingRow.state).not_in(("cancelled", "inquorate")))
        .group_by(col(RosterRow.member_id))
        .subquery()
    )
    return session.exec(select(func.max(counted.c.n))).one() or 0
