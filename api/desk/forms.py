"""Fields of forms that are more than a line of text."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from core.errors import BadInput

LONGEST: Final = 4
TWO: Final = 2
NOON: Final = 12
_HOUR: Final = re.compile(r"(\d{1,2})[:.](\d{2})\s*([ap]\.?m\.?)?", re.ASCII)
Kind = TypeVar("Kind", bound=StrEnum)


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


def moment_in(form: Mapping[str, str], day_name: str, hour_name: str, zone: str) -> datetime:
    """Return the moment that was written as a day and an hour, by the clock of a place.

    Raises:
        BadInput: no such day, or no such hour.
    """
    day = day_in(form, day_name)
    if day is None:
        raise BadInput(f"/{day_name}-day", "day_needed")
    hour = hour_in(form, hour_name)
    return datetime.combine(day, hour, tzinfo=ZoneInfo(zone))


def hour_in(form: Mapping[str, str], name: str) -> time:
    """Return the hour that was written, as 14:30 or as 2:30 pm.

    Raises:
        BadInput: no hour.
    """
    found = _HOUR.fullmatch(form.get(name, "").strip().lower())
    if found is None:
        raise BadInput(f"/{name}", "hour_needed")
    hour, half = int(found[1]), found[3] or ""
    if half and not 1 <= hour <= NOON:
        raise BadInput(f"/{name}", "hour_needed")
    if half:
        hour = hour % NOON + (NOON if half.startswith("p") else 0)
    try:
        return time(hour, int(found[2]))
    except ValueError as error:
        raise BadInput(f"/{name}", "hour_needed") from error


def number_in(form: Mapping[str, str], name: str) -> int:
    """Return the whole number that was written; 0 where there is none."""
    text = form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST + TWO else 0


def version_of(form: Mapping[str, str]) -> int:
    """Return the version of the record that was read, from the form."""
    return number_in(form, "version")


def chosen(kind: type[Kind], form: Mapping[str, str], name: str) -> Kind:
    """Return what was chosen from a list.

    Raises:
        BadInput: nothing, or nothing of the list.
    """
    try:
        return kind(form.get(name, ""))
    except ValueError as error:
        raise BadInput(f"/{name}", "choose_one") from error
