"""What comes in and goes out about assessments, reports, plans: bounded, strict, part by part."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from api.fields import Country, Id, Language, Strict, View
from api.problems.catalogue import gap_sentence
from cases.rules.assessment_form import AssessmentForm
from cases.rules.assessments import (
    AssessmentKind,
    ImmediateConcern,
    InterpreterTie,
    Priority,
    Purpose,
    Section,
)
from cases.rules.participation import Method, NoViewsReason, PlanVoice
from cases.rules.placements import CareType
from cases.rules.plans import ActionKind
from cases.rules.report_form import ReportForm
from cases.rules.reports import FactorGroup, Outcome, Part, TracingResult
from cases.rules.triggers import Considered, Trigger
from cases.service.assessments import AssessmentView
from cases.service.plans import NewAction, PlanView
from cases.service.reports import ReportView
from core.errors import Gap

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,12}$")]
CodeWord = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]


class GapView(View):
    """One thing that is missing, with the words a worker needs."""

    code: str
    detail: str
    facts: dict[str, str | int]


def gap_views(gaps: Iterable[Gap]) -> list[GapView]:
    """Return every gap with its words."""
    return [GapView(code=gap.code, detail=gap_sentence(gap), facts=dict(gap.facts)) for gap in gaps]


class PointsBody(Strict):
    """What an author is asked to work on."""

    points: Words


class InterpreterBody(Strict):
    """Who interpreted. ``interpreter_id`` names an assignment on record, which then counts."""

    name: Short = ""
    undertaking_on: date | None = None
    tie: InterpreterTie = InterpreterTie.NONE
    interpreter_id: Id | Literal[""] = ""


class InterviewBody(Strict):
    """One talk."""

    held_on: date
    with_child: bool
    private: bool
    person: Short = ""
    place: Short = ""
    present: Annotated[tuple[Short, ...], Field(max_length=20)] = ()
    spoken_languages: Annotated[tuple[Language, ...], Field(max_length=10)] = ()
    interviewer_languages: Annotated[tuple[Language, ...], Field(max_length=10)] = ()
    interpreter: InterpreterBody | None = None


class AttemptBody(Strict):
    """One try to hear the child."""

    on: date
    method: Method


class ViewsBody(Strict):
    """What the child said, or why that could not be had."""

    words: Words = ""
    method: Method | None = None
    heard_on: date | None = None
    influence_concerns: Words = ""
    reason: NoViewsReason | None = None
    attempts: Annotated[tuple[AttemptBody, ...], Field(max_length=30)] = ()
    observation: Words = ""


class ActionNoteBody(Strict):
    """An action the author proposes; owner and date may follow with the plan."""

    kind: ActionKind
    what: Words
    owner: Id | Annotated[str, StringConstraints(max_length=0)] = ""
    due_on: date | None = None


class HomeVisitBody(Strict):
    """A visit to where the child lives or would live."""

    visited_on: date
    findings: Words = ""


class AssessmentBody(Strict):
    """Which kind of BIA begins."""

    kind: AssessmentKind


class AssessmentChanges(Strict):
    """Parts of the form to keep; a part left out stays as it is."""

    purposes: Annotated[tuple[Purpose, ...], Field(max_length=10)] = ()
    interviews: Annotated[tuple[InterviewBody, ...], Field(max_length=50)] = ()
    no_interview_reason: NoViewsReason | None = None
    views: ViewsBody = ViewsBody()
    sections: dict[Section, Words] = Field(default_factory=dict)
    protective_factors: Annotated[tuple[CodeWord, ...], Field(max_length=50)] = ()
    protective_text: Words = ""
    risk_factors: Annotated[tuple[CodeWord, ...], Field(max_length=50)] = ()
    risk_text: Words = ""
    immediate_concern: ImmediateConcern | None = None
    priority_result: Priority | None = None
    considered: Annotated[tuple[Considered, ...], Field(max_length=10)] = ()
    exceptional_risk: bool = False
    against_carers_will: bool = False
    custody_open: bool = False
    bid_required: bool | None = None
    recommendation: Words = ""
    actions: Annotated[tuple[ActionNoteBody, ...], Field(max_length=50)] = ()
    home_visit: HomeVisitBody | None = None

    def changes(self) -> dict[str, Any]:
        """Return the parts that were sent."""
        return self.model_dump(mode="json", exclude_unset=True)


class AssessmentOut(View):
    """A BIA as you may see it; ``form`` is without its risk part unless ``shows_risk``."""

    id: str
    case_id: str
    no: int
    kind: str
    status: str
    author: str
    approver: str | None
    begun_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    form: AssessmentForm
    shows_risk: bool
    points: tuple[str, ...]
    missing: list[GapView]
    triggers: tuple[str, ...]
    version: int

    @classmethod
    def of(cls, view: AssessmentView) -> Self:
        """Show a BIA."""
        return cls(**_without_gaps(view), missing=gap_views(view.gaps))


class TriggerBody(Strict):
    """A trigger a supervisor adds."""

    trigger: Trigger


class RequirementView(View):
    """Which triggers stand: those that follow from the facts, and those that were added."""

    is_required: bool
    mandatory: frozenset[Trigger]
    added: frozenset[Trigger]


class AssessorBody(Strict):
    """Who writes the report."""

    person_id: Id


class SourceBody(Strict):
    """A person or document the report rests on."""

    what: Short
    dated: date | None = None
    reliability: Short = ""


class OptionBody(Strict):
    """One option. There is no place for a score, a rank or a weight."""

    ref: Ref
    outcome: Outcome
    destination: Country
    feasible: bool
    pros: Words = ""
    cons: Words = ""
    feasibility: Words = ""
    risks: Words = ""
    country_information: Words = ""
    country_information_on: date | None = None
    care: CareType | Annotated[str, StringConstraints(max_length=0)] = ""
    facility: Id | Annotated[str, StringConstraints(max_length=0)] = ""
    views: ViewsBody = ViewsBody()


class SiblingBody(Strict):
    """What the report says about a linked sibling's case."""

    case_id: Id
    text: Words


