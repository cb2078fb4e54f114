"""Letters on paper as forms: an enquiry or a request with what it tells of the child, as an officer types it in.

Answers on paper are typed into the same forms as those we write ourselves (``say_forms``).

Source: DOM-5.3, DOM-5.7, DOM-5.9.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pycountry
from babel import Locale

from api.portal.forms import Field, Kind
from transfers.rules.codes import (
    AskedOfPartner,
    MessageType,
    ResponsibilityModel,
    Round,
    TransferKind,
)

AGES: Final = ("0-5", "6-9", "10-12", "13-15", "16-17", "18+")
BASES: Final = ("document", "stated", "estimated", "assessed", "disputed")
SEXES: Final = ("female", "male", "intersex", "not_stated")
WITH_WHOM: Final = (
    "unaccompanied",
    "separated",
    "accompanied",
    "child_headed_household",
    "unknown",
)
CARE: Final = ("family", "foster", "kinship", "residential", "hospital", "unknown", "other")
PRIORITIES: Final = ("emergency", "high", "medium", "low")
SCHEMA: Final = "bidx-summary/1"
_TOLD: Final = (
    Field("child.child_code", Kind.LINE, begins="told"),
    Field("child.age_band", Kind.CHOICE, AGES),
    Field("child.age_basis", Kind.CHOICE, BASES),
    Field("child.sex", Kind.CHOICE, SEXES),
    Field("child.nationality", Kind.CHOICE, is_needed=False),
    Field("child.languages", Kind.CHOICE),
    Field("child.interpreter_needed", Kind.TICK, is_needed=False),
    Field("child.accompaniment", Kind.CHOICE, WITH_WHOM),
    Field("care.type", Kind.CHOICE, CARE),
    Field("care.priority", Kind.CHOICE, PRIORITIES),
    Field("matter.kind", Kind.CHOICE, tuple(TransferKind), begins="matter"),
    Field("matter.reason", Kind.TEXT),
    Field("matter.child_view", Kind.TEXT, is_needed=False),
    Field("contact.office", Kind.LINE),
    Field("contact.phone", Kind.LINE, is_needed=False),
)
_ASKED: Final = (
    Field("ref", Kind.LINE, words="their_ref"),
    Field("asked", Kind.TICKS, tuple(AskedOfPartner)),
    Field("reply_due", Kind.DATE),
)
_DECIDED: Final = (
    Field("decided_on", Kind.DATE, begins="decision"),
    Field("decision_valid_until", Kind.DATE),
    Field("decision_sha256", Kind.LINE),
    Field("responsibility", Kind.CHOICE, tuple(ResponsibilityModel)),
)


@dataclass(frozen=True)
class Letter:
    """What was typed in: the body of the message, and the summary that came with it."""

    type: MessageType
    body: dict[str, Any]
    summary: dict[str, Any]


def fields_for(of_round: Round) -> tuple[Field, ...]:
    """Return the fields of an enquiry or of a request on paper."""
    return (*_ASKED, *(_DECIDED if of_round is Round.REQUEST else ()), *_with_choices())


def options_for(locale: Locale) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the words of languages and nationalities, by field."""
    nations = sorted(
        ((one.alpha_3, str(locale.territories.get(one.alpha_2, one.name))) for one in pycountry.countries),
        key=lambda pair: pair[1],
    )  # fmt: skip
    tongues = sorted(
        ((code, str(name)) for code, name in locale.languages.items() if _is_tongue(code)),
        key=lambda pair: pair[1],
    )
    return {"child.nationality": tuple(nations), "child.languages": tuple(tongues)}


def letter(of_round: Round, values: Mapping[str, Any]) -> Letter:
    """Put what was typed in at its places."""
    names = {field.name for field in (*_ASKED, *_DECIDED)}
    body = {name: value for name, value in values.items() if name in names - {"ref"}}
    parts: dict[str, dict[str, Any]] = {"child": {}, "care": {}, "matter": {}, "contact": {}}
    for name, value in values.items():
        part, _, rest = name.partition(".")
        if part in parts:
            parts[part][rest] = value
    child = parts["child"]
    for listed in ("nationality", "languages"):
        if listed in child:
            child[listed] = [child[listed]]
    summary = {
        "schema": SCHEMA, "ref": values.get("ref", ""), "summary_version": 1, "child": child,
        "care": parts["care"], "matter": {**parts["matter"], "round": of_round.value},
        "asked": body.get("asked", []), "reply_due": body.get("reply_due", ""),
        "contacts": [{"role": "A15", **parts["contact"]}], "withheld": [],
    }  # fmt: skip
    is_enquiry = of_round is Round.ENQUIRY
    return Letter(MessageType.ENQUIRY if is_enquiry else MessageType.REQUEST, body, summary)


def _with_choices() -> tuple[Field, ...]:
    known = options_for(Locale("en"))
    return tuple(
        Field(one.name, one.kind, tuple(code for code, _ in known[one.name]), one.is_needed)
        if one.name in known
        else one
        for one in _TOLD
    )


def _is_tongue(code: str) -> bool:
    return code.isascii() and code.isalpha() and len(code) in {2, 3}
