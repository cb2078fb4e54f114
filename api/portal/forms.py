"""The forms by which a recipient answers, field by field, in the terms of the messages between two countries.

A form is data: its fields name places in the body of a message, and the body's own model says what is wrong. Dates
are three small numbers, hours say their zone; nothing needs a script. What is filled in is read in ``filling``.

Source: DOM-4.9, DOM-5.2, DOM-5.5, EXP-10.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

from transfers.rules.codes import ChildCondition, DeclineReason, MessageType
from transfers.service.guests import Identity


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TICK = "tick"
    TICKS = "ticks"


@dataclass(frozen=True)
class Field:
    """One field.

    Args:
        name: its place in the body, parts joined by dots.
        kind: how it is filled in.
        options: codes to choose from.
        is_needed: whether a form without it is incomplete; the body's model has the last word.
        begins: heading above it, a key of the words; empty where none begins.
        words: key of its label, where its name would mean something else elsewhere.
    """

    name: str
    kind: Kind
    options: tuple[str, ...] = ()
    is_needed: bool = True
    begins: str = ""
    words: str = ""

    @property
    def label(self) -> str:
        """The key of its words: given, or its name without numbers."""
        return self.words or ".".join(part for part in self.name.split(".") if not part.isdigit())


class Answerer(Protocol):
    """Whoever answers: a recipient who is here, or an officer abroad whose paper somebody reads."""

    @property
    def guest_id(self) -> str:
        """By what the answer names them."""

    @property
    def of_country(self) -> str:
        """Where they are."""

    @property
    def identity(self) -> Identity:
        """Name and office."""


@dataclass(frozen=True)
class MessageForm:
    """One message as a form; ``numbered`` names a list of the body whose entries carry numbers."""

    code: str
    type: MessageType
    fields: tuple[Field, ...]
    numbered: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class AnswerForm(MessageForm):
    """One way to answer for a recipient, with what the recipient does not choose."""

    fixed: Callable[[Answerer], Mapping[str, Any]]


def _nothing(_here: Answerer) -> Mapping[str, Any]:
    return {}


TERMS: Final = (
    "outcome", "care_type", "destination_place", "timing", "follow_up", "costs", "other",
)  # fmt: skip
CARERS: Final = ("parent", "relative", "foster", "agency", "other")
SCALE: Final = ("ok", "concern", "serious")
PAPERS: Final = (
    "decision", "consents", "identity", "travel_paper", "medical", "school_record", "other",
)  # fmt: skip
INCIDENTS: Final = (
    "child_missing", "child_found", "child_ill", "harm_reported", "insecurity", "other_person_at_handover",
)  # fmt: skip
QUESTIONS: Final = ("child", "family", "care", "health", "decision", "travel", "other")


def terms(count: int) -> Iterator[Field]:
    """Terms somebody proposes instead, as many as this."""
    for at in range(count):
        begins = "form.proposals" if at == 0 else ""
        yield Field(f"proposals.{at}.what", Kind.CHOICE, TERMS, is_needed=False, begins=begins)
        yield Field(f"proposals.{at}.asked", Kind.LINE, is_needed=False)
        yield Field(f"proposals.{at}.proposed", Kind.LINE, is_needed=False)


def home_study() -> Iterator[Field]:
    """The part about a visit to the carer's home; whole or not at all."""
    of = "home_study"
    results = ("positive", "positive_with_conditions", "negative")
    yield Field(f"{of}.done_on", Kind.DATE, is_needed=False, begins="form.home_study")
    yield Field(f"{of}.seen_at_home", Kind.YES_NO, is_needed=False)
    yield Field(f"{of}.result", Kind.CHOICE, results, is_needed=False)
    yield Field(f"{of}.conditions", Kind.LINES, is_needed=False)
    background = ("clear", "pending", "not_available")
    yield Field(f"{of}.background", Kind.CHOICE, background, is_needed=False)
    yield Field(f"{of}.background_reason", Kind.LINE, is_needed=False)
    yield Field(f"{of}.valid_until", Kind.DATE, is_needed=False)


def _complete(here: Answerer) -> Mapping[str, Any]:
    who = here.identity
    office = {"office": who.office, "role": "A17", "phone": who.phone[:30]}
    return {"handled_by": here.guest_id, "office": office}


def _signed(here: Answerer) -> Mapping[str, Any]:
    return {"signed_by": here.guest_id, "responsible": here.guest_id}