class AttachmentBody(Strict):
    """A file that belongs to the report."""

    file_id: Id
    kind: CodeWord
    classification: CodeWord


class ReportChanges(Strict):
    """Parts of the draft to keep; a part left out stays as it is."""

    parts: dict[Part, Words] = Field(default_factory=dict)
    not_consulted: dict[Part, Words] = Field(default_factory=dict)
    sources: Annotated[tuple[SourceBody, ...], Field(max_length=100)] = ()
    sources_missing_because: Words = ""
    interviews: Annotated[tuple[InterviewBody, ...], Field(max_length=50)] = ()
    no_interview_reason: NoViewsReason | None = None
    private_offered: bool = False
    home_visits: Annotated[tuple[HomeVisitBody, ...], Field(max_length=30)] = ()
    tracing: TracingResult | None = None
    tracing_text: Words = ""
    options: Annotated[tuple[OptionBody, ...], Field(max_length=20)] = ()
    only_one_because: Words = ""
    factors: dict[FactorGroup, Words] = Field(default_factory=dict)
    siblings: Annotated[tuple[SiblingBody, ...], Field(max_length=30)] = ()
    recommended: Ref | Annotated[str, StringConstraints(max_length=0)] = ""
    attachments: Annotated[tuple[AttachmentBody, ...], Field(max_length=100)] = ()

    def changes(self) -> dict[str, Any]:
        """Return the parts that were sent."""
        return self.model_dump(mode="json", exclude_unset=True)


class ReportOut(View):
    """A report as you may see it."""

    id: str
    case_id: str
    no: int
    status: str
    triggers: tuple[str, ...]
    assessor: str
    checker: str | None
    named_at: datetime
    submitted_at: datetime | None
    ready_at: datetime | None
    snapshot_hash: str | None
    form: ReportForm
    notes: tuple[tuple[str, str], ...]
    missing: list[GapView]
    version: int

    @classmethod
    def of(cls, view: ReportView) -> Self:
        """Show a report."""
        return cls(**_without_gaps(view), missing=gap_views(view.gaps))


class PapersView(View):
    """What a member reads: the frozen copy and the answers since."""

    report_id: str
    case_id: str
    child: dict[str, Any]
    report: ReportForm
    triggers: tuple[str, ...]
    answers: tuple[str, ...]
    cleared: dict[str, bool]
    frozen_at: datetime
    snapshot_hash: str


class ActionBody(Strict):
    """An action with its owner and its day."""

    kind: ActionKind
    what: Words
    owner: Id
    due_on: date

    def value(self) -> NewAction:
        """Return the service's own value."""
        return NewAction(self.kind, self.what, self.owner, self.due_on)


class PlanBody(Strict):
    """A plan to begin."""

    actions: Annotated[tuple[ActionBody, ...], Field(max_length=100)] = ()


class AgreementBody(Strict):
    """How the child stands to the plan, and when it is looked at again."""

    voice: PlanVoice
    child_words: Words = ""
    review_on: date


class DoneBody(Strict):
    """What came of an action."""

    result: Words


class ReplacementBody(Strict):
    """Why an action is given up, and what is done instead."""

    reason: Words
    by: ActionBody | None = None


class ActionOut(View):
    """An action of the plan."""

    id: str
    plan_id: str
    no: int
    kind: ActionKind
    what: str
    owner: str
    due_on: date | None
    status: str
    result: str
    replaced_by: str | None
    settled_at: datetime | None
    version: int


class PlanOut(View):
    """A plan as its workers see it."""

    id: str
    case_id: str
    no: int
    status: str
    decision_id: str | None
    child_voice: PlanVoice
    child_words: str
    review_on: date | None
    agreed_at: datetime | None
    actions: list[ActionOut]
    missing: list[GapView]
    version: int

    @classmethod
    def of(cls, view: PlanView) -> Self:
        """Show a plan."""
        shown = {
            **_without_gaps(view),
            "actions": [ActionOut.model_validate(action) for action in view.actions],
        }
        return cls(**shown, missing=gap_views(view.gaps))


def _without_gaps(view: AssessmentView | ReportView | PlanView) -> dict[str, Any]:
    return {name: value for name, value in vars(view).items() if name != "gaps"}
