"""Words of the refusals of the sitting planner."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from panels.errors import DocumentRefused

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    DocumentRefused: Problem(
        422,
        "document-refused",
        "This document cannot be planned with",
        "Something at {path} is not what it must be. Nothing was planned. Put it right and send it again.",
    ),
}
