"""Fields of longer forms as data: what is asked, and how it is shown again as it was typed.

A field stands for one value of a record (``views.words``). Reading what was typed is in ``reading``; what may be
written is judged by the same bodies as in the API. Lists of small things are rows of one page.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.desk.words import DeskWords
from api.portal.door import Form
from core.languages import language

Choices = tuple[tuple[str, str], ...]
PRINT: Final = 16
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Kind(StrEnum):
    """How a value is asked for."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    SEVERAL = "several"
    TICK = "tick"
    YES_NO = "yes_no"
    LINES = "lines"
    NAMED = "named"
    ROWS = "rows"


@dataclass(frozen=True)
class Field:
    """One value of a record as a form asks for it.

    Args:
        name: where the value stands in the record, with dots between the levels.
        kind: how it is asked for.
        of: whose codes a choice is of; ``Asking`` knows them.
        parts: the fields of each row.
        most: most rows.
    """

    name: str
    kind: Kind = Kind.TEXT
    of: str = ""
    parts: tuple["Field", ...] = ()
    most: int = 6


@dataclass(frozen=True)
class Asking:
    """What a form needs to know beyond its fields.

    Args:
        words: of the reader's language.
        zone: the clock of the office.
        spec: which form this is; its labels stand under this name.
        choices: gives the codes of a choice with their words.
    """

    words: DeskWords
    zone: str
    spec: str
    choices: Callable[[str], Choices]


@dataclass(frozen=True)
class Asked:
    """A field as a page shows it.

    Args:
        values: what stands in it: one text, the codes that are ticked, or day, month, year and time.
        choices: codes and words to choose from.
        rows: for rows, the fields of each.
        conflict: what somebody else wrote meanwhile, in words; None when nobody did.
        chosen: what was chosen of the two.
    """

    name: str
    kind: Kind
    label: str
    hint: str
    values: tuple[str, ...]
    choices: Choices = ()
    rows: tuple[tuple["Asked", ...], ...] = ()
    conflict: str | None = None
    chosen: str = ""


def is_blank(value: Any) -> bool:
    """Whether nothing was written or ticked; a number is never blank, a newborn is 0 years old."""
    return value is None or value is False or (not isinstance(value, bool | int) and not value)


def value_at(record: Any, name: str) -> Any:
    """Return the value a record holds under a dotted name; None where it holds none."""
    for part in name.split("."):
        if not isinstance(record, Mapping):
            return None
        record = record.get(part)
    return record


def typed_from(fields: Iterable[Field], record: Any, asking: Asking) -> dict[str, str]:
    """Return a record as a person would have typed it."""
    found: dict[str, str] = {}
    for field in fields:
        found |= _typed(field, field.name, value_at(record, field.name), asking)
    return found


def asked(
    fields: Iterable[Field],
    form: Form,
    asking: Asking,
    conflicts: Mapping[str, Any] | None = None,
) -> tuple[Asked, ...]:
    """Return fields as a page shows them, with what stands in the form.

    Args:
        fields: of this page.
        form: what was typed, or what the record holds.
        asking: words and choices.
        conflicts: what others wrote meanwhile, by name of the field.
    """
    others = conflicts or {}
    return tuple(_asked(field, field.name, form, asking, others) for field in fields)


def print_of(value: Any, field: Field | None = None) -> str:
    """Return a mark by which a form knows again what it showed; blank values are all alike, a no is none of them.

    The codes of a language are one: ``swa`` and ``sw`` have one mark where the field is about languages.
    """
    plain = None if is_blank(value) and value is not False else value
    if isinstance(plain, list):
        codes = [language(one) for one in plain] if field and field.of == "languages" else plain
        plain = sorted(codes, key=lambda one: json.dumps(one, sort_keys=True))
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:PRINT]


def in_words(field: Field, value: Any, asking: Asking) -> str:
    """Return a value as a page tells it; empty where nothing is on file."""
    if is_blank(value) and (value is not False or field.kind is Kind.TICK):
        return ""
    if field.kind is Kind.ROWS:
        rows = (
            ", ".join(
                text for part in field.parts if (text := in_words(part, row.get(part.name), asking))
            )
            for row in value
        )
        return "\n".join(rows)
    return _told(field, value, asking)


