"""Queries about deferrals and their questions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from panels.tables.deferral import DeferralRow, QuestionRow


def count_of_report(session: Session, report_id: str) -> int:
    """Return how often this report's item was put off."""
    query = select(sa.func.count()).select_from(DeferralRow)
    return session.exec(query.where(DeferralRow.report_id == report_id)).one()


def find(session: Session, deferral_id: str) -> DeferralRow | None:
    """Return one deferral."""
    return session.get(DeferralRow, deferral_id)


def latest(session: Session, case_id: str) -> DeferralRow | None:
    """Return the newest deferral of a child's case."""
    query = select(DeferralRow).where(DeferralRow.case_id == case_id)
    return session.exec(query.order_by(col(DeferralRow.deferred_at).desc())).first()


def of_sitting(session: Session, sitting_id: str) -> Sequence[DeferralRow]:
    """Return the deferrals of a sitting, in order."""
    query = select(DeferralRow).where(DeferralRow.sitting_id == sitting_id)
    return session.exec(query.order_by(col(DeferralRow.deferred_at), col(DeferralRow.id))).all()


def of_case(session: Session, case_id: str) -> Sequence[DeferralRow]:
    """Return every deferral of a child's case, oldest first."""
    query = select(DeferralRow).where(DeferralRow.case_id == case_id)
    return session.exec(query.order_by(col(DeferralRow.deferred_at))).all()


def questions(session: Session, deferral_id: str) -> Sequence[QuestionRow]:
    """Return the questions of a deferral, in order."""
    query = select(QuestionRow).where(QuestionRow.deferral_id == deferral_id)
    return session.exec(query.order_by(col(QuestionRow.number))).all()


def find_question(session: Session, question_id: str) -> QuestionRow | None:
    """Return one question."""
    return session.get(QuestionRow, question_id)


def open_questions_of(session: Session, owner_id: str) -> Sequence[QuestionRow]:
    """Return what a person still has to find out, most urgent first."""
    query = select(QuestionRow).where(
        QuestionRow.owner_id == owner_id, col(QuestionRow.answered_at).is_(None)
    )
    return session.exec(query.order_by(col(QuestionRow.due_on), col(QuestionRow.id))).all()
