"""Queries about follow-up visits and reports."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.followup import FollowUpReportRow, VisitRow


def visits_of(session: Session, case_id: str) -> list[VisitRow]:
    """Return the visits of a case, by number."""
    query = select(VisitRow).where(VisitRow.case_id == case_id)
    return list(session.exec(query.order_by(col(VisitRow.no))))


def newest_visit(session: Session, case_id: str) -> VisitRow | None:
    """Return the visit planned last, read afresh."""
    query = select(VisitRow).where(VisitRow.case_id == case_id)
    query = query.order_by(sa.desc(col(VisitRow.no))).limit(1)
    return session.exec(query.execution_options(populate_existing=True)).first()


def find_visit(session: Session, case_id: str, visit_id: str) -> VisitRow | None:
    """Return one visit of one case, read afresh."""
    query = select(VisitRow).where(VisitRow.case_id == case_id, VisitRow.id == visit_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def reports_of(session: Session, case_id: str) -> list[FollowUpReportRow]:
    """Return the written reports of a case, by number."""
    query = select(FollowUpReportRow).where(FollowUpReportRow.case_id == case_id)
    return list(session.exec(query.order_by(col(FollowUpReportRow.no))))


def find_report(session: Session, case_id: str, report_id: str) -> FollowUpReportRow | None:
    """Return one written report of one case, read afresh."""
    query = select(FollowUpReportRow).where(FollowUpReportRow.case_id == case_id)
    query = query.where(FollowUpReportRow.id == report_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def is_report_due(session: Session, case_id: str, *, now: datetime) -> bool:
    """Whether a written report is missing whose day has come."""
    query = select(FollowUpReportRow.id).where(FollowUpReportRow.case_id == case_id)
    query = query.where(col(FollowUpReportRow.written_at).is_(None))
    return session.exec(query.where(FollowUpReportRow.due_on <= now.date())).first() is not None
