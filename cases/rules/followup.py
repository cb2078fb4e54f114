"""Follow-up: when the next visit and report fall due, and what a visit sets off."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.errors import Answer, Gap, answer
from core.worktime import Limit, WorkingCalendar, due_at, local_day


class VisitMethod(StrEnum):
    """How the child was followed up."""

    VISIT = "visit"
    CALL = "call"
    SCHOOL = "school"
    OTHER = "other"


class VisitStatus(StrEnum):
    """Where a planned visit stands."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"


class MissedReason(StrEnum):
    """Why a visit did not take place."""

    NOT_FOUND = "not_found"
    REFUSED = "refused"
    NO_STAFF = "no_staff"
    NO_VEHICLE = "no_vehicle"
    NO_FUEL = "no_fuel"
    ROAD_CLOSED = "road_closed"
    INSECURITY = "insecurity"
    OTHER = "other"


class Scale(StrEnum):
    """One aspect of the child's life at the visit; words, not marks."""

    OK = "ok"
    CONCERN = "concern"
    SERIOUS = "serious"


class Aspect(StrEnum):
    """What is looked at on every visit."""

    SAFETY = "safety"
    CARE = "care"
    SCHOOL = "school"
    HEALTH = "health"
    PAPERS = "papers"
    CONTACT = "contact_with_sender_side"


class ConcernLevel(StrEnum):
    """The visitor's own judgement. Source: DOM-4.9."""

    NO_ACTION = "no_action"
    ONGOING_MONITORING = "ongoing_monitoring"
    URGENT_INTERVENTION = "urgent_intervention"


class Recommend(StrEnum):
    """What the visitor recommends."""

    CONTINUE = "continue"
    MORE = "more"
    LESS = "less"
    CLOSE = "close"
    REOPEN = "reopen"


def next_due(start: datetime, limit: Limit, calendar: WorkingCalendar) -> date:
    """Return the local day by which a visit or report falls due, counted from the last one.

    Source: DOM-3.2/D18, DOM-3.2/D19, DOM-3.2/D20.
    """
    return local_day(due_at(start, limit, calendar), calendar)


@dataclass(frozen=True)
class VisitFacts:
    """What a visit report holds; texts themselves stay sealed.

    Args:
        seen_alone: None while unanswered.
        alone_expected: whether the country asks why a child was not seen alone.
        methods: ways to follow a child that the country accepts.
        not_alone_because: a reason is given.
        views_recorded: the child's own words, or a reason why not.
        scales: aspects judged.
        aspects_written: aspects judged worse than ok that hold an explanation.
    """

    method: VisitMethod | None = None
    seen_alone: bool | None = None
    not_alone_because: bool = False
    views_recorded: bool = False
    scales: Mapping[Aspect, Scale] | None = None
    aspects_written: frozenset[Aspect] = frozenset()
    concern: ConcernLevel | None = None
    recommend: Recommend | None = None
    alone_expected: bool = True
    methods: Collection[str] = frozenset(VisitMethod)


def visit_report(facts: VisitFacts) -> Answer:
    """Say whether a visit may be recorded as done; every gap is listed.

    Source: DOM-4.9/followup.
    """
    return answer("record_visit", _visit_gaps(facts))


def _visit_gaps(facts: VisitFacts) -> Iterator[Gap]:
    if facts.method is None:
        yield Gap("visit_method_missing")
    elif facts.method not in facts.methods:
        yield Gap("visit_method_not_here", {"methods": ", ".join(sorted(facts.methods))})
    if facts.seen_alone is None:
        yield Gap("seen_alone_missing")
    elif facts.alone_expected and not (facts.seen_alone or facts.not_alone_because):
        yield Gap("not_alone_reason_missing")
    if not facts.views_recorded:
        yield Gap("visit_views_missing")
    yield from _scale_gaps(facts.scales or {}, facts.aspects_written)
    if facts.concern is None:
        yield Gap("concern_level_missing")
    if facts.recommend is None:
        yield Gap("visit_recommendation_missing")


def _scale_gaps(scales: Mapping[Aspect, Scale], written: frozenset[Aspect]) -> Iterator[Gap]:
    for aspect in Aspect:
        if aspect not in scales:
            yield Gap("visit_aspect_missing", {"aspect": aspect.value})
        elif scales[aspect] is not Scale.OK and aspect not in written:
            yield Gap("visit_aspect_unexplained", {"aspect": aspect.value})


@dataclass(frozen=True)
class AfterVisit:
    """What a visit sets off; each is a prompt to people, never a decision."""

    alert: bool = False
    emergency_prompt: bool = False
    reopening: bool = False


def after_visit(
    concern: ConcernLevel, recommend: Recommend, *, new_harm: bool, placement_broken: bool = False
) -> AfterVisit:
    """Return what must follow a visit.

    Source: DOM-4.9/followup.new_harm, DOM-4.9/followup.concern_level, DOM-3.3/T19.
    """
    return AfterVisit(
        alert=concern is ConcernLevel.URGENT_INTERVENTION or new_harm,
        emergency_prompt=new_harm,
        reopening=new_harm or placement_broken or recommend is Recommend.REOPEN,
    )
