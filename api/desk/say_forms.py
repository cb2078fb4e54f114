"""The forms by which officers write to another country: which fields, in the terms of the messages themselves.

Forms a recipient without an installation fills in as well have the same fields for both (``api.portal.forms``).

Source: DOM-4.8, DOM-4.9, DOM-5.2, DOM-5.5, DOM-5.8.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from api.portal.forms import FORMS, PAPERS, QUESTIONS, Field, Kind, MessageForm
from core.exchange.manifests import Purpose
from transfers.rules.codes import DisruptionReason, Incident, MessageType, WithdrawalReason
from transfers.rules.disclosure import IDENTITY, SENSITIVE, SENSITIVE_PREFIX
from transfers.rules.responsibility import Ground

ALARMS: Final = tuple(one for one in Incident if one is not Incident.DISAGREEMENT)
"""A disagreement has a page of its own."""
DOCUMENTS: Final = 3
"""Papers the child travels with that the form of the travel plan has room for."""
NOT_GIVEN: Final = ("withheld", "not_known", "not_allowed", "later")
CARE: Final = ("family", "foster", "kinship", "residential", "hospital", "unknown", "other")
CLOSING: Final = ("done", "turned_18", "not_contactable", "moved_on", "death", "other")
MOVING: Final = (Ground.HANDED_TO_COLLEAGUE, Ground.COURT_REFERENCE, Ground.RETURNED)


def _taken(code: str, *others: Field) -> tuple[Field, ...]:
    return (*FORMS[code].fields, *others)


def _wanted() -> tuple[Field, ...]:
    items = (*sorted(IDENTITY), *(f"{SENSITIVE_PREFIX}{one}" for one in sorted(SENSITIVE)))
    return (
        Field("wanted.items", Kind.TICKS, items, is_needed=False, begins="wanted"),
        Field("wanted.purpose", Kind.CHOICE, tuple(Purpose), is_needed=False),
        Field("wanted.office", Kind.LINE, is_needed=False),
        Field("wanted.role", Kind.LINE, is_needed=False),
    )


def _papers() -> Iterable[Field]:
    for at in range(DOCUMENTS):
        of = f"documents.{at}"
        yield Field(
            f"{of}.kind", Kind.CHOICE, ("passport", "travel_paper", "birth_certificate", "other"),
            is_needed=False, begins="" if at else "papers",
        )  # fmt: skip
        yield Field(f"{of}.issuer", Kind.LINE, is_needed=False)
        yield Field(f"{of}.number", Kind.LINE, is_needed=False)
        yield Field(f"{of}.expires_on", Kind.DATE, is_needed=False)


_HANDOVER: Final = (
    Field("handover.person", Kind.LINE, begins="handover"),
    Field("handover.place", Kind.LINE),
    Field("handover.at", Kind.MOMENT),
)
_ALL: Final = (
    MessageForm(
        "seen", MessageType.ACK,
        _taken("seen", Field("office.office", Kind.LINE, begins="office"),
               Field("office.phone", Kind.LINE, is_needed=False)),
    ),
    MessageForm(
        "ask", MessageType.INFO_REQUEST, _taken("ask", *_wanted()), numbered="questions"
    ),
    MessageForm("answer", MessageType.INFO_REPLY, ()),
    MessageForm(
        "yes", MessageType.ENQUIRY_REPLY,
        _taken("yes-to-enquiry", Field("consents", Kind.TICK, is_needed=False)),
    ),
    MessageForm("no", MessageType.ENQUIRY_REPLY, _taken("no-to-enquiry")),
    MessageForm("accept", MessageType.ACCEPT, _taken("accept")),
    MessageForm("decline", MessageType.DECLINE, _taken("decline")),
    MessageForm(
        "withdraw", MessageType.WITHDRAW,
        (Field("reason", Kind.CHOICE, tuple(WithdrawalReason)),
         Field("text", Kind.TEXT, is_needed=False, words="in_words")),
    ),
    MessageForm(
        "package", MessageType.PACKAGE,
        (Field("items", Kind.TICKS, PAPERS),
         Field("edited_for", Kind.TEXT, is_needed=False)),
    ),
    MessageForm(
        "plan", MessageType.TRAVEL_PLAN,
        (
            Field("mode", Kind.CHOICE, ("road", "rail", "air", "foot", "boat")),
            Field("route", Kind.TEXT),
            Field("departs_at", Kind.MOMENT),
            Field("arrives_at", Kind.MOMENT),
            Field("escort.name", Kind.LINE, begins="escort"),
            Field("escort.role", Kind.CHOICE, ("parent", "guardian", "escort")),
            Field("escort.phone", Kind.LINE),
            Field("escort.identity_document", Kind.LINE),
            *_HANDOVER,
            Field("child_willing", Kind.YES_NO, begins="child"),
            Field("child_asked_on", Kind.DATE),
            Field("medicines", Kind.TEXT, is_needed=False),
            *_papers(),
        ),
    ),
    MessageForm("confirm", MessageType.TRAVEL_CONFIRM, _taken("travel"), numbered="visits"),
    MessageForm(
        "handover", MessageType.HANDOVER_NOTICE,
        (
            Field("place", Kind.LINE),
            Field("at", Kind.MOMENT, words="at_handover"),
            Field("from_person", Kind.LINE),
            Field("to_person", Kind.LINE),
            Field("identity_checked", Kind.YES_NO),
            Field("not_as_agreed", Kind.LINE, is_needed=False),
        ),
    ),
    MessageForm("receipt", MessageType.RECEIPT, _taken("receipt")),
    MessageForm("report", MessageType.FOLLOWUP_REPORT, _taken("follow-up")),
    MessageForm(
        "placement", MessageType.PLACEMENT_CHANGE,
        (
            Field("child_is_safe", Kind.YES_NO),
            Field("on", Kind.DATE),
            Field("broke_down", Kind.CHOICE, tuple(DisruptionReason), is_needed=False),
            Field("now_in", Kind.CHOICE, CARE),
            Field("text", Kind.TEXT, words="what_happened"),
        ),
    ),
    MessageForm(
        "urgent", MessageType.INCIDENT_ALERT,
        (
            Field("incident", Kind.CHOICE, ALARMS),
            Field("at", Kind.MOMENT, words="at_incident"),
            Field("text", Kind.TEXT, is_needed=False, words="what_happened"),
        ),
    ),
    MessageForm(
        "responsible", MessageType.RESPONSIBILITY_CHANGE,
        (
            Field("ground", Kind.CHOICE, MOVING),
            Field("ref", Kind.LINE, is_needed=False, words="court_reference"),
            Field("at", Kind.MOMENT, words="from_when"),
        ),
    ),
    MessageForm(
        "close", MessageType.CLOSE,
        (Field("reason", Kind.CHOICE, CLOSING),
         Field("text", Kind.TEXT, is_needed=False, words="in_words")),
    ),
    MessageForm("reopen", MessageType.REOPEN, (Field("text", Kind.TEXT, words="why"),)),
    MessageForm(
        "correct", MessageType.CORRECTION,
        (
            Field("corrects", Kind.CHOICE),
            Field("field", Kind.CHOICE, QUESTIONS, words="corrected"),
            Field("text", Kind.TEXT, words="as_it_is"),
        ),
    ),
    MessageForm(
        "wrong-office", MessageType.WRONG_RECIPIENT_NOTICE,
        (Field("destroyed", Kind.YES_NO), Field("text", Kind.LINE, is_needed=False, words="in_words")),
    ),
)  # fmt: skip
SAY: Final[Mapping[str, MessageForm]] = {form.code: form for form in _ALL}


def forms_for(types: Iterable[MessageType]) -> tuple[MessageForm, ...]:
    """Return the forms of messages that may be said now, in the order of the procedure."""
    wanted = set(types)
    return tuple(form for form in _ALL if form.type in wanted)


def questions_form(numbers: Iterable[int]) -> tuple[MessageForm, Mapping[str, int]]:
    """Return the form that answers these questions, and the number that belongs to each answer."""
    fields: list[Field] = []
    fixed: dict[str, int] = {}
    for at, number in enumerate(numbers):
        fixed[f"answers.{at}.no"] = number
        fields += (
            Field(f"answers.{at}.text", Kind.TEXT, is_needed=False),
            Field(f"answers.{at}.not_given", Kind.CHOICE, NOT_GIVEN, is_needed=False),
        )
    return MessageForm("answer", MessageType.INFO_REPLY, tuple(fields)), fixed
