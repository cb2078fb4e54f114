"""The forms by which a recipient answers, field by field, in the terms of the messages between two countries.

A form is data: its fields name places in the body of a message, and the body's own model says what is wrong. Dates
are three small numbers, hours say their zone; nothing needs a script. Source: DOM-4.9, DOM-5.2, DOM-5.5, EXP-10.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.core import get_global
from pydantic import ValidationError

from api.portal.door import Form
from transfers.rules.codes import ChildCondition, DeclineReason, MessageType
from transfers.service.bodies import BODIES, Body
from transfers.service.guest_reading import Visitor


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
    """

    name: str
    kind: Kind
    options: tuple[str, ...] = ()
    is_needed: bool = True
    begins: str = ""

    @property
    def label(self) -> str:
        """The last part of its name that says something, for its words."""
        return ".".join(part for part in self.name.split(".") if not part.isdigit())


@dataclass(frozen=True)
class AnswerForm:
    """One way to answer: its message, its fields, and what the recipient does not choose."""

    code: str
    type: MessageType
    fields: tuple[Field, ...]
    fixed: Callable[[Visitor], Mapping[str, Any]]


@dataclass(frozen=True)
class Filled:
    """A form that was sent: the body it makes, or what is wrong with which field."""

    body: Body | None
    faults: Mapping[str, str]


def _nothing(_here: Visitor) -> Mapping[str, Any]:
    return {}


_TERMS: Final = (
    "outcome", "care_type", "destination_place", "timing", "follow_up", "costs", "other",
)  # fmt: skip
_SCALE: Final = ("ok", "concern", "serious")
_PAPERS: Final = (
    "decision", "consents", "identity", "travel_paper", "medical", "school_record", "other",
)  # fmt: skip
_QUESTIONS: Final = ("child", "family", "care", "health", "decision", "travel", "other")


def _terms(count: int) -> Iterator[Field]:
    for at in range(count):
        begins = "form.proposals" if at == 0 else ""
        yield Field(f"proposals.{at}.what", Kind.CHOICE, _TERMS, is_needed=False, begins=begins)
        yield Field(f"proposals.{at}.asked", Kind.LINE, is_needed=False)
        yield Field(f"proposals.{at}.proposed", Kind.LINE, is_needed=False)


def _home_study() -> Iterator[Field]:
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


def _complete(here: Visitor) -> Mapping[str, Any]:
    who = here.identity
    office = {"office": who.office, "role": "A17", "phone": who.phone[:30]}
    return {"handled_by": here.guest_id, "office": office}


def _signed(here: Visitor) -> Mapping[str, Any]:
    return {"signed_by": here.guest_id, "responsible": here.guest_id}


