"""Follow-up visits and written reports."""

from api.bodies.placements import MissedBody, VisitBody, VisitOut, WrittenBody, WrittenOut
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service import followup as service
from cases.service.files import Purpose

router = feature_router("/cases/{case_id}", "follow-up")
CASE = reach(Reach.CASE)


@router.get("/visits", openapi_extra=CASE)
def list_visits(
    *,
    case_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    purpose: Purpose | None = None,
) -> list[VisitOut]:
    """Read every visit of a case, by number."""
    found = service.list_visits(session, actor, case_id, now=now, purpose=purpose)
    return [VisitOut.model_validate(view) for view in found]


@router.post("/visits/{visit_id}/report", openapi_extra=CASE)
def record_visit(
    *,
    case_id: IdPath,
    visit_id: IdPath,
    body: VisitBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> VisitOut:
    """Record a planned visit as done."""
    view = service.record_visit(
        session, actor, case_id, visit_id, body.value(), now=now, expected_version=version
    )
    return VisitOut.model_validate(view)


@router.post("/visits/{visit_id}/missed", openapi_extra=CASE)
def miss_visit(
    *,
    case_id: IdPath,
    visit_id: IdPath,
    body: MissedBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> VisitOut:
    """Record why a planned visit did not take place."""
    view = service.miss_visit(
        session, actor, case_id, visit_id, body.reason, words=body.words, now=now,
        expected_version=version,
    )  # fmt: skip
    return VisitOut.model_validate(view)


@router.get("/follow-up-reports", openapi_extra=CASE)
def list_reports(
    *, case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[WrittenOut]:
    """Read the written reports of a case, those that are due included."""
    found = service.list_reports(session, actor, case_id, now=now)
    return [WrittenOut.model_validate(view) for view in found]


@router.post("/follow-up-reports/{report_id}", openapi_extra=CASE)
def write_report(
    *,
    case_id: IdPath,
    report_id: IdPath,
    body: WrittenBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> WrittenOut:
    """Write a report that is due."""
    view = service.write_report(
        session, actor, case_id, report_id, body.text, now=now, expected_version=version
    )
    return WrittenOut.model_validate(view)
