"""The edges of a case's life: urgent acts, detention, holds, ending, turning 18, journeys, newer rules."""

from typing import Annotated

from fastapi import Query

from api.bodies.case_life import (
    ClosingBody,
    ClosingView,
    CodedEmergencyBody,
    ContactBody,
    DetentionBody,
    DetentionView,
    EmergencyBody,
    EmergencyView,
    HeldView,
    HoldBody,
    HoldReviewBody,
    HoldView,
    MissingThing,
    MovedLimitsView,
    MovementBody,
    MovementHoldView,
    PackDifferenceView,
    PackMoveBody,
    PackMoveView,
    RecordedView,
    RefusalBody,
    ReleaseBody,
    ReopeningBody,
    ResumeBody,
    ResumedView,
    TransitionPlanBody,
    TransitionPlanView,
)
from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import IdPath
from api.problems.catalogue import gap_sentence
from api.routing import Reach, feature_router, reach
from cases.service import (
    ageing,
    closing,
    contacts,
    detention,
    emergency,
    holding,
    movement,
    pack_moves,
    reopening,
)

router = feature_router("", "case life")
CASE = reach(Reach.CASE)
OFFICE = reach(Reach.OFFICE)
PackVersion = Annotated[int, Query(ge=1, le=9999)]


@router.post("/emergency-actions", status_code=201, openapi_extra=OFFICE)
def record_emergency_by_code(
    body: CodedEmergencyBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecordedView:
    """Put urgent protection on record for a child whose code you hold; nothing of the file is shown."""
    made = emergency.record_for_child_code(session, actor, body.child_code, body.value(), now=now)
    return RecordedView(id=made)


@router.post("/cases/{case_id}/emergency-actions", status_code=201, openapi_extra=CASE)
def record_emergency(
    case_id: IdPath, body: EmergencyBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecordedView:
    """Put urgent protection on record, whatever state the case is in."""
    made = emergency.record_emergency_action(session, actor, case_id, body.value(), now=now)
    return RecordedView(id=made)


@router.get("/cases/{case_id}/emergency-actions", openapi_extra=CASE)
def list_emergencies(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[EmergencyView]:
    """Read the urgent acts of a case."""
    found = emergency.actions_of(session, actor, case_id, now=now)
    return [EmergencyView.model_validate(view) for view in found]


@router.post(
    "/emergency-actions/{emergency_id}/written-consent", status_code=204, openapi_extra=CASE
)
def confirm_crossing_in_writing(
    *,
    emergency_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Note that the consent to an emergency crossing is now there in writing."""
    emergency.confirm_crossing_in_writing(
        session, actor, emergency_id, now=now, expected_version=version
    )


@router.post("/cases/{case_id}/detentions", status_code=201, openapi_extra=CASE)
def record_detention(
    case_id: IdPath, body: DetentionBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecordedView:
    """Put on record that a child is locked up; the case becomes an emergency."""
    return RecordedView(
        id=detention.record_detention(session, actor, case_id, body.value(), now=now)
    )


@router.post("/cases/{case_id}/release", openapi_extra=CASE)
def record_release(
    *,
    case_id: IdPath,
    body: ReleaseBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> HeldView:
    """Put on record that a child is free again; answers how long it was held."""
    held = detention.record_release(
        session, actor, case_id, body.value(), now=now, expected_version=version
    )
    return HeldView.model_validate(held)


@router.get("/cases/{case_id}/detentions", openapi_extra=CASE)
def list_detentions(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[DetentionView]:
    """Read the detentions of a child with the days and hours counted."""
    found = detention.detentions_of(session, actor, case_id, now=now)
    return [DetentionView.model_validate(view) for view in found]


@router.post("/cases/{case_id}/holds", status_code=201, openapi_extra=CASE)
def hold_case(
    *,
    case_id: IdPath,
    body: HoldBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> RecordedView:
    """Put a case on hold until a review date; its clocks stand still."""
    made = holding.hold_case(
        session, actor, case_id, body.value(), now=now, expected_version=version
    )
    return RecordedView(id=made)


@router.get("/cases/{case_id}/holds", openapi_extra=CASE)
def list_holds(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[HoldView]:
    """Read the holds of a case."""
    found = holding.holds_of(session, actor, case_id, now=now)
    return [HoldView.model_validate(view) for view in found]


@router.post("/cases/{case_id}/hold-review", status_code=204, openapi_extra=CASE)
def review_hold(
    *,
    case_id: IdPath,
    body: HoldReviewBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Let a hold go on until another review date."""
    holding.review_hold(
        session, actor, case_id, review_on=body.review_on, words=body.words, now=now,
        expected_version=version,
    )  # fmt: skip


@router.post("/cases/{case_id}/resumption", openapi_extra=CASE)
def resume_case(
    *,
    case_id: IdPath,
    body: ResumeBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> ResumedView:
    """Take a case off hold; it goes on where it stood."""
    state = holding.resume_case(
        session, actor, case_id, ended_as=body.ended_as, now=now, expected_version=version
    )
    return ResumedView(state=state)


@router.post("/cases/{case_id}/closing-check", openapi_extra=CASE)
def check_closing(
    case_id: IdPath, body: ClosingBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[MissingThing]:
    """Say what still stands against closing for this reason; changes nothing."""
    gaps = closing.closing_gaps(session, actor, case_id, body.value(), now=now)
    return [MissingThing(code=gap.code, detail=gap_sentence(gap)) for gap in gaps]


@router.post("/cases/{case_id}/closing-requests", status_code=201, openapi_extra=CASE)
def ask_to_close(
    *,
    case_id: IdPath,
    body: ClosingBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> RecordedView:
    """Ask that a case be closed; a second person answers."""
    made = closing.ask_to_close(
        session, actor, case_id, body.value(), now=now, expected_version=version
    )
    return RecordedView(id=made)


@router.get("/cases/{case_id}/closing-requests", openapi_extra=CASE)
def list_closing_requests(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[ClosingView]:
    """Read the requests to close a case with their answers."""
    found = closing.requests_of(session, actor, case_id, now=now)
    return [ClosingView.model_validate(view) for view in found]


@router.post("/cases/{case_id}/closing-approval", status_code=204, openapi_extra=CASE)
def approve_closing(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Close the case. Every precondition is looked at again."""
    closing.approve_closing(session, actor, case_id, now=now, expected_version=version)


@router.post("/cases/{case_id}/closing-refusal", status_code=204, openapi_extra=CASE)
def refuse_closing(
    *,
    case_id: IdPath,
    body: RefusalBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Answer that the case goes on, and why."""
    closing.refuse_closing(
        session, actor, case_id, words=body.words, now=now, expected_version=version
    )


@router.post("/cases/{case_id}/reopening", status_code=201, openapi_extra=CASE)
def reopen_case(
    *,
    case_id: IdPath,
    body: ReopeningBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> RecordedView:
    """Open a case again because something is new; a short assessment is due at once."""
    made = reopening.reopen_case(
        session, actor, case_id, body.reason, what_is_new=body.what_is_new, now=now,
        expected_version=version,
    )  # fmt: skip
    return RecordedView(id=made)


@router.post("/cases/{case_id}/contact-attempts", status_code=201, openapi_extra=CASE)
def record_contact_attempt(
    case_id: IdPath, body: ContactBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecordedView:
    """Note an attempt to reach a child."""
    made = contacts.record_contact_attempt(
        session, actor, case_id, tried_at=body.tried_at, method=body.method, reached=body.reached,
        words=body.words, now=now,
    )  # fmt: skip
    return RecordedView(id=made)


@router.post("/cases/{case_id}/transition-plans", status_code=201, openapi_extra=CASE)
def write_transition_plan(
    case_id: IdPath, body: TransitionPlanBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecordedView:
    """Write down what happens after majority."""
    made = ageing.write_transition_plan(
        session, actor, case_id, words=body.words,
        agreed_by_young_person=body.agreed_by_young_person, now=now,
    )  # fmt: skip
    return RecordedView(id=made)


@router.post("/cases/{case_id}/transition-plan-approval", openapi_extra=CASE)
def approve_transition_plan(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> RecordedView:
    """Approve the newest plan for the time after majority."""
    return RecordedView(id=ageing.approve_transition_plan(session, actor, case_id, now=now))


@router.get("/cases/{case_id}/transition-plans", openapi_extra=CASE)
def list_transition_plans(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[TransitionPlanView]:
    """Read the plans for the time after majority."""
    found = ageing.plans_of(session, actor, case_id, now=now)
    return [TransitionPlanView.model_validate(view) for view in found]


@router.post("/cases/{case_id}/movement-holds", status_code=201, openapi_extra=CASE)
def suspend_movement(
    case_id: IdPath, body: MovementBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[MovementHoldView]:
    """Stop a child's journey abroad for a reason."""
    found = movement.suspend(session, actor, case_id, body.reason, ref=body.ref, now=now)
    return [MovementHoldView.model_validate(view) for view in found]


@router.post("/cases/{case_id}/movement-releases", openapi_extra=CASE)
def lift_movement_hold(
    case_id: IdPath, body: MovementBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[MovementHoldView]:
    """Let one reason fall; answers those that still stand."""
    found = movement.lift(session, actor, case_id, body.reason, ref=body.ref, now=now)
    return [MovementHoldView.model_validate(view) for view in found]


@router.get("/cases/{case_id}/movement-holds", openapi_extra=CASE)
def list_movement_holds(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[MovementHoldView]:
    """Read every reason that stands against a journey abroad."""
    found = movement.holds_of(session, actor, case_id, now=now)
    return [MovementHoldView.model_validate(view) for view in found]


@router.get("/cases/{case_id}/pack-difference", openapi_extra=CASE)
def show_pack_difference(
    case_id: IdPath, to: PackVersion, session: SessionDep, actor: ActorDep, now: NowDep
) -> PackDifferenceView:
    """Show what would change for a case under newer rules of its country."""
    return PackDifferenceView.model_validate(
        pack_moves.show_difference(session, actor, case_id, to, now=now)
    )


@router.post("/cases/{case_id}/pack-moves", status_code=201, openapi_extra=CASE)
def move_to_newer_pack(
    *,
    case_id: IdPath,
    body: PackMoveBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> MovedLimitsView:
    """Let a case follow newer rules, having been shown exactly what changes."""
    moved = pack_moves.move_case(
        session, actor, case_id, body.to_version, shown=body.fingerprint,
        recompute_clocks=body.recompute_clocks, now=now, expected_version=version,
    )  # fmt: skip
    return MovedLimitsView(moved_limits=moved)


@router.get("/cases/{case_id}/pack-moves", openapi_extra=CASE)
def list_pack_moves(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[PackMoveView]:
    """Read which rules a case followed, and who moved it."""
    found = pack_moves.moves_of(session, actor, case_id, now=now)
    return [PackMoveView.model_validate(view) for view in found]
