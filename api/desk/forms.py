"""Fields of forms that are more than a line of text."""

from collections.abc import Mapping
from datetime import date
from typing import Final

LONGEST: Final = 4


def day_in(form: Mapping[str, str], name: str) -> date | None:
    """Return the day that was written as day, month and year; None where it is no day."""
    parts = [form.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    if not all(part.isascii() and part.isdecimal() and len(part) <= LONGEST for part in parts):
        return None
    year, month, day = map(int, parts)
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def has_typed_day(form: Mapping[str, str], name: str) -> bool:
    """Whether anything was written where a day may be left out."""
    return any(form.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day"))
