"""Kinds of values that many requests share, each bounded."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator

UUID: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Id = Annotated[str, StringConstraints(pattern=UUID)]
IdPath = Annotated[str, Path(pattern=UUID)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
CodePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}(-[A-Z]{2})?$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
YEARS: Final = range(1900, 2201)  # a limit counted from any of them still fits the calendar


def usable(value: Any) -> Any:
    """Refuse days no child's case can lie on, and times that do not say their zone.

    Limits are counted from what people write: at the ends of the calendar counting would fail.

    Raises:
        ValueError: with the words the sender reads.
    """
    if isinstance(value, date) and value.year not in YEARS:
        msg = f"choose a year from {YEARS[0]} to {YEARS[-1]}"
        raise ValueError(msg)
    if isinstance(value, datetime) and value.tzinfo is None:
        msg = "say the time zone, for example 2026-03-02T12:00:00Z"
        raise ValueError(msg)
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            usable(one)
    return value


Day = Annotated[date, AfterValidator(usable)]
Moment = Annotated[datetime, AfterValidator(usable)]


class Strict(BaseModel):
    """Base of everything that comes in: unknown members are refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _usable(cls, value: Any) -> Any:
        """Ask ``usable`` of every member of every request."""
        return usable(value)


class View(BaseModel):
    """Base of everything that goes out."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
