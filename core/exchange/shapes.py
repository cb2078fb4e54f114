"""Exact types of claims: a shape says whether a JSON value is what it must be, and nothing is converted.

A whole number is not a text, a truth value is not a number, and a member nobody listed is refused.
Source: EXP-2.1.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from core.exchange.encoding import NotStrict, un_b64

Shape = Callable[[Any], bool]

LAST_SECOND: Final = 253_402_300_799  # of the year 9999
_HASH_BYTES: Final = 32


def text(pattern: str) -> Shape:
    """Text that fits a pattern from its first to its last character."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def whole(least: int, most: int) -> Shape:
    """A whole number between two, both included; true and false are none."""
    return lambda value: type(value) is int and least <= value <= most


def exactly(wanted: str | int | bool) -> Shape:
    """One value of one type."""
    return lambda value: type(value) is type(wanted) and value == wanted


def one_of(values: Collection[str]) -> Shape:
    """One of these texts."""
    return lambda value: isinstance(value, str) and value in values


def maybe(shape: Shape) -> Shape:
    """The shape, or null."""
    return lambda value: value is None or shape(value)


def items(shape: Shape, least: int, most: int) -> Shape:
    """A list of so many of one shape."""
    return lambda value: (
        isinstance(value, list) and least <= len(value) <= most and all(map(shape, value))
    )


def members(needed: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """An object with these members and no others."""
    known = {**needed, **(optional or {})}

    def fits(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and needed.keys() <= value.keys() <= known.keys()
            and all(known[name](item) for name, item in value.items())
        )

    return fits


def all_of(*shapes: Shape) -> Shape:
    """Every one of these, asked in order."""
    return lambda value: all(shape(value) for shape in shapes)


def is_truth(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def is_hash(value: Any) -> bool:
    """SHA-256 as base64url: 43 characters that stand for 32 bytes. Source: EXP-1."""
    try:
        return len(un_b64(value)) == _HASH_BYTES
    except NotStrict:
        return False


def is_day(value: Any) -> bool:
    """A day as ``YYYY-MM-DD`` that exists."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


is_installation: Final = text(r"[A-Z]{2}\.[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])")
is_id: Final = text(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
is_reference: Final = text(r"[A-Z0-9-]{6,32}")
is_code: Final = text(r"[a-zA-Z0-9_.-]{1,60}")
is_opaque: Final = text(r"[A-Za-z0-9_-]{1,64}")
is_moment: Final = whole(0, LAST_SECOND)
