"""Queries about assessments and triggers."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.rules.assessments import AssessmentStatus
from cases.tables.assessment import AssessmentReturnRow, AssessmentRow, CaseTriggerRow


def find(session: Session, case_id: str, assessment_id: str) -> AssessmentRow | None:
    """Return one assessment of one case, read afresh."""
    query = select(AssessmentRow).where(AssessmentRow.case_id == case_id)
    query = query.where(AssessmentRow.id == assessment_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def of_case(session: Session, case_id: str) -> list[AssessmentRow]:
    """Return the assessments of a case, oldest first."""
    query = select(AssessmentRow).where(AssessmentRow.case_id == case_id)
    return list(session.exec(query.order_by(col(AssessmentRow.no))))


def newest(session: Session, case_id: str, *, approved: bool = False) -> AssessmentRow | None:
    """Return the newest assessment, or the newest approved one."""
    query = select(AssessmentRow).where(AssessmentRow.case_id == case_id)
    if approved:
        query = query.where(AssessmentRow.status == AssessmentStatus.COMPLETED)
    return session.exec(query.order_by(sa.desc(col(AssessmentRow.no))).limit(1)).first()


def next_number(session: Session, case_id: str) -> int:
    """Return the number of the next assessment; call with the case locked."""
    query = select(sa.func.max(AssessmentRow.no)).where(AssessmentRow.case_id == case_id)
    return (session.exec(query).one() or 0) + 1


def returns_of(session: Session, assessment_id: str) -> list[AssessmentReturnRow]:
    """Return the returns of an assessment, oldest first."""
    query = select(AssessmentReturnRow).where(AssessmentReturnRow.assessment_id == assessment_id)
    return list(session.exec(query.order_by(col(AssessmentReturnRow.at))))


def open_triggers(session: Session, case_id: str) -> list[CaseTriggerRow]:
    """Return the triggers no report has taken up yet, by code."""
    query = select(CaseTriggerRow).where(CaseTriggerRow.case_id == case_id)
    query = query.where(col(CaseTriggerRow.report_id).is_(None))
    return list(session.exec(query.order_by(col(CaseTriggerRow.code))))


def triggers_of_report(session: Session, report_id: str) -> list[CaseTriggerRow]:
    """Return the triggers a report has taken up, by code."""
    query = select(CaseTriggerRow).where(CaseTriggerRow.report_id == report_id)
    return list(session.exec(query.order_by(col(CaseTriggerRow.code))))
