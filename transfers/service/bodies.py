"""What each message between two countries says, field by field: read strictly, written strictly.

A message is one JSON object, the part ``message.json`` of its sealed package. Unknown members, other types, signs
that cannot be seen and texts that are too long are refused whole, before anybody reads a word. The shapes are
published for whoever writes another implementation (docs/exchange-messages.json, kept equal by a test).

Dates are ISO days on the wall of whoever writes; moments carry their offset. Persons of the other side are opaque
ids; names are only where somebody has to meet a person: carer, escort, handover, caseworker.

Source: DOM-4.8, DOM-4.9, DOM-5.2, DOM-5.5, EXP-5.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic import model_validator as check_whole

from core.errors import BadInput
from core.exchange.encoding import NotStrict, canonical, read_object
from transfers.rules.codes import (
    AskedOfPartner,
    ChildCondition,
    DeclineReason,
    DisruptionReason,
    Incident,
    MessageType,
    ResponsibilityModel,
    WithdrawalReason,
)
from transfers.rules.disagreement import End, Rung, Told
from transfers.rules.responsibility import Ground
from transfers.service.body_parts import Body as Body  # noqa: PLC0414  where it is looked for
from transfers.service.body_parts import Code, GrantToken, Hash, Line, Opaque, Ref, Scale, Text
from transfers.service.body_parts import MessageId as MessageId  # noqa: PLC0414  the same

SCHEMA: Final = "bidx-message/1"
LARGEST_BYTES: Final = 128 * 1024


class Office(Body):
    """An office and how to reach it."""

    office: Line
    role: Code
    phone: Annotated[str, Field(max_length=30)] = ""
    email: Annotated[str, Field(max_length=120)] = ""


class HomeStudy(Body):
    """The carer seen at home. Source: DOM-5.2/X5, DOM-4.7."""

    done_on: date
    seen_at_home: bool
    result: Literal["positive", "positive_with_conditions", "negative"]
    conditions: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    background: Literal["clear", "pending", "not_available"]
    background_reason: str = Field(default="", max_length=300)
    valid_until: date

    @check_whole(mode="after")
    def _reasoned(self) -> "HomeStudy":
        if self.background == "not_available" and not self.background_reason.strip():
            raise ValueError("a background check that is not available needs its reason")
        if self.valid_until <= self.done_on:
            raise ValueError("ends to be valid before it was done")
        return self


class Terms(Body):
    """What a corridor may ask a request to say besides report and reasons. Source: DOM-R35."""

    expected_duration: str = Field(default="", max_length=300)
    funding: str = Field(default="", max_length=300)
    supervision: str = Field(default="", max_length=300)
    contact_plan: str = Field(default="", max_length=300)


class Enquiry(Body):
    """Facts wanted before a decision; it never allows a movement."""

    asked: Annotated[tuple[AskedOfPartner, ...], Field(min_length=1, max_length=10)]
    reply_due: date


class EnquiryReply(Body):
    """The answer to an enquiry. ``consents``: a signed consent in principle, where the corridor asks for it first."""

    answer: Literal["positive", "negative"]
    text: Text
    consents: bool = False
    family: Literal["confirmed", "partly", "not_confirmed", "not_asked"] = "not_asked"
    home_study: HomeStudy | None = None
    alternatives: str = Field(default="", max_length=1500)


class Request(Body):
    """A State asks another to receive a child. Report and reasons are parts of the package (DOM-R35)."""

    asked: Annotated[tuple[AskedOfPartner, ...], Field(min_length=1, max_length=10)]
    reply_due: date
    decision_sha256: Hash
    decided_on: date
    decision_valid_until: date
    responsibility: ResponsibilityModel
    terms: Terms = Terms()
    replaces: MessageId | None = None


class Ack(Body):
    """A human has seen it, and says who handles it and whether it is complete. It is no acceptance (DOM-R34)."""

    handled_by: Opaque
    office: Office
    complete: bool
    missing: Annotated[tuple[Code, ...], Field(max_length=40)] = ()

    @check_whole(mode="after")
    def _fits(self) -> "Ack":
        if self.complete == bool(self.missing):
            raise ValueError("says that it is complete, or what is missing")
        return self


class Question(Body):
    """One question, and for which fact of the file."""

    no: int = Field(ge=1, le=50)
    about: Code
    text: Text


class Wanted(Body):
    """Items asked for under a grant, what for, and which office and role would read them."""

    items: Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]
    purpose: Code
    office: Code
    role: Code


class InfoRequest(Body):
    """Questions. Each answer is a disclosure of its own; ``wanted`` asks for items that need a grant.

    Without questions it brings grants of the other side back, where no line could: ``redeem`` asks for what they give.
    """

    questions: Annotated[tuple[Question, ...], Field(max_length=50)]
    wanted: Wanted | None = None
    redeem: Annotated[tuple[GrantToken, ...], Field(max_length=4)] = ()

    @check_whole(mode="after")
    def _one(self) -> "InfoRequest":
        if bool(self.questions) is bool(self.redeem) or (self.redeem and self.wanted is not None):
            raise ValueError("asks questions, or brings grants back")
        return self


class Reply(Body):
    """One answer, or why there is none."""

    no: int = Field(ge=1, le=50)
    text: str = Field(default="", max_length=1500)
    not_given: Literal["", "withheld", "not_known", "not_allowed", "later"] = ""

    @check_whole(mode="after")
    def _one(self) -> "Reply":
        if bool(self.text.strip()) == bool(self.not_given):
            raise ValueError("is an answer, or says why there is none")
        return self


class InfoReply(Body):
    """Answers to the questions of one message, or grants to fetch the answers with."""

    answers: Annotated[tuple[Reply, ...], Field(max_length=50)]
    grants: Annotated[tuple[GrantToken, ...], Field(max_length=4)] = ()

    @check_whole(mode="after")
    def _says(self) -> "InfoReply":
        if not (self.answers or self.grants):
            raise ValueError("answers, or gives a grant")
        return self


class Summary(Body):
    """A grant when nobody waits for an answer, or what a grant gives: then ``grant`` and its ``items`` are named."""

    items: Annotated[tuple[Code, ...], Field(max_length=100)]
    grants: Annotated[tuple[GrantToken, ...], Field(max_length=4)] = ()
    grant: MessageId | None = None

    @check_whole(mode="after")
    def _one(self) -> "Summary":
        if (self.grant is None) == (not self.grants) or (self.grant is None) != (not self.items):
            raise ValueError("gives a grant, or what one grant gives")
        return self


class Carer(Body):
    """Who receives the child: a person or an agency that has agreed."""

    kind: Code
    name: Line
    agreed: Literal[True]
    regime: Literal["family", "open"]


class Caseworker(Body):
    """Who looks after the child from the day of arrival."""

    name: Line
    office: Line
    phone: Annotated[str, Field(max_length=30)]


class CounterTerm(Body):
    """One term the receiving country proposes to change, structured so that the other can compare it.

    ``what`` is one of outcome, care_type, destination_place, timing, follow_up, costs or other.
    """

    what: Literal[
        "outcome", "care_type", "destination_place", "timing", "follow_up", "costs", "other"
    ]
    asked: str = Field(max_length=200)
    proposed: Line


class Accept(Body):
    """The State accepts the child. ``conditions`` and ``proposals`` empty: as asked. Source: DOM-5.2/X6."""

    valid_until: date
    carer: Carer
    caseworker: Caseworker
    reception_plan: Text
    follow_up_plan: Text
    conditions: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    proposals: Annotated[tuple[CounterTerm, ...], Field(max_length=20)] = ()
    home_study: HomeStudy | None = None


class Decline(Body):
    """The State does not accept. Source: DOM-5.2/X7."""

    reason: DeclineReason
    explanation: Text
    alternatives: str = Field(default="", max_length=1500)
    proposals: Annotated[tuple[CounterTerm, ...], Field(max_length=20)] = ()


class Withdraw(Body):
    """The request is taken back, or the movement called off. The reason is a code; words are optional."""

    reason: WithdrawalReason
    text: str = Field(default="", max_length=1500)


class Package(Body):
    """What the attached parts are, and what was taken out for this receiver."""

    items: Annotated[tuple[Code, ...], Field(min_length=1, max_length=64)]
    edited_for: str = Field(default="", max_length=1500)


class Escort(Body):
    """Who travels with the child all the way. Source: DOM-R38."""

    name: Line
    role: Literal["parent", "guardian", "escort"]
    phone: Annotated[str, Field(min_length=3, max_length=30)]
    identity_document: Line


class Handover(Body):
    """Person, place and hour. Source: DOM-R39."""

    person: Line
    place: Line
    at: AwareDatetime


class TravelDocument(Body):
    """One paper the child travels with."""

    kind: Code
    issuer: Line
    number: Line
    expires_on: date | None = None


class TravelPlan(Body):
    """How the child travels."""

    mode: Literal["road", "rail", "air", "foot", "boat"]
    route: Text
    departs_at: AwareDatetime
    arrives_at: AwareDatetime
    escort: Escort
    handover: Handover
    documents: Annotated[tuple[TravelDocument, ...], Field(max_length=20)] = ()
    medicines: str = Field(default="", max_length=1500)
    child_willing: bool
    child_asked_on: date

    @check_whole(mode="after")
    def _in_order(self) -> "TravelPlan":
        if self.arrives_at <= self.departs_at:
            raise ValueError("arrives before it departs")
        return self


class Visit(Body):
    """One planned visit."""

    no: int = Field(ge=1, le=400)
    due_on: date


class TravelConfirm(Body):
    """The receiving side confirms day, person and what follows. Source: DOM-5.10, lines 5, 11, 12."""

    handover: Handover
    caseworker: Caseworker
    carer_confirmed_on: date
    visits: Annotated[tuple[Visit, ...], Field(min_length=1, max_length=400)]


class HandoverNotice(Body):
    """The child was given into somebody's hands. ``not_as_agreed``: why place or hour is another than planned."""

    place: Line
    at: AwareDatetime
    from_person: Line
    to_person: Line
    identity_checked: bool
    not_as_agreed: str = Field(default="", max_length=300)


