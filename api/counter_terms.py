"""What the other country proposes instead of what it was asked."""

from typing import Final

from api.bodies.counter_terms import CounterTermsView
from api.dependencies import ActorDep, NowDep, SessionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from transfers.service import counter_terms

router = feature_router("", "transfers")
CASE: Final = reach(Reach.CASE)


@router.get("/transfers/{transfer_id}/counter-terms", openapi_extra=CASE)
def read_counter_terms(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> CounterTermsView:
    """Read what was proposed, term by term, and whether the panel's decision covers it or the panel sits again."""
    found = counter_terms.read_counter_terms(session, actor, transfer_id, now=now)
    return CounterTermsView.of(found)
