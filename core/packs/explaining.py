"""What is wrong with a pack, in words for the person who wrote it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

PATTERNS: Final = {
    r"^[A-Z]{2}$": "two capital letters such as ZM",
    r"^[a-z]{2,3}$": "a language code such as en",
    r"^[a-z]{2,3}(_[A-Z]{2})?$": "a locale such as en_ZM",
    r"^[A-Za-z][A-Za-z0-9_]{1,47}$": "a code of letters, digits and _",
    r"^[A-Z]{2}(-[A-Z0-9]{1,4}){0,3}$": "a place code such as ZM-07-LIV",
}


@dataclass(frozen=True)
class Problem:
    """One error: the key it is about, and what is wrong with it."""

    key: tuple[str, ...]
    what: str


def explained(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return every error of the schema, in the order of the pack."""
    items = error.errors(include_url=False)
    return [Problem(_key(item), _what(item, model)) for item in items if not _is_echo(item, items)]


def _is_echo(item: ErrorDetails, items: list[ErrorDetails]) -> bool:
    """Whether a list is only called too short because its entries were refused."""
    inside = (other["loc"] for other in items if len(other["loc"]) > len(item["loc"]))
    return item["type"] == "too_short" and any(
        loc[: len(item["loc"])] == item["loc"] for loc in inside
    )


def _key(item: ErrorDetails) -> tuple[str, ...]:
    # A key of a table that is itself wrong is reported by Pydantic as KEY, "[key]".
    return tuple(str(part) for part in item["loc"] if part != "[key]")


def _what(item: ErrorDetails, model: type[BaseModel]) -> str:
    if item["type"] == "extra_forbidden":
        allowed = ", ".join(_allowed(item["loc"][:-1], model))
        return f"is not known here; allowed: {allowed}"
    say = WORDS.get(item["type"])
    return say(item) if say else item["msg"][:1].lower() + item["msg"][1:]


def _not_in_list(item: ErrorDetails) -> str:
    return f"is not allowed; allowed: {item['ctx']['expected']}"


def _own_words(item: ErrorDetails) -> str:
    return str(item["ctx"]["error"])


def _shape(item: ErrorDetails) -> str:
    pattern = str(item["ctx"]["pattern"])
    return f"must be {PATTERNS.get(pattern, pattern)}"


def _not_a_date(_item: ErrorDetails) -> str:
    return "is not a date; write YYYY-MM-DD"


WORDS: Final[Mapping[str, Callable[[ErrorDetails], str]]] = {
    "missing": lambda _item: "is missing",
    "enum": _not_in_list,
    "literal_error": _not_in_list,
    "value_error": _own_words,
    "string_pattern_mismatch": _shape,
    "date_from_datetime_parsing": _not_a_date,
    "date_parsing": _not_a_date,
    "date_type": _not_a_date,
}


def _allowed(path: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """Return the keys that exist at a place of the pack."""
    here: Any = model
    for part in path:
        here = _inside(here, part)
    return list(here.model_fields) if _is_model(here) else []


def _inside(here: Any, part: int | str) -> Any:
    if _is_model(here):
        return _plain(here.model_fields[str(part)].annotation)
    arguments = get_args(here)
    return _plain(arguments[1] if get_origin(here) is Mapping else arguments[0])


def _plain(annotation: Any) -> Any:
    """Return the model inside ``X | None``."""
    options = [one for one in get_args(annotation) if one is not type(None)]
    if get_origin(annotation) not in {Mapping, tuple} and len(options) == 1:
        return options[0]
    return annotation


def _is_model(here: Any) -> bool:
    return isinstance(here, type) and issubclass(here, BaseModel)