class Receipt(Body):
    """Signed for the child. Where responsibility moves on receipt, this moves it (DOM-R37)."""

    at: AwareDatetime
    condition: ChildCondition
    documents_received: Annotated[tuple[Code, ...], Field(max_length=64)] = ()
    concerns: str = Field(default="", max_length=1500)
    signed_by: Opaque
    received_by: Line
    responsible: Opaque


class FollowUpReport(Body):
    """How the child is. Source: DOM-4.9/followup."""

    no: int = Field(ge=1, le=400)
    due_on: date
    done_on: date
    method: Literal["visit", "call", "school", "other"]
    child_seen_alone: bool
    not_alone_reason: str = Field(default="", max_length=300)
    child_views: str = Field(default="", max_length=1500)
    safety: Scale
    care: Scale
    school: Scale
    health: Scale
    papers: Scale
    contact: Scale
    details: str = Field(default="", max_length=1500)
    concern_level: Literal["no_action", "ongoing_monitoring", "urgent_intervention"]
    new_harm: bool
    recommend: Literal["continue", "more", "less", "close", "reopen"]

    @check_whole(mode="after")
    def _reasoned(self) -> "FollowUpReport":
        if not self.child_seen_alone and not self.not_alone_reason.strip():
            raise ValueError("says why the child was not seen alone")
        return self


