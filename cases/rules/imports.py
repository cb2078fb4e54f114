"""One row of somebody else's list becomes a child here, or says exactly why not. Nothing is guessed.

A value whose code stands in no list is named and the row is held back, unless the importer chose to take
such values as unknown. What cannot be read at all (a date that does not exist) always holds the row back.

Source: DOM-4.1, DOM-3.3/T2 ("register with unknown values; never invent").
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from cases.rules.children import (
    Accompaniment,
    AgeBasis,
    Alert,
    BirthPrecision,
    Child,
    ExternalId,
    ExternalIdKind,
    MovementStatus,
    Names,
    Priority,
    Sex,
    Source,
    Tri,
)

LONGEST_VALUE: Final = 2_000
MOST_VALUES: Final = 40
OLDEST: Final = 130
_ISO_DAY: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_YES: Final = frozenset({"true", "yes", "1"})
_NO: Final = frozenset({"false", "no", "0"})


@dataclass(frozen=True)
class FieldMap:
    """How another system's fields and codes become ours; read from data.

    Args:
        name: of the mapping, kept with every imported row.
        system: where the rows come from.
        fields: our field to their field names, the first present counts.
        values: our field to (their code to ours); an empty code means "nothing to keep".
        implies: our field to (their concern code to our value).
        concerns: concern codes of the country, accepted as they are.
        causes: separation causes of the country, accepted as they are.
        countries: lower-case code or English name to ISO 3166-1 alpha-2.
        languages: lower-case code or English name to ISO 639.
        places: lower-case code or name to place code; a name that two places share is absent.
    """

    name: str
    system: str
    fields: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]]
    implies: Mapping[str, Mapping[str, str]]
    concerns: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    countries: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Complaint:
    """Why a row is not taken as it is: which of our fields, and a code. ``value`` only for plain codes."""

    field: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class SourceRow:
    """One row as it was read. ``fault`` is set when it could not be read as a row at all."""

    number: int
    values: Mapping[str, Any]
    fault: str = ""


@dataclass(frozen=True)
class Read:
    """What a row says, or what stands against it.

    Args:
        source_id: the row's id in its system.
        shown_id: the id people there quote.
        alert: how the child was found.
        child: what is known.
        priority: as the source says, if it says.
        owner: login name of the worker in the source.
        complaints: everything that cannot be taken as it stands.
        is_closed: closed, transferred, merged or disabled at the source.
    """

    source_id: str
    shown_id: str
    alert: Alert
    child: Child
    priority: Priority | None
    owner: str
    complaints: tuple[Complaint, ...]
    is_closed: bool


class _Reader:
    """Reads the fields of one row and collects what stands against it."""

    def __init__(self, row: SourceRow, mapping: FieldMap) -> None:
        self.row = row
        self.mapping = mapping
        self.complaints: list[Complaint] = []

    def raw(self, ours: str) -> Any:
        """Return the first present value of a field, None when there is none."""
        for theirs in self.mapping.fields.get(ours, ()):
            value = self.row.values.get(theirs)
            if value not in (None, "", []):
                return value
        return None

    def text(self, ours: str) -> str:
        """Return a field as one line of words."""
        value = self.raw(ours)
        if value is None:
            return ""
        if isinstance(value, (dict, list)):
            return self._complain(ours, "not_text")
        if isinstance(value, (date, datetime)):
            return value.isoformat()
        text = " ".join(str(value).split())
        if len(text) > LONGEST_VALUE:
            return self._complain(ours, "too_long")
        return self._complain(ours, "formula") if text.startswith("=") else text

    def codes(self, ours: str) -> list[str]:
        """Return the codes of a field that may hold several, in lower case."""
        value = self.raw(ours)
        if value is None:
            return []
        items = value if isinstance(value, list) else re.split(r"[;,|]", str(value))
        if len(items) > MOST_VALUES or any(isinstance(i, (dict, list)) for i in items):
            self._complain(ours, "too_many")
            return []
        return [code for code in (_code(item) for item in items) if code]

    def mapped(self, ours: str, known: Mapping[str, str]) -> list[str]:
        """Return our codes for theirs; every code that does not map is named."""
        given = self.mapping.values.get(ours, {})
        found: list[str] = []
        for code in self.codes(ours):
            value = given.get(code, known.get(code))
            if value is None:
                self._complain(ours, "unmapped", code)
            elif value and value not in found:
                found.append(value)
        return found

    def one(self, ours: str, default: str) -> str:
        """Return our code for a field that holds one."""
        found = self.mapped(ours, {})
        if len(found) > 1:
            return self._complain(ours, "more_than_one") or default
        return found[0] if found else default

    def implied(self, ours: str) -> set[str]:
        """Return what the protection concerns say about another field."""
        rules = self.mapping.implies.get(ours, {})
        return {rules[code] for code in self.codes("concerns") if code in rules}

    def day(self, ours: str) -> date | None:
        """Return a day; only ISO dates and real date cells are taken, 31 February is not."""
        value = self.raw(ours)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        found = _iso_day(str(value).strip())
        if found is None:
            self._complain(ours, "not_a_date")
        return found

    def number(self, ours: str) -> int | None:
        """Return a whole number of years."""
        value = self.raw(ours)
        if value is None:
            return None
        text = str(value).strip()
        try:
            number = Decimal(text) if len(text) < 12 else Decimal("NaN")  # noqa: PLR2004  longer is no age
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite() or number != int(number) or not 0 <= number <= OLDEST:
            self._complain(ours, "not_an_age")
            return None
        return int(number)

    def tri(self, ours: str) -> Tri:
        """Return yes, no or unknown."""
        text = _code(self.raw(ours))
        if text in _YES:
            return Tri.YES
        if text in _NO:
            return Tri.NO
        if text and text != "unknown":
            self._complain(ours, "unmapped", text)
        return Tri.UNKNOWN

    def _complain(self, ours: str, code: str, value: str = "") -> str:
        plain = value if re.fullmatch(r"[\w .'-]{1,60}", value) else ""
        self.complaints.append(Complaint(ours, code, plain))
        return ""


def read_row(row: SourceRow, mapping: FieldMap, *, office: str, now: datetime) -> Read:
    """Read one row.

    Args:
        row: as it came.
        mapping: how its fields and codes become ours.
        office: place code of the office that takes the rows.
        now: when; days in the future are refused.
    """
    reader = _Reader(row, mapping)
    source_id = reader.text("source_id")
    if not source_id:
        reader.complaints.append(Complaint("source_id", "missing"))
    alert = _alert(reader, office, now)
    child = _child(reader, now)
    priority = reader.one("priority", "")
    closed = reader.one("status", "open") == "closed" or reader.tri("enabled") is Tri.NO
    return Read(
        source_id=source_id,
        shown_id=reader.text("shown_id") or source_id,
        alert=alert,
        child=child,
        priority=Priority(priority) if priority else None,
        owner=reader.text("owner").lower(),
        complaints=tuple(dict.fromkeys(reader.complaints)),
        is_closed=closed,
    )


def _alert(reader: _Reader, office: str, now: datetime) -> Alert:
    district = reader.mapped("district", reader.mapping.places)
    seen = reader.day("registered_on")
    if seen is not None and seen > now.date():
        reader.complaints.append(Complaint("registered_on", "in_the_future"))
    detained = reader.tri("in_detention")
    implied = reader.implied("in_detention")
    return Alert(
        office=office,
        district=district[0] if district else office,
        source=Source.OTHER,
        in_danger=reader.tri("in_danger"),
        in_detention=Tri.YES if "yes" in implied else detained,
        seen_at=datetime(seen.year, seen.month, seen.day, tzinfo=UTC) if seen else None,
    )


def _child(reader: _Reader, now: datetime) -> Child:
    birth, age = reader.day("birth_date"), reader.number("age")
    if birth is not None and birth > now.date():
        reader.complaints.append(Complaint("birth_date", "in_the_future"))
    estimated = reader.tri("age_is_estimated") is Tri.YES
    concerns = reader.mapped("concerns", {code: code for code in reader.mapping.concerns})
    causes = reader.mapped("separation_cause", {code: code for code in reader.mapping.causes})
    return Child(
        names=_names(reader),
        sex=Sex(reader.one("sex", "not_stated")),
        birth_date=birth,
        birth_precision=_precision(birth, estimated=estimated),
        age_years=age,
        age_stated_on=reader.day("registered_on") if age is not None else None,
        age_basis=_basis(birth, age, estimated=estimated),
        nationalities=tuple(reader.mapped("nationalities", reader.mapping.countries)),
        habitual_residence=tuple(reader.mapped("residence", reader.mapping.countries)),
        languages=tuple(reader.mapped("languages", reader.mapping.languages)),
        accompaniment=_accompaniment(reader),
        external_ids=_external_ids(reader),
        movement_status=_movement(reader),
        restricted=_restricted(concerns, causes),
    )


def _restricted(concerns: list[str], causes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if concerns:
        found["protection_concerns"] = concerns
    if causes:
        found["separation"] = {"cause": causes[0]}
    return found


def _names(reader: _Reader) -> Names:
    given, family = reader.text("given"), reader.text("family")
    middle, whole = reader.text("middle"), reader.text("whole_name")
    if not (given or family) and whole:
        given, _, family = whole.rpartition(" ") if " " in whole else (whole, "", "")
    other = " ".join(part for part in (middle, reader.text("other_name")) if part)
    return Names(given=given, family=family, other=other, nickname=reader.text("nickname"))


def _accompaniment(reader: _Reader) -> Accompaniment:
    stated = reader.one("accompaniment", "")
    if stated:
        return Accompaniment(stated)
    implied = reader.implied("accompaniment")
    if len(implied) > 1:
        reader.complaints.append(Complaint("accompaniment", "more_than_one"))
    return Accompaniment(min(implied)) if len(implied) == 1 else Accompaniment.UNKNOWN


def _movement(reader: _Reader) -> MovementStatus:
    implied = reader.implied("movement_status")
    return MovementStatus(min(implied)) if len(implied) == 1 else MovementStatus.UNKNOWN


def _external_ids(reader: _Reader) -> tuple[ExternalId, ...]:
    kinds = {
        "unhcr_individual": ExternalIdKind.UNHCR_INDIVIDUAL,
        "icrc": ExternalIdKind.ICRC,
        "national_id": ExternalIdKind.NATIONAL_ID,
        "cpims": ExternalIdKind.CPIMS,
    }
    found = ((kind, reader.text(ours)) for ours, kind in kinds.items())
    ids = [ExternalId(kind, value) for kind, value in found if value]
    shown = reader.text("shown_id")
    return tuple([*ids, ExternalId(ExternalIdKind.OTHER, shown)] if shown else ids)


def _precision(birth: date | None, *, estimated: bool) -> BirthPrecision:
    if birth is None:
        return BirthPrecision.UNKNOWN
    return BirthPrecision.ESTIMATED if estimated else BirthPrecision.DAY


def _basis(birth: date | None, age: int | None, *, estimated: bool) -> AgeBasis:
    if estimated:
        return AgeBasis.ESTIMATED
    return AgeBasis.STATED if birth is not None or age is not None else AgeBasis.UNKNOWN


def _iso_day(text: str) -> date | None:
    match = _ISO_DAY.match(text)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _code(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split()).lower()
