"""Where and with whom a child lives: family first, an institution last, a cell never."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from cases.rules.facilities import Facility, FacilityException, facility_gaps
from core.errors import Answer, Gap, answer


class CareType(StrEnum):
    """Kinds of care. No value for detention exists. Source: DOM-4.7, DOM-R27."""

    PARENT = "parent"
    STEP_PARENT = "step_parent"
    USUAL_CARER = "usual_carer"
    ADULT_SIBLING = "adult_sibling"
    KINSHIP = "kinship"
    FOSTER = "foster"
    RESIDENTIAL_SMALL = "residential_small"
    RESIDENTIAL_LARGE = "residential_large"
    INDEPENDENT_SUPERVISED = "independent_supervised"
    KAFALA = "kafala"
    EMERGENCY_SAFE_SPACE = "emergency_safe_space"
    HOSPITAL = "hospital"


RESIDENTIAL: Final = frozenset({CareType.RESIDENTIAL_SMALL, CareType.RESIDENTIAL_LARGE})
IN_FACILITY: Final = RESIDENTIAL | {CareType.EMERGENCY_SAFE_SPACE}
STUDIED: Final = frozenset({CareType.KINSHIP, CareType.FOSTER, CareType.KAFALA})
"""Care in a home that somebody must have seen before the child moves in."""
CHECKED: Final = frozenset({*STUDIED, CareType.ADULT_SIBLING, CareType.STEP_PARENT})
"""Care by a person whose background must have been asked about."""


class EndReason(StrEnum):
    """Why a placement ended. Source: DOM-4.7."""

    ABUSE = "abuse"
    DEATH = "death"
    ILLNESS = "illness"
    SCHOOL = "school"
    POVERTY = "poverty"
    BREAKDOWN = "breakdown"
    PLANNED = "planned"
    MOVED = "moved"
    OTHER = "other"


class BackgroundCheck(StrEnum):
    """What is known of the carer's record."""

    CLEAR = "clear"
    PENDING = "pending"
    NOT_AVAILABLE = "not_available"
    CONCERN = "concern"


class StudyResult(StrEnum):
    """Result of a home study."""

    POSITIVE = "positive"
    POSITIVE_WITH_CONDITIONS = "positive_with_conditions"
    NEGATIVE = "negative"


class NoFamilyCare(StrEnum):
    """Why family care was not possible."""

    NO_FAMILY_FOUND = "no_family_found"
    FAMILY_UNSAFE = "family_unsafe"
    FAMILY_UNABLE = "family_unable"
    NO_FOSTER_FAMILY = "no_foster_family"
    CHILD_REFUSES_FAMILY_CARE = "child_refuses_family_care"
    SPECIAL_NEEDS = "special_needs"
    TRACING_UNDER_WAY = "tracing_under_way"


@dataclass(frozen=True)
class HomeStudy:
    """Someone went and looked."""

    result: StudyResult
    studied_on: date
    valid_until: date


@dataclass(frozen=True)
class PlacementFacts:
    """What is known when a child is about to be placed.

    Args:
        allowed: care types of the country pack.
        residential: care types that need a reason and an early review there.
        after_tracing: care types allowed only once tracing is closed without result.
        authorisation_required: whether a facility must be authorised there.
        carer_named: a carer is recorded (for care in a family).
        check_reason: a reason is given why no background check can be had.
        no_family_care: coded reason; needed for residential care.
        protection_measure: reference of an issued protection measure is on file.
        measure_required: the country issues a measure before a child enters a shelter.
        tracing_exhausted: tracing is closed without result.
        splits_siblings: a linked sibling lives or is to live elsewhere.
        sibling_reason: reasons for that are on file.
    """

    care: CareType
    on: date
    allowed: Collection[str] = frozenset(CareType)
    residential: Collection[str] = RESIDENTIAL
    after_tracing: Collection[str] = frozenset({CareType.KAFALA})
    authorisation_required: bool = True
    facility: Facility | None = None
    exception: FacilityException | None = None
    carer_named: bool = False
    home_study: HomeStudy | None = None
    background: BackgroundCheck | None = None
    check_reason: bool = False
    no_family_care: NoFamilyCare | None = None
    review_due: date | None = None
    review_days: int = 92
    protection_measure: bool = False
    measure_required: bool = False
    tracing_exhausted: bool = False
    splits_siblings: bool = False
    sibling_reason: bool = False


