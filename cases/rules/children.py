"""What is known about a child: coded values, and which fields are restricted or highly sensitive.

Every value may be ``unknown`` or left out; nothing is ever invented. In doubt about age the person
is a child.

Source: DOM-4.1, DOM-3.3/T2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from cases.rules.detention import DetentionPlace
from core.errors import Answer, Gap, answer


class Tri(StrEnum):
    """Yes, no, or not known yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    """Sex as stated or documented."""

    FEMALE = "female"
    MALE = "male"
    INTERSEX = "intersex"
    NOT_STATED = "not_stated"


class BirthPrecision(StrEnum):
    """How exact a birth date is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class AgeBasis(StrEnum):
    """Where an age comes from."""

    DOCUMENT = "document"
    STATED = "stated"
    ESTIMATED = "estimated"
    ASSESSED = "assessed"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


class Accompaniment(StrEnum):
    """With whom the child is."""

    UNACCOMPANIED = "unaccompanied"
    SEPARATED = "separated"
    ACCOMPANIED = "accompanied"
    CHILD_HEADED_HOUSEHOLD = "child_headed_household"
    UNKNOWN = "unknown"


class Priority(StrEnum):
    """How urgent a case is, most urgent first."""

    EMERGENCY = "emergency"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class MovementStatus(StrEnum):
    """Why the child is where it is; highly sensitive."""

    MIGRANT = "migrant"
    REFUGEE = "refugee"
    ASYLUM_SEEKER = "asylum_seeker"
    RETURNEE = "returnee"
    IDP = "idp"
    STATELESS = "stateless"
    FOREIGN_NATIONAL = "foreign_national"
    RESIDENT = "resident"
    UNKNOWN = "unknown"


class AsylumClaim(StrEnum):
    """Whether protection is asked for; highly sensitive."""

    NONE = "none"
    WISHES = "wishes"
    PENDING = "pending"
    RECOGNISED = "recognised"
    REJECTED_FINAL = "rejected_final"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Documentation(StrEnum):
    """Whether the child has papers."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Who identified the child."""

    BORDER = "border"
    POLICE = "police"
    IMMIGRATION = "immigration"
    DETENTION = "detention"
    HEALTH = "health"
    SCHOOL = "school"
    HELPLINE = "helpline"
    COMMUNITY = "community"
    SELF = "self"
    CONSULATE = "consulate"
    PARTNER_COUNTRY = "partner_country"
    OTHER = "other"


class ExternalIdKind(StrEnum):
    """Which other system gave a number."""

    UNHCR_INDIVIDUAL = "unhcr_individual"
    UNHCR_GROUP = "unhcr_group"
    CPIMS = "cpims"
    ICRC = "icrc"
    NATIONAL_ID = "national_id"
    PASSPORT = "passport"
    REGISTRY = "registry"
    OTHER = "other"


class Relation(StrEnum):
    """How two children belong together."""

    SIBLING = "sibling"
    OWN_CHILD = "own_child"
    PARENT = "parent"
    TRAVEL_GROUP = "travel_group"


INVERSE: Final[dict[Relation, Relation]] = {
    Relation.SIBLING: Relation.SIBLING,
    Relation.OWN_CHILD: Relation.PARENT,
    Relation.PARENT: Relation.OWN_CHILD,
    Relation.TRAVEL_GROUP: Relation.TRAVEL_GROUP,
}

PRIORITY_RANK: Final[dict[str, int]] = {str(p): rank for rank, p in enumerate(Priority)}
HOLDS_MOVEMENT: Final = frozenset({AsylumClaim.WISHES, AsylumClaim.PENDING, AsylumClaim.RECOGNISED})
LONGEST_STAY_A_CHILD: Final = 30  # ages above this are refused as slips of the pen

RESTRICTED_FIELDS: Final = frozenset(
    {
        "names", "birth_date", "birth_precision", "age_years", "age_stated_on", "age_basis",
        "nationalities", "habitual_residence", "languages", "interpreter_needed", "external_ids",
        "documentation", "documents", "separation", "family_links", "protection_concerns",
        "education", "alert", "other_facts",
    }
)  # fmt: skip
SENSITIVE_FIELDS: Final = frozenset(
    {
        "movement_status", "asylum_claim", "fear_of_return", "gender_identity", "ethnicity",
        "religion", "exact_location", "gbv", "trafficking", "sexual_exploitation", "armed_group",
        "hiv_status", "pregnancy", "mental_health", "substance", "health_for_care", "disability",
        "justice_involvement", "detention", "do_not_contact", "sharing_danger",
    }
)  # fmt: skip
ADDRESS_FIELD: Final = "exact_location"
ATTACHMENTS_PART: Final = "attachments"  # highly sensitive files, as one part that can be granted
NAME_PARTS: Final = ("given", "family", "other", "nickname")
# The few restricted fields a summary shows; names, dates and numbers are not among them.
SUMMARY_FIELDS: Final = frozenset(
    {"age_basis", "nationalities", "languages", "interpreter_needed", "documentation"}
)


@dataclass(frozen=True)
class Names:
    """A child's names; an empty part is unknown."""

    given: str = ""
    family: str = ""
    other: str = ""
    nickname: str = ""

    def words(self) -> tuple[str, ...]:
        """Return the parts that are known."""
        return tuple(part for part in (self.given, self.family, self.other, self.nickname) if part)


