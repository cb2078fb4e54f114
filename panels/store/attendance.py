"""Queries about arrivals and departures."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from panels.rules.attendance import Movement, Passage
from panels.tables.attendance import AttendanceRow


def of_sitting(session: Session, sitting_id: str) -> Sequence[AttendanceRow]:
    """Return the timeline of a sitting in the order it was recorded."""
    query = select(AttendanceRow).where(AttendanceRow.sitting_id == sitting_id)
    return session.exec(query.order_by(col(AttendanceRow.seq))).all()


def passages(session: Session, sitting_id: str) -> list[Passage]:
    """Return the timeline as the rules see it."""
    return [
        Passage(row.id, row.seq, row.member_id, Movement(row.kind), row.at, row.corrects_id or "")
        for row in of_sitting(session, sitting_id)
    ]
