"""Words of what keeps a paper from being printed."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from core.papers.press import NotPrintable, PressFailed

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    NotPrintable: Problem(
        409,
        "not-printable",
        "This paper cannot be printed as it is written",
        "It holds a letter or sign that the fonts of this installation do not have, and a paper that leaves it out "
        "would say something else. Write that word in Latin letters beside it, or copy the paper by hand.",
    ),
    PressFailed: Problem(
        409,
        "press-failed",
        "The paper could not be printed now",
        "Printing took too long or too much memory, and nothing was issued. Try again; if it stays so, print fewer "
        "items at once and tell your administrator.",
    ),
}