class PlacementChange(Body):
    """Care over there changed; with a reason it broke down (DOM-R43)."""

    broke_down: DisruptionReason | None = None
    on: date
    now_in: Code
    child_is_safe: bool
    text: Text


class LadderStep(Body):
    """What one side put on record about a disagreement, on which rung. Source: DOM-5.8."""

    told: Told
    rung: Rung
    words: str = Field(default="", max_length=10_000)
    held_on: date | None = None
    guardian_heard: bool = False
    end: End | None = None

    @check_whole(mode="after")
    def _fits(self) -> "LadderStep":
        if (self.told is Told.MEETING) is not (self.held_on is not None):
            raise ValueError("a meeting has its day, and nothing else has one")
        if (self.told is Told.ENDED) is not (self.end is not None):
            raise ValueError("an end says how, and nothing else does")
        if (self.told is Told.CLIMBED) is bool(self.words.strip()):
            raise ValueError("says it in words, except that it went higher")
        return self


class IncidentAlert(Body):
    """Something both sides must know at once. ``ladder``: of a disagreement between the two, and of nothing else."""

    incident: Incident
    at: AwareDatetime
    text: str = Field(default="", max_length=1500)
    ladder: LadderStep | None = None

    @check_whole(mode="after")
    def _fits(self) -> "IncidentAlert":
        if (self.incident is Incident.DISAGREEMENT) is not (self.ladder is not None):
            raise ValueError("a disagreement says what was put on record, and nothing else does")
        return self


class ResponsibilityChange(Body):
    """Another officer answers for the child, or a court moved the duty."""

    ground: Ground
    ref: str = Field(default="", max_length=200)
    officer: Opaque
    at: AwareDatetime


class Close(Body):
    """One side closes its own file; the case is closed when both did (DOM-R56)."""

    reason: Literal["done", "turned_18", "not_contactable", "moved_on", "death", "other"]
    text: str = Field(default="", max_length=1500)