def _told(field: Field, value: Any, asking: Asking) -> str:
    words = asking.words
    if field.kind is Kind.DAY:
        return words.day(date.fromisoformat(value))
    if field.kind is Kind.MOMENT:
        return words.at(datetime.fromisoformat(value), asking.zone)
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if field.kind is Kind.NAMED:
        return ", ".join(_name_of(field.of, one, words) for one in value)
    if isinstance(value, list | tuple):
        known = dict(asking.choices(field.of)) if field.of else {}
        return ", ".join(known.get(one, str(one)) for one in value)
    known = dict(asking.choices(field.of)) if field.of else {}
    return known.get(value) or (words("someone") if _ID.fullmatch(str(value)) else str(value))


def _name_of(of: str, code: str, words: DeskWords) -> str:
    if of == "nationality":
        known = words.knows("nationality", code)
        return words.of("nationality", code) if known else words.country(code)
    return words.said("languages", code)


def _typed(field: Field, name: str, value: Any, asking: Asking) -> dict[str, str]:
    if value is None:
        return {}
    special = _TYPED.get(field.kind)
    if special is not None:
        return special(field, name, value, asking)
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    if isinstance(value, list | tuple):
        return {name: ("\n" if field.kind is Kind.LINES else ",").join(map(str, value))}
    return {name: str(value)}


def _typed_rows(field: Field, name: str, value: Any, asking: Asking) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, row in enumerate(value):
        for part in field.parts:
            found |= _typed(part, f"{name}.{at}.{part.name}", row.get(part.name), asking)
    return found


def _typed_time(field: Field, name: str, value: str, asking: Asking) -> dict[str, str]:
    if field.kind is Kind.DAY:
        on = date.fromisoformat(value)
        return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}  # fmt: skip
    at = datetime.fromisoformat(value).astimezone(ZoneInfo(asking.zone))
    day = Field(name, Kind.DAY)
    return {**_typed_time(day, name, at.date().isoformat(), asking), f"{name}-time": f"{at:%H:%M}"}


def _typed_names(field: Field, name: str, value: Sequence[str], asking: Asking) -> dict[str, str]:
    known = {_one_form(field, code): code for code, _ in asking.choices(field.of)}
    others = (
        _name_of(field.of, one, asking.words) for one in value if _one_form(field, one) not in known
    )
    ticked = (known[_one_form(field, one)] for one in value if _one_form(field, one) in known)
    return {name: ",".join(ticked), f"{name}.other": ", ".join(others)}


def _one_form(field: Field, code: str) -> str:
    return language(code) if field.of == "languages" else code


def _asked(
    field: Field, name: str, form: Form, asking: Asking, conflicts: Mapping[str, Any]
) -> Asked:
    words, key = asking.words, f"{asking.spec}.{field.name}"
    theirs = conflicts.get(name)
    return Asked(
        name=name,
        kind=field.kind,
        label=words(key),
        hint=words(f"{key}.hint") if words.knows(key, "hint") else "",
        values=_values(field, name, form),
        choices=asking.choices(field.of) if field.of else (),
        rows=_asked_rows(field, name, form, asking) if field.kind is Kind.ROWS else (),
        conflict=in_words(field, theirs, asking) if name in conflicts else None,
        chosen=form.get(f"choose.{name}", ""),
    )


def _asked_rows(
    field: Field, name: str, form: Form, asking: Asking
) -> tuple[tuple[Asked, ...], ...]:
    """Return the rows that were filled in and one more."""
    filled = [
        at
        for at in range(field.most)
        if any(text and key.startswith(f"{name}.{at}.") for key, text in form.items())
    ]
    count = min(field.most, max(filled, default=-1) + 2)
    inner = Asking(asking.words, asking.zone, f"{asking.spec}.{field.name}", asking.choices)
    return tuple(
        tuple(_asked(part, f"{name}.{at}.{part.name}", form, inner, {}) for part in field.parts)
        for at in range(count)
    )


def _values(field: Field, name: str, form: Form) -> tuple[str, ...]:
    if field.kind in {Kind.DAY, Kind.MOMENT}:
        return tuple(form.get(f"{name}-{part}", "") for part in ("day", "month", "year", "time"))
    if field.kind is Kind.SEVERAL:
        return tuple(form.get(name, "").split(","))
    if field.kind is Kind.NAMED:
        return (form.get(f"{name}.other", ""), *form.get(name, "").split(","))
    return (form.get(name, ""),)


_TYPED: Final[Mapping[Kind, Callable[[Field, str, Any, Asking], dict[str, str]]]] = {
    Kind.ROWS: _typed_rows,
    Kind.DAY: _typed_time,
    Kind.MOMENT: _typed_time,
    Kind.NAMED: _typed_names,
}
