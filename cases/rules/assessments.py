"""The best interests assessment (BIA): what it must hold, and who approves it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from cases.errors import AuthorApprovesOwn, OnlyAPersonDecides
from cases.rules.clocks import ClockCode
from cases.rules.participation import Views, views_gaps
from cases.rules.triggers import Considered
from core.errors import Answer, Gap, answer


class AssessmentKind(StrEnum):
    """Short for urgent cases, comprehensive for the rest, update when something has changed."""

    SHORT = "short"
    COMPREHENSIVE = "comprehensive"
    UPDATE = "update"


class AssessmentStatus(StrEnum):
    """Sub-status while a worker assesses. Source: DOM-4.3."""

    PENDING_INTERVIEW = "pending_interview"
    PENDING_RECOMMENDATION = "pending_recommendation"
    PENDING_REVIEW = "pending_review"
    COMPLETED = "completed"


class Purpose(StrEnum):
    """Why the child is assessed."""

    CHILD_AT_RISK = "child_at_risk"
    ALTERNATIVE_CARE = "alternative_care"
    FAMILY = "family"
    RESETTLEMENT = "resettlement"
    VOLUNTARY_REPATRIATION = "voluntary_repatriation"
    OTHER = "other"


class Section(StrEnum):
    """The parts a worker writes, in the order of the form."""

    SAFETY = "safety"
    CARE = "care"
    FAMILY = "family"
    HEALTH = "health"
    EDUCATION = "education"
    PSYCHOSOCIAL = "psychosocial"
    LEGAL = "legal"
    COMMUNITY = "community"


class ImmediateConcern(StrEnum):
    """What cannot wait for the plan."""

    HEALTH = "health"
    SAFETY = "safety"
    INTERIM_CARE = "interim_care"
    NONE = "none"


class Priority(StrEnum):
    """How fast the case must go."""

    EMERGENCY = "emergency"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class InterpreterTie(StrEnum):
    """What ties an interpreter to the child; anything but none rules the interpreter out."""

    NONE = "none"
    RELATIVE = "relative"
    CO_TRAVELLER = "co_traveller"
    OFFICIAL_OF_ORIGIN = "official_of_origin"


SHORT_SECTIONS: Final = (Section.SAFETY, Section.CARE, Section.FAMILY)
SECTIONS: Final = {
    AssessmentKind.SHORT: SHORT_SECTIONS,
    AssessmentKind.COMPREHENSIVE: tuple(Section),
    AssessmentKind.UPDATE: SHORT_SECTIONS,
}


@dataclass(frozen=True)
class Interpreter:
    """Who interpreted, as far as the rule needs it.

    Args:
        undertaking_on: when the confidentiality undertaking was signed; None when it was not.
        is_known: whether the assignment that is named is one of this child's; True when none is named.
        assigned: what is on record of that assignment; it counts before what the author wrote.
    """

    undertaking_on: date | None
    tie: InterpreterTie = InterpreterTie.NONE
    is_known: bool = True
    assigned: "Assignment | None" = None


@dataclass(frozen=True)
class Assignment:
    """An interpreter assigned to the child, as on record.

    Args:
        languages: in the form of ``core.languages``.
    """

    languages: frozenset[str]
    undertaking_on: date
    undertaking_until: date
    ended_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether undertaking and assignment stand on a day."""
        signed = self.undertaking_on <= day <= self.undertaking_until
        return signed and (self.ended_on is None or day <= self.ended_on)


@dataclass(frozen=True)
class Interview:
    """One talk with the child or with a person close to the child.

    Args:
        no: number within the assessment or report, from 1.
        interviewer_languages: languages the interviewer speaks well, ISO 639 codes.
        spoken_languages: languages of the person interviewed; for the child those of the case.
    """

    no: int
    held_on: date
    with_child: bool
    private: bool
    spoken_languages: frozenset[str]
    interviewer_languages: frozenset[str]
    interpreter: Interpreter | None = None


def interview_gaps(interview: Interview) -> Iterator[Gap]:
    """Name what is wrong with an interview: no interpreter where one is needed, or not a safe one.

    Source: DOM-R10, DOM-2.1/A14.
    """
    facts = {"interview": interview.no}
    interpreter = interview.interpreter
    if interpreter is None:
        if not interview.spoken_languages & interview.interviewer_languages:
            yield Gap("interview_interpreter_missing", facts)
        return
    if not interpreter.is_known:
        yield Gap("interview_interpreter_unknown", facts)
    elif not _has_undertaking(interpreter, interview.held_on):
        yield Gap("interview_undertaking_missing", facts)
    if not _speaks(interpreter.assigned, interview.spoken_languages):
        yield Gap("interview_interpreter_language", facts)
    if interpreter.tie is not InterpreterTie.NONE:
        yield Gap("interpreter_not_independent", {**facts, "tie": interpreter.tie.value})