class Reopen(Body):
    """A closed transfer is taken up again."""

    text: Text


class Correction(Body):
    """What an earlier message said wrongly. The earlier one stays as it was."""

    corrects: MessageId
    field: Code
    text: Text


class WrongRecipientNotice(Body):
    """Sent to the wrong place: the sender asks for destruction, or the receiver confirms it."""

    destroyed: bool
    text: str = Field(default="", max_length=300)


BODIES: Final[Mapping[MessageType, type[Body]]] = {
    MessageType.ENQUIRY: Enquiry,
    MessageType.ENQUIRY_REPLY: EnquiryReply,
    MessageType.REQUEST: Request,
    MessageType.ACK: Ack,
    MessageType.INFO_REQUEST: InfoRequest,
    MessageType.INFO_REPLY: InfoReply,
    MessageType.ACCEPT: Accept,
    MessageType.DECLINE: Decline,
    MessageType.WITHDRAW: Withdraw,
    MessageType.PACKAGE: Package,
    MessageType.TRAVEL_PLAN: TravelPlan,
    MessageType.TRAVEL_CONFIRM: TravelConfirm,
    MessageType.HANDOVER_NOTICE: HandoverNotice,
    MessageType.RECEIPT: Receipt,
    MessageType.FOLLOWUP_REPORT: FollowUpReport,
    MessageType.PLACEMENT_CHANGE: PlacementChange,
    MessageType.INCIDENT_ALERT: IncidentAlert,
    MessageType.RESPONSIBILITY_CHANGE: ResponsibilityChange,
    MessageType.CLOSE: Close,
    MessageType.REOPEN: Reopen,
    MessageType.CORRECTION: Correction,
    MessageType.WRONG_RECIPIENT_NOTICE: WrongRecipientNotice,
    MessageType.SUMMARY: Summary,
}


class Envelope(Body):
    """One message. ``no`` is its own id; ``reply_to`` the message it answers."""

    schema_name: Literal["bidx-message/1"] = Field(alias="schema")
    type: MessageType
    ref: Ref
    no: MessageId
    reply_to: MessageId | None = None
    body: Mapping[str, Any]


class Message(BaseModel):
    """A message whose body was read as its type asks."""

    model_config = ConfigDict(frozen=True)

    type: MessageType
    ref: str
    no: str
    reply_to: str | None
    body: Body


_LATER: Final = frozenset({"redeem", "ladder", "not_as_agreed"})


def write_message(
    type_: MessageType, body: Body, *, ref: str, no: str, reply_to: str | None = None
) -> bytes:
    """Write a message as the bytes that are sealed.

    What bodies came to know later is left out where it says nothing: a partner that does not know it refuses it.
    """
    if type(body) is not BODIES[type_]:
        raise TypeError(f"{type(body).__name__} is not the body of {type_}")
    envelope = Envelope.model_validate(
        {
            "schema": SCHEMA,
            "type": type_,
            "ref": ref,
            "no": no,
            "reply_to": reply_to,
            "body": {
                name: value
                for name, value in body.model_dump(mode="json").items()
                if value or name not in _LATER
            },
        }
    )
    return envelope.model_dump_json(by_alias=True).encode()


def read_message(raw: bytes) -> Message:
    """Read a message strictly.

    Raises:
        BadInput: not such a message, or its body is not as its type asks; ``pointer`` names the first place.
    """
    if len(raw) > LARGEST_BYTES:
        raise BadInput("", "message_too_large")
    try:
        values = read_object(raw)
        whole, inner = canonical(values), canonical(values.get("body"))
    except NotStrict:
        raise BadInput("", "not_a_message") from None
    try:
        envelope = Envelope.model_validate_json(whole)
    except ValidationError as error:
        raise BadInput(_pointer(error, ""), "not_a_message") from None
    try:
        body = BODIES[envelope.type].model_validate_json(inner)
    except ValidationError as error:
        raise BadInput(_pointer(error, "/body"), "not_a_message") from None
    return Message(
        type=envelope.type, ref=envelope.ref, no=envelope.no, reply_to=envelope.reply_to, body=body
    )


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of every message, for whoever writes another implementation."""
    return {
        str(type_): {"envelope": SCHEMA, "body": body.model_json_schema()}
        for type_, body in BODIES.items()
    }


def _pointer(error: ValidationError, above: str) -> str:
    return above + "".join(f"/{part}" for part in error.errors()[0]["loc"])
