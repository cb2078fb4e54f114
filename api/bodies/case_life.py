"""What comes in and goes out at the edges of a case's life: urgent acts, detention, holds, ending."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from api.fields import Country, Id, Strict, Text, View
from cases.rules.closing import ClosureReason, ContactMethod, ReopeningReason
from cases.rules.detention import DetentionPlace, ReleasedTo
from cases.rules.emergency import Danger, Measure
from cases.rules.holding import HoldEnd, HoldReason, MissingReport
from cases.rules.movement import HoldOnMovement
from cases.rules.triggers import Trigger
from cases.service.closing import ClosingRequest
from cases.service.detention import DetentionRequest, ReleaseRequest
from cases.service.emergency import CrossingRequest, EmergencyRequest
from cases.service.holding import HoldRequest

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
ShortCode = Annotated[str, StringConstraints(pattern="^[a-z_]{0,32}$")]
Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{0,64}$")]
ChildCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{6,32}$")]
Fingerprint = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class CrossingBody(Strict):
    """The word of both duty officers before an emergency crossing of a border."""

    destination: Country
    our_officer: Id
    our_consent_at: AwareDatetime
    their_officer: Text
    their_consent_at: AwareDatetime

    def value(self) -> CrossingRequest:
        """Return what the service takes."""
        return CrossingRequest(
            self.destination,
            self.our_officer,
            self.our_consent_at,
            self.their_officer,
            self.their_consent_at,
        )


class EmergencyBody(Strict):
    """What was done at once to protect a child."""

    danger: Danger
    measure: Measure
    acted_at: AwareDatetime
    words: Words = ""
    decided_by: Id | None = None
    triggers: Annotated[tuple[Trigger, ...], Field(max_length=6)] = ()
    crossing: CrossingBody | None = None

    def value(self) -> EmergencyRequest:
        """Return what the service takes."""
        return EmergencyRequest(
            danger=self.danger,
            measure=self.measure,
            acted_at=self.acted_at,
            words=self.words,
            decided_by=self.decided_by or "",
            triggers=tuple(trigger.value for trigger in self.triggers),
            crossing=self.crossing.value() if self.crossing is not None else None,
        )


class CodedEmergencyBody(EmergencyBody):
    """The same for a child whose code one holds."""

    child_code: ChildCode


class DetentionBody(Strict):
    """A child is locked up."""

    since: AwareDatetime
    place_type: DetentionPlace
    details: Words = ""

    def value(self) -> DetentionRequest:
        """Return what the service takes."""
        return DetentionRequest(self.since, self.place_type, self.details)


class ReleaseBody(Strict):
    """A child is free again."""

    released_at: AwareDatetime
    released_to: ReleasedTo
    order: Words = ""

    def value(self) -> ReleaseRequest:
        """Return what the service takes."""
        return ReleaseRequest(self.released_at, self.released_to, self.order)


class MissingBody(Strict):
    """What is known at once of a missing child."""

    missing_since: AwareDatetime
    reported_to_police: bool
    guardian_told: bool


class HoldBody(Strict):
    """Why a case stands still, and when somebody looks again."""

    reason: HoldReason
    review_on: date
    words: Words = ""
    missing: MissingBody | None = None

    def value(self) -> HoldRequest:
        """Return what the service takes."""
        known = self.missing
        report = (
            MissingReport(known.missing_since, known.reported_to_police, known.guardian_told)
            if known is not None
            else None
        )
        return HoldRequest(self.reason, self.review_on, self.words, report)


class HoldReviewBody(Strict):
    """A hold goes on until another date."""

    review_on: date
    words: Text


class ResumeBody(Strict):
    """How a hold ended."""

    ended_as: HoldEnd = HoldEnd.CAN_GO_ON


class ClosingBody(Strict):
    """Why a case can end."""

    reason: ClosureReason
    words: Words
    last_visit_on: date | None = None
    last_contact_on: date | None = None
    child_view: Words = ""
    no_view_reason: ShortCode = ""

    def value(self) -> ClosingRequest:
        """Return what the service takes."""
        return ClosingRequest(**self.model_dump())


class RefusalBody(Strict):
    """Why a case goes on."""

    words: Text


class ReopeningBody(Strict):
    """Why a case is opened again, and what is new."""

    reason: ReopeningReason
    what_is_new: Text


class ContactBody(Strict):
    """An attempt to reach a child."""

    tried_at: AwareDatetime
    method: ContactMethod
    reached: bool
    words: Words = ""


class TransitionPlanBody(Strict):
    """What happens after majority."""

    words: Text
    agreed_by_young_person: bool


class MovementBody(Strict):
    """A reason for which a journey abroad stands still, or falls."""

    reason: HoldOnMovement
    ref: Ref = ""


class PackMoveBody(Strict):
    """Agreement to exactly the difference that was shown."""

    to_version: Annotated[int, Field(ge=1, le=9999)]
    fingerprint: Fingerprint
    recompute_clocks: bool


class RecordedView(View):
    """The id of what was put on record."""

    id: str


class EmergencyView(View):
    """One urgent act."""

    id: str
    n: int
    danger: Danger
    measure: Measure
    acted_at: datetime
    recorded_at: datetime
    recorded_by: str
    decided_by: str
    case_state: str
    triggers: tuple[str, ...]
    destination: str
    written_at: datetime | None
    words: str
    version: int


class HeldView(View):
    """Whole days and the hours on top."""

    days: int
    hours: int


class DetentionView(View):
    """One detention."""

    id: str
    place_type: DetentionPlace
    since: datetime
    released_at: datetime | None
    released_to: str
    held: HeldView
    details: str
    order: str
    version: int


class HoldView(View):
    """One hold."""

    id: str
    reason: HoldReason
    previous_state: str
    since: datetime
    review_on: date
    reviews: int
    missing_since: datetime | None
    police_told: bool
    guardian_told: bool
    ended_at: datetime | None
    ended_as: str
    words: str
    version: int


class ResumedView(View):
    """Where a case went on."""

    state: str


class ClosingView(View):
    """A request to close and its answer."""

    id: str
    reason: ClosureReason
    last_visit_on: date | None
    last_contact_on: date | None
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    words: str
    child_view: str
    no_view_reason: str
    answer_words: str
    version: int


class MissingThing(View):
    """One thing that stands against an act, in words."""

    code: str
    detail: str


class TransitionPlanView(View):
    """A plan for the time after majority."""

    id: str
    n: int
    written_by: str
    written_at: datetime
    agreed_by_young_person: bool
    approved_by: str | None
    approved_at: datetime | None
    words: str


class MovementHoldView(View):
    """One reason that stands."""

    reason: HoldOnMovement
    ref: str
    placed_by: str
    placed_at: datetime


class ChangeView(View):
    """One rule that differs."""

    key: str
    before: str
    after: str


class PackDifferenceView(View):
    """What would change for a case."""

    current: int
    wanted: int
    available: tuple[int, ...]
    changes: tuple[ChangeView, ...]
    fingerprint: str


class PackMoveView(View):
    """A move to newer rules."""

    from_version: int
    to_version: int
    differences: int
    clocks_recomputed: bool
    moved_by: str
    moved_at: datetime


class MovedLimitsView(View):
    """How many running limits moved with the rules."""

    moved_limits: int
