"""Partners over HTTP: loading a statement, the ceremony of two officers, suspending, ending, and what to review."""

from typing import Final

from fastapi import Request, Response

from api.bodies.partners import (
    Confirmation,
    Made,
    PartnerList,
    PartnerView,
    Reason,
    ReviewList,
    Standing,
    StatementFile,
    TakingList,
    TakingView,
    ToReview,
)
from api.dependencies import ActorDep, NowDep, SessionDep
from api.fields import IdPath
from api.problems.answers import problem
from api.problems.catalogue import detail_of, problem_of
from api.routing import Reach, feature_router, reach
from core.errors import DomainError
from transfers.errors import FingerprintDiffers, StatementRefused
from transfers.service import partner_statements, partners

router = feature_router("/partners", "partners")
ADMIN: Final = reach(Reach.ADMIN)


@router.get("", openapi_extra=ADMIN)
def list_partners(session: SessionDep, actor: ActorDep, now: NowDep) -> PartnerList:
    """List the installations of other countries we know, by name."""
    found = partners.list_partners(session, actor, now=now)
    return PartnerList(items=[PartnerView.of(one) for one in found])


@router.post("", status_code=201, openapi_extra=ADMIN)
def propose_partner(body: StatementFile, session: SessionDep, actor: ActorDep, now: NowDep) -> Made:
    """Load the key statement of an installation nobody trusts yet."""
    data = body.statement.encode()
    return Made(id=partners.propose(session, actor, data, now=now))


@router.get("/{partner_id}", openapi_extra=ADMIN)
def read_partner(
    partner_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> PartnerView:
    """Show one partner with every step of trusting it."""
    return PartnerView.of(partners.read_partner(session, actor, partner_id, now=now))


@router.post("/{partner_id}/confirmations", openapi_extra=ADMIN, response_model=Standing)
def confirm_partner(
    *,
    partner_id: IdPath,
    body: Confirmation,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> Standing | Response:
    """Say that one heard the end of the fingerprint; the second person's word makes the partner active."""
    answer = partners.confirm(
        session, actor, partner_id, channel=body.channel, groups=tuple(body.groups), now=now
    )
    if isinstance(answer, FingerprintDiffers):
        return _kept(request, answer)
    return Standing(state=answer)


@router.post("/{partner_id}/suspension", openapi_extra=ADMIN)
def suspend_partner(
    partner_id: IdPath, body: Reason, session: SessionDep, actor: ActorDep, now: NowDep
) -> Standing:
    """Stop sending and receiving at once; one person is enough."""
    state = partners.suspend(session, actor, partner_id, reason=body.reason, now=now)
    return Standing(state=state)


@router.post("/{partner_id}/resumption", openapi_extra=ADMIN)
def resume_partner(
    partner_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> Standing:
    """Trust a suspended partner again; the second of two people makes it active."""
    return Standing(state=partners.resume(session, actor, partner_id, now=now))


@router.post("/{partner_id}/revocation", openapi_extra=ADMIN)
def revoke_partner(
    partner_id: IdPath, body: Reason, session: SessionDep, actor: ActorDep, now: NowDep
) -> Standing:
    """End a partnership for good: two people from suspended, one while nobody trusted it."""
    state = partners.revoke(session, actor, partner_id, reason=body.reason, now=now)
    return Standing(state=state)


@router.post("/{partner_id}/statements", openapi_extra=ADMIN, response_model=TakingList)
def load_statement(
    *,
    partner_id: IdPath,
    body: StatementFile,
    request: Request,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> TakingList | Response:
    """Take a newer key statement of a partner; one that does not hold leaves the old one and raises the alarm."""
    data = body.statement.encode()
    found = partner_statements.load_statement(session, actor, partner_id, data, now=now)
    fault = next((one.fault for one in found if one.fault is not None), None)
    if fault is not None:
        return _kept(request, StatementRefused(str(fault)))
    return TakingList(items=[TakingView.of(one) for one in found])


@router.get("/{partner_id}/review", openapi_extra=ADMIN)
def review_partner(
    partner_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> ReviewList:
    """List what came in signed with a key that is compromised since."""
    found = partner_statements.review(session, actor, partner_id, now=now)
    return ReviewList(items=[ToReview.model_validate(one) for one in found])


def _kept(request: Request, refusal: DomainError) -> Response:
    """Say a refusal whose alarm stays on record: it is answered, so that the unit of work commits."""
    words = problem_of(refusal)
    return problem(request, words.status, words.slug, words.title, detail_of(refusal))
