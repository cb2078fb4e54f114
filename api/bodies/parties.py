"""What comes in about the people beside a child, and about files kept with the case."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from api.bodies.children import Notes
from api.fields import Code, Country, Id, Language, Line, Strict, Text
from cases.rules.attachments import FileKind, Sensitivity
from cases.rules.children import Relation
from cases.rules.consent import LegalBasis, Receiver, SharingPurpose, WithholdReason
from cases.service.attachments import NewAttachment
from cases.service.guardians import GuardianKind, LegalProcedure, NewGuardian, OfferAnswer
from cases.service.interpreters import NewInterpreter


class WithholdBody(Strict):
    """An item of the file, and from whom it is kept: a kind of receiver, a country, or everybody."""

    item: Code
    from_whom: Receiver | Country | Annotated[str, StringConstraints(pattern="^everybody$")]
    reason: WithholdReason
    words: Notes = ""


class OverrideBody(Strict):
    """Why something is to be shared without consent."""

    purpose: SharingPurpose
    receiver: Receiver | Country
    legal_basis: LegalBasis
    reason: Text
    child_told: bool
    expires_on: date


class GuardianBody(Strict):
    """A guardian or stop-gap adviser as appointed."""

    kind: GuardianKind
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    contact: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""
    appointed_by: Code
    from_on: date
    independent: bool
    independence_note: Notes = ""
    agency: Code | None = None
    person_id: Id | None = None

    def value(self) -> NewGuardian:
        """Return what the service takes."""
        return NewGuardian(
            kind=self.kind,
            name=self.name,
            contact=self.contact,
            appointed_by=self.appointed_by,
            from_on=self.from_on,
            independent=self.independent,
            independence_note=self.independence_note,
            agency=self.agency or "",
            person_id=self.person_id,
        )


class EndBody(Strict):
    """Why something ends."""

    reason: Code


class LegalOfferBody(Strict):
    """That a legal representative was offered, and the answer."""

    procedure: LegalProcedure
    offered_on: date
    answer: OfferAnswer
    person_id: Id | None = None
    words: Notes = ""


class InterpreterBody(Strict):
    """An interpreter, with the undertaking of confidentiality."""

    name: Line
    contact: Notes = ""
    languages: Annotated[list[Language], Field(max_length=12, default_factory=list)]
    undertaking_on: date | None = None
    undertaking_until: date | None = None
    is_tied: bool
    child_aware: bool = False
    person_id: Id | None = None

    def value(self) -> NewInterpreter:
        """Return what the service takes."""
        return NewInterpreter(
            name=self.name,
            contact=self.contact,
            languages=tuple(self.languages),
            undertaking_on=self.undertaking_on,
            undertaking_until=self.undertaking_until,
            is_tied=self.is_tied,
            child_aware=self.child_aware,
            person_id=self.person_id,
        )


class LinkBody(Strict):
    """Another child, and what the other is to this one."""

    other_case_id: Id
    relation: Relation


class AttachmentBody(Strict):
    """A file that is going to be sent."""

    kind: FileKind
    sensitivity: Sensitivity
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,70}$")]
    title: Line
    file_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""

    def value(self) -> NewAttachment:
        """Return what the service takes."""
        return NewAttachment(
            self.kind, self.sensitivity, self.media_type, self.title, self.file_name
        )
