"""Home studies, and exceptions for facilities without authorisation.

Source: DOM-4.7/home_study, DOM-R30.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.placements import (
    StudyResult,
)
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.childfacts import today_of
from cases.service.forms import RESTRICTED, open_value, seal_value
from cases.store import facility as facilities
from cases.store import placement as store
from cases.tables.placement import FacilityExceptionRow, HomeStudyRow
from core import audit
from core.actors import Actor, Role
from core.errors import BadInput, Gap, Incomplete, NotThere

PLACERS: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.ASSESSOR})


@dataclass(frozen=True)
class HomeStudyView:
    """A home study with its words."""

    id: str
    case_id: str
    result: StudyResult
    studied_on: date
    valid_until: date
    carer: str
    findings: str
    conditions: str


def record_home_study(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    result: StudyResult,
    studied_on: date,
    valid_until: date,
    carer: str,
    findings: str,
    conditions: str,
    now: datetime,
) -> HomeStudyView:
    """Keep what was seen in a home; it is never changed, a new look is a new study.

    Raises:
        BadInput: seen in the future, or valid for less than a day.

    Source: DOM-4.7/home_study.
    """
    row = case_for(session, actor, case_id, roles=PLACERS, now=now)
    if studied_on > today_of(row, now):
        raise BadInput(pointer="/studied_on", code="lies_ahead")
    if valid_until <= studied_on:
        raise BadInput(pointer="/valid_until", code="before_study")
    study = HomeStudyRow(
        case_id=case_id,
        result=result.value,
        studied_on=studied_on,
        valid_until=valid_until,
        by_person=actor.person_id,
        recorded_at=now,
        restricted=b"",
    )
    words = {"carer": carer, "findings": findings, "conditions": conditions}
    study.restricted = seal_value(session, case_id, study, words, RESTRICTED)
    session.add(study)
    session.flush()
    record(session, actor, "home_study.recorded", study.id, case_id=case_id, now=now)
    steps.wake(session, case_id, now=now)
    return _study_view(session, study)


def list_home_studies(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[HomeStudyView, ...]:
    """Read the home studies of a case, oldest first.

    Raises:
        NotThere: no such case, or not yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    rows = store.studies_of(session, case_id)
    record(session, actor, "home_study.read", case_id, case_id=case_id, now=now)
    return tuple(_study_view(session, row) for row in rows)


def grant_exception(
    session: Session,
    actor: Actor,
    case_id: str,
    facility_id: str,
    *,
    inspected_on: date,
    because: str,
    now: datetime,
) -> None:
    """Let this child live in a facility without authorisation, since somebody has inspected it.

    Raises:
        Incomplete: the country allows no exception, or no reason is given.
        BadInput: inspected in the future.
        NotThere: no such facility.

    Source: DOM-R30.
    """
    row = case_for(session, actor, case_id, roles={Role.SUPERVISOR}, now=now)
    facility = facilities.find(session, facility_id)
    if facility is None or facility.country != row.country:
        raise NotThere("facility")
    if inspected_on > today_of(row, now):
        raise BadInput(pointer="/inspected_on", code="lies_ahead")
    if pack_for(row, on=now.date()).care.unauthorised_exception == "never":
        raise Incomplete("grant_exception", (Gap("exception_not_in_this_country"),))
    if not because.strip():
        raise Incomplete("grant_exception", (Gap("exception_reason_missing"),))
    granted = FacilityExceptionRow(
        case_id=case_id,
        facility_id=facility_id,
        inspected_on=inspected_on,
        granted_by_person=actor.person_id,
        granted_at=now,
        restricted=b"",
    )
    granted.restricted = seal_value(session, case_id, granted, {"because": because}, RESTRICTED)
    session.add(granted)
    session.flush()
    record(session, actor, "facility.exception_granted", granted.id, case_id=case_id, now=now)


def _study_view(session: Session, row: HomeStudyRow) -> HomeStudyView:
    words = open_value(session, row.case_id, row)
    return HomeStudyView(
        id=row.id,
        case_id=row.case_id,
        result=StudyResult(row.result),
        studied_on=row.studied_on,
        valid_until=row.valid_until,
        carer=words["carer"],
        findings=words["findings"],
        conditions=words["conditions"],
    )


def record(
    session: Session,
    actor: Actor,
    action: str,
    thing_id: str,
    *,
    case_id: str,
    now: datetime,
    code: str | None = None,
) -> None:
    """Note an act or a reading about where a child lives; the action names the kind of thing."""
    audit.record(
        session, actor, action, thing=action.split(".", maxsplit=1)[0], thing_id=thing_id, case_id=case_id,
        now=now, codes={"code": code},
    )  # fmt: skip
