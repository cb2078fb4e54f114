"""Grants: what else another country may fetch of a child's file, and what it lets us fetch."""

from typing import Final

from api.bodies.decisions import MadeId
from api.bodies.disclosure import (
    GivenView,
    GrantAnswerBody,
    GrantOut,
    GrantsView,
    HeldGrantOut,
    HeldGrantsView,
    NewGrantBody,
    RevocationBody,
)
from api.dependencies import ActorDep, NowDep, SessionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from transfers.service import grants, grants_carried, grants_held

router = feature_router("", "transfers")
CASE: Final = reach(Reach.CASE)


@router.post("/transfers/{transfer_id}/grants", status_code=201, openapi_extra=CASE)
def propose_grant(
    transfer_id: IdPath, body: NewGrantBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Propose that the other country may fetch named items; the head, who did not propose it, answers."""
    return MadeId(id=grants.propose(session, actor, transfer_id, body.value(), now=now))


@router.get("/transfers/{transfer_id}/grants", openapi_extra=CASE)
def list_grants(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> GrantsView:
    """Read the grants of this country on a transfer; for officers of the secretariat."""
    found = grants.list_grants(session, actor, transfer_id, now=now)
    return GrantsView(items=[GrantOut.model_validate(one) for one in found])


@router.post("/grants/{grant_id}/answers", openapi_extra=CASE)
def answer_grant(
    grant_id: IdPath, body: GrantAnswerBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> GivenView:
    """Give or refuse a grant somebody else proposed; one that is given leaves in a message."""
    made = grants.answer(session, actor, grant_id, approve=body.approve, now=now)
    return GivenView(message_id=made)


@router.post("/grants/{grant_id}/revocations", status_code=204, openapi_extra=CASE)
def revoke_grant(
    grant_id: IdPath, body: RevocationBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Take a grant back at once; what it gave before is taken back from the other country too."""
    grants.revoke(session, actor, grant_id, reason=body.reason, now=now)


@router.get("/transfers/{transfer_id}/held-grants", openapi_extra=CASE)
def list_held_grants(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> HeldGrantsView:
    """Read the grants the other country gave on a transfer; for officers of the secretariat."""
    found = grants_held.list_held(session, actor, transfer_id, now=now)
    return HeldGrantsView(items=[HeldGrantOut.model_validate(one) for one in found])


@router.post("/held-grants/{held_id}/letters", status_code=201, openapi_extra=CASE)
def bring_grant_back(held_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> MadeId:
    """Write the message that brings a grant back to its owner where no line does; another officer signs it."""
    return MadeId(id=grants_carried.ask_by_file(session, actor, held_id, now=now))


@router.post("/held-grants/{held_id}/redemptions", status_code=202, openapi_extra=CASE)
def redeem_held_grant(held_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Have what a grant of the other country gives fetched; what names a person is then for you alone."""
    grants_held.ask(session, actor, held_id, now=now)
