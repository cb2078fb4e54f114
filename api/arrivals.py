"""What another country sent and may not be kept any longer: listed, and destroyed by an officer."""

from typing import Final

from api.bodies.disclosure import ArrivalOut, ArrivalsView, DestructionBody
from api.dependencies import ActorDep, NowDep, SessionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from transfers.service import retention
from transfers.service.retention import Ground

router = feature_router("/arrivals", "transfers")
CASE: Final = reach(Reach.CASE)


@router.get("/over", openapi_extra=CASE)
def list_arrivals_over(session: SessionDep, actor: ActorDep, now: NowDep) -> ArrivalsView:
    """List what may not be kept any longer; for officers of the secretariat."""
    found = retention.list_over(session, actor, now=now)
    return ArrivalsView(items=[ArrivalOut.model_validate(one) for one in found])


@router.post("/{arrival_id}/destructions", status_code=204, openapi_extra=CASE)
def destroy_arrival(
    arrival_id: IdPath, body: DestructionBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Destroy for good what another country sent; its sender gets a signed receipt."""
    retention.destroy_content(session, actor, arrival_id, ground=Ground(body.reason), now=now)
