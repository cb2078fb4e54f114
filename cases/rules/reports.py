"""The BID report: what it must hold before a panel may see it, and who checks it.

Nothing here counts, weighs, scores or ranks options or children. Source: DOM-R20.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from cases.errors import AuthorChecksOwn, OnlyAPersonDecides
from cases.rules.assessments import Interview, interviews_gaps
from cases.rules.participation import Views, views_gaps
from core.errors import Answer, Gap, answer


class Outcome(StrEnum):
    """What a panel can decide. Adoption is not among them. Source: DOM-3.6, DOM-R31."""

    FAMILY_REUNIFICATION = "FAMILY_REUNIFICATION"
    VOLUNTARY_REPATRIATION = "VOLUNTARY_REPATRIATION"
    RESETTLEMENT = "RESETTLEMENT"
    COMPLEMENTARY_PATHWAY = "COMPLEMENTARY_PATHWAY"
    LOCAL_INTEGRATION = "LOCAL_INTEGRATION"
    CARE_PLACEMENT = "CARE_PLACEMENT"
    MAINTAIN_CURRENT_CARE = "MAINTAIN_CURRENT_CARE"
    CHANGE_CURRENT_CARE = "CHANGE_CURRENT_CARE"
    SEPARATION_FROM_CARER = "SEPARATION_FROM_CARER"
    NO_SEPARATION = "NO_SEPARATION"
    MEDICAL_TRANSFER = "MEDICAL_TRANSFER"
    NO_SOLUTION_YET_REVIEW = "NO_SOLUTION_YET_REVIEW"


class FactorGroup(StrEnum):
    """The four groups a report and a decision must fill. Source: DOM-3.6."""

    CHILD_VIEWS = "child_views"
    SAFE_ENVIRONMENT = "safe_environment"
    FAMILY = "family"
    DEVELOPMENT = "development"


class Part(StrEnum):
    """Texts of the report, in the order of the form."""

    URGENCY_REASON = "urgency_reason"
    HISTORY_BEFORE_SEPARATION = "history_before_separation"
    JOURNEY = "journey"
    CURRENT_SITUATION = "current_situation"
    FAMILY_VIEWS = "family_views"
    GUARDIAN_VIEWS = "guardian_views"
    CARER_VIEWS = "carer_views"
    CUSTODY_LEGAL = "custody_legal"
    RECOMMENDATION = "recommendation"
    FOLLOW_UP_PLAN = "follow_up_plan"


CONSULTED: Final = frozenset({Part.FAMILY_VIEWS, Part.GUARDIAN_VIEWS, Part.CARER_VIEWS})
"""Parts that may stand empty with a reason why nobody was consulted."""


class TracingResult(StrEnum):
    """How far family tracing has come."""

    NOT_STARTED = "not_started"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    VERIFIED = "verified"
    REUNIFIED = "reunified"
    CLOSED_NO_RESULT = "closed_no_result"
    NOT_SAFE = "not_safe"


class DangerResult(StrEnum):
    """Result of a non-refoulement check for one destination."""

    CLEARED = "cleared"
    RISK = "risk"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class NonRefoulement:
    """A check that a destination is safe to send the child to, by a qualified person.

    Args:
        destination: ISO 3166-1 alpha-2.
        valid_until: last day on which the check may be relied upon.
    """

    destination: str
    result: DangerResult
    checked_on: date
    valid_until: date
    qualified: bool

    def clears(self, on: date) -> bool:
        """Whether the check allows this destination on that day. Source: DOM-R23."""
        return (
            self.qualified
            and self.result is DangerResult.CLEARED
            and self.checked_on <= on <= self.valid_until
        )


def valid_until(checked_on: date, days: int) -> date:
    """Return the last day a non-refoulement check holds; never more than 14 days. Source: DOM-R23."""
    return checked_on + timedelta(days=days)


@dataclass(frozen=True)
class ReportOption:
    """One option the report lays before the panel.

    Args:
        ref: short reference of the option within the report, e.g. ``O1``.
        destination: country in which the option is carried out, ISO 3166-1 alpha-2.
        abroad: whether that is another country than the acting one.
        texts: which of pros, cons, feasibility and risks are written.
        country_info_on: date of the country information used; needed abroad.
    """

    ref: str
    outcome: Outcome
    destination: str
    abroad: bool
    feasible: bool
    texts: frozenset[str] = frozenset()
    country_info_on: date | None = None
    views: Views = field(default_factory=Views)


OPTION_TEXTS: Final = ("pros", "cons", "feasibility", "risks")


@dataclass(frozen=True)
class ReportFacts:
    """What lies in a report, as far as its completeness goes; texts themselves stay sealed.

    Args:
        parts: parts that hold text.
        not_consulted: parts that hold a reason why nobody was consulted instead.
        sources: number of sources besides the child.
        sources_missing_because: a reason is given why there are fewer than two.
        only_one_because: a reason is given why a single option is feasible.
        factors: factor groups that hold text.
        linked: ids of linked sibling cases.
        linked_addressed: linked sibling cases the report speaks about.
        private_offered: a private talk was offered to the child.
    """

    age_years: int | None
    parts: frozenset[Part] = frozenset()
    not_consulted: frozenset[Part] = frozenset()
    sources: int = 0
    sources_missing_because: bool = False
    interviews: tuple[Interview, ...] = ()
    no_interview_reason: str = ""
    private_offered: bool = False
    others_consulted: bool = False
    tracing: TracingResult | None = None
    options: tuple[ReportOption, ...] = ()
    only_one_because: bool = False
    factors: frozenset[FactorGroup] = frozenset()
    checks: Mapping[str, NonRefoulement] = field(default_factory=dict)
    linked: frozenset[str] = frozenset()
    linked_addressed: frozenset[str] = frozenset()


def listing(facts: ReportFacts, on: date) -> Answer:
    """Say whether the report may leave its author; every gap is listed, in the order of the form.

    Source: DOM-4.4, DOM-3.3/T8, DOM-3.3/T9.
    """
    return answer("submit_report", _listing_gaps(facts, on))


def _listing_gaps(facts: ReportFacts, on: date) -> Iterator[Gap]:
    yield from _part_gaps(facts)
    yield from _source_gaps(facts)
    yield from interviews_gaps(facts.interviews, facts.no_interview_reason)
    if not facts.private_offered and not facts.no_interview_reason:
        yield Gap("private_talk_not_offered")
    if facts.tracing is None:
        yield Gap("tracing_result_missing")
    yield from option_gaps(facts, on)
    for group in FactorGroup:
        if group not in facts.factors:
            yield Gap("factor_group_empty", {"group": group.value})
    if facts.linked - facts.linked_addressed:
        yield Gap("siblings_not_addressed", {"count": len(facts.linked - facts.linked_addressed)})


def _part_gaps(facts: ReportFacts) -> Iterator[Gap]:
    for part in Part:
        excused = part in CONSULTED and part in facts.not_consulted
        if part not in facts.parts and not excused:
            yield Gap("report_part_missing", {"part": part.value})


def _source_gaps(facts: ReportFacts) -> Iterator[Gap]:
    if facts.sources < 2 and not facts.sources_missing_because:  # noqa: PLR2004  DOM-3.3/T9
        yield Gap("sources_missing", {"have": facts.sources, "need": 2})
    if not facts.others_consulted and not facts.sources_missing_because:
        yield Gap("close_persons_missing")


def option_gaps(facts: ReportFacts, on: date) -> Iterator[Gap]:
    """Name what is missing of the options and of the child's views on each.

    Source: DOM-R5, DOM-R6, DOM-R7, DOM-R23.
    """
    if not facts.options:
        yield Gap("options_missing")
    elif len(facts.options) == 1 and not facts.only_one_because:
        yield Gap("second_option_missing")
    for option in facts.options:
        yield from _one_option_gaps(option)
        yield from views_gaps(option.views, facts.age_years, option=option.ref)
        if option.abroad:
            yield from _abroad_gaps(option, facts.checks.get(option.destination), on)


def _one_option_gaps(option: ReportOption) -> Iterator[Gap]:
    for text in OPTION_TEXTS:
        if text not in option.texts:
            yield Gap("option_text_missing", {"option": option.ref, "text": text})


def _abroad_gaps(option: ReportOption, check: NonRefoulement | None, on: date) -> Iterator[Gap]:
    facts = {"option": option.ref, "destination": option.destination}
    if option.country_info_on is None:
        yield Gap("country_information_missing", facts)
    if check is None:
        yield Gap("non_refoulement_missing", facts)
    elif not check.qualified:
        yield Gap("non_refoulement_not_qualified", facts)
    elif not check.checked_on <= on <= check.valid_until:
        yield Gap("non_refoulement_expired", facts)
    elif option.feasible and check.result is not DangerResult.CLEARED:
        yield Gap("option_not_cleared", {**facts, "result": check.result.value})


def check_quality_checker(
    author: str, checker: str, *, is_human: bool, others: Collection[str] = ()
) -> None:
    """Refuse a quality check by the author (compared as persons) or by a machine.

    Args:
        author: person who wrote the report.
        checker: person who wants to check it.
        is_human: whether that is a person at all.
        others: further persons who wrote into the report.

    Raises:
        AuthorChecksOwn: the checker wrote it.
        OnlyAPersonDecides: the checker is a machine.

    Source: DOM-2.3, DOM-R20.
    """
    if not is_human:
        raise OnlyAPersonDecides
    if checker == author or checker in others:
        raise AuthorChecksOwn
