"""The case summary: the minimum another country needs, built from a list of what may be in it.

A field that is not on the list is not shared, whatever the model holds; an item the child or guardian withholds
is not shared even if it is on the list. What was left out is named by category and never by content.

Source: DOM-5.3, DOM-R44, DOM-R48, EXP-5.5.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.errors import Gap

ALLOWED: Final = frozenset(
    {
        "child.child_code", "child.age_band", "child.age_basis", "child.sex", "child.nationality",
        "child.languages", "child.interpreter_needed", "child.communication", "child.accompaniment",
        "child.linked", "care.type", "care.district", "care.priority", "matter.kind", "matter.round",
        "matter.reason", "matter.trigger", "matter.outcome", "matter.child_view",
        "matter.decision_sha256", "flags", "asked", "reply_due", "contacts",
    }
)  # fmt: skip
"""Everything the protocol lets a summary hold. A corridor may allow less, never more."""

NEEDED: Final = frozenset(
    {
        "child.child_code", "child.age_band", "child.age_basis", "child.sex", "child.languages",
        "child.accompaniment", "care.type", "care.priority", "matter.kind", "matter.round",
        "matter.reason", "asked", "reply_due", "contacts",
    }
)  # fmt: skip
"""Without one of these the other country cannot work; if it is withheld, nothing is sent."""

LONGEST_REASON: Final = 1500
LONGEST_VIEW: Final = 300
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DATE: Final = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")
_NUMBER: Final = re.compile(r"(?:\d[\s-]?){7,}")


@dataclass(frozen=True)
class Cut:
    """A summary after the list and the withheld items were applied.

    Args:
        body: what may go.
        withheld: categories that were left out, in alphabetical order.
        gaps: why it cannot go as it is.
    """

    body: Mapping[str, Any]
    withheld: tuple[str, ...]
    gaps: tuple[Gap, ...]


def cut(
    facts: Mapping[str, Any], *, corridor_allows: Collection[str], withheld: Collection[str]
) -> Cut:
    """Take from the facts what the list, the corridor and the child allow.

    Args:
        facts: ``section.field`` to value; ``None`` and empty lists are left out.
        corridor_allows: fields this corridor shares; what it names beyond the protocol's list is ignored.
        withheld: fields or whole sections that are withheld from this receiver.
    """
    allowed = ALLOWED & set(corridor_allows)
    hidden = {field for field in facts if _is_withheld(field, withheld)}
    body: dict[str, Any] = {}
    for field in sorted(facts.keys() & allowed - hidden):
        value = facts[field]
        if value is None or value in ([], (), ""):
            continue
        section, _, name = field.partition(".")
        if name:
            body.setdefault(section, {})[name] = value
        else:
            body[section] = value
    there = {field for field in NEEDED if _holds(body, field)}
    gaps = [Gap("summary_field_missing", {"field": one}) for one in sorted(NEEDED - there - hidden)]
    gaps += [Gap("summary_needs_withheld", {"field": one}) for one in sorted(NEEDED & hidden)]
    gaps += list(_text_gaps(body))
    return Cut(body, tuple(sorted({_category(one) for one in withheld})), tuple(gaps))


def names_in(text: str, names: Collection[str]) -> tuple[str, ...]:
    """Return the kinds of personal data a free text seems to hold: ``name``, ``date``, ``number``.

    A person still reads every summary; this catches what tired eyes miss. Names shorter than three letters are
    not looked for.

    Args:
        text: what somebody wrote.
        names: every name on the child's file, of child, family and carers.
    """
    words = {word.casefold() for word in re.findall(r"[^\W\d_]{3,}", text)}
    known = {part.casefold() for name in names for part in re.findall(r"[^\W\d_]{3,}", name)}
    found = []
    if words & known:
        found.append("name")
    if _DATE.search(text):
        found.append("date")
    if _NUMBER.search(text):
        found.append("number")
    return tuple(found)


def _is_withheld(field: str, withheld: Collection[str]) -> bool:
    return any(field == one or field.startswith(f"{one}.") for one in withheld)


def _category(field: str) -> str:
    return field.partition(".")[2] or field


def _holds(body: Mapping[str, Any], field: str) -> bool:
    section, _, name = field.partition(".")
    return section in body and (not name or name in body[section])


def _text_gaps(body: Mapping[str, Any]) -> Iterator[Gap]:
    matter = body.get("matter", {})
    for name, longest in (("reason", LONGEST_REASON), ("child_view", LONGEST_VIEW)):
        text = matter.get(name, "")
        if len(text) > longest:
            yield Gap("summary_text_too_long", {"field": f"matter.{name}", "longest": longest})
        if _CONTROL.search(text):
            yield Gap("summary_text_not_plain", {"field": f"matter.{name}"})
