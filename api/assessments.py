"""Assessments (BIA) and the triggers of a determination."""

from api.bodies.assessments import (
    AssessmentBody,
    AssessmentChanges,
    AssessmentOut,
    PointsBody,
    RequirementView,
    TriggerBody,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.rules.triggers import Trigger
from cases.service import assessments as service
from cases.service import triggers
from cases.service.files import Purpose

router = feature_router("/cases/{case_id}", "assessments")
CASE = reach(Reach.CASE)


@router.get("/assessments", openapi_extra=CASE)
def list_assessments(
    *, case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[AssessmentOut]:
    """Read every assessment of a case, oldest first, without risk parts."""
    found = service.list_assessments(session, actor, case_id, now=now)
    return [AssessmentOut.of(view) for view in found]


@router.post("/assessments", status_code=201, openapi_extra=CASE)
def begin_assessment(
    *, case_id: IdPath, body: AssessmentBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> AssessmentOut:
    """Begin an assessment; whoever begins it is its author."""
    return AssessmentOut.of(service.begin_assessment(session, actor, case_id, body.kind, now=now))


@router.get("/assessments/{assessment_id}", openapi_extra=CASE)
def read_assessment(
    *,
    case_id: IdPath,
    assessment_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    purpose: Purpose | None = None,
) -> AssessmentOut:
    """Read one assessment; the risk part needs the right to see it, for some a purpose."""
    return AssessmentOut.of(
        service.read_assessment(session, actor, case_id, assessment_id, now=now, purpose=purpose)
    )


@router.patch("/assessments/{assessment_id}", openapi_extra=CASE)
def save_assessment(
    *,
    case_id: IdPath,
    assessment_id: IdPath,
    body: AssessmentChanges,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> AssessmentOut:
    """Keep parts of the form; parts left out stay as they are."""
    return AssessmentOut.of(
        service.save_assessment(
            session, actor, case_id, assessment_id, body.changes(), now=now,
            expected_version=version,
        )
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/submission", openapi_extra=CASE)
def submit_assessment(
    *,
    case_id: IdPath,
    assessment_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> AssessmentOut:
    """Hand the assessment to the supervisor; everything missing is listed at once."""
    return AssessmentOut.of(
        service.submit_assessment(
            session, actor, case_id, assessment_id, now=now, expected_version=version
        )
    )


@router.post("/assessments/{assessment_id}/approval", openapi_extra=CASE)
def approve_assessment(
    *,
    case_id: IdPath,
    assessment_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> AssessmentOut:
    """Approve somebody else's assessment; the case moves on afterwards."""
    return AssessmentOut.of(
        service.approve_assessment(
            session, actor, case_id, assessment_id, now=now, expected_version=version
        )
    )


@router.post("/assessments/{assessment_id}/return", openapi_extra=CASE)
def return_assessment(
    *,
    case_id: IdPath,
    assessment_id: IdPath,
    body: PointsBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> AssessmentOut:
    """Give an assessment back to its author with points."""
    return AssessmentOut.of(
        service.return_assessment(
            session, actor, case_id, assessment_id, body.points, now=now, expected_version=version
        )
    )


@router.get("/triggers", openapi_extra=CASE)
def read_triggers(
    *, case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> RequirementView:
    """Read why a determination is required."""
    return RequirementView.model_validate(
        triggers.read_requirement(session, actor, case_id, now=now)
    )


@router.post("/triggers", status_code=201, openapi_extra=CASE)
def add_determination(
    *, case_id: IdPath, body: TriggerBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RequirementView:
    """Ask for a determination although no trigger is true."""
    return RequirementView.model_validate(
        triggers.add_determination(session, actor, case_id, body.trigger, now=now)
    )


@router.delete("/triggers/{trigger}", openapi_extra=CASE)
def take_back_trigger(
    *, case_id: IdPath, trigger: Trigger, session: SessionDep, actor: ActorDep, now: NowDep
) -> RequirementView:
    """Take back what was added; a trigger that follows from the facts cannot be waived."""
    return RequirementView.model_validate(
        triggers.waive_trigger(session, actor, case_id, trigger, now=now)
    )
