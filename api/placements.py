"""Placements of a child, home studies, and exceptions for a facility."""

from fastapi import Response

from api.bodies.placements import (
    EndBody,
    ExceptionBody,
    PlacementBody,
    PlacementOut,
    StudyBody,
    StudyOut,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service import home_studies
from cases.service import placements as service
from panels.service import placing

router = feature_router("/cases/{case_id}", "placements")
CASE = reach(Reach.CASE)


@router.get("/home-studies", openapi_extra=CASE)
def list_home_studies(
    *, case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[StudyOut]:
    """Read the home studies of a case."""
    found = home_studies.list_home_studies(session, actor, case_id, now=now)
    return [StudyOut.model_validate(view) for view in found]


@router.post("/home-studies", status_code=201, openapi_extra=CASE)
def record_home_study(
    *, case_id: IdPath, body: StudyBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> StudyOut:
    """Keep what was seen in a home."""
    view = home_studies.record_home_study(session, actor, case_id, **body.model_dump(), now=now)
    return StudyOut.model_validate(view)


@router.post("/facility-exceptions", status_code=204, openapi_extra=CASE)
def grant_exception(
    *, case_id: IdPath, body: ExceptionBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> Response:
    """Let this child live in an unauthorised facility that somebody has inspected."""
    home_studies.grant_exception(
        session, actor, case_id, body.facility_id, inspected_on=body.inspected_on,
        because=body.because, now=now,
    )  # fmt: skip
    return Response(status_code=204)


@router.get("/placements", openapi_extra=CASE)
def list_placements(
    *, case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[PlacementOut]:
    """Read every placement of a child, oldest first."""
    found = service.list_placements(session, actor, case_id, now=now)
    return [PlacementOut.model_validate(view) for view in found]


@router.post("/placements", status_code=201, openapi_extra=CASE)
def start_placement(
    *, case_id: IdPath, body: PlacementBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> PlacementOut:
    """Let a child move in; everything that stands against it is listed at once."""
    view = placing.start_placement(session, actor, case_id, body.value(), now=now)
    return PlacementOut.model_validate(view)


@router.post("/placements/{placement_id}/end", openapi_extra=CASE)
def end_placement(
    *,
    case_id: IdPath,
    placement_id: IdPath,
    body: EndBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> PlacementOut:
    """End a placement with its reason."""
    view = service.end_placement(
        session, actor, case_id, placement_id, ended_on=body.ended_on, reason=body.reason,
        words=body.words, now=now, expected_version=version,
    )  # fmt: skip
    return PlacementOut.model_validate(view)
