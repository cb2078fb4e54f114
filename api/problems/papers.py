"""Words of what keeps a paper from being printed."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from core.papers.press import NotPrintable, PressFailed
from core.papers.setting import OpenedInAdvance, PaperKeptChanging

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    NotPrintable: Problem(
        409,
        "not-printable",
        "This paper cannot be printed as it is written",
        "It holds a letter or sign that the fonts of this installation do not have, and a paper that leaves it out "
        "would say something else. Write that word in Latin letters beside it, or copy the paper by hand.",
    ),
    PaperKeptChanging: Problem(
        409,
        "paper-kept-changing",
        "What this paper prints is being changed",
        "Somebody changed it each time it was about to be printed, and nothing was issued. Print it again when "
        "they are done.",
    ),
    OpenedInAdvance: Problem(
        409,
        "opened-in-advance",
        "A paper is opened by a person",
        "A program asked for it before anybody did. Opening a paper is on record, so nothing was given out. "
        "Open it yourself.",
    ),
    PressFailed: Problem(
        409,
        "press-failed",
        "The paper could not be printed now",
        "Printing took too long or too much memory, and nothing was issued. Try again; if it stays so, print fewer "
        "items at once and tell your administrator.",
    ),
}