_FAMILY: Final = ("confirmed", "partly", "not_confirmed", "not_asked")
FORMS: Final[Mapping[str, AnswerForm]] = {
    form.code: form
    for form in (
        AnswerForm(
            "seen",
            MessageType.ACK,
            (
                Field("complete", Kind.YES_NO),
                Field("missing", Kind.TICKS, _PAPERS, is_needed=False),
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
                    Field(f"questions.{at}.about", Kind.CHOICE, _QUESTIONS, is_needed=at == 0),
                    Field(f"questions.{at}.text", Kind.TEXT, is_needed=at == 0),
                )
            ),
            _nothing,
        ),
        AnswerForm(
            "yes-to-enquiry",
            MessageType.ENQUIRY_REPLY,
            (
                Field("text", Kind.TEXT),
                Field("family", Kind.CHOICE, _FAMILY),
                *_home_study(),
            ),
            lambda _: {"answer": "positive"},
        ),
        AnswerForm(
            "no-to-enquiry",
            MessageType.ENQUIRY_REPLY,
            (
                Field("text", Kind.TEXT),
                Field("family", Kind.CHOICE, _FAMILY),
                Field("alternatives", Kind.TEXT, is_needed=False),
            ),
            lambda _: {"answer": "negative"},
        ),
        AnswerForm(
            "accept",
            MessageType.ACCEPT,
            (
                Field("valid_until", Kind.DATE),
                Field("carer.kind", Kind.CHOICE, ("parent", "relative", "foster", "agency", "other"), begins="form.carer"),
                Field("carer.name", Kind.LINE),
                Field("carer.regime", Kind.CHOICE, ("family", "open")),
                Field("carer.agreed", Kind.TICK),
                Field("caseworker.name", Kind.LINE, begins="form.caseworker"),
                Field("caseworker.office", Kind.LINE),
                Field("caseworker.phone", Kind.LINE),
                Field("reception_plan", Kind.TEXT, begins="form.plans"),
                Field("follow_up_plan", Kind.TEXT),
                Field("conditions", Kind.LINES, is_needed=False),
                *_terms(2),
                *_home_study(),
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
                *_terms(2),
            ),
            _nothing,
        ),
        AnswerForm(
            "receipt",
            MessageType.RECEIPT,
            (
                Field("at", Kind.MOMENT),
                Field("received_by", Kind.LINE),
                Field("condition", Kind.CHOICE, tuple(ChildCondition)),
                Field("documents_received", Kind.TICKS, _PAPERS, is_needed=False),
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
                    Field(one, Kind.CHOICE, _SCALE, begins="form.scales" if one == "safety" else "")
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
    )
}  # fmt: skip


def forms_for(types: tuple[MessageType, ...]) -> tuple[AnswerForm, ...]:
    """Return the forms for what can be answered now, in their order."""
    return tuple(form for form in FORMS.values() if form.type in types)


def fill(form: AnswerForm, given: Form, here: Visitor) -> Filled:
    """Make the body of a message from what was filled in, or say what is wrong with which field."""
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    for field in form.fields:
        try:
            found = _READ[field.kind](field, given, here)
        except ValueError:
            faults[field.name] = "error.form"
            continue
        if found is None:
            if field.is_needed:
                faults[field.name] = "error.needed"
            continue
        values[field.name] = found
    body = {**_nested(values), **form.fixed(here)}
    if form.type is MessageType.INFO_REQUEST:
        body["questions"] = [
            {"no": number, **one} for number, one in enumerate(body.get("questions", ()), start=1)
        ]
    try:
        made = BODIES[form.type].model_validate_json(json.dumps(body))
    except ValidationError as error:
        return Filled(None, {**_faults(form, error), **faults})
    return Filled(None if faults else made, faults)


def zones_of(country: str) -> tuple[str, ...]:
    """Return the time zones of a country, by the tables that come with Babel."""
    found = get_global("territory_zones").get(country, [])
    return tuple(found) or ("UTC",)


def _faults(form: AnswerForm, error: ValidationError) -> dict[str, str]:
    """Say of each fault which field it is at; of a whole that does not fit together, at its first field."""
    names = [field.name for field in form.fields]
    found: dict[str, str] = {}
    for one in error.errors():
        place = ".".join(str(part) for part in one["loc"])
        at = next((name for name in names if name == place), None)
        near = next((name for name in names if place and name.startswith(f"{place}.")), names[0])
        is_blank = one["type"] in {"missing", "string_too_short"}
        if at is None:
            found.setdefault(near, f"error.whole.{form.code}")
        else:
            found[at] = "error.needed" if is_blank else "error.form"
    return found


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Put values at their places; numbers in a name are places in a list, and what is left blank closes up."""
    made: dict[str, Any] = {}
    for name, value in values.items():
        here = made
        *above, last = name.split(".")
        for part in above:
            here = here.setdefault(part, {})
        here[last] = value
    return {name: _listed(value) for name, value in made.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, dict) and value and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


def _line(field: Field, given: Form, _here: Visitor) -> str | None:
    return given.get(field.name) or None


def _lines(field: Field, given: Form, _here: Visitor) -> list[str] | None:
    found = [line.strip() for line in given.get(field.name, "").split("\n") if line.strip()]
    return found or None


def _number(field: Field, given: Form, _here: Visitor) -> int | None:
    text = given.get(field.name, "")
    return _whole(text) if text else None


def _choice(field: Field, given: Form, _here: Visitor) -> str | None:
    text = given.get(field.name, "")
    if text and text not in field.options:
        raise ValueError(text)
    return text or None


def _yes_no(field: Field, given: Form, _here: Visitor) -> bool | None:
    return {"yes": True, "no": False}.get(given.get(field.name, ""))


def _tick(field: Field, given: Form, _here: Visitor) -> bool | None:
    return True if given.get(field.name) == "yes" else None


def _ticks(field: Field, given: Form, _here: Visitor) -> list[str] | None:
    found = [one for one in given.get(field.name, "").split(",") if one]
    if not set(found) <= set(field.options):
        raise ValueError(field.name)
    return found or None


def _date(field: Field, given: Form, _here: Visitor) -> str | None:
    found = _day(field.name, given)
    return None if found is None else found.isoformat()


def _moment(field: Field, given: Form, here: Visitor) -> str | None:
    day, hour = _day(field.name, given), given.get(f"{field.name}-time", "")
    if day is None or not hour:
        return None
    hours, _, minutes = hour.replace(".", ":").replace("h", ":").partition(":")
    zones = zones_of(here.of_country)
    zone = given.get(f"{field.name}-zone", zones[0])
    if zone not in zones:
        raise ValueError(zone)
    wall = datetime(
        day.year, day.month, day.day, _whole(hours), _whole(minutes or "0"), tzinfo=ZoneInfo(zone)
    )
    return wall.astimezone(UTC).isoformat()


def _day(name: str, given: Form) -> date | None:
    parts = [given.get(f"{name}-{part}", "") for part in ("year", "month", "day")]
    if not any(parts):
        return None
    year, month, day = (_whole(part) for part in parts)
    return date(year, month, day)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):  # noqa: PLR2004  a year has four digits
        raise ValueError(text)
    return int(text)


_READ: Final[Mapping[Kind, Callable[[Field, Form, Visitor], Any]]] = {
    Kind.LINE: _line,
    Kind.TEXT: _line,
    Kind.LINES: _lines,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.TICK: _tick,
    Kind.TICKS: _ticks,
}
