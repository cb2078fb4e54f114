"""What texts, codes and ids in a message may look like, and what all bodies have in common.

Source: DOM-5.2, EXP-5.
"""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _visible(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank")
    return text


Text = Annotated[str, Field(min_length=1, max_length=1500), AfterValidator(_visible)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_visible)]
Code = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_.-]{1,60}$")]
Ref = Annotated[str, Field(pattern=r"^[A-Z0-9-]{6,32}$")]
Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
MessageId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
GrantToken = Annotated[
    str, Field(max_length=16_384, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")
]
Opaque = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Scale = Literal["ok", "concern", "serious"]


class Body(BaseModel):
    """What all bodies have in common: nothing unknown, nothing guessed, unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @field_validator("*")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        """Refuse signs that cannot be seen in every text, also in those that may be left out."""
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(one, str) and _HIDDEN.search(one) for one in texts):
            raise ValueError("holds signs that cannot be seen")
        return value
