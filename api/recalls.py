"""Taking a package back, and answering when a partner takes one of theirs back."""

from typing import Final

from api.bodies.recalls import (
    RecallAnswerBody,
    RecallBody,
    RecalledView,
    RecallsView,
    RecallView,
)
from api.dependencies import ActorDep, NowDep, SessionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from transfers.service import recall_list, recalls

router = feature_router("", "transfers")
CASE: Final = reach(Reach.CASE)
OFFICE: Final = reach(Reach.OFFICE)


@router.post("/messages/{message_id}/recalls", status_code=201, openapi_extra=CASE)
def recall_message(
    message_id: IdPath, body: RecallBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecalledView:
    """Take back what you sent; the other country closes it at once and signs what became of it."""
    state = recalls.recall(
        session, actor, message_id, reason=body.reason, action=body.action, now=now
    )
    return RecalledView(state=state)


@router.get("/recalls", openapi_extra=OFFICE)
def list_recalls(
    *, only_open: bool = False, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecallsView:
    """List what was taken back by either country; ``only_open`` lists what waits for our answer."""
    found = recall_list.list_recalls(session, actor, only_open=only_open, now=now)
    return RecallsView(items=[RecallView.model_validate(one) for one in found])


@router.post("/recalls/{recall_id}/answers", status_code=204, openapi_extra=OFFICE)
def answer_recall(
    recall_id: IdPath, body: RecallAnswerBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Say that the content is destroyed, or on which ground it is kept; within five working days."""
    recalls.answer(session, actor, recall_id, declined=body.declined, now=now)
