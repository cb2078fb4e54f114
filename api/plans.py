"""Case plans and their actions, and what a case waits for."""

from api.bodies.assessments import (
    ActionBody,
    ActionOut,
    AgreementBody,
    DoneBody,
    PlanBody,
    PlanOut,
    ReplacementBody,
)
from api.bodies.placements import WaitingOut
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service import plans as service
from cases.service import procedure

router = feature_router("/cases/{case_id}", "plans")
CASE = reach(Reach.CASE)


@router.get("/waiting", openapi_extra=CASE)
def read_waiting(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> WaitingOut:
    """Read which human act the case waits for."""
    return WaitingOut.model_validate(procedure.read_waiting(session, actor, case_id, now=now))


@router.get("/plan", openapi_extra=CASE)
def read_plan(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> PlanOut:
    """Read the plan in force or being drafted."""
    return PlanOut.of(service.read_plan(session, actor, case_id, now=now))


@router.post("/plan", status_code=201, openapi_extra=CASE)
def draft_plan(
    *, case_id: IdPath, body: PlanBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> PlanOut:
    """Begin a plan; the one before stays readable."""
    actions = [action.value() for action in body.actions]
    return PlanOut.of(service.draft_plan(session, actor, case_id, actions, now=now))


@router.post("/plan/agreement", openapi_extra=CASE)
def agree_plan(
    *,
    case_id: IdPath,
    body: AgreementBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> PlanOut:
    """Agree the plan, with the child's word on it."""
    view = service.agree_plan(
        session, actor, case_id, voice=body.voice, child_words=body.child_words,
        review_on=body.review_on, now=now, expected_version=version,
    )  # fmt: skip
    return PlanOut.of(view)


@router.post("/plan/actions", status_code=201, openapi_extra=CASE)
def add_action(
    *, case_id: IdPath, body: ActionBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> ActionOut:
    """Add an action to the plan."""
    return ActionOut.model_validate(
        service.add_action(session, actor, case_id, body.value(), now=now)
    )


@router.post("/plan/actions/{action_id}/completion", openapi_extra=CASE)
def complete_action(
    *,
    case_id: IdPath,
    action_id: IdPath,
    body: DoneBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> ActionOut:
    """Say that an action is done, and what came of it."""
    view = service.complete_action(
        session, actor, case_id, action_id, body.result, now=now, expected_version=version
    )
    return ActionOut.model_validate(view)


@router.post("/plan/actions/{action_id}/replacement", openapi_extra=CASE)
def replace_action(
    *,
    case_id: IdPath,
    action_id: IdPath,
    body: ReplacementBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> ActionOut:
    """Give an action up with a reason, usually for another one."""
    view = service.replace_action(
        session, actor, case_id, action_id, body.reason, by=body.by.value() if body.by else None,
        now=now, expected_version=version,
    )  # fmt: skip
    return ActionOut.model_validate(view)
