"""Appeals and reviews: disagreeing with a decision, and looking at it again."""

from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from api.bodies.after_decisions import AppealOut, AppealsView, ReviewOut, ReviewsView
from api.bodies.decisions import DecisionIn, MadeId, Words
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import Id, IdPath, Strict, Text, View
from api.routing import Reach, feature_router, reach
from panels.rules.appeal import I_DISAGREE, AppealBy, Draft, Result
from panels.rules.review import Conclusion, Ground, Request
from panels.service import appeal_results, appeals, hearers, reviews
from panels.service.appeal_results import Ruling
from panels.service.reviews import Finding

router = feature_router("", "appeals and reviews")
CASE: Final = reach(Reach.CASE)
People = Annotated[list[Id], Field(max_length=20)]


class AppealIn(Strict):
    """An appeal; "I disagree" is enough."""

    by: AppealBy
    received_at: AwareDatetime
    grounds: Words = I_DISAGREE
    reason_for_lateness: Words = ""


class WaiverIn(Strict):
    """Giving up the rest of the time for appeals."""

    child_was_asked: bool


class RulingIn(Strict):
    """How an appeal ends; those who heard it did not vote on the decision."""

    result: Result
    reasons: Text
    hearers: People
    replacement: DecisionIn | None = None


class HearerIn(Strict):
    """Who else is to hear an appeal."""

    person_id: Id


class ReviewIn(Strict):
    """Why a decision should be looked at again."""

    ground: Ground
    what_is_new: Text


class FindingIn(Strict):
    """What the reviewers found."""

    conclusion: Conclusion
    reasons: Text
    reviewers: People


class RulingView(View):
    """The replacement, when there is one."""

    replacement_id: str | None


@router.post("/determinations/{determination_id}/appeals", status_code=201, openapi_extra=CASE)
def lodge_appeal(
    determination_id: IdPath, body: AppealIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Take an appeal in; a journey abroad is suspended at once."""
    draft = Draft(body.by, body.received_at, body.grounds, body.reason_for_lateness)
    return MadeId(id=appeals.lodge_appeal(session, actor, determination_id, draft, now=now))


@router.post("/determinations/{determination_id}/waiver", status_code=204, openapi_extra=CASE)
def waive_window(
    determination_id: IdPath,
    body: WaiverIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Give up the rest of the time for appeals; the guardian alone."""
    appeals.waive_window(
        session,
        actor,
        determination_id,
        child_was_asked=body.child_was_asked,
        now=now,
        expected_version=version,
    )


@router.post("/appeals/{appeal_id}/result", openapi_extra=CASE)
def decide_appeal(
    appeal_id: IdPath,
    body: RulingIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> RulingView:
    """End an appeal: upheld, returned to a panel, or replaced by another decision."""
    ruling = Ruling(
        body.result,
        body.reasons,
        tuple(body.hearers),
        body.replacement.value() if body.replacement else None,
    )
    found = appeal_results.decide_appeal(
        session, actor, appeal_id, ruling, now=now, expected_version=version
    )
    return RulingView(replacement_id=found)


@router.post("/appeals/{appeal_id}/hearers", status_code=204, openapi_extra=CASE)
def call_hearer(
    appeal_id: IdPath,
    body: HearerIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Call one more person to hear an appeal, who then reads the file; the head of the secretariat does."""
    hearers.call_hearer(
        session, actor, appeal_id, body.person_id, now=now, expected_version=version
    )


@router.get("/cases/{case_id}/appeals", openapi_extra=CASE)
def read_appeals(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> AppealsView:
    """Show every appeal of the case."""
    found = appeals.appeals_of(session, actor, case_id, now=now)
    return AppealsView(appeals=[AppealOut.model_validate(one) for one in found])


@router.post("/determinations/{determination_id}/reviews", status_code=201, openapi_extra=CASE)
def request_review(
    determination_id: IdPath, body: ReviewIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Ask that a decision be looked at again."""
    wish = Request(body.ground, body.what_is_new)
    return MadeId(id=reviews.request_review(session, actor, determination_id, wish, now=now))


@router.post("/reviews/{review_id}/conclusion", status_code=204, openapi_extra=CASE)
def conclude_review(
    review_id: IdPath,
    body: FindingIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """End a review: the decision stands, or a new determination is needed."""
    finding = Finding(body.conclusion, body.reasons, tuple(body.reviewers))
    reviews.conclude_review(session, actor, review_id, finding, now=now, expected_version=version)


@router.get("/cases/{case_id}/reviews", openapi_extra=CASE)
def read_reviews(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> ReviewsView:
    """Show every review of the child's decisions."""
    found = reviews.reviews_of(session, actor, case_id, now=now)
    return ReviewsView(reviews=[ReviewOut.model_validate(one) for one in found])
