"""Single values of a document, each refused with its place when it is not what it must be."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NoReturn, TypeVar

from panels.errors import DocumentRefused
from panels.planning.reading.instance import Span

MOST_TEXT: Final = 200
MOST_NUMBER: Final = 10**9
MOST_BYTES: Final = 96 * 1024 * 1024
INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
YEARS: Final = (1970, 2200)
Value = TypeVar("Value")
Reader = Callable[[Any, str], Value]


def refuse(path: str, code: str, **facts: str | int) -> NoReturn:
    """Refuse the document: what stands at this place cannot be used.

    Raises:
        DocumentRefused: always.
    """
    raise DocumentRefused(path or "/", code, facts)


def document(text: str | bytes) -> Any:
    """Read JSON; members named twice, endless nesting and numbers that are none are refused."""
    if len(text) > MOST_BYTES:
        refuse("/", "too_large", most=MOST_BYTES // 1024**2)
    if not text.strip():
        refuse("/", "empty_file")
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(plain, object_pairs_hook=_members, parse_constant=_no_constant)
    except RecursionError:
        refuse("/", "too_deep")
    except json.JSONDecodeError as wrong:
        refuse("/", "not_json", line=wrong.lineno, column=wrong.colno)
    except ValueError:
        refuse("/", "not_json", line=1, column=1)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        refuse("/", "member_twice", name=twice[:MOST_TEXT])
    return found


def _no_constant(word: str) -> NoReturn:
    refuse("/", "not_a_number", value=word)


def record(
    value: Any, path: str, needed: Collection[str], optional: Collection[str] = ()
) -> Mapping[str, Any]:
    """Return an object with exactly these members; what is not known is refused, it may be a slip."""
    if not isinstance(value, dict):
        refuse(path, "not_an_object")
    for name in needed:
        if name not in value:
            refuse(f"{path}/{name}", "missing")
    for name in value:
        if name not in needed and name not in optional:
            refuse(f"{path}/{name[:MOST_TEXT]}", "unknown_member")
    return value


def listed(value: Any, path: str, most: int) -> list[Any]:
    """Return a list that is not endless."""
    if not isinstance(value, list):
        refuse(path, "not_a_list")
    if len(value) > most:
        refuse(path, "too_many", most=most)
    return value


def each(value: Any, path: str, reader: Reader[Value], most: int = 10_000) -> tuple[Value, ...]:
    """Read every item of a list."""
    items = listed(value, path, most)
    return tuple(reader(item, f"{path}/{number}") for number, item in enumerate(items))


def each_once(
    value: Any, path: str, reader: Reader[Value], most: int = 10_000
) -> tuple[Value, ...]:
    """Read every item of a list in which nothing may stand twice."""
    found = each(value, path, reader, most)
    only_once(found, path)
    return found


def only_once(found: Sequence[Any], path: str) -> None:
    """Refuse what stands twice."""
    seen = set()
    for number, item in enumerate(found):
        if item in seen:
            refuse(f"{path}/{number}", "twice", value=str(item))
        seen.add(item)


def text(value: Any, path: str) -> str:
    """Return a word: not empty, not endless, no half characters."""
    if not isinstance(value, str):
        refuse(path, "not_text")
    if not value or len(value) > MOST_TEXT:
        refuse(path, "text_length", most=MOST_TEXT)
    if not value.isprintable():
        refuse(path, "not_printable")
    return value


def one_of(words: Collection[str]) -> Reader[str]:
    """Return a reader of one of these words."""

    def read(value: Any, path: str) -> str:
        if text(value, path) not in words:
            refuse(path, "not_one_of", words=", ".join(words))
        return str(value)

    return read


def truth(value: Any, path: str) -> bool:
    """Return true or false, written so."""
    if not isinstance(value, bool):
        refuse(path, "not_true_or_false")
    return value


def whole(value: Any, path: str, least: int = 0, most: int = MOST_NUMBER) -> int:
    """Return a whole number within its limits."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= MOST_NUMBER:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        refuse(path, "not_whole")
    if not least <= value <= most:
        refuse(path, "out_of_range", least=least, most=most)
    return value


def hours(value: Any, path: str) -> float:
    """Return a length in hours, at most ten years."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        refuse(path, "not_a_number", value=str(value)[:MOST_TEXT])
    if not 0 <= value <= 87_600:  # noqa: PLR2004  ten years
        refuse(path, "out_of_range", least=0, most=87_600)
    return float(value)


def instant(value: Any, path: str) -> datetime:
    """Return an instant with its offset; the local writing is kept, it says the day and the half-day."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        refuse(path, "not_an_instant")
    try:
        found = datetime.fromisoformat(value)
        year = found.astimezone(UTC).year
    except (ValueError, OverflowError):
        refuse(path, "not_an_instant")
    if not YEARS[0] <= year <= YEARS[1]:
        refuse(path, "out_of_range", least=YEARS[0], most=YEARS[1])
    return found


def day(value: Any, path: str) -> date:
    """Return a date."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        refuse(path, "not_a_date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse(path, "not_a_date")


def span(value: Any, path: str) -> Span:
    """Return an interval ``[start, end)`` that is longer than nothing."""
    pair = listed(value, path, 2)
    if len(pair) != 2:  # noqa: PLR2004  start and end
        refuse(path, "not_a_pair")
    return ordered(instant(pair[0], f"{path}/0"), instant(pair[1], f"{path}/1"), path)


def ordered(start: datetime, end: datetime, path: str) -> Span:
    """Return the interval between two instants.

    Raises:
        DocumentRefused: it ends before it begins.
    """
    if end <= start:
        refuse(path, "ends_before_it_begins")
    return Span(start, end)
