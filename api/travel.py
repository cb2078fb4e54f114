"""The day of travel of a child, and children another country writes of."""

from typing import Annotated, Final

from fastapi import Query

from api.bodies.decisions import MadeId
from api.bodies.travel import (
    CandidatesBody,
    CandidatesView,
    ChecklistView,
    ClearanceBody,
    FactBody,
    FactOut,
    FactsView,
    LineView,
    ManifestView,
    MatchBody,
    NewCaseAtBody,
    PaperBody,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import Day, IdPath
from api.routing import Reach, feature_router, reach
from core.errors import BadInput
from core.exchange.encoding import NotStrict, canonical
from transfers.service import manifest, matching, travel

router = feature_router("", "transfers")
CASE: Final = reach(Reach.CASE)
OFFICE: Final = reach(Reach.OFFICE)
CorridorQuery = Annotated[
    str, Query(pattern="^[A-Z]{2}-[A-Z]{2}$", description="From and to, for example ZM-CD")
]


@router.get("/transfers/{transfer_id}/checklist", openapi_extra=CASE)
def read_checklist(
    transfer_id: IdPath, on: Day, session: SessionDep, actor: ActorDep, now: NowDep
) -> ChecklistView:
    """Read the fourteen lines for a day of travel, each with what is missing on it."""
    lines = travel.read_checklist(session, actor, transfer_id, on=on, now=now)
    shown = [LineView.of(line) for line in lines]
    return ChecklistView(may_travel=all(line.holds for line in lines), lines=shown)


@router.get("/manifests", openapi_extra=OFFICE)
def read_manifest(
    corridor: CorridorQuery, on: Day, session: SessionDep, actor: ActorDep, now: NowDep
) -> ManifestView:
    """Read who travels on a day in a corridor: decided, accepted, willing, cleared; and who is left out, and why."""
    origin, _, destination = corridor.partition("-")
    found = manifest.manifest(session, actor, (origin, destination), on=on, now=now)
    return ManifestView.of(found)


@router.get("/transfers/{transfer_id}/facts", openapi_extra=CASE)
def list_facts(transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> FactsView:
    """Read what officers found out for the day of travel."""
    found = travel.list_facts(session, actor, transfer_id, now=now)
    return FactsView(items=[FactOut.of(one) for one in found])


@router.post("/transfers/{transfer_id}/facts", status_code=204, openapi_extra=CASE)
def record_fact(
    transfer_id: IdPath, body: FactBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Note what you found out for the day of travel; you answer for it."""
    travel.record_fact(
        session, actor, transfer_id, body.fact, body.answer, found_on=body.found_on,
        words=body.words or "", now=now,
    )  # fmt: skip


@router.post("/transfers/{transfer_id}/clearances", status_code=204, openapi_extra=CASE)
def clear_to_travel(
    *,
    transfer_id: IdPath,
    body: ClearanceBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Clear the child to travel on one day; the head of the secretariat, who did not ask for it."""
    travel.clear_to_travel(
        session, actor, transfer_id, on=body.on, now=now, expected_version=version
    )


@router.delete("/transfers/{transfer_id}/clearances", status_code=204, openapi_extra=CASE)
def unclear(transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Take a clearance back; the child stays until it is given anew."""
    travel.unclear(session, actor, transfer_id, now=now)


@router.post("/transfers/{transfer_id}/departures", status_code=204, openapi_extra=CASE)
def depart(transfer_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Say that the child has left with its escort, on the day that was cleared."""
    travel.depart(session, actor, transfer_id, now=now)


@router.post("/transfers/{transfer_id}/candidates", openapi_extra=CASE)
def show_candidates(
    transfer_id: IdPath, body: CandidatesBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> CandidatesView:
    """Show which children on file may be the one another country writes of; nothing is matched by this."""
    found = matching.candidates(session, actor, transfer_id, body.names.value(), now=now)
    return CandidatesView.of(found)


@router.put("/transfers/{transfer_id}/case", status_code=204, openapi_extra=CASE)
def match_transfer(
    transfer_id: IdPath, body: MatchBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Say that an inbound transfer is about this child on file."""
    matching.match(session, actor, transfer_id, body.case_id, now=now)


@router.post("/transfers/{transfer_id}/cases", status_code=201, openapi_extra=CASE)
def open_case_for_transfer(
    transfer_id: IdPath, body: NewCaseAtBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Open a case at an office for a child nobody knows here."""
    made = matching.open_case(session, actor, transfer_id, office=body.office, now=now)
    return MadeId(id=made)


@router.post("/paper-messages", status_code=201, openapi_extra=OFFICE)
def take_paper(body: PaperBody, session: SessionDep, actor: ActorDep, now: NowDep) -> MadeId:
    """Take in a message that came on paper, as you typed it; answers with the transfer."""
    try:
        raw = canonical(body.message)
    except NotStrict:
        raise BadInput("/message", "not_a_message") from None
    made = matching.take_paper(session, actor, body.country, raw, body.summary, now=now)
    return MadeId(id=made)