def placement(facts: PlacementFacts) -> Answer:
    """Say whether this child may be placed so; every gap is listed.

    Source: DOM-R27, DOM-R29, DOM-R30, DOM-R31, DOM-R32, DOM-4.7.
    """
    return answer("start_placement", _gaps(facts))


def _gaps(facts: PlacementFacts) -> Iterator[Gap]:
    if facts.care not in facts.allowed:
        yield Gap("care_type_not_allowed", {"care": facts.care.value})
    yield from _where_gaps(facts)
    yield from _carer_gaps(facts)
    yield from _residential_gaps(facts)
    if facts.review_due is None:
        yield Gap("placement_review_missing")
    elif facts.review_due <= facts.on:
        yield Gap("placement_review_in_the_past")
    if facts.care in facts.after_tracing and not facts.tracing_exhausted:
        yield Gap("tracing_not_exhausted")
    if facts.splits_siblings and not facts.sibling_reason:
        yield Gap("placement_sibling_reason_missing")


def _where_gaps(facts: PlacementFacts) -> Iterator[Gap]:
    if facts.care in IN_FACILITY and facts.facility is None:
        yield Gap("facility_missing")
    if facts.facility is not None:
        yield from facility_gaps(
            facts.facility,
            facts.on,
            exception=facts.exception,
            authorisation_required=facts.authorisation_required,
        )
        if facts.measure_required and not facts.protection_measure:
            yield Gap("protection_measure_missing")
    elif facts.care not in IN_FACILITY and not facts.carer_named:
        yield Gap("carer_missing")


def _carer_gaps(facts: PlacementFacts) -> Iterator[Gap]:
    if facts.care in STUDIED:
        yield from _study_gaps(facts.home_study, facts.on)
    if facts.care in CHECKED:
        yield from _background_gaps(facts)


def _study_gaps(study: HomeStudy | None, on: date) -> Iterator[Gap]:
    if study is None:
        yield Gap("home_study_missing")
    elif study.result is StudyResult.NEGATIVE:
        yield Gap("home_study_negative")
    elif not study.studied_on <= on <= study.valid_until:
        yield Gap("home_study_expired")


def _background_gaps(facts: PlacementFacts) -> Iterator[Gap]:
    if facts.background is None or facts.background is BackgroundCheck.PENDING:
        yield Gap("background_check_missing")
    elif facts.background is BackgroundCheck.CONCERN:
        yield Gap("background_check_concern")
    elif facts.background is BackgroundCheck.NOT_AVAILABLE and not facts.check_reason:
        yield Gap("background_check_reason_missing")


def _residential_gaps(facts: PlacementFacts) -> Iterator[Gap]:
    if facts.care not in facts.residential:
        return
    if facts.no_family_care is None:
        yield Gap("no_family_care_reason_missing")
    if facts.review_due is not None and (facts.review_due - facts.on).days > facts.review_days:
        yield Gap("placement_review_too_late", {"days": facts.review_days})


class AfterBreakdown(StrEnum):
    """What a broken placement calls for."""

    NEW_ASSESSMENT = "new_assessment"
    NEW_DETERMINATION = "new_determination"


BROKEN: Final = frozenset({EndReason.ABUSE, EndReason.BREAKDOWN, EndReason.DEATH})


def after_end(reason: EndReason, *, rests_on_determination: bool) -> tuple[AfterBreakdown, ...]:
    """Return what must follow when a placement ends: a new BIA, and B6 where a BID is overtaken.

    Source: DOM-3.3/reopening reasons, DOM-3.4/B6.
    """
    if reason not in BROKEN:
        return ()
    if rests_on_determination:
        return (AfterBreakdown.NEW_ASSESSMENT, AfterBreakdown.NEW_DETERMINATION)
    return (AfterBreakdown.NEW_ASSESSMENT,)
