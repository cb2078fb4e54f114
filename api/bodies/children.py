"""What comes in about a child: bounded, strict, every value optional because it may be unknown."""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from api.fields import Code, Country, Id, Language, Line, Strict, Text
from cases.rules.children import (
    Accompaniment,
    AgeBasis,
    Alert,
    AsylumClaim,
    BirthPrecision,
    Child,
    Documentation,
    ExternalId,
    ExternalIdKind,
    MovementStatus,
    Names,
    Priority,
    Sex,
    Source,
    Tri,
)
from cases.rules.consent import (
    Assent,
    GivenBy,
    LegalBasis,
    NotAskedReason,
    Receiver,
    SharingPurpose,
)
from cases.rules.detention import DetentionPlace
from cases.service.consents import NewConsent
from cases.service.erasure import ErasureGround
from cases.service.files import Purpose

NamePart = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Nationality = Annotated[str, StringConstraints(pattern="^([A-Z]{2}|stateless|undetermined)$")]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,4}){0,3}$")]
SearchedName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)
]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000)]


class NamesBody(Strict):
    """Names; a part left out is unknown."""

    given: NamePart = ""
    family: NamePart = ""
    other: NamePart = ""
    nickname: NamePart = ""

    def value(self) -> Names:
        """Return the rule's own value."""
        return Names(self.given, self.family, self.other, self.nickname)


class ExternalIdBody(Strict):
    """A number another system gave the child."""

    kind: ExternalIdKind
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class SeparationBody(Strict):
    """How the child was separated."""

    on: date | None = None
    place: NamePart = ""
    cause: Code | None = None
    words: Notes = ""


class FamilyLinkBody(Strict):
    """A relative, as the child tells it."""

    name: NamePart = ""
    relation: Code
    alive: Tri = Tri.UNKNOWN
    whereabouts: Notes = ""
    contact: Notes = ""
    wants_contact: Tri = Tri.UNKNOWN


class DoNotContactBody(Strict):
    """Somebody who must not be told."""

    who: Line
    reason: Notes = ""


class RestrictedBody(Strict):
    """Further restricted facts."""

    separation: SeparationBody | None = None
    family_links: Annotated[list[FamilyLinkBody], Field(max_length=40)] | None = None
    protection_concerns: Annotated[list[Code], Field(max_length=40)] | None = None
    education: Notes | None = None


class SensitiveBody(Strict):
    """Highly sensitive facts; each is sealed apart from the rest of the file."""

    gender_identity: Notes | None = None
    ethnicity: Notes | None = None
    religion: Notes | None = None
    exact_location: Notes | None = None
    gbv: Notes | None = None
    trafficking: Notes | None = None
    sexual_exploitation: Notes | None = None
    armed_group: Notes | None = None
    hiv_status: Notes | None = None
    pregnancy: Notes | None = None
    mental_health: Notes | None = None
    substance: Notes | None = None
    health_for_care: Notes | None = None
    disability: Notes | None = None
    justice_involvement: Notes | None = None
    do_not_contact: Annotated[list[DoNotContactBody], Field(max_length=40)] | None = None


class ChildBody(Strict):
    """What a worker knows about a child. Leave out what is not known; nothing is guessed."""

    names: NamesBody = NamesBody()
    sex: Sex = Sex.NOT_STATED
    birth_date: date | None = None
    birth_precision: BirthPrecision = BirthPrecision.UNKNOWN
    age_years: Annotated[int, Field(ge=0, le=120)] | None = None
    age_stated_on: date | None = None
    age_basis: AgeBasis = AgeBasis.UNKNOWN
    nationalities: Annotated[list[Nationality], Field(max_length=6, default_factory=list)]
    habitual_residence: Annotated[list[Nationality], Field(max_length=6, default_factory=list)]
    languages: Annotated[list[Language], Field(max_length=12, default_factory=list)]
    interpreter_needed: bool = False
    accompaniment: Accompaniment = Accompaniment.UNKNOWN
    documentation: Documentation = Documentation.UNKNOWN
    documents: Annotated[list[Line], Field(max_length=20, default_factory=list)]
    external_ids: Annotated[list[ExternalIdBody], Field(max_length=12, default_factory=list)]
    movement_status: MovementStatus = MovementStatus.UNKNOWN
    asylum_claim: AsylumClaim = AsylumClaim.UNKNOWN
    fear_of_return: Tri = Tri.UNKNOWN
    restricted: RestrictedBody = RestrictedBody()
    sensitive: SensitiveBody = SensitiveBody()

    def value(self, today: date) -> Child:
        """Return the rule's own value; an age without a day was stated today."""
        return Child(
            names=self.names.value(),
            sex=self.sex,
            birth_date=self.birth_date,
            birth_precision=self.birth_precision,
            age_years=self.age_years,
            age_stated_on=self.age_stated_on or (today if self.age_years is not None else None),
            age_basis=self.age_basis,
            nationalities=tuple(self.nationalities),
            habitual_residence=tuple(self.habitual_residence),
            languages=tuple(self.languages),
            interpreter_needed=self.interpreter_needed,
            accompaniment=self.accompaniment,
            documentation=self.documentation,
            documents=tuple(self.documents),
            external_ids=tuple(ExternalId(item.kind, item.value) for item in self.external_ids),
            movement_status=self.movement_status,
            asylum_claim=self.asylum_claim,
            fear_of_return=self.fear_of_return,
            restricted=self.restricted.model_dump(mode="json", exclude_none=True),
            sensitive=self.sensitive.model_dump(mode="json", exclude_none=True),
        )