FAMILY: Final = ("confirmed", "partly", "not_confirmed", "not_asked")
FORMS: Final[Mapping[str, AnswerForm]] = {
    form.code: form
    for form in (
        AnswerForm(
            "seen",
            MessageType.ACK,
            (
                Field("complete", Kind.YES_NO),
                Field("missing", Kind.TICKS, PAPERS, is_needed=False),
            ),
            _complete,
        ),
        AnswerForm(
            "ask",
            MessageType.INFO_REQUEST,
            tuple(
                field
                for at in range(3)
                for field in (
                    Field(f"questions.{at}.about", Kind.CHOICE, QUESTIONS, is_needed=at == 0),
                    Field(f"questions.{at}.text", Kind.TEXT, is_needed=at == 0),
                )
            ),
            _nothing,
            numbered="questions",
        ),
        AnswerForm(
            "yes-to-enquiry",
            MessageType.ENQUIRY_REPLY,
            (
                Field("text", Kind.TEXT),
                Field("family", Kind.CHOICE, FAMILY),
                *home_study(),
            ),
            lambda _: {"answer": "positive"},
        ),
        AnswerForm(
            "no-to-enquiry",
            MessageType.ENQUIRY_REPLY,
            (
                Field("text", Kind.TEXT),
                Field("family", Kind.CHOICE, FAMILY),
                Field("alternatives", Kind.TEXT, is_needed=False),
            ),
            lambda _: {"answer": "negative"},
        ),
        AnswerForm(
            "accept",
            MessageType.ACCEPT,
            (
                Field("valid_until", Kind.DATE),
                Field("carer.kind", Kind.CHOICE, CARERS, begins="form.carer"),
                Field("carer.name", Kind.LINE),
                Field("carer.regime", Kind.CHOICE, ("family", "open")),
                Field("carer.agreed", Kind.TICK),
                Field("caseworker.name", Kind.LINE, begins="form.caseworker"),
                Field("caseworker.office", Kind.LINE),
                Field("caseworker.phone", Kind.LINE),
                Field("reception_plan", Kind.TEXT, begins="form.plans"),
                Field("follow_up_plan", Kind.TEXT),
                Field("conditions", Kind.LINES, is_needed=False),
                *terms(2),
                *home_study(),
            ),
            _nothing,
        ),
        AnswerForm(
            "decline",
            MessageType.DECLINE,
            (
                Field("reason", Kind.CHOICE, tuple(DeclineReason)),
                Field("explanation", Kind.TEXT),
                Field("alternatives", Kind.TEXT, is_needed=False),
                *terms(2),
            ),
            _nothing,
        ),
        AnswerForm(
            "travel",
            MessageType.TRAVEL_CONFIRM,
            (
                Field("handover.person", Kind.LINE, begins="form.handover"),
                Field("handover.place", Kind.LINE),
                Field("handover.at", Kind.MOMENT),
                Field("carer_confirmed_on", Kind.DATE),
                Field("caseworker.name", Kind.LINE, begins="form.caseworker"),
                Field("caseworker.office", Kind.LINE),
                Field("caseworker.phone", Kind.LINE),
                *(
                    Field(
                        f"visits.{at}.due_on", Kind.DATE, is_needed=at == 0,
                        begins="" if at else "form.visits",
                    )
                    for at in range(4)
                ),
            ),
            _nothing,
            numbered="visits",
        ),
        AnswerForm(
            "receipt",
            MessageType.RECEIPT,
            (
                Field("at", Kind.MOMENT, words="at_handover"),
                Field("received_by", Kind.LINE),
                Field("condition", Kind.CHOICE, tuple(ChildCondition)),
                Field("documents_received", Kind.TICKS, PAPERS, is_needed=False),
                Field("concerns", Kind.TEXT, is_needed=False),
            ),
            _signed,
        ),
        AnswerForm(
            "follow-up",
            MessageType.FOLLOWUP_REPORT,
            (
                Field("no", Kind.NUMBER),
                Field("due_on", Kind.DATE),
                Field("done_on", Kind.DATE),
                Field("method", Kind.CHOICE, ("visit", "call", "school", "other")),
                Field("child_seen_alone", Kind.YES_NO, begins="form.child"),
                Field("not_alone_reason", Kind.LINE, is_needed=False),
                Field("child_views", Kind.TEXT, is_needed=False),
                *(
                    Field(one, Kind.CHOICE, SCALE, begins="form.scales" if one == "safety" else "")
                    for one in ("safety", "care", "school", "health", "papers", "contact")
                ),
                Field("details", Kind.TEXT, is_needed=False),
                Field("new_harm", Kind.YES_NO, begins="form.next"),
                Field(
                    "concern_level",
                    Kind.CHOICE,
                    ("no_action", "ongoing_monitoring", "urgent_intervention"),
                ),
                Field("recommend", Kind.CHOICE, ("continue", "more", "less", "close", "reopen")),
            ),
            _nothing,
        ),
        AnswerForm(
            "alert",
            MessageType.INCIDENT_ALERT,
            (
                Field("incident", Kind.CHOICE, INCIDENTS),
                Field("at", Kind.MOMENT, words="at_incident"),
                Field("text", Kind.TEXT, is_needed=False, words="what_happened"),
            ),
            _nothing,
        ),
    )
}  # fmt: skip


def forms_for(types: tuple[MessageType, ...]) -> tuple[AnswerForm, ...]:
    """Return the forms for what can be answered now, in their order."""
    return tuple(form for form in FORMS.values() if form.type in types)
