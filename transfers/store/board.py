"""Queries of the board: the open transfers of a country, each place of the machine from one index."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from transfers.tables.delivery import DeliveryInRow, DeliveryOutRow
from transfers.tables.transfer import (
    MessageRow,
    ResponsibilityRow,
    TransferHistoryRow,
    TransferRow,
)


@dataclass(frozen=True)
class Mine:
    """Whose transfers: what a person took on, and what they had a hand in."""

    person_id: str
    taken_on: Collection[str]


@dataclass(frozen=True)
class Wanted:
    """Which open transfers of a country a board shows.

    Args:
        country: whose board.
        states: places of the machine, each looked up by itself.
        barred: cases that are closed to the reader.
        direction: outbound or inbound; both when empty.
        corridor: origin and destination; all when None.
        mine: only those a person has to do with; everybody's when None.
    """

    country: str
    states: Collection[str]
    barred: Collection[str]
    direction: str = ""
    corridor: tuple[str, str] | None = None
    mine: Mine | None = None


@dataclass(frozen=True)
class After:
    """The last row of the page before."""

    state_since: datetime
    id: str


def of_cases(session: Session, case_ids: Collection[str]) -> Sequence[str]:
    """Return the ids of every transfer of these cases; nothing is asked when there are none."""
    if not case_ids:
        return ()
    return session.exec(
        select(TransferRow.id).where(col(TransferRow.case_id).in_(sorted(case_ids)))
    ).all()


def page(
    session: Session, wanted: Wanted, *, after: After | None, limit: int
) -> Sequence[TransferRow]:
    """Return a page of open transfers: those that have stood longest where they stand come first."""
    found = page_query(wanted, after=after, limit=limit)
    return session.exec(found).all()


def between(session: Session, country: str, partner: str) -> Sequence[TransferRow]:
    """Return every transfer between a country and another, both ways, oldest first."""
    query = select(TransferRow).where(
        TransferRow.country == country,
        sa.or_(
            sa.and_(col(TransferRow.origin) == country, col(TransferRow.destination) == partner),
            sa.and_(col(TransferRow.origin) == partner, col(TransferRow.destination) == country),
        ),
    )
    return session.exec(query.order_by(col(TransferRow.opened_at), col(TransferRow.id))).all()


def standing_in(session: Session, states: Collection[str]) -> Sequence[TransferRow]:
    """Return every open transfer in these places, whatever the country, the longest standing first."""
    query = select(TransferRow).where(
        col(TransferRow.is_open).is_(True), col(TransferRow.state).in_(states)
    )
    return session.exec(query.order_by(*_oldest_first())).all()


def said_at(
    session: Session, transfer_ids: Collection[str], type_: str, standings: Collection[str]
) -> dict[str, list[datetime]]:
    """Return by transfer when messages of one type were said: signed by us, or written down as they came."""
    moment = sa.func.coalesce(col(MessageRow.signed_at), col(MessageRow.written_at))
    query = sa.select(col(MessageRow.transfer_id), moment).where(
        col(MessageRow.transfer_id).in_(transfer_ids),
        col(MessageRow.type) == type_,
        col(MessageRow.standing).in_(standings),
    )
    found: dict[str, list[datetime]] = {}
    for transfer_id, at in session.execute(query):
        found.setdefault(transfer_id, []).append(at)
    return found


def page_query(wanted: Wanted, *, after: After | None, limit: int) -> SelectOfScalar[TransferRow]:
    """Return the query of ``page``: at most a page from each place, of which the oldest are kept."""
    places = [_standing(wanted, state, after, limit) for state in sorted(wanted.states)]
    ids = sa.union_all(*(place.subquery().select() for place in places)).subquery()
    query = select(TransferRow).join(ids, ids.c.id == col(TransferRow.id))
    return query.order_by(*_oldest_first()).limit(limit)


def current_spans(session: Session, transfer_ids: Collection[str]) -> dict[str, ResponsibilityRow]:
    """Return who answers now for the child of each of these transfers."""
    query = select(ResponsibilityRow).where(
        col(ResponsibilityRow.transfer_id).in_(transfer_ids), col(ResponsibilityRow.until).is_(None)
    )
    return {row.transfer_id: row for row in session.exec(query)}


def newest_of_transfers(
    session: Session, transfer_ids: Collection[str]
) -> dict[str, tuple[bool, str]]:
    """Return by transfer whether its newest delivery is ours, and the state of it."""
    ids = list(transfer_ids)
    out = select(DeliveryOutRow.transfer_id, DeliveryOutRow.state, DeliveryOutRow.sealed_at).where(
        col(DeliveryOutRow.transfer_id).in_(ids)
    )
    came = select(DeliveryInRow.transfer_id, DeliveryInRow.state, DeliveryInRow.offered_at).where(
        col(DeliveryInRow.transfer_id).in_(ids)
    )
    sent = [(str(of), state, at, True) for of, state, at in session.exec(out)]
    arrived = [(str(of), state, at, False) for of, state, at in session.exec(came)]
    found = sorted((*arrived, *sent), key=lambda row: row[2])
    return {transfer_id: (is_ours, state) for transfer_id, state, _, is_ours in found}


def last_said(session: Session, origin: str, destination: str) -> dict[bool, datetime]:
    """Return when each side last wrote on a transfer of this way: by whether it was ours."""
    query = (
        sa.select(col(MessageRow.is_ours), sa.func.max(col(MessageRow.written_at)))
        .join(TransferRow, col(TransferRow.id) == col(MessageRow.transfer_id))
        .where(col(TransferRow.origin) == origin, col(TransferRow.destination) == destination)
        .group_by(col(MessageRow.is_ours))
    )
    return {bool(is_ours): at for is_ours, at in session.execute(query)}


def _standing(
    wanted: Wanted, state: str, after: After | None, limit: int
) -> sa.Select[str, datetime]:
    query = sa.select(col(TransferRow.id), col(TransferRow.state_since)).where(
        col(TransferRow.country) == wanted.country,
        col(TransferRow.is_open).is_(True),
        col(TransferRow.state) == state,
    )
    if wanted.barred:
        is_there = col(TransferRow.case_id).is_(None)
        query = query.where(sa.or_(is_there, col(TransferRow.case_id).not_in(wanted.barred)))
    if wanted.direction:
        query = query.where(col(TransferRow.direction) == wanted.direction)
    if wanted.corridor is not None:
        origin, destination = wanted.corridor
        query = query.where(
            col(TransferRow.origin) == origin, col(TransferRow.destination) == destination
        )
    if wanted.mine is not None:
        query = query.where(_of(wanted.mine))
    if after is not None:
        later = col(TransferRow.state_since) > after.state_since
        same = col(TransferRow.state_since) == after.state_since
        query = query.where(sa.or_(later, sa.and_(same, col(TransferRow.id) > after.id)))
    return query.order_by(*_oldest_first()).limit(limit)


def _of(mine: Mine) -> sa.ColumnElement[bool]:
    person = mine.person_id
    steps = sa.select(col(TransferHistoryRow.id)).where(
        col(TransferHistoryRow.transfer_id) == col(TransferRow.id),
        col(TransferHistoryRow.person_id) == person,
    )
    words = sa.select(col(MessageRow.id)).where(
        col(MessageRow.transfer_id) == col(TransferRow.id),
        sa.or_(col(MessageRow.written_by) == person, col(MessageRow.signed_by) == person),
    )
    answers = sa.select(col(ResponsibilityRow.id)).where(
        col(ResponsibilityRow.transfer_id) == col(TransferRow.id),
        col(ResponsibilityRow.officer) == person,
        col(ResponsibilityRow.until).is_(None),
    )
    return sa.or_(
        col(TransferRow.opened_by) == person,
        col(TransferRow.id).in_(mine.taken_on),
        *(one.correlate(TransferRow).exists() for one in (steps, words, answers)),
    )


def _oldest_first() -> tuple[sa.ColumnElement[datetime], sa.ColumnElement[str]]:
    return col(TransferRow.state_since).asc(), col(TransferRow.id).asc()
