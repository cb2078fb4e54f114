"""Two countries that see a child's interests differently: views, meetings, the ladder and its end."""

from typing import Final

from api.bodies.decisions import MadeId
from api.bodies.disagreements import (
    BeginBody,
    DisagreementOut,
    DisagreementsView,
    EndBody,
    EntryBody,
    RungView,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.routing import Reach, feature_router, reach
from transfers.service import disagreements

router = feature_router("", "transfers")
CASE: Final = reach(Reach.CASE)


@router.post("/transfers/{transfer_id}/disagreements", status_code=201, openapi_extra=CASE)
def begin_disagreement(
    transfer_id: IdPath, body: BeginBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Put on record that the two countries disagree; the child does not travel while it is open."""
    return MadeId(id=disagreements.begin(session, actor, transfer_id, body.words, now=now))


@router.get("/transfers/{transfer_id}/disagreements", openapi_extra=CASE)
def list_disagreements(
    transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> DisagreementsView:
    """Read both countries' versions side by side, and what is missing before it goes higher."""
    found = disagreements.list_disagreements(session, actor, transfer_id, now=now)
    return DisagreementsView(items=[DisagreementOut.of(one) for one in found])


@router.post("/disagreements/{disagreement_id}/entries", status_code=204, openapi_extra=CASE)
def put_on_record(
    disagreement_id: IdPath, body: EntryBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Keep a view of either side as it is, or that a meeting was held."""
    disagreements.put_on_record(session, actor, disagreement_id, body.value(), now=now)


@router.post("/disagreements/{disagreement_id}/rungs", openapi_extra=CASE)
def climb(
    disagreement_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> RungView:
    """Take it one step higher: case conference, heads of the secretariats, committee, neutral adviser."""
    rung = disagreements.climb(session, actor, disagreement_id, now=now, expected_version=version)
    return RungView(rung=rung)


@router.post("/disagreements/{disagreement_id}/ends", status_code=204, openapi_extra=CASE)
def end_disagreement(
    *,
    disagreement_id: IdPath,
    body: EndBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Say how it ended; the head of the secretariat, and the record has to bear it out."""
    disagreements.end(
        session, actor, disagreement_id, body.end, body.words, now=now, expected_version=version
    )
