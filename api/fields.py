"""Kinds of values that many requests share, each bounded."""

from typing import Annotated, Final

from fastapi import Path
from pydantic import BaseModel, ConfigDict, StringConstraints

UUID: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Id = Annotated[str, StringConstraints(pattern=UUID)]
IdPath = Annotated[str, Path(pattern=UUID)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
CodePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}(-[A-Z]{2})?$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class Strict(BaseModel):
    """Base of everything that comes in: unknown members are refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class View(BaseModel):
    """Base of everything that goes out."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
