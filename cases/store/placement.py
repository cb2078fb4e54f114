"""Queries about placements, home studies and exceptions."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from cases.tables.placement import FacilityExceptionRow, HomeStudyRow, PlacementRow


def running(session: Session, case_id: str) -> PlacementRow | None:
    """Return where a child lives now, read afresh."""
    query = select(PlacementRow).where(PlacementRow.case_id == case_id)
    query = query.where(col(PlacementRow.ended_on).is_(None))
    return session.exec(query.execution_options(populate_existing=True)).first()


def running_of(session: Session, case_ids: Sequence[str]) -> list[PlacementRow]:
    """Return where several children live now."""
    query = select(PlacementRow).where(col(PlacementRow.case_id).in_(case_ids))
    return list(session.exec(query.where(col(PlacementRow.ended_on).is_(None))))


def of_case(session: Session, case_id: str) -> list[PlacementRow]:
    """Return every placement of a child, oldest first."""
    query = select(PlacementRow).where(PlacementRow.case_id == case_id)
    return list(session.exec(query.order_by(col(PlacementRow.started_at))))


def find(session: Session, case_id: str, placement_id: str) -> PlacementRow | None:
    """Return one placement of one case, read afresh."""
    query = select(PlacementRow).where(PlacementRow.case_id == case_id)
    query = query.where(PlacementRow.id == placement_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def find_study(session: Session, case_id: str, study_id: str) -> HomeStudyRow | None:
    """Return one home study of one case."""
    query = select(HomeStudyRow).where(HomeStudyRow.case_id == case_id)
    return session.exec(query.where(HomeStudyRow.id == study_id)).first()


def studies_of(session: Session, case_id: str) -> list[HomeStudyRow]:
    """Return the home studies of a case, oldest first."""
    query = select(HomeStudyRow).where(HomeStudyRow.case_id == case_id)
    return list(session.exec(query.order_by(col(HomeStudyRow.recorded_at))))


def newest_exception(
    session: Session, case_id: str, facility_id: str
) -> FacilityExceptionRow | None:
    """Return the exception granted last for this child and facility."""
    query = select(FacilityExceptionRow).where(FacilityExceptionRow.case_id == case_id)
    query = query.where(FacilityExceptionRow.facility_id == facility_id)
    return session.exec(query.order_by(sa.desc(col(FacilityExceptionRow.granted_at)))).first()
