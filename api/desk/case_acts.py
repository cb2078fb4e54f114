"""What the forms on a case do: one function for each act, each one call of a service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.appeals import AppealIn, WaiverIn
from api.bodies.after_decisions import TalkIn
from api.bodies.assessments import (
    ActionBody,
    AgreementBody,
    AssessmentBody,
    AssessorBody,
    DoneBody,
)
from api.bodies.case_life import (
    ClosingBody,
    ContactBody,
    DetentionBody,
    EmergencyBody,
    HoldBody,
    RefusalBody,
    ReleaseBody,
    ReopeningBody,
    ResumeBody,
)
from api.bodies.children import AllocationBody, ChildChanges, ConsentBody
from api.bodies.parties import GuardianBody, InterpreterBody, WithholdBody
from api.bodies.placements import MissedBody, VisitBody, WrittenBody
from api.desk.case_forms import APPEAL, BEGIN, TELL, WAIVE
from api.desk.reading import checked
from api.desk.visit import Visit
from cases.rules.movement import HoldOnMovement
from cases.service import (
    allocation,
    assessments,
    closing,
    consents,
    contacts,
    details,
    detention,
    emergency,
    followup,
    guardians,
    holding,
    interpreters,
    movement,
    plan_actions,
    plans,
    registration,
    reopening,
    reports,
    withholding,
)
from cases.service.possible import Act
from core.errors import BadInput
from panels.rules.appeal import Draft
from panels.service import appeals, communication, implementation


@dataclass(frozen=True)
class At:
    """Which case, which thing of it, and the version of what was read."""

    case_id: str
    ref: str
    version: int


Do = Callable[[Visit, At, Mapping[str, Any]], str]
"""Does an act and returns where to lead; empty: to the page of the case."""


def _emergency(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(EmergencyBody, values)
    emergency.record_emergency_action(
        visit.session, visit.actor, at.case_id, body.value(), now=visit.now
    )
    return ""


def _release(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(ReleaseBody, values)
    detention.record_release(
        visit.session, visit.actor, at.case_id, body.value(), now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _detained(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(DetentionBody, values)
    detention.record_detention(visit.session, visit.actor, at.case_id, body.value(), now=visit.now)
    return ""


def _allocates(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(AllocationBody, values)
    allocation.allocate(
        visit.session, visit.actor, at.case_id, owner_person=body.owner_person, now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _begins_assessment(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(AssessmentBody, values)
    begun = assessments.begin_assessment(
        visit.session, visit.actor, at.case_id, body.kind, now=visit.now
    )
    return f"/desk/cases/{at.case_id}/assessments/{begun.id}"


def _names_assessor(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(AssessorBody, values)
    reports.name_assessor(visit.session, visit.actor, at.case_id, body.person_id, now=visit.now)
    return ""


def _agrees_plan(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(AgreementBody, values)
    plans.agree_plan(
        visit.session, visit.actor, at.case_id, voice=body.voice, child_words=body.child_words,
        review_on=body.review_on, now=visit.now, expected_version=at.version,
    )  # fmt: skip
    return ""


def _adds_action(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(ActionBody, values)
    plan_actions.add_action(visit.session, visit.actor, at.case_id, body.value(), now=visit.now)
    return ""


def _action_done(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(DoneBody, {"result": "", **values})
    plan_actions.complete_action(
        visit.session, visit.actor, at.case_id, at.ref, body.result, now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _visits(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(VisitBody, values)
    followup.record_visit(
        visit.session, visit.actor, at.case_id, at.ref, body.value(), now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _misses_visit(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(MissedBody, values)
    followup.miss_visit(
        visit.session, visit.actor, at.case_id, at.ref, body.reason, words=body.words,
        now=visit.now, expected_version=at.version,
    )  # fmt: skip
    return ""


def _writes_follow_up(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(WrittenBody, {"text": "", **values})
    followup.write_report(
        visit.session, visit.actor, at.case_id, at.ref, body.text, now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _consents(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(ConsentBody, values)
    consents.record_consent(visit.session, visit.actor, at.case_id, body.value(), now=visit.now)
    return ""


def _withdraws(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    del values
    consents.withdraw_consent(
        visit.session, visit.actor, at.case_id, at.ref, now=visit.now, expected_version=at.version
    )
    return ""


def _withholds(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(WithholdBody, values)
    withholding.withhold(
        visit.session, visit.actor, at.case_id, item=body.item, from_whom=str(body.from_whom),
        reason=body.reason, words=body.words, now=visit.now,
    )  # fmt: skip
    return ""


def _protection(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    """Asylum and fear of return: a journey abroad stops by itself when either stands. Source: DOM-R26."""
    if not values:
        raise BadInput("/asylum_claim", "choose_one")
    body = checked(ChildChanges, values)
    details.amend_child(
        visit.session, visit.actor, at.case_id, body.changes(), now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _unwilling(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    del values
    reason = HoldOnMovement.CHILD_UNWILLING
    movement.suspend(visit.session, visit.actor, at.case_id, reason, now=visit.now)
    return ""


def _guardian(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(GuardianBody, {"appointed_by": "office", **values})
    guardians.appoint_guardian(visit.session, visit.actor, at.case_id, body.value(), now=visit.now)
    return ""


def _interpreter(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(InterpreterBody, values)
    interpreters.assign_interpreter(
        visit.session, visit.actor, at.case_id, body.value(), now=visit.now
    )
    return ""


def _contact(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(ContactBody, values)
    contacts.record_contact_attempt(
        visit.session, visit.actor, at.case_id, tried_at=body.tried_at, method=body.method,
        reached=body.reached, words=body.words, now=visit.now,
    )  # fmt: skip
    return ""


def _holds(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(HoldBody, values)
    holding.hold_case(
        visit.session, visit.actor, at.case_id, body.value(), now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _resumes(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(ResumeBody, values)
    holding.resume_case(
        visit.session, visit.actor, at.case_id, ended_as=body.ended_as, now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _asks_to_close(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(ClosingBody, {"words": "", **values})
    closing.ask_to_close(
        visit.session, visit.actor, at.case_id, body.value(), now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _answers_closing(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    how: dict[str, Any] = {"now": visit.now, "expected_version": at.version}
    if values.get("close") is None:
        raise BadInput("/close", "choose_one")
    if values["close"]:
        closing.approve_closing(visit.session, visit.actor, at.case_id, **how)
        return ""
    body = checked(RefusalBody, {"words": values.get("words", "")})
    closing.refuse_closing(visit.session, visit.actor, at.case_id, words=body.words, **how)
    return ""


def _reopens(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(ReopeningBody, {"what_is_new": "", **values})
    reopening.reopen_case(
        visit.session, visit.actor, at.case_id, body.reason, what_is_new=body.what_is_new,
        now=visit.now, expected_version=at.version,
    )  # fmt: skip
    return ""


def _sets_aside(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    del values
    registration.set_aside(
        visit.session, visit.actor, at.case_id, now=visit.now, expected_version=at.version
    )
    return "/desk/cases"


def _tells(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    said = {"reaction_words": "", "note": "", "present": [], **values}
    ticks = {name: bool(said.get(name)) for name in _EXPLAINED}
    body = checked(TalkIn, {**said, **ticks})
    communication.communicate_determination(
        visit.session, visit.actor, at.ref, body.value(), now=visit.now
    )
    return ""


def _appeals(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(AppealIn, values)
    draft = Draft(body.by, body.received_at, body.grounds, body.reason_for_lateness)
    appeals.lodge_appeal(visit.session, visit.actor, at.ref, draft, now=visit.now)
    return ""


def _waives(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    body = checked(WaiverIn, {"child_was_asked": False, **values})
    appeals.waive_window(
        visit.session, visit.actor, at.ref, child_was_asked=body.child_was_asked, now=visit.now,
        expected_version=at.version,
    )  # fmt: skip
    return ""


def _begins(visit: Visit, at: At, values: Mapping[str, Any]) -> str:
    del values
    implementation.begin_implementation(visit.session, visit.actor, at.case_id, now=visit.now)
    return ""


_EXPLAINED: Final = ("complaint_route_explained", "appeal_route_explained")
DO: Final[Mapping[str, Do]] = {
    Act.EMERGENCY: _emergency,
    Act.RELEASE: _release,
    Act.DETENTION: _detained,
    Act.ALLOCATE: _allocates,
    Act.BEGIN_ASSESSMENT: _begins_assessment,
    Act.NAME_ASSESSOR: _names_assessor,
    Act.AGREE_PLAN: _agrees_plan,
    Act.ADD_ACTION: _adds_action,
    Act.ACTION_DONE: _action_done,
    Act.VISIT: _visits,
    Act.MISS_VISIT: _misses_visit,
    Act.FOLLOW_UP_REPORT: _writes_follow_up,
    Act.RECORD_CONSENT: _consents,
    Act.WITHDRAW_CONSENT: _withdraws,
    Act.WITHHOLD: _withholds,
    Act.PROTECTION: _protection,
    Act.UNWILLING: _unwilling,
    Act.GUARDIAN: _guardian,
    Act.INTERPRETER: _interpreter,
    Act.CONTACT: _contact,
    Act.HOLD: _holds,
    Act.RESUME: _resumes,
    Act.ASK_TO_CLOSE: _asks_to_close,
    Act.ANSWER_CLOSING: _answers_closing,
    Act.REOPEN: _reopens,
    Act.SET_ASIDE: _sets_aside,
    TELL: _tells,
    APPEAL: _appeals,
    WAIVE: _waives,
    BEGIN: _begins,
}