def _has_undertaking(interpreter: Interpreter, day: date) -> bool:
    if interpreter.assigned is not None:
        return interpreter.assigned.holds_on(day)
    return interpreter.undertaking_on is not None and interpreter.undertaking_on <= day


def _speaks(assigned: Assignment | None, spoken: frozenset[str]) -> bool:
    return assigned is None or not spoken or bool(assigned.languages & spoken)


@dataclass(frozen=True)
class AssessmentFacts:
    """What lies in a BIA, as far as its completeness goes; texts themselves stay sealed.

    Args:
        age_years: None when unknown.
        written: sections that hold text.
        protective_named: at least one protective factor, or "none found", is recorded.
        bid_required: the author's own answer; None while unanswered.
        considered: what is considered for the child.
        no_interview_reason: coded reason why the child was not interviewed.
    """

    kind: AssessmentKind
    age_years: int | None
    purposes: frozenset[Purpose] = frozenset()
    interviews: tuple[Interview, ...] = ()
    views: Views = field(default_factory=Views)
    written: frozenset[Section] = frozenset()
    protective_named: bool = False
    risks_named: bool = False
    immediate_concern: ImmediateConcern | None = None
    priority_result: Priority | None = None
    bid_required: bool | None = None
    considered: frozenset[Considered] = frozenset()
    recommended: bool = False
    actions: int = 0
    no_interview_reason: str = ""


def submission(facts: AssessmentFacts, mandatory: Collection[str] = ()) -> Answer:
    """Say whether the BIA may go to the supervisor; every gap is listed, in the order of the form.

    A "no BID needed" against a mandatory trigger is a gap.

    Source: DOM-4.3, DOM-3.3/T6.
    """
    return answer("submit_assessment", _submission_gaps(facts, mandatory))


def _submission_gaps(facts: AssessmentFacts, mandatory: Collection[str]) -> Iterator[Gap]:
    if not facts.purposes:
        yield Gap("purpose_missing")
    yield from interviews_gaps(facts.interviews, facts.no_interview_reason)
    yield from views_gaps(facts.views, facts.age_years)
    for section in SECTIONS[facts.kind]:
        if section not in facts.written:
            yield Gap("section_missing", {"section": section.value})
    yield from _finding_gaps(facts)
    yield from _conclusion_gaps(facts, mandatory)


def interviews_gaps(interviews: Iterable[Interview], no_interview_reason: str) -> Iterator[Gap]:
    """Name what is missing of the interviews: one with the child at least, or a coded reason.

    Source: DOM-4.3/interviews, DOM-4.4/interviews_with_child.
    """
    held = tuple(interviews)
    with_child = [interview for interview in held if interview.with_child]
    if not with_child and not no_interview_reason:
        yield Gap("child_interview_missing")
    for interview in held:
        yield from interview_gaps(interview)


def _finding_gaps(facts: AssessmentFacts) -> Iterator[Gap]:
    if not facts.protective_named:
        yield Gap("protective_factors_missing")
    if not facts.risks_named:
        yield Gap("risk_factors_missing")
    if facts.immediate_concern is None:
        yield Gap("immediate_concern_missing")


def _conclusion_gaps(facts: AssessmentFacts, mandatory: Collection[str]) -> Iterator[Gap]:
    if facts.priority_result is None:
        yield Gap("priority_missing")
    if not facts.considered:
        yield Gap("considered_missing")
    if facts.bid_required is None:
        yield Gap("bid_answer_missing")
    elif mandatory and not facts.bid_required:
        yield Gap("bid_answer_against_trigger", {"triggers": ", ".join(sorted(mandatory))})
    if not facts.recommended:
        yield Gap("recommendation_missing")
    if not facts.actions:
        yield Gap("assessment_actions_missing")


def status_of(facts: AssessmentFacts) -> AssessmentStatus:
    """Return the sub-status of a BIA that is still with its author."""
    if not facts.interviews and not facts.no_interview_reason:
        return AssessmentStatus.PENDING_INTERVIEW
    return AssessmentStatus.PENDING_RECOMMENDATION


def limits_met_by(kind: str) -> tuple[ClockCode, ...]:
    """Return which limits an approved BIA meets; an update asks for as much as a short one.

    Source: DOM-3.2/D4, DOM-3.2/D5.
    """
    if kind == AssessmentKind.COMPREHENSIVE:
        return (ClockCode.SHORT_ASSESSMENT, ClockCode.FULL_ASSESSMENT)
    return (ClockCode.SHORT_ASSESSMENT,)


def check_approver(author: str, approver: str, *, is_human: bool) -> None:
    """Refuse an approval by the author (compared as persons) or by a machine.

    Raises:
        AuthorApprovesOwn: the approver wrote it.
        OnlyAPersonDecides: the approver is a machine.

    Source: DOM-2.3, DOM-R20.
    """
    if not is_human:
        raise OnlyAPersonDecides
    if author == approver:
        raise AuthorApprovesOwn
