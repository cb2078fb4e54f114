"""Ordinary, complete values of assessment, report, placement and visit; a test states what differs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cases.rules.assessment_form import (
    ActionNote,
    AssessmentForm,
    InterpreterNote,
    InterviewNote,
    ViewsNote,
)
from cases.rules.assessments import ImmediateConcern, Priority, Purpose, Section
from cases.rules.facilities import Facility, Regime
from cases.rules.followup import Aspect, ConcernLevel, Recommend, Scale, VisitFacts, VisitMethod
from cases.rules.participation import Method
from cases.rules.placements import (
    BackgroundCheck,
    CareType,
    HomeStudy,
    NoFamilyCare,
    PlacementFacts,
    StudyResult,
)
from cases.rules.plans import ActionKind
from cases.rules.report_form import OptionNote, ReportForm, SourceNote
from cases.rules.reports import FactorGroup, Outcome, Part, TracingResult
from cases.rules.triggers import Considered

TODAY = date(2026, 3, 2)


def an_interview(**changed: Any) -> InterviewNote:
    """A private talk with a child who speaks Swahili, by a worker who speaks English."""
    ordinary = InterviewNote(
        held_on=TODAY,
        with_child=True,
        private=True,
        person="the child",
        place="safe house",
        spoken_languages=("swa",),
        interviewer_languages=("eng",),
        interpreter=InterpreterNote("an interpreter", TODAY - timedelta(days=30)),
    )
    return replace(ordinary, **changed)


def some_views(**changed: Any) -> ViewsNote:
    """The child's words, heard in a full talk."""
    ordinary = ViewsNote(
        words="I want to live with my aunt.", method=Method.FULL_TALK, heard_on=TODAY
    )
    return replace(ordinary, **changed)


def an_assessment(**changed: Any) -> AssessmentForm:
    """A complete comprehensive form of a child for whom only services are considered."""
    ordinary = AssessmentForm(
        purposes=(Purpose.CHILD_AT_RISK,),
        interviews=(an_interview(),),
        views=some_views(),
        sections=dict.fromkeys(Section, "What was found."),
        protective_factors=("school_contact",),
        risk_factors=("sleeping_rough",),
        immediate_concern=ImmediateConcern.NONE,
        priority_result=Priority.MEDIUM,
        considered=(Considered.SERVICES_ONLY,),
        bid_required=False,
        recommendation="School and a monthly visit.",
        actions=(
            ActionNote(
                ActionKind.EDUCATION,
                "Enrol",
                owner="00000000-1111-4222-8333-444444444444",
                due_on=TODAY + timedelta(days=14),
            ),
        ),
    )
    return replace(ordinary, **changed)


def an_option(ref: str = "O1", **changed: Any) -> OptionNote:
    """An option inside the country, with everything written."""
    ordinary = OptionNote(
        ref=ref,
        outcome=Outcome.CARE_PLACEMENT,
        destination="ZM",
        feasible=True,
        pros="Near school.",
        cons="Far from the aunt.",
        feasibility="A family is ready.",
        risks="None seen.",
        care="foster",
        views=some_views(),
    )
    return replace(ordinary, **changed)


def an_option_abroad(ref: str = "O2", destination: str = "NA", **changed: Any) -> OptionNote:
    """Family reunification in a neighbouring country."""
    return an_option(
        ref,
        **{
            "outcome": Outcome.FAMILY_REUNIFICATION,
            "destination": destination,
            "care": "kinship",
            "country_information": "Area calm.",
            "country_information_on": TODAY - timedelta(days=20),
            **changed,
        },
    )


def a_report(**changed: Any) -> ReportForm:
    """A complete report with two options inside the country."""
    ordinary = ReportForm(
        parts=dict.fromkeys(Part, "Text."),
        sources=(SourceNote("School head"), SourceNote("Police report")),
        interviews=(
            an_interview(),
            an_interview(
                with_child=False, person="aunt", spoken_languages=("eng",), interpreter=None
            ),
        ),
        private_offered=True,
        tracing=TracingResult.VERIFIED,
        options=(an_option(), an_option("O2", outcome=Outcome.MAINTAIN_CURRENT_CARE, care="")),
        factors=dict.fromkeys(FactorGroup, "Reasons."),
        recommended="O1",
    )
    return replace(ordinary, **changed)


def a_facility(**changed: Any) -> Facility:
    """An authorised, open home with room."""
    ordinary = Facility(
        regime=Regime.OPEN,
        registry_number="R-1",
        authorised_until=TODAY + timedelta(days=200),
        capacity=10,
        occupancy=4,
    )
    return replace(ordinary, **changed)


def a_placement(**changed: Any) -> PlacementFacts:
    """Foster care in a home that was seen, by a carer whose record is clear."""
    ordinary = PlacementFacts(
        care=CareType.FOSTER,
        on=TODAY,
        carer_named=True,
        home_study=HomeStudy(
            StudyResult.POSITIVE, TODAY - timedelta(days=10), TODAY + timedelta(days=80)
        ),
        background=BackgroundCheck.CLEAR,
        review_due=TODAY + timedelta(days=90),
    )
    return replace(ordinary, **changed)


def a_residential_placement(**changed: Any) -> PlacementFacts:
    """A small home, since no family was found."""
    ordinary = PlacementFacts(
        care=CareType.RESIDENTIAL_SMALL,
        on=TODAY,
        facility=a_facility(),
        no_family_care=NoFamilyCare.NO_FAMILY_FOUND,
        review_due=TODAY + timedelta(days=60),
    )
    return replace(ordinary, **changed)


def a_visit(**changed: Any) -> VisitFacts:
    """A home visit at which all was well and the child was seen alone."""
    ordinary = VisitFacts(
        method=VisitMethod.VISIT,
        seen_alone=True,
        views_recorded=True,
        scales=dict.fromkeys(Aspect, Scale.OK),
        concern=ConcernLevel.NO_ACTION,
        recommend=Recommend.CONTINUE,
    )
    return replace(ordinary, **changed)
