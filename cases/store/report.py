"""Queries about BID reports and checks of destinations."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.report import NonRefoulementRow, ReportNoteRow, ReportRow, ReportSnapshotRow


def newest(session: Session, case_id: str) -> ReportRow | None:
    """Return the newest report of a case, read afresh."""
    query = select(ReportRow).where(ReportRow.case_id == case_id)
    query = query.order_by(sa.desc(col(ReportRow.no))).limit(1)
    return session.exec(query.execution_options(populate_existing=True)).first()


def of_case(session: Session, case_id: str) -> list[ReportRow]:
    """Return the reports of a case, oldest first."""
    query = select(ReportRow).where(ReportRow.case_id == case_id)
    return list(session.exec(query.order_by(col(ReportRow.no))))


def snapshots_of(session: Session, report_id: str) -> list[ReportSnapshotRow]:
    """Return the frozen copies of a report, oldest first."""
    query = select(ReportSnapshotRow).where(ReportSnapshotRow.report_id == report_id)
    return list(session.exec(query.order_by(col(ReportSnapshotRow.no))))


def notes_of(session: Session, report_id: str) -> list[ReportNoteRow]:
    """Return what was said about a report, oldest first."""
    query = select(ReportNoteRow).where(ReportNoteRow.report_id == report_id)
    return list(session.exec(query.order_by(col(ReportNoteRow.at), col(ReportNoteRow.id))))


def checks_of(session: Session, case_id: str) -> list[NonRefoulementRow]:
    """Return the checks of destinations, oldest first."""
    query = select(NonRefoulementRow).where(NonRefoulementRow.case_id == case_id)
    order = (col(NonRefoulementRow.checked_on), col(NonRefoulementRow.recorded_at))
    return list(session.exec(query.order_by(*order)))