@dataclass(frozen=True)
class Alert:
    """Word of a child who may need protection; anybody may send it, also without a name.

    Args:
        office: place code of the office that takes it up.
        district: place code of the district where the child is.
        source: kind of place or person it comes from.
        in_danger: immediate danger.
        in_detention: in a cell or any closed place.
        seen_at: when the child was seen.
        detained_since: from when, if known.
        detention_place: kind of place the child is held in.
        where: the place, in words; sealed.
        reported_by: who says so; empty for an anonymous alert; sealed.
        words: what was said; sealed.

    Source: DOM-3.3/T1.
    """

    office: str
    district: str = ""
    source: Source = Source.OTHER
    in_danger: Tri = Tri.UNKNOWN
    in_detention: Tri = Tri.UNKNOWN
    seen_at: datetime | None = None
    detained_since: datetime | None = None
    detention_place: DetentionPlace = DetentionPlace.UNKNOWN
    where: str = ""
    reported_by: str = ""
    words: str = ""


@dataclass(frozen=True)
class ExternalId:
    """A number another system gave the child."""

    kind: ExternalIdKind
    value: str


@dataclass(frozen=True)
class Child:
    """What a worker records about a child at registration. Defaults say: not known.

    Args:
        names: each part may be unknown.
        birth_date: with ``birth_precision``; a year-only date is the first of January of it.
        age_years: as stated or estimated on ``age_stated_on``; ignored when a birth date is exact.
        nationalities: ISO 3166-1 alpha-2, or ``stateless`` or ``undetermined``; the first leads.
        languages: ISO 639 codes, best first.
        restricted: further fields of ``RESTRICTED_FIELDS``.
        sensitive: fields of ``SENSITIVE_FIELDS``.
    """

    names: Names = field(default_factory=Names)
    sex: Sex = Sex.NOT_STATED
    birth_date: date | None = None
    birth_precision: BirthPrecision = BirthPrecision.UNKNOWN
    age_years: int | None = None
    age_stated_on: date | None = None
    age_basis: AgeBasis = AgeBasis.UNKNOWN
    nationalities: tuple[str, ...] = ()
    habitual_residence: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    interpreter_needed: bool = False
    accompaniment: Accompaniment = Accompaniment.UNKNOWN
    documentation: Documentation = Documentation.UNKNOWN
    documents: tuple[str, ...] = ()
    external_ids: tuple[ExternalId, ...] = ()
    movement_status: MovementStatus = MovementStatus.UNKNOWN
    asylum_claim: AsylumClaim = AsylumClaim.UNKNOWN
    fear_of_return: Tri = Tri.UNKNOWN
    restricted: Mapping[str, Any] = field(default_factory=dict)
    sensitive: Mapping[str, Any] = field(default_factory=dict)


def age_on(
    today: date, *, birth_date: date | None, age_years: int | None, age_stated_on: date | None
) -> int | None:
    """Return the age in whole years on a day, or None when nothing is known.

    A stated age grows by whole years from the day it was stated. An age is never guessed.
    """
    if birth_date is not None:
        return max(0, _years(birth_date, today))
    if age_years is None:
        return None
    return age_years + (max(0, _years(age_stated_on, today)) if age_stated_on else 0)


def band_of(age: int | None, bands: tuple[tuple[str, int, int], ...]) -> str:
    """Return the code of the age band, ``unknown`` without an age, ``adult`` past the last band.

    Args:
        age: in years.
        bands: code, first and last year (both included), in order. Source: DOM-7.2.
    """
    if age is None:
        return "unknown"
    for code, first, last in bands:
        if first <= age <= last:
            return code
    return "adult"


def must_hold_movement(asylum_claim: str, fear_of_return: str) -> bool:
    """Whether no return may be prepared and no origin authority contacted. Source: DOM-R26."""
    return asylum_claim in HOLDS_MOVEMENT or fear_of_return == Tri.YES


def priority_for(stated: Priority | None, *, in_danger: Tri, in_detention: Tri) -> Priority:
    """Return the priority a case starts with: a child in danger or in detention is an emergency.

    When nobody has said and nobody knows whether there is danger, the case is high until somebody
    has looked (our choice).

    Source: DOM-3.8, DOM-R27.
    """
    if Tri.YES in {in_danger, in_detention}:
        return Priority.EMERGENCY
    if stated is not None:
        return stated
    return Priority.HIGH if Tri.UNKNOWN in {in_danger, in_detention} else Priority.MEDIUM


def registration(child: Child, *, consent_recorded: bool, today: date, child_under: int) -> Answer:
    """Say what stands against a registration. Unknown values never do; contradictions do.

    Args:
        child: what is known.
        consent_recorded: consent or assent is on file, or the reason why it was not asked.
        today: the day.
        child_under: the country's age limit.

    Source: DOM-3.3/T2.
    """
    age = age_on(
        today,
        birth_date=child.birth_date,
        age_years=child.age_years,
        age_stated_on=child.age_stated_on,
    )
    dated = child.birth_date is not None
    proven = child.age_basis in {AgeBasis.DOCUMENT, AgeBasis.ASSESSED}
    return answer(
        "register",
        [
            None if consent_recorded else Gap("consent_or_reason_missing"),
            Gap("birth_in_future")
            if child.birth_date is not None and child.birth_date > today
            else None,
            Gap("birth_precision_missing")
            if dated and child.birth_precision is BirthPrecision.UNKNOWN
            else None,
            Gap("age_basis_missing")
            if age is not None and child.age_basis is AgeBasis.UNKNOWN
            else None,
            Gap("age_not_possible") if age is not None and age > LONGEST_STAY_A_CHILD else None,
            # In doubt the person is a child: only proof turns somebody away.
            Gap("not_a_child", {"limit": child_under})
            if proven and age is not None and age >= child_under
            else None,
        ],
    )


def _years(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
