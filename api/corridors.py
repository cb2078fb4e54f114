"""Corridors: whether the way to a country is open today. Nothing here is about a child."""

from typing import Annotated

from fastapi import Path

from api.bodies.transfers import CorridorOut, CorridorsView, StatusBody
from api.dependencies import ActorDep, NowDep, SessionDep
from api.routing import Reach, feature_router, reach
from transfers.service import corridors

router = feature_router("/corridors", "corridors")
CountryPath = Annotated[str, Path(pattern="^[A-Z]{2}$")]


@router.get("", openapi_extra=reach(Reach.SELF))
def list_corridors(session: SessionDep, actor: ActorDep, now: NowDep) -> CorridorsView:
    """Read the corridors that begin or end in your country, and whose word each one's status is."""
    found = corridors.list_corridors(session, actor, now=now)
    return CorridorsView(items=[CorridorOut.model_validate(one) for one in found])


@router.put("/{origin}-{destination}/status", status_code=204, openapi_extra=reach(Reach.ADMIN))
def set_corridor_status(
    *,
    origin: CountryPath,
    destination: CountryPath,
    body: StatusBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> None:
    """Open, narrow or close a corridor of your country; the head of the secretariat answers for it."""
    corridors.set_status(
        session, actor, origin, destination, body.status, reason=body.reason, now=now
    )
