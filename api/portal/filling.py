"""What somebody filled in becomes the body of a message, or a list of what is wrong with which field."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.core import get_global
from pydantic import ValidationError

from api.portal.door import Form
from api.portal.forms import Field, Kind, MessageForm
from transfers.service.bodies import BODIES, Body

Zones = tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """A form that was sent: the body it makes, or what is wrong with which field."""

    body: Body | None
    faults: Mapping[str, str]


def fill(
    form: MessageForm, given: Form, *, zones: Zones, fixed: Mapping[str, Any] | None = None
) -> Filled:
    """Make the body of a message from what was filled in, or say what is wrong with which field.

    Args:
        form: which message.
        given: the fields as they were sent.
        zones: the clocks a moment may be told by; the first unless another is chosen.
        fixed: what is not for the person at the form to choose; places in the body, parts joined by dots.
    """
    values, faults = read_fields(form.fields, given, zones=zones)
    body = _nested({**values, **(fixed or {})})
    if form.numbered:
        listed = body.get(form.numbered, ())
        body[form.numbered] = [{"no": no, **one} for no, one in enumerate(listed, start=1)]
    try:
        made = BODIES[form.type].model_validate_json(json.dumps(body))
    except ValidationError as error:
        return Filled(None, {**_faults(form, error), **faults})
    return Filled(None if faults else made, faults)


def read_fields(
    fields: Iterable[Field], given: Form, *, zones: Zones
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what was filled in by place, and what is wrong with which field."""
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    for field in fields:
        try:
            found = _READ[field.kind](field, given, zones)
        except ValueError:
            faults[field.name] = "error.form"
            continue
        if found is None:
            if field.is_needed:
                faults[field.name] = "error.needed"
            continue
        values[field.name] = found
    return values, faults


def zones_of(country: str) -> tuple[str, ...]:
    """Return the time zones of a country, by the tables that come with Babel."""
    found = get_global("territory_zones").get(country, [])
    return tuple(found) or ("UTC",)


def _faults(form: MessageForm, error: ValidationError) -> dict[str, str]:
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


def _line(field: Field, given: Form, _zones: Zones) -> str | None:
    return given.get(field.name) or None


def _lines(field: Field, given: Form, _zones: Zones) -> list[str] | None:
    found = [line.strip() for line in given.get(field.name, "").split("\n") if line.strip()]
    return found or None


def _number(field: Field, given: Form, _zones: Zones) -> int | None:
    text = given.get(field.name, "")
    return _whole(text) if text else None


def _choice(field: Field, given: Form, _zones: Zones) -> str | None:
    text = given.get(field.name, "")
    if text and text not in field.options:
        raise ValueError(text)
    return text or None


def _yes_no(field: Field, given: Form, _zones: Zones) -> bool | None:
    return {"yes": True, "no": False}.get(given.get(field.name, ""))


def _tick(field: Field, given: Form, _zones: Zones) -> bool | None:
    return True if given.get(field.name) == "yes" else None


def _ticks(field: Field, given: Form, _zones: Zones) -> list[str] | None:
    found = [one for one in given.get(field.name, "").split(",") if one]
    if not set(found) <= set(field.options):
        raise ValueError(field.name)
    return found or None


def _date(field: Field, given: Form, _zones: Zones) -> str | None:
    found = _day(field.name, given)
    return None if found is None else found.isoformat()


def _moment(field: Field, given: Form, zones: Zones) -> str | None:
    day, hour = _day(field.name, given), given.get(f"{field.name}-time", "")
    if day is None or not hour:
        return None
    hours, _, minutes = hour.replace(".", ":").replace("h", ":").partition(":")
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


_READ: Final[Mapping[Kind, Callable[[Field, Form, Zones], Any]]] = {
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
