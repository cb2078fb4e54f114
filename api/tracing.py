"""Family tracing."""

from api.bodies.placements import (
    SafetyBody,
    TracingActionBody,
    TracingBody,
    TracingEndBody,
    TracingOut,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service import tracing as service
from cases.service.files import Purpose

router = feature_router("/cases/{case_id}/tracing", "tracing")
CASE = reach(Reach.CASE)


@router.get("", openapi_extra=CASE)
def list_tracing(
    *,
    case_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    purpose: Purpose | None = None,
) -> list[TracingOut]:
    """Read the searches of a case."""
    found = service.list_tracing(session, actor, case_id, now=now, purpose=purpose)
    return [TracingOut.model_validate(view) for view in found]


@router.post("", status_code=201, openapi_extra=CASE)
def open_tracing(
    *, case_id: IdPath, body: TracingBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> TracingOut:
    """Begin a search, or note that searching is not safe."""
    view = service.open_tracing(
        session, actor, case_id, sought=body.sought, safe=body.safe, because=body.because, now=now
    )
    return TracingOut.model_validate(view)


@router.post("/{tracing_id}/safety", openapi_extra=CASE)
def set_safety(
    *,
    case_id: IdPath,
    tracing_id: IdPath,
    body: SafetyBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> TracingOut:
    """Change whether searching is safe."""
    view = service.set_safety(
        session, actor, case_id, tracing_id, safe=body.safe, because=body.because, now=now,
        expected_version=version,
    )  # fmt: skip
    return TracingOut.model_validate(view)


@router.post("/{tracing_id}/actions", status_code=201, openapi_extra=CASE)
def add_tracing_action(
    *,
    case_id: IdPath,
    tracing_id: IdPath,
    body: TracingActionBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> TracingOut:
    """Note a step of the search."""
    view = service.add_tracing_action(
        session, actor, case_id, tracing_id, **body.model_dump(), now=now
    )
    return TracingOut.model_validate(view)


@router.post("/{tracing_id}/closing", openapi_extra=CASE)
def close_tracing(
    *,
    case_id: IdPath,
    tracing_id: IdPath,
    body: TracingEndBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> TracingOut:
    """End a search with its result."""
    view = service.close_tracing(
        session, actor, case_id, tracing_id, body.result, now=now, expected_version=version
    )
    return TracingOut.model_validate(view)
