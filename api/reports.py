"""BID reports, their quality check, panel papers, and checks of destinations."""

from api.bodies.assessments import AssessorBody, PapersView, PointsBody, ReportChanges, ReportOut
from api.bodies.checks import CheckBody, CheckOut
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service import non_refoulement
from cases.service import reports as service
from cases.service.files import Purpose

router = feature_router("/cases/{case_id}", "reports")
CASE = reach(Reach.CASE)


@router.post("/report", status_code=201, openapi_extra=CASE)
def name_assessor(
    *, case_id: IdPath, body: AssessorBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> ReportOut:
    """Name who writes the report."""
    return ReportOut.of(service.name_assessor(session, actor, case_id, body.person_id, now=now))


@router.get("/report", openapi_extra=CASE)
def read_report(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> ReportOut:
    """Read the newest report of a case."""
    return ReportOut.of(service.read_report(session, actor, case_id, now=now))


@router.patch("/report", openapi_extra=CASE)
def save_report(
    *,
    case_id: IdPath,
    body: ReportChanges,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> ReportOut:
    """Keep parts of the draft; parts left out stay as they are."""
    return ReportOut.of(
        service.save_report(
            session, actor, case_id, body.changes(), now=now, expected_version=version
        )
    )


@router.post("/report/submission", openapi_extra=CASE)
def submit_report(
    *, case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> ReportOut:
    """Hand the report to the quality check; everything missing is listed at once."""
    return ReportOut.of(
        service.submit_report(session, actor, case_id, now=now, expected_version=version)
    )


@router.post("/report/quality-check", openapi_extra=CASE)
def pass_report(
    *, case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> ReportOut:
    """Find somebody else's report complete; it may be listed from now on."""
    return ReportOut.of(
        service.pass_report(session, actor, case_id, now=now, expected_version=version)
    )


@router.post("/report/return", openapi_extra=CASE)
def return_report(
    *,
    case_id: IdPath,
    body: PointsBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> ReportOut:
    """Give the report back to its author with points."""
    return ReportOut.of(
        service.return_report(
            session, actor, case_id, body.points, now=now, expected_version=version
        )
    )


@router.get("/papers", openapi_extra=CASE)
def read_papers(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> PapersView:
    """Read the papers of a case that was released to you."""
    return PapersView.model_validate(service.panel_papers(session, actor, case_id, now=now))


@router.get("/destination-checks", openapi_extra=CASE)
def list_checks(
    *,
    case_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    purpose: Purpose | None = None,
) -> list[CheckOut]:
    """Read the checks whether a destination is safe; highly sensitive."""
    found = non_refoulement.list_checks(session, actor, case_id, now=now, purpose=purpose)
    return [CheckOut.model_validate(view) for view in found]


@router.post("/destination-checks", status_code=201, openapi_extra=CASE)
def record_check(
    *, case_id: IdPath, body: CheckBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> CheckOut:
    """Keep a check of one destination, made by a qualified person."""
    view = non_refoulement.record_check(
        session, actor, case_id, destination=body.destination, result=body.result, basis=body.basis,
        qualification=body.qualification, checked_on=body.checked_on, now=now,
    )  # fmt: skip
    return CheckOut.model_validate(view)
