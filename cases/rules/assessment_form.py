"""The words of a best interests assessment, as its author fills them in; sealed as a whole.

Every field may be empty while the author is at work: what is missing is listed, never invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from cases.rules.assessments import (
    AssessmentFacts,
    AssessmentKind,
    Assignment,
    ImmediateConcern,
    Interpreter,
    InterpreterTie,
    Interview,
    Priority,
    Purpose,
    Section,
)
from cases.rules.participation import Attempt, Method, NoViewsReason, Views
from cases.rules.plans import ActionKind
from cases.rules.triggers import Considered, TriggerFacts
from core.languages import languages

NOBODY: Final[Mapping[str, Assignment]] = MappingProxyType({})


@dataclass(frozen=True)
class InterpreterNote:
    """Who interpreted, and that confidentiality was promised in writing.

    Args:
        interpreter_id: the assignment on record; empty for somebody who was never assigned.
    """

    name: str = ""
    undertaking_on: date | None = None
    tie: InterpreterTie = InterpreterTie.NONE
    interpreter_id: str = ""


@dataclass(frozen=True)
class InterviewNote:
    """One talk, with the child or a person close to the child.

    Args:
        spoken_languages: for the child, languages of the case are added to these.
    """

    held_on: date
    with_child: bool
    private: bool
    person: str = ""
    place: str = ""
    present: tuple[str, ...] = ()
    spoken_languages: tuple[str, ...] = ()
    interviewer_languages: tuple[str, ...] = ()
    interpreter: InterpreterNote | None = None


@dataclass(frozen=True)
class ViewsNote:
    """What the child said, or why that could not be had."""

    words: str = ""
    method: Method | None = None
    heard_on: date | None = None
    influence_concerns: str = ""
    reason: NoViewsReason | None = None
    attempts: tuple[Attempt, ...] = ()
    observation: str = ""


@dataclass(frozen=True)
class ActionNote:
    """One action the author proposes."""

    kind: ActionKind
    what: str
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class HomeVisitNote:
    """A visit to where the child lives or would live."""

    visited_on: date
    findings: str = ""


@dataclass(frozen=True)
class AssessmentForm:
    """The whole form, short or comprehensive. ``risk_*`` is highly sensitive and sealed apart."""

    purposes: tuple[Purpose, ...] = ()
    interviews: tuple[InterviewNote, ...] = ()
    no_interview_reason: NoViewsReason | None = None
    views: ViewsNote = field(default_factory=ViewsNote)
    sections: Mapping[Section, str] = field(default_factory=dict)
    protective_factors: tuple[str, ...] = ()
    protective_text: str = ""
    risk_factors: tuple[str, ...] = ()
    risk_text: str = ""
    immediate_concern: ImmediateConcern | None = None
    priority_result: Priority | None = None
    considered: tuple[Considered, ...] = ()
    exceptional_risk: bool = False
    against_carers_will: bool = False
    custody_open: bool = False
    bid_required: bool | None = None
    recommendation: str = ""
    actions: tuple[ActionNote, ...] = ()
    home_visit: HomeVisitNote | None = None


SENSITIVE_FIELDS = ("risk_factors", "risk_text")


def views_of(note: ViewsNote) -> Views:
    """Return what the rules need to know of the child's views."""
    return Views(
        has_words=bool(note.words.strip()),
        method=note.method,
        heard_on=note.heard_on,
        reason=note.reason,
        attempts=note.attempts,
        has_observation=bool(note.observation.strip()),
    )


def interview_of(
    no: int,
    note: InterviewNote,
    child_languages: frozenset[str],
    assigned: Mapping[str, Assignment] = NOBODY,
) -> Interview:
    """Return what the rules need to know of an interview.

    The child's languages on file count beside those noted, so that leaving the field empty cannot
    make an interpreter unnecessary.
    """
    spoken = languages(note.spoken_languages)
    return Interview(
        no=no,
        held_on=note.held_on,
        with_child=note.with_child,
        private=note.private,
        spoken_languages=languages(child_languages)
        if note.with_child and child_languages
        else spoken,
        interviewer_languages=languages(note.interviewer_languages),
        interpreter=_interpreter(note.interpreter, assigned),
    )


def _interpreter(
    given: InterpreterNote | None, assigned: Mapping[str, Assignment]
) -> Interpreter | None:
    if given is None:
        return None
    found = assigned.get(given.interpreter_id)
    is_known = found is not None or not given.interpreter_id
    return Interpreter(given.undertaking_on, given.tie, is_known=is_known, assigned=found)


def assessment_facts(
    form: AssessmentForm,
    kind: AssessmentKind,
    *,
    age_years: int | None,
    child_languages: frozenset[str],
    assigned: Mapping[str, Assignment] = NOBODY,
) -> AssessmentFacts:
    """Return what the completeness rules need to know of a form."""
    return AssessmentFacts(
        kind=kind,
        age_years=age_years,
        purposes=frozenset(form.purposes),
        interviews=tuple(
            interview_of(no, note, child_languages, assigned)
            for no, note in enumerate(form.interviews, start=1)
        ),
        views=views_of(form.views),
        written=frozenset(part for part, text in form.sections.items() if text.strip()),
        protective_named=bool(form.protective_factors or form.protective_text.strip()),
        risks_named=bool(form.risk_factors or form.risk_text.strip()),
        immediate_concern=form.immediate_concern,
        priority_result=form.priority_result,
        bid_required=form.bid_required,
        considered=frozenset(form.considered),
        recommended=bool(form.recommendation.strip()),
        actions=len(form.actions),
        no_interview_reason=form.no_interview_reason or "",
    )


def trigger_facts(
    form: AssessmentForm, *, accompaniment: str, earlier_determination: bool
) -> TriggerFacts:
    """Return what the triggers need to know: the form together with what is registered."""
    return TriggerFacts(
        accompaniment=accompaniment,
        considered=frozenset(form.considered),
        exceptional_risk=form.exceptional_risk,
        against_carers_will=form.against_carers_will,
        custody_open=form.custody_open,
        earlier_determination=earlier_determination,
    )
