"""The coded summary of a child's case as it crosses a border: its schema, and that its words are plain text.

A member the schema does not list is refused, on making as on reading. What may be told about this child, and what
the child wants withheld, is decided where the summary is built. Source: EXP-5.5, DOM-5.3; docs/decisions/0013.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from core.exchange.encoding import NotStrict, canonical, read_object
from core.exchange.errors import SummaryInvalid
from core.exchange.shapes import is_day

SCHEMA: Final = Path(__file__).with_name("summary-1.json")
MAX_SUMMARY: Final = 256 * 1024
_PARAGRAPHS: Final = {("matter", "reason"), ("matter", "child_view")}  # where a line may end
_LAYOUT: Final = str.maketrans("", "", "\n\t")
# Control characters, line ends of every kind, and signs that turn the direction of what follows.
_NOT_PLAIN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
_MAX_POINTER: Final = 200


def read(data: bytes) -> Mapping[str, Any]:
    """Read a summary.

    Raises:
        SummaryInvalid: not strict JSON, not of this schema, or with words that are not plain text.
    """
    if len(data) > MAX_SUMMARY:
        raise SummaryInvalid("")
    try:
        summary = read_object(data)
    except NotStrict as error:
        raise SummaryInvalid("") from error
    require_valid(summary)
    return summary


def write(summary: Mapping[str, Any]) -> bytes:
    """Write a summary in canonical JSON, so that one summary has one hash.

    Raises:
        SummaryInvalid: as for ``read``.
    """
    require_valid(summary)
    try:
        return canonical(summary)
    except NotStrict as error:
        raise SummaryInvalid("") from error


def require_valid(summary: Mapping[str, Any]) -> None:
    """Refuse a summary that does not fit the schema.

    Raises:
        SummaryInvalid: with the pointer of the first place that does not fit, in the order of the schema.
    """
    for error in _validator().iter_errors(summary):
        raise SummaryInvalid(_pointer(error.absolute_path))
    for path, text in _texts(summary, ()):
        if _NOT_PLAIN.search(text.translate(_LAYOUT) if path in _PARAGRAPHS else text):
            raise SummaryInvalid(_pointer(path))


@cache
def _validator() -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    formats = FormatChecker(formats=())
    formats.checks("date")(is_day)
    return extend(Draft202012Validator, {"pattern": _fits_pattern})(schema, format_checker=formats)


def _fits_pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    """Patterns mean the whole text: the end sign of Python would let a line end stand behind it."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError("pattern")


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, (*path, name))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _texts(item, (*path, place))


def _pointer(path: Any) -> str:
    return "".join(f"/{step}" for step in path)[:_MAX_POINTER]
