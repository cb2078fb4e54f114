"""What was typed into a longer form, as the values a body of the API takes; a slip names its field.

Source: the fields are those of ``fields``; what may be written is judged by the bodies of the API.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from api.desk.fields import Asking, Field, Kind, is_blank
from api.desk.forms import day_in
from api.desk.words import DeskWords
from api.fields import Strict
from api.portal.door import Form
from core.errors import BadInput

Body = TypeVar("Body", bound=Strict)
DIGITS: Final = 5


def read(fields: Iterable[Field], form: Form, asking: Asking) -> dict[str, Any]:
    """Return the value of every field, by name, ready for the body of the API.

    Raises:
        BadInput: a day that is none, a code that is none of the choices.
    """
    return {field.name: _read(field, field.name, form, asking) for field in fields}


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted name as the record holds them."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        *above, last = name.split(".")
        level = found
        for part in above:
            level = level.setdefault(part, {})
        level[last] = value
    return found


def checked(kind: type[Body], values: Mapping[str, Any]) -> Body:
    """Return the body of the API made of what was typed.

    Raises:
        BadInput: naming the field that cannot be used.
    """
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadInput(pointer=f"/{name}", code=CODES.get(first["type"], OTHERWISE)) from None


OTHERWISE: Final = "not_usable"
CODES: Final = {
    "string_too_long": "too_long",
    "string_too_short": "words_needed",
    "missing": "value_needed",
    "enum": "choose_one",
    "literal_error": "choose_one",
    "date_type": "day_needed",
    "datetime_type": "day_needed",
    "bool_type": "choose_one",
    "greater_than_equal": "number_needed",
    "less_than_equal": "number_needed",
    "too_long": "too_many",
    "value_error": "year_not_usable",
}


def _read(field: Field, name: str, form: Form, asking: Asking) -> Any:
    if field.kind is Kind.ROWS:
        return _rows(field, name, form, asking)
    return _READ[field.kind](field, name, form, asking)


def _rows(field: Field, name: str, form: Form, asking: Asking) -> list[dict[str, Any]]:
    found = []
    for at in range(field.most):
        row = {
            part.name: _read(part, f"{name}.{at}.{part.name}", form, asking) for part in field.parts
        }
        if any(not is_blank(value) for value in row.values()):
            found.append(row)
    return found


def _text(field: Field, name: str, form: Form, asking: Asking) -> str:
    del field, asking
    return form.get(name, "").strip()


def _number(field: Field, name: str, form: Form, asking: Asking) -> int | None:
    text = _text(field, name, form, asking)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < DIGITS):
        raise BadInput(f"/{name}", "number_needed")
    return int(text)


def _day(field: Field, name: str, form: Form, asking: Asking) -> str | None:
    del field, asking
    if not any(form.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")):
        return None
    found = day_in(form, name)
    if found is None:
        raise BadInput(f"/{name}-day", "day_needed")
    return found.isoformat()


def _moment(field: Field, name: str, form: Form, asking: Asking) -> str | None:
    day = _day(field, name, form, asking)
    text = form.get(f"{name}-time", "").strip().replace(".", ":").replace("h", ":")
    if day is None and not text:
        return None
    if day is None:
        raise BadInput(f"/{name}-day", "day_needed")
    hour, _, minute = text.partition(":")
    parts = (hour, minute or "00")
    if not all(one.isascii() and one.isdecimal() and len(one) < 3 for one in parts):  # noqa: PLR2004  hh:mm
        raise BadInput(f"/{name}-time", "time_needed")
    try:
        at = datetime.fromisoformat(f"{day}T{int(hour):02}:{int(parts[1]):02}:00")
    except ValueError as error:
        raise BadInput(f"/{name}-time", "time_needed") from error
    return at.replace(tzinfo=ZoneInfo(asking.zone)).isoformat()


def _choice(field: Field, name: str, form: Form, asking: Asking) -> str | None:
    code = form.get(name, "")
    if not code:
        return None
    if code not in dict(asking.choices(field.of)):
        raise BadInput(f"/{name}", "choose_one")
    return code


def _several(field: Field, name: str, form: Form, asking: Asking) -> list[str]:
    codes = [one for one in form.get(name, "").split(",") if one]
    known = dict(asking.choices(field.of))
    if any(one not in known for one in codes):
        raise BadInput(f"/{name}", "choose_one")
    return codes


def _tick(field: Field, name: str, form: Form, asking: Asking) -> bool:
    del field, asking
    return form.get(name) == "yes"


def _yes_no(field: Field, name: str, form: Form, asking: Asking) -> bool | None:
    del field, asking
    return {"yes": True, "no": False}.get(form.get(name, ""))


def _lines(field: Field, name: str, form: Form, asking: Asking) -> list[str]:
    del field, asking
    return [one.strip() for one in form.get(name, "").splitlines() if one.strip()]


def _named(field: Field, name: str, form: Form, asking: Asking) -> list[str]:
    """Read what is ticked, and what else was written by its name."""
    ticked = _several(field, name, form, asking)
    known = _known_names(field.of, asking.words)
    for text in form.get(f"{name}.other", "").replace(";", ",").replace("\n", ",").split(","):
        if not text.strip():
            continue
        code = known.get(text.strip().casefold())
        if code is None:
            raise BadInput(f"/{name}.other", "name_not_known")
        if code not in ticked:
            ticked.append(code)
    return ticked


_READ: Final[Mapping[Kind, Callable[[Field, str, Form, Asking], Any]]] = {
    Kind.LINE: _text,
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.TICK: _tick,
    Kind.YES_NO: _yes_no,
    Kind.LINES: _lines,
    Kind.NAMED: _named,
}


def _known_names(of: str, words: DeskWords) -> dict[str, str]:
    names = words.locale.languages if of == "languages" else words.locale.territories
    found = {str(name).casefold(): str(code) for code, name in names.items() if "_" not in code}
    if of == "nationality":
        found = {name: code for name, code in found.items() if code.isalpha() and len(code) == 2}  # noqa: PLR2004
    return found
