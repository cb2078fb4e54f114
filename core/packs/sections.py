"""The sections of a pack. Each says how sure we are of it; ``docs/country-packs.md`` explains every key."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from core.packs.codes import (
    Basis,
    Care,
    ClockStart,
    Code,
    Country,
    Direction,
    ExportPriority,
    Language,
    LocaleCode,
    Matter,
    Model,
    OutcomeCode,
    PauseReason,
    PlaceCode,
    Priority,
    Recipient,
    Span,
    TriggerCode,
    Words,
    Zone,
)
from core.worktime import Limit


class Section(Model):
    """A part of a pack that says where it comes from."""

    basis: Basis
    source: Annotated[str, Field(max_length=600)] = ""


class Languages(Model):
    """What screens, forms and the child's own note can be written in. Source: DOM-9.

    ``confirmed_child_notes`` are those whose fixed sentences a native reader of this country has read and confirmed.
    """

    default: Language
    screens: tuple[Language, ...] = Field(min_length=1)
    child_notes: tuple[Language, ...] = Field(min_length=1)
    confirmed_child_notes: tuple[Language, ...] = ()
    locales: tuple[LocaleCode, ...] = Field(min_length=1)


class Holidays(Model):
    """Which days are holidays: a published calendar, and the days decreed or cancelled since."""

    calendar: Country
    observed: bool
    added: Mapping[date, Words] = Field(default_factory=dict)
    removed: Mapping[date, Words] = Field(default_factory=dict)


class Priorities(Section):
    """The levels of urgency, most urgent first, and what they become in other systems."""

    order: tuple[Priority, ...]
    export: Mapping[Priority, ExportPriority]


class LimitRule(Section):
    """One of the limits D1 to D25: from which event, how long by priority, who else hears of it.

    ``then`` is the length from the second time on, for limits that come back (reports, visits).
    """

    starts: ClockStart
    direction: Direction = Direction.AFTER
    counterpart: bool
    emergency: Span
    high: Span
    medium: Span
    low: Span
    then: Span | None = None

    def for_priority(self, priority: str, occurrence: int = 0) -> Limit:
        """Return the length for a priority; ``occurrence`` 0 is the first time."""
        if occurrence > 0 and self.then is not None:
            return self.then
        lengths = {
            Priority.EMERGENCY: self.emergency,
            Priority.HIGH: self.high,
            Priority.MEDIUM: self.medium,
            Priority.LOW: self.low,
        }
        return lengths[Priority(priority)]


class EscalationStep(Model):
    """Who hears when a share of a limit has passed."""

    percent: int = Field(ge=1, le=1000)
    to: tuple[Recipient, ...] = Field(min_length=1)
    to_cross_border: tuple[Recipient, ...] = ()


class Pause(Section):
    """For how long and why a clock may stand still. Source: DOM-3.2."""

    max_days: int = Field(ge=1, le=365)
    reasons: tuple[PauseReason, ...] = Field(min_length=1)


class Trigger(Section):
    """One reason for which a determination is required. Mandatory ones are never waived (DOM-R3)."""

    mandatory: bool
    text: Words


class Requirement(Model):
    """At least ``min`` of those present fit every list given; an empty list fits everybody."""

    roles: tuple[Literal["chair", "deputy", "member"], ...] = ()
    sectors: tuple[Code, ...] = ()
    countries: tuple[Country, ...] = ()
    min: int = Field(ge=1, le=20)


class QuorumRule(Model):
    """Who must be present and free of conflict for a valid decision. Source: DOM-3.5."""

    min_present: int = Field(ge=1, le=20)
    min_agencies: int = Field(ge=1, le=20)
    require: tuple[Requirement, ...]


class BatchRule(Model):
    """Limits of a sitting with many children on one day. Source: DOM-3.5."""

    daily_cap: int = Field(ge=1, le=200)
    min_minutes: int = Field(ge=1, le=240)
    similarity: float = Field(gt=0, le=1)


class PanelRules(Section):
    """How a panel is made up and decides. Source: DOM-3.5."""

    size_min: int = Field(ge=1, le=20)
    size_max: int = Field(ge=1, le=20)
    default_roster: int = Field(ge=1, le=20)
    seats: tuple[Code, ...] = Field(min_length=1)
    gender_balanced: bool
    quorum: QuorumRule
    emergency_quorum: QuorumRule | None = None
    joint_each_country_min: int = Field(ge=1, le=5)
    partner_members_vote: Literal["never", "joint_only"]
    consensus_first: bool
    majority_of: Literal["eligible_present"]
    abstention_needs_reason: bool
    tie: Literal["refer_to_review_panel"]
    casting_vote: bool
    no_casting_vote_on: tuple[Matter, ...]
    max_deferrals: int = Field(ge=0, le=2)
    undertaking_months: int = Field(ge=1, le=60)
    late_conflict_review_working_days: int = Field(ge=1, le=60)
    unsafe_child_return_hours: int = Field(ge=1, le=720)
    reason_min_characters: int = Field(ge=1, le=2000)
    batch: BatchRule


class Simplified(Section):
    """A determination without the full panel: off unless a country switches it on. Source: DOM-3.4."""

    allowed: bool
    triggers: tuple[TriggerCode, ...]
    priorities: tuple[Priority, ...] = Field(min_length=1)
    conditions: tuple[Code, ...] = Field(min_length=1)
    signatures: int = Field(ge=2, le=5)
    sample_percent: int = Field(ge=0, le=100)


class Decider(Section):
    """Who decides in this country, and with what force. Source: DOM-1.2, DOM-9."""

    kind: Literal["panel", "procuraduria", "childrens_court", "protection_board", "federal_agency"]
    name: Words
    external: bool
    force: Literal["binding", "administrative", "advisory_to_court"]
    court_reference_for: tuple[OutcomeCode, ...]


class Band(Model):
    """An age band; ``to`` is the last year in it."""

    code: Annotated[str, Field(pattern=r"^[0-9]{1,2}([-+][0-9]{0,2})?$")]
    start: int = Field(ge=0, le=30)
    to: int = Field(ge=0, le=30)


class ParticipationBand(Band):
    """How a child of this age is usually heard. Source: DOM-3.7."""

    methods: tuple[Code, ...] = Field(min_length=1)
    signs_plan: bool


class Ages(Section):
    """Ages that matter in this country. Source: DOM-3.7, DOM-9, DOM-R57."""

    child_under: int = Field(ge=15, le=25)
    participation: tuple[ParticipationBand, ...] = Field(min_length=1)
    return_alone_from: int = Field(ge=0, le=25)
    transition_alert_months: tuple[int, ...] = Field(min_length=1)


class CareRules(Section):
    """Where a child may live, and under which conditions. Source: DOM-4.7, DOM-R27 to DOM-R31."""

    allowed: tuple[Care, ...] = Field(min_length=1)
    residential: tuple[Care, ...]
    residential_review_months: int = Field(ge=1, le=12)
    facility_authorisation_required: bool
    unauthorised_exception: Literal["never", "supervisor_with_inspection"]
    order_before_shelter: bool
    only_after_tracing: tuple[Care, ...]


class Appeal(Section):
    """To whom a child can turn against a decision, and what stands still meanwhile. Source: DOM-3.2/D12."""

    body: Words
    suspensive_for: tuple[Matter, ...]
    late_allowed_with_reason: bool
    guardian_may_waive_window: bool


class TaskTemplate(Model):
    """A task the engine writes down for people; the steps are in their order."""

    code: Code
    title: Words
    steps: tuple[Words, ...] = Field(min_length=1)


class Detention(Section):
    """What the law says on detaining children. A detained child is an emergency whatever it says."""

    law: Literal["barred", "not_fully_barred", "unclear"]
    text: Words
    release_task: TaskTemplate


class Outcomes(Section):
    """What a decision may be in this country. Source: DOM-3.6."""

    allowed: tuple[OutcomeCode, ...] = Field(min_length=1)
    no_solution_review_months: int = Field(ge=1, le=12)


class CodeLists(Model):
    """Coded answers with English labels; codes are stable, countries may add their own."""

    closure_reasons: Mapping[Code, Words]
    reopening_reasons: Mapping[Code, Words]
    separation_causes: Mapping[Code, Words]
    conflict_grounds: Mapping[Code, Words]
    protection_concerns: Mapping[Code, Words]
    care_end_reasons: Mapping[Code, Words]
    decline_reasons: Mapping[Code, Words]
    withdrawal_reasons: Mapping[Code, Words]
    disruption_reasons: Mapping[Code, Words]
    guardian_kinds: Mapping[Code, Words]
    funding_lines: Mapping[Code, Words]


class Guardianship(Section):
    """Who may act for a child without carers. Source: DOM-3.3/T4, DOM-R11."""

    appointed_by: Words
    stop_gap_allowed: bool


class Travel(Section):
    """What must be fresh on the day a child travels. Source: DOM-R8, DOM-R23."""

    willingness_days: int = Field(ge=1, le=7)
    non_refoulement_days: int = Field(ge=1, le=14)


class Retention(Section):
    """How long a file is kept; two people erase it and a stub stays everywhere. Source: DOM-R54."""

    years_after_closing: int = Field(ge=1, le=100)
    years_after_majority: int = Field(ge=0, le=100)
    not_eligible_years: int = Field(ge=0, le=100)


class FollowUp(Section):
    """How a child is followed after a decision was carried out. Source: DOM-3.2, DOM-R55."""

    seen_alone_expected: bool
    no_contact_min_attempts: int = Field(ge=1, le=20)
    methods: tuple[Code, ...] = Field(min_length=1)


class Place(Model):
    """A province, district or other place where offices are. ``borders`` names countries."""

    name: Words
    parent: PlaceCode
    kind: Code
    borders: tuple[Country, ...] = ()
    timezone: Zone | None = None


class DataProtection(Section):
    """Where personal data may be, and whom a breach is reported to within D25. Source: DOM-R52."""

    in_country: bool
    law: Words
    authority: Words
    abuse_data_sensitive: bool


class Statistics(Section):
    """How published numbers are cut and protected. Source: DOM-7.2, DOM-R60."""

    bands: tuple[Band, ...] = Field(min_length=1)
    suppress_below: int = Field(ge=2, le=50)
    never_together: tuple[tuple[Code, ...], ...]


class Helpline(Model):
    """A number a child or a neighbour can call."""

    number: Annotated[str, Field(pattern=r"^[0-9+ -]{3,20}$")]
    name: Words


class Bodies(Section):
    """Who does what in this country, in the words people there use. Source: DOM-1.2."""

    lead: Words
    secretariat: Words
    cross_border_signatory: Words
    review_panel: Words
    notes: tuple[Words, ...] = ()
