"""The words of a BID report, as the assessor fills them in, part by part; sealed as a whole.

There is no field for a score, a rank or a weight, and none may be added. Source: DOM-R20.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.rules.assessment_form import (
    NOBODY,
    HomeVisitNote,
    InterviewNote,
    ViewsNote,
    interview_of,
    views_of,
)
from cases.rules.assessments import Assignment
from cases.rules.participation import NoViewsReason
from cases.rules.reports import (
    FactorGroup,
    NonRefoulement,
    Outcome,
    Part,
    ReportFacts,
    ReportOption,
    TracingResult,
)


@dataclass(frozen=True)
class SourceNote:
    """A person or document the report rests on, besides the child."""

    what: str
    dated: date | None = None
    reliability: str = ""


@dataclass(frozen=True)
class OptionNote:
    """One option with everything the panel needs to weigh it.

    Args:
        ref: short reference within the report, e.g. ``O1``; unique there.
        destination: ISO 3166-1 alpha-2; the acting country when nobody leaves it.
        care: care type where the option places the child; empty otherwise.
        facility: id of the facility where the option proposes one; empty otherwise.
    """

    ref: str
    outcome: Outcome
    destination: str
    feasible: bool
    pros: str = ""
    cons: str = ""
    feasibility: str = ""
    risks: str = ""
    country_information: str = ""
    country_information_on: date | None = None
    care: str = ""
    facility: str = ""
    views: ViewsNote = field(default_factory=ViewsNote)


@dataclass(frozen=True)
class SiblingNote:
    """What the report says about a linked sibling's case."""

    case_id: str
    text: str


@dataclass(frozen=True)
class AttachmentNote:
    """A file that belongs to the report; every file has its own class."""

    file_id: str
    kind: str
    classification: str


@dataclass(frozen=True)
class ReportForm:
    """The whole report. ``recommended`` names an option; a person writes it, nothing fills it in."""

    parts: Mapping[Part, str] = field(default_factory=dict)
    not_consulted: Mapping[Part, str] = field(default_factory=dict)
    sources: tuple[SourceNote, ...] = ()
    sources_missing_because: str = ""
    interviews: tuple[InterviewNote, ...] = ()
    no_interview_reason: NoViewsReason | None = None
    private_offered: bool = False
    home_visits: tuple[HomeVisitNote, ...] = ()
    tracing: TracingResult | None = None
    tracing_text: str = ""
    options: tuple[OptionNote, ...] = ()
    only_one_because: str = ""
    factors: Mapping[FactorGroup, str] = field(default_factory=dict)
    siblings: tuple[SiblingNote, ...] = ()
    recommended: str = ""
    attachments: tuple[AttachmentNote, ...] = ()


def option_of(note: OptionNote, home: str) -> ReportOption:
    """Return what the rules need to know of an option."""
    written = {
        "pros": note.pros,
        "cons": note.cons,
        "feasibility": note.feasibility,
        "risks": note.risks,
    }
    return ReportOption(
        ref=note.ref,
        outcome=note.outcome,
        destination=note.destination,
        abroad=note.destination != home,
        feasible=note.feasible,
        texts=frozenset(name for name, text in written.items() if text.strip()),
        country_info_on=note.country_information_on if note.country_information.strip() else None,
        views=views_of(note.views),
    )


def report_facts(
    form: ReportForm,
    *,
    age_years: int | None,
    child_languages: frozenset[str],
    home: str,
    checks: Mapping[str, NonRefoulement],
    linked: frozenset[str],
    assigned: Mapping[str, Assignment] = NOBODY,
) -> ReportFacts:
    """Return what the completeness rules need to know of a report.

    Args:
        form: the report.
        age_years: of the child; None when unknown.
        child_languages: languages on file, ISO 639 codes.
        home: the acting country.
        checks: newest non-refoulement check for each destination.
        linked: ids of linked sibling cases.
        assigned: interpreters assigned to the child, by id.
    """
    interviews = tuple(
        interview_of(no, note, child_languages, assigned)
        for no, note in enumerate(form.interviews, start=1)
    )
    return ReportFacts(
        age_years=age_years,
        parts=frozenset(part for part, text in form.parts.items() if text.strip()),
        not_consulted=frozenset(p for p, text in form.not_consulted.items() if text.strip()),
        sources=sum(1 for source in form.sources if source.what.strip()),
        sources_missing_because=bool(form.sources_missing_because.strip()),
        interviews=interviews,
        no_interview_reason=form.no_interview_reason or "",
        private_offered=form.private_offered,
        others_consulted=any(not one.with_child for one in interviews) or bool(form.home_visits),
        tracing=form.tracing,
        options=tuple(option_of(note, home) for note in form.options),
        only_one_because=bool(form.only_one_because.strip()),
        factors=frozenset(group for group, text in form.factors.items() if text.strip()),
        checks=checks,
        linked=linked,
        linked_addressed=frozenset(s.case_id for s in form.siblings if s.text.strip()),
    )