class ChildChanges(Strict):
    """New values for some fields; ``null`` takes a value away, a field left out stays."""

    names: NamesBody | None = None
    sex: Sex = Sex.NOT_STATED
    birth_date: date | None = None
    birth_precision: BirthPrecision | None = None
    age_years: Annotated[int, Field(ge=0, le=120)] | None = None
    age_stated_on: date | None = None
    age_basis: AgeBasis | None = None
    nationalities: Annotated[list[Nationality], Field(max_length=6)] | None = None
    habitual_residence: Annotated[list[Nationality], Field(max_length=6)] | None = None
    languages: Annotated[list[Language], Field(max_length=12)] | None = None
    interpreter_needed: bool | None = None
    accompaniment: Accompaniment = Accompaniment.UNKNOWN
    documentation: Documentation | None = None
    documents: Annotated[list[Line], Field(max_length=20)] | None = None
    external_ids: Annotated[list[ExternalIdBody], Field(max_length=12)] | None = None
    movement_status: MovementStatus | None = None
    asylum_claim: AsylumClaim | None = None
    fear_of_return: Tri | None = None
    restricted: RestrictedBody = RestrictedBody()
    sensitive: SensitiveBody = SensitiveBody()

    def changes(self) -> dict[str, Any]:
        """Return only what was sent, by field name."""
        sent = self.model_dump(mode="json", exclude_unset=True)
        return {**sent.pop("restricted", {}), **sent.pop("sensitive", {}), **sent}


class AlertBody(Strict):
    """Word of a child who may need protection. Only the office is needed."""

    office: PlaceCode
    district: PlaceCode | None = None
    source: Source = Source.OTHER
    in_danger: Tri = Tri.UNKNOWN
    in_detention: Tri = Tri.UNKNOWN
    seen_at: AwareDatetime | None = None
    detained_since: AwareDatetime | None = None
    detention_place: DetentionPlace = DetentionPlace.UNKNOWN
    where: Notes = ""
    reported_by: Notes = ""
    words: Notes = ""

    def value(self) -> Alert:
        """Return the rule's own value."""
        return Alert(
            office=self.office,
            district=self.district or "",
            source=self.source,
            in_danger=self.in_danger,
            in_detention=self.in_detention,
            seen_at=self.seen_at,
            detained_since=self.detained_since,
            detention_place=self.detention_place,
            where=self.where,
            reported_by=self.reported_by,
            words=self.words,
        )


class ConsentBody(Strict):
    """A consent as it was given."""

    given_by: GivenBy
    assent: Assent
    assent_reason: Code | None = None
    given_on: date
    expires_on: date | None = None
    purposes: Annotated[list[SharingPurpose], Field(max_length=6, default_factory=list)]
    share_with: Annotated[list[Receiver], Field(max_length=6, default_factory=list)]
    partners: Annotated[list[Country], Field(max_length=10, default_factory=list)]
    legal_basis: LegalBasis = LegalBasis.CONSENT
    language: Language | None = None
    words: Notes = ""

    def value(self) -> NewConsent:
        """Return what the service takes."""
        return NewConsent(
            given_by=self.given_by,
            assent=self.assent,
            given_on=self.given_on,
            assent_reason=self.assent_reason or "",
            purposes=tuple(self.purposes),
            share_with=tuple(self.share_with),
            partners=tuple(self.partners),
            legal_basis=self.legal_basis,
            language=self.language or "",
            expires_on=self.expires_on,
            words=self.words,
        )


class RegistrationBody(Strict):
    """What is recorded when a child is registered; consent, or why it was not asked."""

    child: ChildBody
    consent: ConsentBody | None = None
    consent_not_asked: NotAskedReason | None = None
    priority: Priority | None = None


class NewCaseBody(RegistrationBody):
    """Alert and registration in one."""

    alert: AlertBody


class AllocationBody(Strict):
    """To whom a case is given."""

    owner_person: Id


class DangerBody(Strict):
    """Why sending information could endanger somebody."""

    reason: Text


class GlassBody(Strict):
    """Which file has to be opened at once, and what is at risk."""

    child_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{6,32}$")]
    reason: Text


class ErasureBody(Strict):
    """Which file is to be erased, and why."""

    child_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{6,32}$")]
    ground: ErasureGround


class ErasureAnswerBody(Strict):
    """Yes or no to an erasure, by somebody else than who asked."""

    child_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{6,32}$")]
    approve: bool


class SearchBody(Strict):
    """A name, or a number of another system. In the body, never in an address."""

    name: SearchedName | None = None
    number: ExternalIdBody | None = None
    by_sound: bool = True


class HintBody(Strict):
    """A child about to be registered, for hints that it may be on file."""

    child: ChildBody
    district: PlaceCode | None = None


class MergeBody(Strict):
    """Which file is to be kept, and what agrees."""

    kept_case_id: Id
    signals: Annotated[list[Code], Field(max_length=10, default_factory=list)]


class AnswerBody(Strict):
    """Yes or no, by somebody else than who asked."""

    approve: bool


class SensitiveRequestBody(Strict):
    """Which highly sensitive parts are asked for, what for, and until when."""

    sections: Annotated[list[Code], Field(min_length=1, max_length=30)]
    purpose: Purpose
    reason: Text
    until: AwareDatetime
    person_id: Id | None = None
    ref: Id | None = None
