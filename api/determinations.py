"""Decisions: recording, signing, correcting, reading, proving, deferring, telling and carrying out."""

from typing import Final

from api.bodies.after_decisions import NoteView, TalkIn, TalkOut
from api.bodies.decisions import (
    CorrectionIn,
    DecisionIn,
    DecisionOut,
    LinesView,
    MadeId,
    ReasonIn,
    ReviewersIn,
    SealedView,
    SignatureIn,
    SimplifiedIn,
    VerificationView,
)
from api.bodies.deferrals import DeferralIn, DeferralsView, QuestionOut, QuestionsView, WaitsView
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath, Strict, Text
from api.routing import Reach, feature_router, reach
from panels.rules.simplified import DemandedBy
from panels.service import (
    child_notes,
    communication,
    decision_views,
    deferrals,
    determinations,
    implementation,
    simplified,
)
from panels.service.simplified import Found
from transfers.service import movement

router = feature_router("", "decisions")
PANEL: Final = reach(Reach.PANEL)
CASE: Final = reach(Reach.CASE)
SELF: Final = reach(Reach.SELF)


class AnswerIn(Strict):
    """The answer to a panel's question."""

    answer: Text


class DemandIn(Strict):
    """Who demands the full panel."""

    by: DemandedBy


@router.post("/agenda-items/{item_id}/determination", status_code=201, openapi_extra=PANEL)
def record_determination(
    item_id: IdPath,
    body: DecisionIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> MadeId:
    """Record what the panel decided about this child; everything missing is listed."""
    found = determinations.record_determination(
        session, actor, item_id, body.value(), now=now, expected_version=version
    )
    return MadeId(id=found)


@router.post("/agenda-items/{item_id}/deferral", status_code=201, openapi_extra=PANEL)
def defer_item(
    item_id: IdPath,
    body: DeferralIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> MadeId:
    """Put the item off for named questions; twice at most."""
    found = deferrals.defer_item(
        session,
        actor,
        item_id,
        body.value(),
        now=now,
        expected_version=version,
        emergency_id=body.emergency_id,
    )
    return MadeId(id=found)


@router.get("/cases/{case_id}/deferrals", openapi_extra=CASE)
def read_deferrals(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> DeferralsView:
    """Show how often and why the child's item was put off."""
    return DeferralsView.of(deferrals.deferrals_of(session, actor, case_id, now=now))


@router.post("/cases/{case_id}/deferrals/return", status_code=204, openapi_extra=CASE)
def return_answered(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Bring the case back to the quality check when all questions are answered."""
    deferrals.return_answered(session, actor, case_id, now=now)


@router.get("/deferral-questions", openapi_extra=SELF)
def read_my_questions(session: SessionDep, actor: ActorDep, now: NowDep) -> QuestionsView:
    """Show what panels asked this person to find out."""
    found = deferrals.my_questions(session, actor, now=now)
    return QuestionsView(questions=[QuestionOut.model_validate(one) for one in found])


@router.post("/deferral-questions/{question_id}/answer", openapi_extra=CASE)
def answer_question(
    question_id: IdPath,
    body: AnswerIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> SealedView:
    """Answer a panel's question; the last answer brings the case back."""
    found = deferrals.answer_question(
        session, actor, question_id, body.answer, now=now, expected_version=version
    )
    return SealedView(in_force=found)


@router.get("/cases/{case_id}/determinations", openapi_extra=CASE)
def list_determinations(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> LinesView:
    """List every version of every decision about the child."""
    return LinesView.of(decision_views.determinations_of(session, actor, case_id, now=now))


@router.get("/determinations/{determination_id}", openapi_extra=CASE)
def read_determination(
    determination_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> DecisionOut:
    """Read one version of a decision as far as it is yours to see."""
    return DecisionOut.of(
        decision_views.read_determination(session, actor, determination_id, now=now)
    )


@router.get("/determinations/{determination_id}/verification", openapi_extra=CASE)
def verify_determination(
    determination_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> VerificationView:
    """Compute the seal again and name what differs."""
    return VerificationView.of(
        decision_views.verify_determination(session, actor, determination_id, now=now)
    )


@router.post("/determinations/{determination_id}/signatures", openapi_extra=CASE)
def sign_determination(
    determination_id: IdPath,
    body: SignatureIn,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> SealedView:
    """Sign a decision one took part in."""
    found = determinations.sign_determination(
        session, actor, determination_id, content_hash=body.content_hash, now=now
    )
    return SealedView(in_force=found)


@router.post("/determinations/{determination_id}/corrections", status_code=201, openapi_extra=CASE)
def correct_determination(
    determination_id: IdPath,
    body: CorrectionIn,
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> MadeId:
    """Draw up a new version; the old one stays readable."""
    found = determinations.correct_determination(
        session,
        actor,
        determination_id,
        body.decision.value(),
        reason=body.reason,
        now=now,
        expected_version=version,
    )
    return MadeId(id=found)


@router.post("/determinations/{determination_id}/take-back", status_code=204, openapi_extra=CASE)
def take_back_determination(
    determination_id: IdPath, body: ReasonIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Take back a decision that was never put in force."""
    determinations.take_back_determination(
        session, actor, determination_id, reason=body.reason, now=now
    )


@router.post("/cases/{case_id}/simplified-reviewers", status_code=204, openapi_extra=CASE)
def name_reviewers(
    case_id: IdPath, body: ReviewersIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Open a case to those who are to decide it without the full panel; the coordinator does."""
    simplified.name_reviewers(session, actor, case_id, tuple(body.people), now=now)


@router.post("/cases/{case_id}/simplified-determination", status_code=201, openapi_extra=CASE)
def decide_simplified(
    case_id: IdPath, body: SimplifiedIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Decide without the full panel, where the country allows it."""
    found = simplified.decide_simplified(
        session,
        actor,
        case_id,
        body.decision.value(),
        Found(
            body.child_objects,
            body.both_sides_willing,
            body.parents_verified,
            body.no_concern_above_medium,
        ),
        others=tuple(body.other_people),
        now=now,
    )
    return MadeId(id=found)


@router.post("/cases/{case_id}/full-panel", status_code=204, openapi_extra=CASE)
def demand_full_panel(
    case_id: IdPath, body: DemandIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Demand the full panel instead of the simplified procedure."""
    simplified.demand_full_panel(session, actor, case_id, by=body.by, now=now)


@router.get("/determinations/{determination_id}/child-note", openapi_extra=CASE)
def read_child_note(
    determination_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> NoteView:
    """Write the note the child keeps, ready for the talk."""
    return NoteView(text=child_notes.child_note(session, actor, determination_id, now=now))


@router.post("/determinations/{determination_id}/talk", status_code=201, openapi_extra=CASE)
def communicate_determination(
    determination_id: IdPath, body: TalkIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Record that the decision was explained to the child."""
    found = communication.communicate_determination(
        session, actor, determination_id, body.value(), now=now
    )
    return MadeId(id=found)


@router.get("/determinations/{determination_id}/talk", openapi_extra=CASE)
def read_talk(
    determination_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> TalkOut:
    """Show the talk in which the child was told."""
    return TalkOut.model_validate(
        communication.read_talk(session, actor, determination_id, now=now)
    )


@router.get("/cases/{case_id}/implementation", openapi_extra=CASE)
def read_implementation(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> WaitsView:
    """Show what carrying the decision out still waits for."""
    return WaitsView.of(implementation.may_begin(session, actor, case_id, now=now))


@router.post("/cases/{case_id}/implementation", status_code=201, openapi_extra=CASE)
def begin_implementation(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeId:
    """Begin to carry the decision out; what leads abroad is refused with everything missing."""
    return MadeId(id=movement.begin_implementation(session, actor, case_id, now=now))


@router.get("/cases/{case_id}/movement-gate", openapi_extra=CASE)
def read_movement_gate(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> WaitsView:
    """Show everything that forbids the child to move abroad today."""
    return WaitsView.of(movement.movement_gaps(session, actor, case_id, now=now))
