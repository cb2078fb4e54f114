"""What goes out about the minutes of a sitting."""

from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from api.fields import View

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]


class MinutesOut(View):
    """One version of minutes."""

    id: str
    sitting_id: str
    number: int
    state: str
    content_hash: str
    text: str
    correction_reason: str
    drafted_at: datetime
    signed_at: datetime | None
    version: int


class MinutesView(View):
    """Every version of a sitting's minutes, newest first."""

    minutes: list[MinutesOut]
