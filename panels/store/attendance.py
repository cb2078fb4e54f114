"""Queries about arrivals and departures."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from panels.rules.attendance import Movement, Passage
from panels.store.values import table, values
from panels.tables.attendance import AttendanceRow

_A: Final = table(AttendanceRow)
_PASSAGES: Final = (
    sa.select(_A.c.id, _A.c.seq, _A.c.member_id, _A.c.kind, _A.c.at, _A.c.corrects_id)
    .where(_A.c.sitting_id == sa.bindparam("sitting"))
    .order_by(_A.c.seq)
)


def of_sitting(session: Session, sitting_id: str) -> Sequence[AttendanceRow]:
    """Return the timeline of a sitting in the order it was recorded."""
    query = select(AttendanceRow).where(AttendanceRow.sitting_id == sitting_id)
    return session.exec(query.order_by(col(AttendanceRow.seq))).all()


def passages(session: Session, sitting_id: str) -> list[Passage]:
    """Return the timeline as the rules see it."""
    return [
        Passage(row.id, row.seq, row.member_id, Movement(row.kind), row.at, row.corrects_id or "")
        for row in values(session, _PASSAGES, sitting=sitting_id)
    ]
