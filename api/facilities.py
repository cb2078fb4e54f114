"""The registry of facilities."""

from fastapi import Response

from api.bodies.placements import FacilityBody, FacilityOut, FacilityPage, PlaceCode, StaffBody
from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from cases.service import facilities as service

router = feature_router("/facilities", "facilities")
OFFICE = reach(Reach.OFFICE)


@router.get("", openapi_extra=OFFICE)
def list_facilities(
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    paging: PagingDep,
    place: PlaceCode | None = None,
) -> FacilityPage:
    """Read the registry of your country."""
    found = service.list_facilities(
        session, actor, now=now, place=place, after=paging.cursor, limit=paging.limit + 1
    )
    shown = found[: paging.limit]
    return FacilityPage(
        items=[FacilityOut.of(view) for view in shown],
        cursor=shown[-1].id if len(found) > paging.limit else None,
    )


@router.post("", status_code=201, openapi_extra=OFFICE)
def register_facility(
    *, body: FacilityBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> FacilityOut:
    """Enter a facility."""
    return FacilityOut.of(service.register_facility(session, actor, body.value(), now=now))


@router.get("/{facility_id}", openapi_extra=OFFICE)
def read_facility(
    *, facility_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> FacilityOut:
    """Read one facility."""
    return FacilityOut.of(service.read_facility(session, actor, facility_id, now=now))


@router.put("/{facility_id}", openapi_extra=OFFICE)
def change_facility(
    *,
    facility_id: IdPath,
    body: FacilityBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> FacilityOut:
    """Correct the entry of a facility."""
    view = service.change_facility(
        session, actor, facility_id, body.value(), now=now, expected_version=version
    )
    return FacilityOut.of(view)


@router.post("/{facility_id}/staff", status_code=204, openapi_extra=OFFICE)
def add_staff(
    *, facility_id: IdPath, body: StaffBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> Response:
    """Note that a person works for a facility."""
    service.add_staff(
        session, actor, facility_id, body.person_id, since=body.since, until=body.until, now=now
    )
    return Response(status_code=204)
