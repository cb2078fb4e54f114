"""The parts of an assessment and of a report as pages, in the order in which people work; and where a gap is filled.

Every field stands for a value of the record as the API knows it. There is none for a score or a rank.

Source: DOM-4.3, DOM-4.4, DOM-R20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.desk.fields import Field, Kind
from cases.rules.assessments import SECTIONS, AssessmentKind
from cases.rules.reports import FactorGroup, Part
from cases.service.possible import Act
from core.errors import Gap


@dataclass(frozen=True)
class Entries:
    """A list of a record whose entries have a page each.

    Args:
        name: of the list in the record.
        fields: of one entry.
        optional: parts of an entry that are left out when nothing stands in them.
        title: the field that tells entries apart in a list.
    """

    name: str
    fields: tuple[Field, ...]
    title: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One page of a record.

    Args:
        code: in the address and the words.
        fields: what is asked on it.
        entries: a list whose entries have pages of their own.
        optional: parts that are left out when nothing stands in them.
    """

    code: str
    fields: tuple[Field, ...] = ()
    entries: Entries | None = None
    optional: tuple[str, ...] = ()


def _views(above: str = "views") -> tuple[Field, ...]:
    return (
        Field(f"{above}.words"),
        Field(f"{above}.method", Kind.CHOICE, "method"),
        Field(f"{above}.heard_on", Kind.DAY),
        Field(f"{above}.influence_concerns"),
        Field(f"{above}.reason", Kind.CHOICE, "no_views"),
        Field(
            f"{above}.attempts", Kind.ROWS,
            parts=(Field("on", Kind.DAY), Field("method", Kind.CHOICE, "method")),
        ),
        Field(f"{above}.observation"),
    )  # fmt: skip


TALKS: Final = Entries(
    "interviews",
    (
        Field("with_child", Kind.YES_NO),
        Field("person", Kind.LINE),
        Field("held_on", Kind.DAY),
        Field("place", Kind.LINE),
        Field("private", Kind.YES_NO),
        Field("present", Kind.LINES),
        Field("spoken_languages", Kind.NAMED, "languages"),
        Field("interviewer_languages", Kind.NAMED, "languages"),
        Field("interpreter.interpreter_id", Kind.CHOICE, "interpreter"),
        Field("interpreter.name", Kind.LINE),
        Field("interpreter.undertaking_on", Kind.DAY),
        Field("interpreter.tie", Kind.CHOICE, "interpreter_tie"),
    ),
    title=("held_on", "person"),
    optional=("interpreter",),
)
ACTIONS: Final = Entries(
    "actions",
    (
        Field("kind", Kind.CHOICE, "action"),
        Field("what"),
        Field("owner", Kind.CHOICE, "owner"),
        Field("due_on", Kind.DAY),
    ),
    title=("kind", "what"),
)
SOURCES: Final = Entries(
    "sources",
    (Field("what", Kind.LINE), Field("dated", Kind.DAY), Field("reliability", Kind.LINE)),
    title=("what",),
)
VISITS: Final = Entries(
    "home_visits", (Field("visited_on", Kind.DAY), Field("findings")), title=("visited_on",)
)
OPTIONS: Final = Entries(
    "options",
    (
        Field("ref", Kind.LINE),
        Field("outcome", Kind.CHOICE, "outcome"),
        Field("destination", Kind.CHOICE, "country"),
        Field("care", Kind.CHOICE, "care_type"),
        Field("facility", Kind.CHOICE, "facility"),
        Field("feasible", Kind.YES_NO),
        Field("pros"),
        Field("cons"),
        Field("feasibility"),
        Field("risks"),
        Field("country_information"),
        Field("country_information_on", Kind.DAY),
        *_views(),
    ),
    title=("ref", "outcome", "destination"),
)
SIBLINGS: Final = Entries(
    "siblings", (Field("case_id", Kind.CHOICE, "sibling"), Field("text")), title=("case_id",)
)


def assessment_sections(kind: str) -> tuple[Section, ...]:
    """Return the pages of an assessment; a short one asks for less."""
    found = tuple(Field(f"sections.{one}") for one in SECTIONS[AssessmentKind(kind)])
    return (
        Section("talks", (Field("no_interview_reason", Kind.CHOICE, "no_views"),), entries=TALKS),
        Section("views", _views()),
        Section("findings", found),
        Section(
            "risks",
            (
                Field("protective_text"),
                Field("risk_text"),
                Field("immediate_concern", Kind.CHOICE, "immediate"),
                Field("home_visit.visited_on", Kind.DAY),
                Field("home_visit.findings"),
            ),
            optional=("home_visit",),
        ),
        Section(
            "conclusion",
            (
                Field("purposes", Kind.SEVERAL, "purpose"),
                Field("considered", Kind.SEVERAL, "considered"),
                Field("exceptional_risk", Kind.TICK),
                Field("against_carers_will", Kind.TICK),
                Field("custody_open", Kind.TICK),
                Field("bid_required", Kind.YES_NO),
                Field("priority_result", Kind.CHOICE, "priority"),
                Field("recommendation"),
            ),
        ),
        Section("actions", entries=ACTIONS),
    )


