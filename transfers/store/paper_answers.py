"""Queries about answer forms on paper. Takes the session first."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from transfers.rules.guests import ReplyState
from transfers.tables.paper_answer import AnswerFormRow, PaperAnswerRow


def prints(session: Session, code: str) -> Sequence[AnswerFormRow]:
    """Return who printed a form; nobody, when the code is that of no form."""
    return session.exec(select(AnswerFormRow).where(AnswerFormRow.code == code)).all()


def answer(session: Session, answer_id: str, *, lock: bool = False) -> PaperAnswerRow | None:
    """Return a scan."""
    query = select(PaperAnswerRow).where(PaperAnswerRow.id == answer_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def answers(session: Session, transfer_id: str) -> Sequence[PaperAnswerRow]:
    """Return the scans of a transfer, oldest first."""
    query = select(PaperAnswerRow).where(PaperAnswerRow.transfer_id == transfer_id)
    return session.exec(query.order_by(col(PaperAnswerRow.came_at), PaperAnswerRow.id)).all()


def counting(session: Session, code: str) -> PaperAnswerRow | None:
    """Return the scan of a form that waits or was confirmed."""
    query = select(PaperAnswerRow).where(
        PaperAnswerRow.code == code, PaperAnswerRow.state != ReplyState.SET_ASIDE
    )
    return session.exec(query).first()
