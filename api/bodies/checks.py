"""What comes in and goes out about checks of a destination: can the child safely go there?"""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from api.fields import Country, Strict, View
from cases.rules.reports import DangerResult
from cases.service.non_refoulement import Qualification

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class CheckBody(Strict):
    """A check whether a destination is safe."""

    destination: Country
    result: DangerResult
    basis: Words
    qualification: Qualification
    checked_on: date


class CheckOut(View):
    """A check of a destination."""

    id: str
    destination: str
    result: DangerResult
    basis: str
    qualification: Qualification
    checked_on: date
    valid_until: date
    by_person: str