_STORY: Final = (
    Part.URGENCY_REASON,
    Part.HISTORY_BEFORE_SEPARATION,
    Part.JOURNEY,
    Part.CURRENT_SITUATION,
)
_ASKED: Final = (Part.FAMILY_VIEWS, Part.GUARDIAN_VIEWS, Part.CARER_VIEWS)
REPORT: Final = (
    Section("story", tuple(Field(f"parts.{one}") for one in _STORY)),
    Section(
        "talks",
        (
            Field("private_offered", Kind.TICK),
            Field("no_interview_reason", Kind.CHOICE, "no_views"),
        ),
        entries=TALKS,
    ),
    Section(
        "people",
        tuple(Field(f"{at}.{one}") for one in _ASKED for at in ("parts", "not_consulted")),
        entries=VISITS,
    ),
    Section("sources", (Field("sources_missing_because"),), entries=SOURCES),
    Section(
        "tracing",
        (
            Field("tracing", Kind.CHOICE, "tracing"),
            Field("tracing_text"),
            Field(f"parts.{Part.CUSTODY_LEGAL}"),
        ),
    ),
    Section("options", (Field("only_one_because"),), entries=OPTIONS),
    Section("factors", tuple(Field(f"factors.{one}") for one in FactorGroup)),
    Section("siblings", entries=SIBLINGS),
    Section(
        "recommendation",
        (
            Field(f"parts.{Part.RECOMMENDATION}"),
            Field("recommended", Kind.CHOICE, "option"),
            Field(f"parts.{Part.FOLLOW_UP_PLAN}"),
        ),
    ),
)

_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "purpose_missing": ("conclusion", "purposes"),
    "child_interview_missing": ("talks", ""),
    "child_views_missing": ("views", "views.words"),
    "child_views_method_missing": ("views", "views.method"),
    "child_only_observed": ("views", "views.method"),
    "child_views_date_missing": ("views", "views.heard_on"),
    "too_young_needs_observation": ("views", "views.observation"),
    "child_views_attempts_missing": ("views", "views.attempts"),
    "protective_factors_missing": ("risks", "protective_text"),
    "risk_factors_missing": ("risks", "risk_text"),
    "immediate_concern_missing": ("risks", "immediate_concern"),
    "priority_missing": ("conclusion", "priority_result"),
    "considered_missing": ("conclusion", "considered"),
    "bid_answer_missing": ("conclusion", "bid_required"),
    "bid_answer_against_trigger": ("conclusion", "bid_required"),
    "recommendation_missing": ("conclusion", "recommendation"),
    "assessment_actions_missing": ("actions", ""),
    "sources_missing": ("sources", ""),
    "close_persons_missing": ("people", ""),
    "private_talk_not_offered": ("talks", "private_offered"),
    "tracing_result_missing": ("tracing", "tracing"),
    "options_missing": ("options", ""),
    "second_option_missing": ("options", "only_one_because"),
    "siblings_not_addressed": ("siblings", ""),
}
_OF_OPTION: Final[Mapping[str, str]] = {
    "option_views_missing": "views.words",
    "country_information_missing": "country_information",
    "facility_unknown": "facility",
}
_OF_PART: Final = {
    part: section.code
    for section in REPORT
    for field in section.fields
    for part in Part
    if field.name == f"parts.{part}"
}
OF_THE_CASE: Final = "case"
"""A gap that is not filled in the record but by an act on the case, named as the field."""
_BY_ACT: Final[Mapping[str, str]] = {
    "non_refoulement_missing": Act.CHECK_DESTINATION,
    "non_refoulement_not_qualified": Act.CHECK_DESTINATION,
    "non_refoulement_expired": Act.CHECK_DESTINATION,
    "option_not_cleared": Act.CHECK_DESTINATION,
    "legal_offer_missing": Act.LEGAL_OFFER,
}


@dataclass(frozen=True)
class Place:
    """Where a gap is filled: the page, the entry of its list if it is about one, and the field."""

    section: str
    entry: str = ""
    field: str = ""


def place_of(gap: Gap) -> Place:
    """Return where what is missing is filled in."""
    facts = {name: str(fact) for name, fact in gap.facts.items()}
    if gap.code in _BY_ACT:
        return Place(OF_THE_CASE, field=_BY_ACT[gap.code])
    if "interview" in facts:
        return Place("talks", facts["interview"])
    if "option" in facts:
        return Place("options", facts["option"], _field_of_option(gap.code, facts))
    return _place_of_text(gap.code, facts)


def _place_of_text(code: str, facts: Mapping[str, str]) -> Place:
    if code == "section_missing":
        return Place("findings", field=f"sections.{facts['section']}")
    if code == "factor_group_empty":
        return Place("factors", field=f"factors.{facts['group']}")
    if code == "report_part_missing":
        part = Part(facts["part"])
        return Place(_OF_PART[part], field=f"parts.{part}")
    section, field = _PLACES.get(code, (OF_THE_CASE, ""))
    return Place(section, field=field)


def _field_of_option(code: str, facts: Mapping[str, str]) -> str:
    if code == "option_text_missing":
        return facts["text"]
    return _OF_OPTION.get(code) or _PLACES.get(code, ("", "views.words"))[1]
