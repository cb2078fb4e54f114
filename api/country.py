"""The rules of the own country, to read: what forms offer, how long things may take, whom to call."""

from typing import Annotated

from fastapi import Query

from api.bodies.country import CountryView
from api.dependencies import ActorDep, NowDep
from api.routing import Reach, feature_router, reach
from core.packs.lookup import pack_of

VersionQuery = Annotated[int, Query(ge=1, le=9999)]
router = feature_router("/country", "country")


@router.get("", openapi_extra=reach(Reach.SELF))
def read_country(
    *, actor: ActorDep, now: NowDep, version: VersionQuery | None = None
) -> CountryView:
    """Read the rules in force in your country, or one version of them. Nothing in them is about a child."""
    return CountryView.of(pack_of(actor.country, version, on=now.date()))
