"""What comes in and goes out about placements, facilities, tracing and follow-up."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from api.bodies.assessments import Short, Words
from api.fields import Id, Line, Strict, View
from cases.rules.facilities import Regime
from cases.rules.followup import (
    Aspect,
    ConcernLevel,
    MissedReason,
    Recommend,
    Scale,
    VisitMethod,
)
from cases.rules.placements import (
    BackgroundCheck,
    CareType,
    EndReason,
    NoFamilyCare,
    StudyResult,
)
from cases.rules.reports import TracingResult
from cases.rules.tracing import ActionResult, SafeToTrace
from cases.service.facilities import FacilityDetails, FacilityView
from cases.service.followup import VisitReport
from cases.service.placements import PlacementRequest

PlaceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,4}){0,3}$")]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/. -]{0,60}$")]


class StudyBody(Strict):
    """What was seen in a home."""

    result: StudyResult
    studied_on: date
    valid_until: date
    carer: Line
    findings: Words
    conditions: Words = ""


class StudyOut(View):
    """A home study."""

    id: str
    case_id: str
    result: StudyResult
    studied_on: date
    valid_until: date
    carer: str
    findings: str
    conditions: str


class ExceptionBody(Strict):
    """Why this child may live in an unauthorised facility that was inspected."""

    facility_id: Id
    inspected_on: date
    because: Words


class PlacementBody(Strict):
    """Where a child moves in. No value for detention exists."""

    care: CareType
    started_on: date
    review_due: date
    facility_id: Id | None = None
    carer: Short = ""
    address: Words = ""
    home_study_id: Id | None = None
    background: BackgroundCheck | None = None
    check_reason: Words = ""
    no_family_care: NoFamilyCare | None = None
    family_care_words: Words = ""
    legal_order: Short = ""
    legal_order_until: date | None = None
    sibling_reason: Words = ""
    decision_id: Id | None = None

    def value(self) -> PlacementRequest:
        """Return the service's own value."""
        return PlacementRequest(**self.model_dump())


class EndBody(Strict):
    """Why a placement ended."""

    ended_on: date
    reason: EndReason
    words: Words = ""


class PlacementOut(View):
    """A placement; the address only where you may see it."""

    id: str
    case_id: str
    care: CareType
    facility_id: str | None
    carer: str
    address: str
    started_on: date
    review_due: date
    no_family_care: str | None
    legal_order: str
    legal_order_until: date | None
    sibling_reason: str
    decision_id: str | None
    ended_on: date | None
    end_reason: str | None
    end_words: str
    version: int


class FacilityBody(Strict):
    """A facility as it is registered."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    place: PlaceCode
    regime: Regime
    capacity: Annotated[int, Field(ge=0, le=10_000)]
    registry_number: Number = ""
    authorised_until: date | None = None
    immigration_control: bool = False
    specialised: Annotated[str, StringConstraints(max_length=60)] = ""

    def value(self) -> FacilityDetails:
        """Return the service's own value."""
        return FacilityDetails(**self.model_dump())


class FacilityOut(View):
    """A facility with the room it has."""

    id: str
    country: str
    name: str
    place: str
    regime: Regime
    capacity: int
    registry_number: str
    authorised_until: date | None
    immigration_control: bool
    specialised: str
    occupancy: int
    free: int
    is_authorised: bool
    version: int

    @classmethod
    def of(cls, view: FacilityView) -> Self:
        """Show a facility."""
        return cls(
            id=view.id,
            country=view.country,
            **vars(view.details),
            occupancy=view.occupancy,
            free=view.free,
            is_authorised=view.is_authorised,
            version=view.version,
        )


class FacilityPage(View):
    """One page of the registry; ``cursor`` leads to the next, empty at the end."""

    items: list[FacilityOut]
    cursor: str | None


class StaffBody(Strict):
    """A person who works for a facility."""

    person_id: Id
    since: date
    until: date | None = None


class TracingBody(Strict):
    """Whom to look for, and whether looking is safe."""

    sought: Words
    safe: SafeToTrace
    because: Words


class SafetyBody(Strict):
    """Whether looking is safe now."""

    safe: SafeToTrace
    because: Words


class TracingActionBody(Strict):
    """A step of the search."""

    done_on: date
    place: Short
    what: Words
    result: ActionResult


class TracingEndBody(Strict):
    """What came of the search."""

    result: TracingResult


class TracingStepOut(View):
    """A step of a search."""

    no: int
    done_on: date
    place: str
    what: str
    result: ActionResult


class TracingOut(View):
    """A search; whether it is safe only where you may see it."""

    id: str
    case_id: str
    status: TracingResult
    sought: str
    safe: SafeToTrace | None
    safe_because: str
    steps: list[TracingStepOut]
    opened_at: datetime
    closed_at: datetime | None
    version: int


class VisitBody(Strict):
    """What a visitor writes down."""

    done_on: date
    method: VisitMethod | None = None
    seen_alone: bool | None = None
    not_alone_because: Words = ""
    views: Words = ""
    no_views_because: Words = ""
    scales: dict[Aspect, Scale] = Field(default_factory=dict)
    notes: dict[Aspect, Words] = Field(default_factory=dict)
    concern: ConcernLevel | None = None
    recommend: Recommend | None = None
    new_harm: Words = ""
    placement_broken: bool = False

    def value(self) -> VisitReport:
        """Return the service's own value."""
        return VisitReport(**self.model_dump())


class MissedBody(Strict):
    """Why a visit did not take place."""

    reason: MissedReason
    words: Words = ""


class VisitOut(View):
    """A visit; new harm only where you may see it."""

    id: str
    case_id: str
    no: int
    due_on: date
    status: str
    done_on: date | None
    method: str | None
    seen_alone: bool | None
    missed_reason: str | None
    concern: str | None
    recommend: str | None
    has_new_harm: bool
    words: dict[str, Any]
    new_harm: str
    visitor: str | None
    version: int


class WrittenBody(Strict):
    """A written report."""

    text: Words


class WrittenOut(View):
    """A written follow-up report; ``text`` is empty while it is due."""

    id: str
    case_id: str
    no: int
    due_on: date
    written_at: datetime | None
    text: str
    version: int


class WaitingOut(View):
    """The human act a case waits for."""

    stage: str
    name: str
    holder: str
